//! A dead letter for people and programs: what it is about, why it is there, and what a redrive would do.

use std::{collections::BTreeSet, fmt::Write};

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
    /// Explains letters, the oldest first. A redrive of all of them orders for each product once.
    pub fn all(letters: &[DeadLetter], overview: &Overview) -> Vec<Self> {
        let mut ordered = BTreeSet::new();
        let explained = letters.iter().map(|letter| {
            let mut one = Self::of(letter, overview);
            let sku = letter.depletion.as_ref().map(|depletion| depletion.sku.clone());
            if one.prediction.orders() && !ordered.insert(sku) {
                one.prediction = Prediction::OrderedByOlder;
            }
            one
        });
        explained.collect()
    }

    fn of(letter: &DeadLetter, overview: &Overview) -> Self {
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

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by ending")]
mod tests {
    use aws_sdk_sqs::types::Message;
    use serde_json::json;

    use super::*;

    #[test]
    fn of_several_letters_of_a_product_the_oldest_orders() {
        let letter = |sku: &str| {
            let body = json!({"sku": sku, "restock_cycle": 2, "stock": 0, "reason": "redrive"});
            DeadLetter::read(Message::builder().body(body.to_string()).build())
        };
        let product = |sku: &str| {
            json!({"sku": sku, "name": "", "stock": 5, "reorder_point": 10, "target_stock": 50,
                   "factory": "FF-1", "buckets": 1, "is_retired": false, "restock": null})
        };
        let overview = json!({"products": [product("CP-1"), product("CP-2")], "failures": []});
        let overview = serde_json::from_value(overview).expect("an overview");
        let letters = ["CP-1", "CP-1", "CP-2", "CP-1"].map(letter);
        let predicted = Explained::all(&letters, &overview).into_iter().map(|one| one.prediction);
        let orders = Prediction::Restocks { units: 45 };
        let nothing = Prediction::OrderedByOlder;
        assert_eq!(
            predicted.collect::<Vec<_>>(),
            [orders.clone(), nothing.clone(), orders, nothing]
        );
    }
}
