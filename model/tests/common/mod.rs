//! Checks a scenario, and says what was found.

#![allow(dead_code)] // Each test file uses its part.

use std::{collections::BTreeSet, time::Instant};

use model::{Action, Protocol, Scenario, State};
use stateright::{Checker, HasDiscoveries, Model, Path};

/// Every invariant holds in every state, of which there are more than a few.
#[track_caller]
pub fn holds(name: &str, scenario: Scenario, at_least: usize) {
    let begun = Instant::now();
    let checker = Protocol(scenario).checker().threads(2).spawn_bfs().join();
    let unique = checker.unique_state_count();
    println!("{name}: {unique} states, {:.1} s", begun.elapsed().as_secs_f32());
    assert!(checker.is_done(), "the check is complete");
    checker.assert_properties();
    assert!(unique >= at_least, "{unique} states are too few to say much");
}

/// The property is broken. Answers a way there.
#[track_caller]
pub fn breaks(scenario: Scenario, property: &'static str) -> Path<State, Action> {
    let found = HasDiscoveries::AnyOf(BTreeSet::from([property]));
    let checker = Protocol(scenario).checker().finish_when(found).spawn_bfs().join();
    checker.assert_any_discovery(property)
}
