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
    /// Purchases that were not sent: too many others waited for an answer, or the run was stopped.
    pub not_started: u64,
    /// Purchases that were under way when the run was stopped. They may have been sold.
    pub under_way: u64,
    /// How many answers of each kind came, by status and outcome. Empty if k6 has bought, which does not tell.
    pub kinds: BTreeMap<String, u64>,
    /// The planned rate and the measured one. `None` if k6 has bought.
    pub rate: Option<Rate>,
    /// The time within which a share of the purchases got their outcome, by share, smallest first.
    pub times: Vec<AnswerTime>,
    /// How late purchases were sent. `None` if k6 has bought.
    pub lateness: Option<Lateness>,
    /// What is wrong with the answers, each as a sentence.
    pub problems: Vec<String>,
}

/// The rate of a run, as it was planned and as it was measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rate {
    /// Purchases that should be sent in a second.
    pub planned_per_s: f64,
    /// Purchases that got an outcome in a second, on average until the last answer came.
    pub decided_per_s: f64,
    /// How long sending them should take.
    pub planned_s: f64,
    /// From the first purchase until the last answer.
    pub took_s: f64,
}

impl Rate {
    /// The last answers of a run may be slow.
    const ALLOWED_S: f64 = 2.0;

    /// How long after the last purchase was due the system still answered.
    pub(super) fn backlog(&self) -> Duration {
        Duration::try_from_secs_f64(self.took_s - self.planned_s).unwrap_or_default()
    }

    /// Whether purchases came faster than the system answered them.
    pub fn is_overload(&self) -> bool {
        self.took_s > 1.1 * self.planned_s + Self::ALLOWED_S
    }
}

/// The time within which a share of the purchases got their outcome.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AnswerTime {
    /// 50 is the median, 100 the slowest purchase.
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

impl Answers {
    /// Whether the run was too slow for its rate, so that its times say little about the system. An overloaded system on the
    /// same machine delays the run, too, so the delay counts only from a tenth of the median time.
    pub fn were_sent_too_late(&self) -> bool {
        let median = self.times.first().map_or(0.0, |time| time.milliseconds);
        self.lateness.is_some_and(|late| late.p99_ms > Lateness::ALLOWED_MS.max(median / 10.0))
    }
}

impl Lateness {
    /// A purchase takes about as long, so a longer delay would show in the times of the answers.
    const ALLOWED_MS: f64 = 100.0;
}
