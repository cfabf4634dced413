//! The advice keeps its promise on generated demand.
#![allow(clippy::expect_used, reason = "a test fails by ending")]

use proptest::prelude::*;
use replenishment::{Advice, History, NoAdvice, Policy, Refusals, Sales, ServiceLevel, advise};

const WEEKS: i64 = 4;
const DAY: i64 = 24 * 60;

fn level(percent: f64) -> ServiceLevel {
    ServiceLevel::percent(percent).expect("a service level")
}

/// Four weeks in which customers want so many units in each minute.
fn history(units: impl Fn(i64) -> u64, lead_times: Vec<u32>) -> History {
    let all = (0..WEEKS * 7 * DAY).map(|minute| Sales { minute, units: units(minute) });
    History {
        from_minute: 0,
        to_minute: WEEKS * 7 * DAY,
        sales: all.filter(|sale| sale.units > 0).collect(),
        refusals: Vec::new(),
        lead_times,
        policy: Policy { reorder_point: 10, target_stock: 50 },
    }
}

fn keeps(advice: &Advice, percent: f64) {
    assert!(advice.fill_rate_with_advice >= percent / 100.0, "{advice:?}");
    assert!(advice.policy.target_stock > advice.policy.reorder_point, "{advice:?}");
}

#[test]
fn steady_demand_is_served_as_promised() {
    let mut random = fastrand::Rng::with_seed(1);
    let draws: Vec<u64> = (0..WEEKS * 7 * DAY).map(|_| u64::from(random.u8(..) < 60)).collect();
    let units = |minute: i64| draws[usize::try_from(minute).expect("a minute")];
    for percent in [80.0, 95.0, 99.0] {
        keeps(
            &advise(&history(units, vec![1_800, 2_400, 3_600]), level(percent)).expect("advice"),
            percent,
        );
    }
}

#[test]
fn a_daily_wave_is_served_as_promised() {
    let wave = |minute: i64| if (10 * 60..14 * 60).contains(&(minute % DAY)) { 3 } else { 0 };
    keeps(&advise(&history(wave, vec![3_600]), level(95.0)).expect("advice"), 95.0);
}

#[test]
fn a_video_that_sends_a_crowd_is_served_as_promised_and_needs_more_stock_than_quiet_weeks() {
    let quiet = |minute: i64| u64::from(minute % 7 == 0);
    let crowd = |minute: i64| {
        let famous = (15 * DAY..15 * DAY + 120).contains(&minute);
        quiet(minute) + if famous { 200 } else { 0 }
    };
    let calm = advise(&history(quiet, vec![40]), level(95.0)).expect("advice");
    let famous = advise(&history(crowd, vec![40]), level(95.0)).expect("advice");
    keeps(&famous, 95.0);
    assert!(famous.policy.target_stock > calm.policy.target_stock, "{famous:?} {calm:?}");
}

#[test]
fn refused_units_count_as_demand() {
    let mut history = history(|minute| u64::from(minute % 30 == 0), vec![1_800]);
    let without = advise(&history, level(95.0)).expect("advice");
    history.refusals = (0..WEEKS * 7 * 24).map(|hour| Refusals { hour, units: 50 }).collect();
    let with = advise(&history, level(95.0)).expect("advice");
    assert!(with.policy.target_stock > without.policy.target_stock);
    assert!(with.fill_rate < 0.5 && without.fill_rate > 0.99, "{with:?}");
    keeps(&with, 95.0);
    let refused: u64 = with.weeks.iter().map(|week| week.refused).sum();
    assert_eq!(refused, 50 * 24 * 7 * 4);
}

#[test]
fn a_higher_service_level_never_needs_less_stock() {
    let wave = |minute: i64| if (600..840).contains(&(minute % DAY)) { 2 } else { 0 };
    let history = history(wave, vec![1_200, 3_600]);
    let targets: Vec<u64> = [50.0, 80.0, 95.0, 99.0, 99.9]
        .iter()
        .map(|percent| advise(&history, level(*percent)).expect("advice").policy.target_stock)
        .collect();
    assert!(targets.is_sorted(), "{targets:?}");
}

#[test]
fn without_demand_or_lead_time_there_is_no_advice() {
    assert_eq!(advise(&history(|_| 0, vec![60]), level(95.0)), Err(NoAdvice::NoDemand));
    assert_eq!(advise(&history(|_| 1, vec![]), level(95.0)), Err(NoAdvice::NoLeadTime));
}

#[test]
fn a_demand_that_no_order_can_serve_is_said_to_be_out_of_reach() {
    let endless = history(|_| 1_000_000, vec![3_600]);
    assert_eq!(advise(&endless, level(99.0)), Err(NoAdvice::OutOfReach));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_demand_was_the_replay_of_the_advice_keeps_the_promise(
        seed in 0_u64..1_000,
        busy in 1_u8..255,
        largest in 1_u64..20,
        lead in proptest::collection::vec(30_u32..20_000, 1..5),
        percent in 50.0_f64..99.5,
    ) {
        let mut random = fastrand::Rng::with_seed(seed);
        let draws: Vec<u64> = (0..WEEKS * 7 * DAY)
            .map(|_| if random.u8(..) < busy { random.u64(0..=largest) } else { 0 })
            .collect();
        let units = |minute: i64| draws[usize::try_from(minute).expect("a minute")];
        if let Ok(advice) = advise(&history(units, lead), level(percent)) {
            keeps(&advice, percent);
        }
    }
}
