//! That "eventually" means what it says: `stateright` asks it where a path ends, so every path must end,
//! and nowhere but at rest.

use std::{
    collections::{HashMap, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
};

use model::{Guards, Protocol, Scenario, State};
use stateright::Model;

#[test]
fn no_path_runs_in_a_circle_and_every_path_ends_at_rest() {
    walk(Scenario::quiet());
    walk(Scenario::restock_alone().with_faults(2));
    walk(Scenario::two_customers().guarded_by(Guards::KEYS_ALONE));
}

#[test]
fn nor_without_the_sweep() {
    let guards = Guards { sweep: false, ..Guards::ALL };
    walk(Scenario::restock_alone().with_faults(1).guarded_by(guards));
}

/// Takes away, one after the other, the states that nothing leads to any more. A circle would stay.
fn walk(scenario: Scenario) {
    let model = Protocol(scenario);
    let led_to = all_states(&model);
    let mut left = led_to.clone();
    let mut free = VecDeque::from(model.init_states());
    let mut taken = 0;
    while let Some(state) = free.pop_front() {
        taken += 1;
        for next in model.next_states(&state) {
            let ways = left.entry(name(&next)).or_default();
            *ways = ways.saturating_sub(1);
            if *ways == 0 {
                free.push_back(next);
            }
        }
    }
    println!("{taken} states without a circle");
    assert_eq!(taken, led_to.len(), "there is a circle");
}

/// All states, and how many ways lead to each. Each is at rest if and only if nothing follows.
fn all_states(model: &Protocol) -> HashMap<u64, usize> {
    let mut found = HashMap::new();
    let mut next: VecDeque<State> = VecDeque::new();
    for state in model.init_states() {
        found.insert(name(&state), 0);
        next.push_back(state);
    }
    while let Some(state) = next.pop_front() {
        let follow = model.next_states(&state);
        assert_eq!(follow.is_empty(), state.is_at_rest(&model.0), "{state:#?}");
        for state in follow {
            *found.entry(name(&state)).or_insert_with(|| {
                next.push_back(state.clone());
                0
            }) += 1;
        }
    }
    found
}

fn name(state: &State) -> u64 {
    let mut hasher = DefaultHasher::new();
    state.hash(&mut hasher);
    hasher.finish()
}
