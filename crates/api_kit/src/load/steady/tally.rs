use std::{num::NonZeroU32, time::Duration};

use anyhow::Result;
use hdrhistogram::Histogram;

use super::customer::{Outcome, Purchase, is_answer};
use crate::load::{AnswerTime, Answers, Lateness, Rate};

const PERCENTILES: [f64; 6] = [50.0, 90.0, 95.0, 99.0, 99.9, 100.0];

/// Longer times count as this one, in microseconds: more than all attempts of a purchase take.
const LONGEST: u64 = 600_000_000;

/// After so many purchases in a row without any answer, the run stops.
const MOST_UNANSWERED: u64 = 100;

/// Counts the answers of a run.
#[derive(Clone)]
pub struct Tally {
    answers: Answers,
    /// How many purchases should have been sent so far.
    due: u64,
    /// Of the purchases that got an outcome, in microseconds, with three digits.
    times: Histogram<u64>,
    /// How late the purchases were sent, likewise.
    late: Histogram<u64>,
    /// The purchases since the last answer that came.
    unanswered_in_a_row: u64,
    /// Whether the run stopped, because none came any more.
    is_stopped: bool,
    /// How many purchases waited for their answer when another one was not sent.
    most_waiting: Option<u64>,
}

impl Tally {
    pub fn new() -> Result<Self> {
        let times = Histogram::new_with_max(LONGEST, 3)?;
        let answers = Answers::default();
        let late = times.clone();
        Ok(Self {
            answers,
            due: 0,
            times,
            late,
            unanswered_in_a_row: 0,
            is_stopped: false,
            most_waiting: None,
        })
    }

    /// Counts a purchase whose moment has come, whether or not it is sent.
    pub fn due(&mut self) {
        self.due += 1;
    }

    pub fn count(&mut self, purchase: &Purchase) {
        for kind in &purchase.answers {
            *self.answers.kinds.entry(kind.clone()).or_default() += 1;
        }
        self.unanswered_in_a_row =
            if purchase.is_answered() { 0 } else { self.unanswered_in_a_row + 1 };
        if purchase.outcome != Outcome::Error {
            record(&mut self.times, purchase.time);
        }
        self.answers.sent_again += purchase.answers.len().saturating_sub(1) as u64;
        self.count_outcome(purchase.outcome);
        record(&mut self.late, purchase.late);
    }

    fn count_outcome(&mut self, outcome: Outcome) {
        let answers = &mut self.answers;
        match outcome {
            Outcome::Sold(stock) => {
                answers.sold += 1;
                answers.contradictions += u64::from(stock.is_none_or(|stock| stock < 0));
            }
            Outcome::SoldOut(stock) => {
                answers.refused += 1;
                answers.contradictions += u64::from(stock.is_none_or(|stock| stock >= 1));
            }
            Outcome::Error => answers.errors += 1,
        }
    }

    /// Whether the run stops now: too many purchases in a row got no answer.
    pub fn stops(&mut self) -> bool {
        self.is_stopped = self.unanswered_in_a_row >= MOST_UNANSWERED;
        self.is_stopped
    }

    /// Counts a purchase that is not sent, because this many others wait for their answer.
    pub fn not_started(&mut self, waiting: u64) {
        self.answers.not_started += 1;
        self.most_waiting = Some(waiting);
    }

    /// Counts the purchases that are not sent, because the run stops.
    pub fn left_out(&mut self, number: u64) {
        self.answers.not_started += number;
    }

    /// Counts the purchases whose outcome is unknown, because the run is stopped.
    pub fn under_way(&mut self, number: usize) {
        self.answers.under_way += number as u64;
    }

    /// The answers of a run with this many purchases a second that has taken so long.
    pub fn into_answers(self, rate: NonZeroU32, took: Duration) -> Answers {
        let (times, rate, problems) =
            (self.answer_times(), Some(self.rate(rate, took)), self.problems());
        let late = |percentile| milliseconds(&self.late, percentile);
        let lateness = Some(Lateness { p99_ms: late(99.0), most_ms: late(100.0) });
        Answers { times, rate, lateness, problems, ..self.answers }
    }

    fn rate(&self, planned: NonZeroU32, took: Duration) -> Rate {
        let (planned_per_s, took_s) = (f64::from(planned.get()), took.as_secs_f64());
        let planned_s = self.due as f64 / planned_per_s;
        let decided_per_s = self.times.len() as f64 / took_s.max(planned_s);
        Rate { planned_per_s, decided_per_s, planned_s, took_s }
    }

    /// Of the purchases that got an outcome. The others have only the times of failed attempts.
    fn answer_times(&self) -> Vec<AnswerTime> {
        let percentiles = PERCENTILES.iter().filter(|_| !self.times.is_empty());
        let time = |&percentile| AnswerTime {
            percentile,
            milliseconds: milliseconds(&self.times, percentile),
        };
        percentiles.map(time).collect()
    }

    fn problems(&self) -> Vec<String> {
        let stopped = self.is_stopped.then(|| {
            format!(
                "the API did not answer any more: the run stopped after {MOST_UNANSWERED} purchases in a row without an \
                 answer"
            )
        });
        let is_answered = self.answers.kinds.keys().any(|kind| is_answer(kind));
        let nothing = (!is_answered).then(|| "no purchase was answered".to_owned());
        let counts = self.counts().into_iter().filter(|(count, _)| *count > 0);
        let counts = counts.map(|(count, what)| format!("{what}: {count}"));
        nothing.into_iter().chain(stopped).chain(counts).collect()
    }

    /// What should be 0.
    fn counts(&self) -> [(u64, String); 4] {
        let Answers { errors, contradictions, not_started, under_way, .. } = self.answers;
        let waited = |most| format!(", because {most} others waited for an answer");
        let why = self.most_waiting.map(waited).unwrap_or_default();
        [
            (errors, "purchases that got no outcome".to_owned()),
            (contradictions, "answers that contradict themselves".to_owned()),
            (not_started, format!("purchases that were not sent{why}")),
            (
                under_way,
                "purchases that were under way when the run was stopped, and may have been sold"
                    .to_owned(),
            ),
        ]
    }
}

fn record(times: &mut Histogram<u64>, time: Duration) {
    times.saturating_record(u64::try_from(time.as_micros()).unwrap_or(LONGEST));
}

fn milliseconds(times: &Histogram<u64>, percentile: f64) -> f64 {
    Duration::from_micros(times.value_at_percentile(percentile)).as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests;
