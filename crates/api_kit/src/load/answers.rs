use std::collections::BTreeMap;

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
    /// How late purchases were sent. `None` if k6 has bought.
    pub lateness: Option<Lateness>,
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

/// How long after their moments purchases were sent: a delay of the load run, not of the system.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Lateness {
    /// 99 % were sent within this time.
    pub p99_ms: f64,
    pub most_ms: f64,
}

impl Lateness {
    /// A purchase takes about as long, so a longer delay would show in the times of the answers.
    const ALLOWED_MS: f64 = 100.0;

    /// Whether the load run was too slow for its rate, so that its figures say little about the system.
    pub fn is_too_slow(&self) -> bool {
        self.p99_ms > Self::ALLOWED_MS
    }
}
