//! The suite `system` takes every transition, retry and catch of every state machine, and reaches every rare state.
//!
//! Cargo runs this suite after `system`, in which the emulators record what executions do.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something is not as it must be"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    io::{Write as _, stdout},
};

use system_testkit::SOMETIMES;
use testkit::transitions::{Transition, recorded, recorded_states, transitions};

const RUN_FIRST: &str = "nothing is recorded for the present definitions of the state machines: \
     run all of `cargo test --test system` first";

/// The report: every transition, and whether it was taken.
const REPORT: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/transitions.txt");

/// How many were taken, for each machine and kind.
fn sums(all: &[Transition], taken: &BTreeSet<String>) -> String {
    let mut sums: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    for transition in all {
        let (taken_of_it, all_of_it) =
            sums.entry((transition.machine(), transition.kind())).or_default();
        *taken_of_it += usize::from(taken.contains(&transition.place));
        *all_of_it += 1;
    }
    let line = |((machine, kind), (taken, all)): (&(&str, &str), &(usize, usize))| {
        format!("{machine:<10} {kind:<11} {taken:>2} of {all:>2}\n")
    };
    sums.iter().map(line).collect()
}

fn untaken(all: &[Transition], taken: &BTreeSet<String>) -> Vec<Transition> {
    all.iter().filter(|transition| !taken.contains(&transition.place)).cloned().collect()
}

fn lines(transitions: &[Transition], mark: impl Fn(&Transition) -> &'static str) -> String {
    let mut lines = String::new();
    for transition in transitions {
        let Transition { place, about } = transition;
        writeln!(lines, "{}{place}  ({about})", mark(transition)).expect("text");
    }
    lines
}

/// Prints the sums, also if the test passes, and writes the whole report to a file.
fn report(all: &[Transition], taken: &BTreeSet<String>) {
    let mark = |t: &Transition| if taken.contains(&t.place) { "taken  " } else { "UNTAKEN " };
    let sums = sums(all, taken);
    fs::write(REPORT, format!("{sums}\n{}", lines(all, mark))).expect("a file");
    let summary =
        format!("taken by the last run of `system` (the whole report is in {REPORT}):\n{sums}");
    stdout().write_all(summary.as_bytes()).expect("stdout is open");
}

#[test]
fn every_transition_and_retry_and_catch_of_the_state_machines_is_taken_by_a_test() {
    let (all, taken) = (transitions(), recorded().expect(RUN_FIRST));
    report(&all, &taken);
    let untaken = untaken(&all, &taken);
    assert!(
        untaken.is_empty(),
        "the last run of `system` (did it run all tests?) has not taken\n{}",
        lines(&untaken, |_| "  ")
    );
}

#[test]
fn every_rare_state_is_reached_by_a_test() {
    let reached = recorded_states().expect(RUN_FIRST);
    let tests = |state| reached.iter().filter(|reached| *reached == state).count();
    let counts = SOMETIMES.map(|(state, _)| (tests(state), state));
    let summary: String =
        counts.iter().map(|(n, state)| format!("{n:>4} tests: {state}\n")).collect();
    stdout().write_all(summary.as_bytes()).expect("stdout is open");
    assert!(
        counts.iter().all(|(tests, _)| *tests > 0),
        "some state is reached by no test:\n{summary}"
    );
}

/// Anything else is an error of the recorder or of this test.
#[test]
fn everything_that_was_recorded_is_a_transition() {
    let all: BTreeSet<String> = transitions().into_iter().map(|t| t.place).collect();
    let unknown: Vec<_> = recorded().expect(RUN_FIRST).difference(&all).cloned().collect();
    assert_eq!(unknown, Vec::<String>::new());
}

#[test]
fn a_transition_that_was_not_taken_is_reported() {
    let all = transitions();
    let most: BTreeSet<String> = all.iter().skip(1).map(|t| t.place.clone()).collect();
    assert_eq!(untaken(&all, &most), all[..1]);
    assert_eq!((all[0].machine(), all[0].kind()), ("completion", "transitions"));
    let sums = sums(&all, &most);
    assert!(sums.contains("completion transitions 14 of 15"), "{sums}");
    assert!(sums.contains("restock    retries     12 of 12"), "{sums}");
}
