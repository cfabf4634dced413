//! Which ways through the state machines the tests of the whole system have taken: all of them.
//!
//! Cargo runs this after `system`, whose emulators write down what executions do.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something is not as it must be"
)]

#[path = "support/transitions.rs"]
#[allow(dead_code, reason = "the tests of the whole system use the rest of it")]
mod transitions;

use std::collections::{BTreeMap, BTreeSet};

use transitions::{Transition, recorded};

const RUN_FIRST: &str = "nothing is written down of these state machines: \
     `cargo test --test system` must be run first";

/// Which of them nobody took, and how many there are, by machine.
fn report(all: &[Transition], taken: &BTreeSet<String>) -> (String, Vec<Transition>) {
    let mut numbers: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for transition in all {
        let machine = transition.place.split(' ').next().expect("a machine");
        let (taken_here, all_here) = numbers.entry(machine).or_default();
        *taken_here += usize::from(taken.contains(&transition.place));
        *all_here += 1;
    }
    let lines =
        numbers.iter().map(|(machine, (taken, all))| format!("{machine}: {taken} of {all}\n"));
    let untaken = all.iter().filter(|transition| !taken.contains(&transition.place));
    (lines.collect(), untaken.cloned().collect())
}

#[test]
fn every_transition_and_retry_and_catch_of_the_state_machines_is_taken_by_a_test() {
    let taken = recorded().expect(RUN_FIRST);
    let (numbers, untaken) = report(&transitions::transitions(), &taken);
    println!("transitions, retries and catches that the last run of `system` has taken\n{numbers}");
    assert!(untaken.is_empty(), "{numbers}no test of `system` has taken:\n{}", lines(&untaken));
}

fn lines(untaken: &[Transition]) -> String {
    untaken.iter().map(|Transition { place, about }| format!("  {place}  ({about})\n")).collect()
}

/// What is written down and is no transition would be the recorder's mistake, or ours.
#[test]
fn everything_that_is_written_down_is_a_transition() {
    let all: BTreeSet<String> = transitions::transitions().into_iter().map(|t| t.place).collect();
    let unknown: Vec<_> = recorded().expect(RUN_FIRST).difference(&all).cloned().collect();
    assert_eq!(unknown, Vec::<String>::new());
}

#[test]
fn a_transition_that_was_not_taken_is_reported() {
    let all = transitions::transitions();
    let most: BTreeSet<String> = all.iter().skip(1).map(|t| t.place.clone()).collect();
    let (numbers, untaken) = report(&all, &most);
    assert_eq!(untaken, all[..1]);
    assert!(numbers.contains("purchase: 15 of 15"), "{numbers}");
}
