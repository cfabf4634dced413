use std::{collections::BTreeMap, time::Duration};

use serde::Serialize;

/// What the customers of a run were answered.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Answers {
    /// Purchases of one unit that were sold.
    pub sold: u64,
    /// Purchases that were refused because the product was sold out.
    pub refused: u64,
    /// Requests that repeated a purchase whose outcome was unknown.
    pub sent_again: u64,
    /// Purchases that never got an outcome, or an answer that is none of a purchase.
    pub errors: u64,
    /// Answers that contradict themselves: sold with a stock below zero, or sold out with a stock that suffices.
    pub contradictions: u64,
    /// Purchases that could not be sent in time.
    pub not_started: u64,
    /// How many answers of each kind came, by status and outcome. Empty if k6 has bought, which does not tell.
    pub kinds: BTreeMap<String, u64>,
    /// The time within which a share of the answers came, by share, smallest first.
    pub times: Vec<AnswerTime>,
    /// What is wrong with the answers, each as a sentence.
    pub problems: Vec<String>,
}

/// The time within which a share of the answers came.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AnswerTime {
    /// 50 is the median, 100 the slowest answer.
    pub percentile: f64,
    pub milliseconds: f64,
}

impl AnswerTime {
    /// A percentile and its time.
    pub fn new(percentile: f64, time: Duration) -> Self {
        Self { percentile, milliseconds: time.as_secs_f64() * 1000.0 }
    }
}

impl Answers {
    /// Purchases that were answered, well or badly.
    pub fn answered(&self) -> u64 {
        self.sold + self.refused + self.errors
    }
}
