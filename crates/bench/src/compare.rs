//! Compares two runs, figure by figure.

mod figures;

use std::fmt;

use anyhow::{Result, ensure};
use terminal::{
    table::Table,
    tone::{Tone, Toned},
};

use figures::Figure;
pub use figures::Figures;

/// A figure that is worse by a smaller share is not slower: two runs of the same code differ as much.
const NOISE: f64 = 0.10;

/// A figure that is worse by a larger share is slower, however far its measurements are apart.
const MOST_NOISE: f64 = 1.0;

/// With more noise, something else ran on the machine, and the figure says little.
const TOO_NOISY: f64 = 0.5;

/// Figures of which a larger number is better: rates and ratios. Of all others, a smaller one is.
fn is_better_if_larger(figure: &str) -> bool {
    figure.ends_with("per_s") || figure.ends_with("ratio")
}

/// Whether a figure is what the plainest client reaches. It says how fast the machine is, and the ratio to it how fast the shop.
fn is_ceiling(figure: &str) -> bool {
    figure.ends_with("ceiling_per_s")
}

/// What of the machine decides how fast it is, as the JSON of a run names it.
const PLACES: [(&str, &str); 4] = [
    ("cpu", "CPU"),
    ("cores", "number of cores"),
    ("memory_gb", "memory in GB"),
    ("database", "database server"),
];

/// A comparison of two runs.
#[derive(Debug)]
pub struct Comparison {
    /// Why the runs can hardly be compared, each as a sentence.
    warnings: Vec<String>,
    changes: Vec<Change>,
    /// Figures of the earlier run only, for example of a bench that was named in another way.
    not_measured: usize,
}

/// A figure of both runs.
#[derive(Debug)]
struct Change {
    /// `hot_row environments=32 flush_ms=2 ratio`
    figure: String,
    before: f64,
    now: f64,
    /// How many times slower, larger or worse it is now. Below 1, it is better.
    worse: f64,
    /// What `worse` may be without a reason.
    allowed: f64,
}

impl Comparison {
    /// Compares two runs. A figure that only one of them has is left out.
    ///
    /// # Errors
    /// If they have no figure in common.
    pub fn of(before: &Figures, now: &Figures) -> Result<Self> {
        let both = now.by_name.iter();
        let both = both.filter_map(|(name, now)| Some((name, before.by_name.get(name)?, now)));
        let changes: Vec<_> =
            both.map(|(name, before, now)| Change::of(name, *before, *now)).collect();
        ensure!(!changes.is_empty(), "the two runs have no figure in common: nothing was compared");
        let mut warnings = warnings(before, now);
        warnings.extend(too_noisy(&changes));
        let gone = before.by_name.keys().filter(|name| !now.by_name.contains_key(*name));
        Ok(Self { warnings, changes, not_measured: gone.count() })
    }

    /// Whether a figure is worse by more than the noise.
    pub fn is_slower(&self) -> bool {
        self.changes.iter().any(Change::is_slower)
    }
}

impl Change {
    fn of(name: &str, before: Figure, now: Figure) -> Self {
        let larger = now.value / before.value;
        Self {
            figure: name.to_owned(),
            before: before.value,
            now: now.value,
            worse: if is_better_if_larger(name) { larger.recip() } else { larger },
            allowed: 1.0 + (before.spread + now.spread).clamp(NOISE, MOST_NOISE),
        }
    }

    /// Compared so that a figure that is no number, such as 0 divided by 0, is not slower.
    fn is_slower(&self) -> bool {
        self.worse > self.allowed && !is_ceiling(&self.figure)
    }

    fn verdict(&self) -> Toned {
        match self.worse {
            _ if is_ceiling(&self.figure) => Toned::default(),
            _ if self.is_slower() => Toned::new("slower", Tone::Bad),
            worse if worse.recip() > self.allowed => Toned::new("faster", Tone::Good),
            _ => Toned::new("", Tone::Plain),
        }
    }
}

fn warnings(before: &Figures, now: &Figures) -> Vec<String> {
    let places = PLACES.map(|(name, what)| (what, before.place(name), now.place(name)));
    let different = places.into_iter().filter(|(_, before, now)| before != now);
    let warning = |(what, before, now)| format!("another {what}: {before} before, {now} now");
    different.map(warning).collect()
}

/// A warning if measurements of a figure are far apart.
fn too_noisy(changes: &[Change]) -> Option<String> {
    let number = changes.iter().filter(|change| change.allowed - 1.0 > TOO_NOISY).count();
    let warning = "have a noise of more than 50 %: was something else running? Measure them again";
    (number > 0).then(|| format!("{number} figures {warning}"))
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for warning in &self.warnings {
            writeln!(f, "{}", Tone::Warning.paint(format_args!("WARNING: {warning}")))?;
        }
        let headings = ["figure", "before", "now", "ratio", "noise", ""];
        let mut table =
            Table::new(&headings).with_numbers(&[1, 2, 3, 4]).with_whole(&[1, 2, 3, 4, 5]);
        for change in &self.changes {
            let ratio = change.now / change.before;
            let numbers = [change.before, change.now, ratio].map(|number| format!("{number:.2}"));
            let noise = format!("±{:.0} %", (change.allowed - 1.0) * 100.0);
            let plain = std::iter::once(change.figure.clone()).chain(numbers).chain([noise]);
            table.row(plain.map(Toned::from).chain([change.verdict()]));
        }
        write!(f, "{}", table.text())?;
        if self.not_measured > 0 {
            writeln!(f, "{} figures of the earlier run were not measured now.", self.not_measured)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
