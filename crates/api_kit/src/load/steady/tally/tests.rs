use std::{num::NonZeroU32, time::Duration};

use super::{Answers, MOST_UNANSWERED, Outcome, Purchase, Tally};

const RATE: NonZeroU32 = NonZeroU32::MIN;

fn answers(tally: Tally) -> Answers {
    tally.into_answers(RATE, Duration::from_secs(1))
}

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
    assert!(!answers(tally.clone()).were_sent_too_late());
    for _ in 0..2 {
        tally.count(&purchase(Outcome::Sold(Some(1)), &["200 sold"], 3_000));
    }
    let answers = answers(tally);
    let lateness = answers.lateness.expect("a steady run");
    assert!(answers.were_sent_too_late(), "{answers:?}");
    assert!((lateness.most_ms / 300.0 - 1.0).abs() < 0.001, "{lateness:?}");
    assert_eq!(answers.problems, Vec::<String>::new());
}

#[test]
fn a_delay_that_is_small_against_the_answer_times_does_not_matter() {
    let late = |milliseconds| {
        let mut tally = Tally::new().expect("a histogram");
        let purchase = purchase(Outcome::Sold(Some(1)), &["200 sold"], milliseconds);
        tally.count(&Purchase { late: Duration::from_millis(200), ..purchase });
        answers(tally).were_sent_too_late()
    };
    assert!(late(1_000));
    assert!(!late(88_000));
}

#[test]
fn a_slow_answer_shows_in_the_times() {
    let mut tally = Tally::new().expect("a histogram");
    for _ in 0..99 {
        tally.count(&purchase(Outcome::Sold(Some(1)), &["200 sold"], 10));
    }
    tally.count(&purchase(Outcome::Sold(Some(0)), &["503 unknown", "200 sold"], 2_000));
    let answers = answers(tally);
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
    let answers = answers(tally);
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
    let says_so = |tally: Tally| answers(tally).problems.concat().contains("the run stopped");
    assert_eq!((says_so(stopped), says_so(ended)), (true, false));
}

#[test]
fn a_system_that_decides_fewer_purchases_than_are_sent_is_overloaded() {
    let mut tally = Tally::new().expect("a histogram");
    for _ in 0..60 {
        tally.due();
        tally.count(&purchase(Outcome::Sold(Some(1)), &["200 sold"], 10));
    }
    // Of a run that was stopped.
    tally.left_out(10_000);
    let rate = |seconds| {
        let took = Duration::from_secs(seconds);
        tally.clone().into_answers(NonZeroU32::new(6).expect("a rate"), took).rate
    };
    let (in_time, late) = (rate(10).expect("a rate"), rate(20).expect("a rate"));
    assert_eq!((in_time.planned_s, in_time.decided_per_s), (10.0, 6.0));
    assert_eq!(late.decided_per_s, 3.0);
    assert_eq!((in_time.is_overload(), late.is_overload()), (false, true));
}

#[test]
fn the_time_of_a_purchase_without_an_outcome_is_no_answer_time() {
    let mut tally = Tally::new().expect("a histogram");
    tally.count(&purchase(Outcome::Sold(Some(1)), &["200 sold"], 10));
    tally.count(&purchase(Outcome::Error, &["no answer"], 60_000));
    tally.count(&purchase(Outcome::Error, &["404"], 60_000));
    assert!(answers(tally).times.iter().all(|time| time.milliseconds < 11.0));
}

#[test]
fn contradictions_errors_and_purchases_that_were_not_sent_are_problems() {
    let mut tally = Tally::new().expect("a histogram");
    tally.count(&purchase(Outcome::Sold(Some(-1)), &["200 sold"], 1));
    tally.count(&purchase(Outcome::SoldOut(Some(1)), &["409 sold_out"], 1));
    tally.count(&purchase(Outcome::Error, &["no answer"], 1));
    tally.not_started(5_000);
    tally.left_out(2);
    let problems = answers(tally).problems;
    assert_eq!(
        problems,
        [
            "purchases that got no outcome: 1",
            "answers that contradict themselves: 2",
            "purchases that were not sent, because 5000 others waited for an answer: 3"
        ]
    );
}
