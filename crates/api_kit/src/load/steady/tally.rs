use std::time::Duration;

use anyhow::Result;
use hdrhistogram::Histogram;

use super::{
    MOST_WAITING,
    customer::{Outcome, Purchase},
};
use crate::load::{AnswerTime, Answers, Lateness};

const PERCENTILES: [f64; 6] = [50.0, 90.0, 95.0, 99.0, 99.9, 100.0];

/// Longer times count as this one, in microseconds: more than all attempts of a purchase take.
const LONGEST: u64 = 600_000_000;

/// After so many purchases in a row without any answer, the run stops.
const MOST_UNANSWERED: u64 = 100;

/// Counts the answers of a run.
#[derive(Clone)]
pub struct Tally {
    answers: Answers,
    /// In microseconds, with three digits.
    times: Histogram<u64>,
    /// How late the purchases were sent, likewise.
    late: Histogram<u64>,
    /// The purchases since the last answer that came.
    unanswered_in_a_row: u64,
    /// Whether the run stopped, because none came any more.
    is_stopped: bool,
}

impl Tally {
    pub fn new() -> Result<Self> {
        let times = Histogram::new_with_max(LONGEST, 3)?;
        let answers = Answers::default();
        let late = times.clone();
        Ok(Self { answers, times, late, unanswered_in_a_row: 0, is_stopped: false })
    }

