//! A dead letter for people and programs: what it is about, why it is there, and what a redrive would do.

use std::fmt::Write;

use serde::Serialize;
use terminal::{
    tone::Tone,
    zone::{Zone, duration},
};
use warehouse::audit::Overview;

use super::{DeadLetter, Prediction};
use crate::text::{first_line, short};

/// The longest part of a body that stands in a table.
const LONGEST_BODY: usize = 40;

/// A dead letter with everything that is known about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// The message id of SQS.
    pub id: String,
    /// The product, the restock, the production order or the message.
    pub about: String,
    /// Milliseconds since 1970, by the clock of SQS.
    pub sent_at: Option<u64>,
    pub age_seconds: u64,
    /// The error name.
    pub error: String,
    /// What the error means. `None` for an error that is not ours.
    pub meaning: Option<&'static str>,
    /// What to do about it.
    pub remedy: Option<&'static str>,
    /// The cause of the error; empty if there is none.
    pub cause: String,
    /// The ARN of the execution that failed.
    pub execution: Option<String>,
    /// The message.
    pub body: String,
    #[serde(flatten)]
    pub prediction: Prediction,
}

impl Explained {
    pub fn of(letter: &DeadLetter, overview: &Overview) -> Self {
        let name = errors::ErrorName::ALL.iter().find(|name| name.as_str() == letter.error);
        Self {
            id: letter.id.clone(),
            about: about(letter),
            sent_at: letter.sent_at,
            age_seconds: letter.age().as_secs(),
            error: letter.error.clone(),
            meaning: name.map(|name| name.meaning()),
            remedy: name.map(|name| name.remedy()),
            cause: letter.cause.clone(),
            execution: letter.execution.clone(),
            body: letter.body.clone(),
            prediction: Prediction::of(letter, overview),
        }
    }

    /// Whether the letter is about this product.
    pub fn is_about(&self, sku: &str) -> bool {
        self.about == sku || self.about.starts_with(&format!("{sku}:"))
    }

    /// The age in its two largest units.
    pub fn age(&self) -> String {
        duration(std::time::Duration::from_secs(self.age_seconds))
    }

    /// Everything, in several lines.
    pub fn text(&self, zone: &Zone) -> String {
        let mut text = format!("{}\n", Tone::Title.paint(&self.about));
        let sent = self.sent_at.and_then(|at| i64::try_from(at).ok());
        let sent =
            sent.map_or_else(String::new, |at| format!("{} ({})", zone.time(at), zone.name()));
        let cause = first_line(&self.cause);
        let lines = [
            ("Letter", self.id.as_str()),
            ("Left at", sent.as_str()),
            ("Error", self.error.as_str()),
            ("Cause", cause.as_str()),
            ("Meaning", self.meaning.unwrap_or_default()),
            ("What to do", self.remedy.unwrap_or_default()),
            ("Execution", self.execution.as_deref().unwrap_or_default()),
            ("Message", self.body.as_str()),
        ];
        for (name, value) in lines.iter().filter(|(_, value)| !value.is_empty()) {
            // Writing to a string does not fail.
            let _ = writeln!(text, "  {name:11} {value}");
        }
        text += &format!("  {:11} {}\n", "Redrive", self.prediction);
        match self.meaning {
            Some(_) => {
                text + &format!("  {:11} docs/runbook/errors/{}.md\n", "Runbook", self.error)
            }
            None => text,
        }
    }
}

/// The body of a letter names the next restock, so the failed one comes from the execution.
pub(crate) fn about(letter: &DeadLetter) -> String {
    if let Some(restock) = letter.failed_restock() {
        return format!("{}: restock {} failed", restock.sku, restock.cycle);
    }
    match (&letter.depletion, letter.production_order()) {
        (Some(depletion), _) => depletion.sku.to_string(),
        (None, Some(order)) => format!("callback for production order {order}"),
        (None, None) => format!("message {:?}", short(&letter.body, LONGEST_BODY)),
    }
}
