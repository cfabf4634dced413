//! `stateright` checks "eventually" properties where a path ends. So every path must end, and only at rest. `holds`
//! checks that too, for each of its scenarios.

mod common;

use common::paths;
use model::{Guards, Protocol, Scenario};

#[test]
fn no_path_runs_in_a_circle_and_every_path_ends_at_rest() {
    ends_at_rest(Scenario::repeated_purchase());
    ends_at_rest(Scenario::one_restock().with_faults(1));
    ends_at_rest(Scenario::changing_buckets());
    ends_at_rest(Scenario::two_customers().guarded_by(Guards::KEYS_ALONE));
}

#[test]
fn without_the_sweep_every_path_ends_at_rest_too() {
    let guards = Guards { sweep: false, ..Guards::ALL };
    ends_at_rest(Scenario::one_restock().with_faults(1).guarded_by(guards));
}

#[track_caller]
fn ends_at_rest(scenario: Scenario) {
    let paths = paths::explore(&Protocol(scenario));
    println!("{} states", paths.states());
    assert_eq!(paths.count_to_the_end(), paths.states(), "a path runs in a circle");
}
