//! Checks of a scenario that the tests share.

#![allow(dead_code, reason = "each test file uses some of these functions")]

pub mod paths;

use std::{collections::BTreeSet, time::Instant};

use model::{FaultKind, Guards, Protocol, Scenario};
use stateright::{Checker, HasDiscoveries, Model};

/// Every property holds, in at least this many states.
///
/// The check also fails
/// - if it does not reach a situation of [`Scenario::must_reach`],
/// - if a path does not end at rest, because `stateright` would not check its "eventually" properties,
/// - if a kind of fault that the scenario allows never occurs.
#[track_caller]
pub fn holds(name: &str, scenario: Scenario, at_least: usize) {
    let begun = Instant::now();
    let checker = Protocol(scenario.clone()).checker().threads(2).spawn_bfs().join();
    let unique = checker.unique_state_count();
    println!("{name}: {unique} states, {:.1} s", begun.elapsed().as_secs_f32());
    assert!(checker.is_done(), "{name}: the check stopped early");
    checker.assert_properties();
    assert!(unique >= at_least, "{name}: expected at least {at_least} states, found {unique}");
    let paths = paths::explore(&Protocol(scenario.clone()));
    assert_eq!(paths.count_to_the_end(), unique, "{name}: a path runs in a circle");
    assert_eq!(paths.faults, expected_faults(&scenario), "{name}: the kinds of faults that occur");
}

/// The kinds of faults that the scenario allows. A redrive needs a dead letter, which needs another fault.
fn expected_faults(scenario: &Scenario) -> BTreeSet<FaultKind> {
    let needs_another = |kind| kind == FaultKind::DeadLetterRedriven && scenario.faults_at_most < 2;
    scenario.faults.iter().copied().filter(|kind| !needs_another(*kind)).collect()
}

/// The property does not hold in the scenario.
#[track_caller]
pub fn breaks(scenario: Scenario, property: &'static str) {
    let found = HasDiscoveries::AnyOf(BTreeSet::from([property]));
    let checker = Protocol(scenario).checker().finish_when(found).spawn_bfs().join();
    checker.assert_any_discovery(property);
}

/// Every property holds in the scenario, and this property does not hold once guards are removed.
#[track_caller]
pub fn needs(scenario: Scenario, remove: impl FnOnce(&mut Guards), property: &'static str) {
    let checker = Protocol(scenario.clone()).checker().spawn_bfs().join();
    checker.assert_properties();
    let mut guards = scenario.guards;
    remove(&mut guards);
    assert_ne!(guards, scenario.guards, "a guard is removed");
    breaks(scenario.guarded_by(guards), property);
}