    pub fn count(&mut self, purchase: &Purchase) {
        for kind in &purchase.answers {
            *self.answers.kinds.entry(kind.clone()).or_default() += 1;
        }
        if purchase.is_answered() {
            self.unanswered_in_a_row = 0;
            record(&mut self.times, purchase.time);
        } else {
            self.unanswered_in_a_row += 1;
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

    /// Counts a purchase that is left out, because too many wait.
    pub fn not_started(&mut self) {
        self.answers.not_started += 1;
    }

    pub fn into_answers(self) -> Answers {
        let (times, problems) = (self.answer_times(), self.problems());
        let late = |percentile| milliseconds(&self.late, percentile);
        let lateness = Some(Lateness { p99_ms: late(99.0), most_ms: late(100.0) });
        Answers { times, lateness, problems, ..self.answers }
    }

    /// Of the purchases that were answered. The others have only the times of failed attempts.
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
        let nothing = self.times.is_empty().then(|| "no purchase was answered".to_owned());
        nothing.into_iter().chain(stopped).chain(problems(&self.answers)).collect()
    }
}

fn record(times: &mut Histogram<u64>, time: Duration) {
    times.saturating_record(u64::try_from(time.as_micros()).unwrap_or(LONGEST));
}

fn milliseconds(times: &Histogram<u64>, percentile: f64) -> f64 {
    Duration::from_micros(times.value_at_percentile(percentile)).as_secs_f64() * 1000.0
}

fn problems(answers: &Answers) -> Vec<String> {
    let Answers { errors, contradictions, not_started, .. } = answers;
    let sentences = [
        (*errors, format!("{errors} purchases got no outcome")),
        (*contradictions, format!("{contradictions} answers contradict themselves")),
        (
            *not_started,
            format!(
                "{not_started} purchases were not sent, because {MOST_WAITING} others waited for an answer"
            ),
        ),
    ];
    sentences.into_iter().filter(|(count, _)| *count > 0).map(|(_, sentence)| sentence).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{MOST_UNANSWERED, Outcome, Purchase, Tally};

    fn purchase(outcome: Outcome, answers: &[&str], milliseconds: u64) -> Purchase {
        let answers = answers.iter().map(|&kind| kind.to_owned()).collect();
        let time = Duration::from_millis(milliseconds);
        Purchase { answers, outcome, late: time / 10, time }
    }

    #[test]
    fn purchases_that_were_sent_late_are_not_a_problem_of_the_system() {
        let mut tally = Tally::new().expect("a histogram");
        for _ in 0..98 {
            tally.count(&purchase(Outcome::Sold(Some(1)), &["200 sold"], 10));
        }
        assert_eq!(tally.clone().into_answers().lateness.map(|it| it.is_too_slow()), Some(false));
        for _ in 0..2 {
            tally.count(&purchase(Outcome::Sold(Some(1)), &["200 sold"], 3_000));
        }
        let answers = tally.into_answers();
        let lateness = answers.lateness.expect("a steady run");
        assert!(lateness.is_too_slow(), "{lateness:?}");
        assert!((lateness.most_ms / 300.0 - 1.0).abs() < 0.001, "{lateness:?}");
        assert_eq!(answers.problems, Vec::<String>::new());
    }

    #[test]
    fn a_slow_answer_shows_in_the_times() {
        let mut tally = Tally::new().expect("a histogram");
        for _ in 0..99 {
            tally.count(&purchase(Outcome::Sold(Some(1)), &["200 sold"], 10));
        }
        tally.count(&purchase(Outcome::Sold(Some(0)), &["503 unknown", "200 sold"], 2_000));
        let answers = tally.into_answers();
        assert_eq!((answers.sold, answers.sent_again), (100, 1));
        assert_eq!(answers.kinds["200 sold"], 100);
        assert_eq!(answers.kinds["503 unknown"], 1);
        // The histogram keeps three digits.
        for (time, expected) in answers.times.iter().zip([10.0, 10.0, 10.0, 10.0, 2e3, 2e3]) {
            assert!((time.milliseconds / expected - 1.0).abs() < 0.001, "{time:?}");
        }
        assert_eq!(answers.problems, Vec::<String>::new());
    }

    #[test]
    fn without_any_answer_there_are_no_times_and_the_run_stops() {
        let mut tally = Tally::new().expect("a histogram");
        for number in 0..MOST_UNANSWERED {
            assert!(!tally.stops(), "after {number}");
            tally.count(&purchase(Outcome::Error, &["no answer", "no answer"], 4_000));
        }
        assert!(tally.stops());
        let answers = tally.into_answers();
        assert_eq!(answers.times, []);
        assert_eq!(answers.problems[0], "no purchase was answered");
        assert!(answers.problems[1].starts_with("the API did not answer any more"), "{answers:?}");
    }

    #[test]
    fn a_run_that_stopped_says_so_although_late_answers_came_and_one_that_ended_does_not() {
        let mut stopped = Tally::new().expect("a histogram");
        (0..MOST_UNANSWERED).for_each(|_| stopped.count(&purchase(Outcome::Error, &[], 4_000)));
        let ended = stopped.clone();
        assert!(stopped.stops());
        stopped.count(&purchase(Outcome::Error, &["no answer", "503 unknown"], 9_000));
        let says_so =
            |tally: Tally| tally.into_answers().problems.concat().contains("the run stopped");
        assert_eq!((says_so(stopped), says_so(ended)), (true, false));
    }

    #[test]
    fn the_time_of_a_purchase_without_an_answer_is_no_answer_time() {
        let mut tally = Tally::new().expect("a histogram");
        tally.count(&purchase(Outcome::Sold(Some(1)), &["200 sold"], 10));
        tally.count(&purchase(Outcome::Error, &["no answer"], 60_000));
        assert!(tally.into_answers().times.iter().all(|time| time.milliseconds < 11.0));
    }

    #[test]
    fn contradictions_errors_and_purchases_that_were_not_sent_are_problems() {
        let mut tally = Tally::new().expect("a histogram");
        tally.count(&purchase(Outcome::Sold(Some(-1)), &["200 sold"], 1));
        tally.count(&purchase(Outcome::SoldOut(Some(1)), &["409 sold_out"], 1));
        tally.count(&purchase(Outcome::Error, &["no answer"], 1));
        tally.not_started();
        let problems = tally.into_answers().problems;
        assert_eq!(problems.len(), 3, "{problems:?}");
    }
}
