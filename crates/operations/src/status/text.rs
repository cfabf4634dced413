//! The status as tables that fit 80 columns.

use std::{fmt::Write, time::Duration};

use terminal::{
    table::Table,
    tone::{Tone, Toned},
    zone::{Zone, duration},
};

use warehouse::audit::FailureOverview;

use super::{CallbackCounts, LetterStatus, ProductStatus, RestockStatus, Status, Waiting};

impl Status {
    /// The status for people. Times are in this zone.
    pub fn text(&self, zone: &Zone) -> String {
        let mut text = self.products_table();
        // Writing to a string does not fail.
        let _ = writeln!(text, "\n{}\n{}", self.dead_letters.line(zone), self.callbacks.line());
        if !self.failures.is_empty() {
            text += &self.failures_table(zone);
        }
        text + &self.conclusion()
    }

    fn products_table(&self) -> String {
        let headings = ["product", "name", "stock", "reorder", "target", "restock"];
        let mut table = Table::new(&headings).with_numbers(&[2, 3, 4]);
        for product in &self.products {
            table.row(product.cells());
        }
        table.text()
    }

    fn failures_table(&self, zone: &Zone) -> String {
        let mut table = Table::new(&["failed restock", "at", "error", "since then"]);
        for failure in &self.failures {
            let (since, tone) = match failure.is_over {
                true => ("restocked", Tone::Dim),
                false => ("not restocked", Tone::Bad),
            };
            let error = Toned::new(failures_in_a_row(failure), tone);
            let restock = format!("{}_{}", failure.sku, failure.cycle);
            table.row([
                restock.into(),
                zone.of_utc(&failure.closed_at).into(),
                error,
                since.into(),
            ]);
        }
        format!("\nLast failures, times in {}:\n{}", zone.name(), table.text())
    }

    fn conclusion(&self) -> String {
        if self.attention.is_empty() {
            return format!("\n{}\n", Tone::Good.paint("All is well."));
        }
        let lines = self.attention.iter().map(|line| format!("- {line}\n"));
        format!("\n{}\n{}", Tone::Bad.paint("To look at:"), lines.collect::<String>())
    }
}

/// The error of the latest failure, and how many failed in a row.
pub fn failures_in_a_row(FailureOverview { failure, in_a_row, .. }: &FailureOverview) -> String {
    match in_a_row {
        ..=1 => failure.clone(),
        many => format!("{failure}, {many} in a row"),
    }
}

impl ProductStatus {
    /// The cells of the product in a table.
    pub fn cells(&self) -> [Toned; 6] {
        let tone = match (self.stock, self.stock <= self.reorder_point) {
            _ if self.is_retired => Tone::Dim,
            (i64::MIN..=0, _) => Tone::Bad,
            (_, true) => Tone::Warning,
            _ => Tone::Plain,
        };
        let none = || if self.is_retired { Toned::new("retired", Tone::Dim) } else { "-".into() };
        let restock = self.restock.as_ref().map_or_else(none, RestockStatus::cell);
        [
            self.sku.as_str().into(),
            self.name.as_str().into(),
            Toned::new(self.stock, tone),
            self.reorder_point.into(),
            self.target_stock.into(),
            restock,
        ]
    }
}

impl RestockStatus {
    fn cell(&self) -> Toned {
        let order = self.overview.order.as_ref();
        let attempt = order.map_or(0, |order| order.attempt);
        let text = format!(
            "{}: attempt {attempt}, open for {}, {}",
            self.overview.cycle,
            duration(self.age()),
            self.waiting.words()
        );
        let tone = match &self.waiting {
            Waiting::Callback { .. } | Waiting::Step { error: None, .. } => Tone::Plain,
            Waiting::Step { .. } => Tone::Warning,
            Waiting::Ended { .. } | Waiting::Gone => Tone::Bad,
        };
        Toned::new(text, tone)
    }
}

impl Waiting {
    /// What the execution is doing, as the end of a sentence.
    pub fn words(&self) -> String {
        match self {
            Self::Callback { seconds_left } => {
                let left = duration(Duration::from_secs(*seconds_left));
                format!("waits for the callback, times out in {left}")
            }
            Self::Step { step, error: Some(error) } => format!("repeats {step} after {error}"),
            Self::Step { step, error: None } => format!("in {step}"),
            Self::Ended { status } => format!("its execution has ended: {status}"),
            Self::Gone => "its execution does not exist".to_owned(),
        }
    }
}

impl LetterStatus {
    /// The letters in one line.
    pub fn line(&self, zone: &Zone) -> String {
        let tone = if self.visible + self.in_flight == 0 { Tone::Plain } else { Tone::Bad };
        let mut line = format!("dead letters: {}", tone.paint(self.visible));
        if let Some(oldest) = self.oldest_seconds {
            line += &format!(", the oldest {} ago", duration(Duration::from_secs(oldest)));
        }
        if let Some(until) = self.hidden_until.and_then(|until| i64::try_from(until).ok()) {
            let until = zone.time(until);
            line += &format!("; in flight: {}, hidden until {until} at the latest", self.in_flight);
        }
        line
    }
}

impl CallbackCounts {
    /// The callbacks in one line.
    pub fn line(&self) -> String {
        let tone = if self.refused == 0 { Tone::Plain } else { Tone::Bad };
        let refused = tone.paint(self.refused);
        format!("callbacks of the last 24 hours: {refused} refused, {} forged", self.forged)
    }
}
