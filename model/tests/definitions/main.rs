//! Compares the model with the deployed definitions of the state machines, in both directions.
#![allow(clippy::expect_used, reason = "a test fails by ending")]

#[path = "../common/mod.rs"]
mod common;
mod deployed;
mod explored;
mod left_out;
mod modelled;

use std::collections::BTreeSet;

use deployed::Deployed;
use explored::{EXPLORED, Explored};

/// Positions of executions of the model, states of the sweep's steps, and Choice states.
fn modelled_states(explored: &Explored) -> BTreeSet<&'static str> {
    let choices = modelled::CHOICES.map(|(state, _function)| state);
    explored.states.iter().copied().chain(choices).collect()
}

#[test]
fn every_state_of_the_model_is_deployed() {
    let (deployed, explored) = (Deployed::read(), &*EXPLORED);
    let unknown: Vec<_> =
        modelled_states(explored).difference(&deployed.states()).copied().collect();
    assert!(unknown.is_empty(), "no definition has the states {unknown:?} of the model");
}

#[test]
fn every_deployed_state_is_in_the_model_or_is_left_out_for_a_reason() {
    let (deployed, explored) = (Deployed::read(), &*EXPLORED);
    let modelled = modelled_states(explored);
    let missing: BTreeSet<_> = deployed.states().difference(&modelled).copied().collect();
    let left_out = left_out::STATES.map(|(state, _reason)| state);
    assert_eq!(missing, BTreeSet::from(left_out), "deployed states that are not in the model");
}

#[test]
fn every_step_of_the_model_is_named_after_a_deployed_state_or_says_what_it_is() {
    let (deployed, explored) = (Deployed::read(), &*EXPLORED);
    let deployed = deployed.states();
    let names: BTreeSet<_> = deployed.iter().filter_map(|state| state.rsplit('/').next()).collect();
    let others: BTreeSet<_> = explored.steps.iter().map(String::as_str).collect();
    let others: BTreeSet<_> = others.difference(&names).copied().collect();
    let explained = left_out::STEPS.map(|(step, _meaning)| step);
    assert_eq!(others, BTreeSet::from(explained), "steps that are not named after a state");
}

#[test]
fn the_model_takes_only_ways_that_the_definitions_have() {
    let (deployed, explored) = (Deployed::read(), &*EXPLORED);
    for (from, to) in &explored.moves {
        let ways = from.iter().flat_map(|from| to.iter().map(move |to| (from, to)));
        let mut ways = ways.filter(|(from, to)| deployed.leads(from, to, &explored.states));
        assert!(ways.next().is_some(), "no way leads from {from:?} to {to:?} as in the model");
    }
}

#[test]
fn the_model_takes_every_way_of_the_definitions_or_leaves_it_out_for_a_reason() {
    let (deployed, explored) = (Deployed::read(), &*EXPLORED);
    let taken = |from: &str, to: &str| {
        explored.moves.iter().any(|(froms, tos)| froms.contains(&from) && tos.contains(&to))
    };
    let mut missing = BTreeSet::new();
    for (from, to) in ways_of_executions(&deployed, explored) {
        if !taken(from, to) {
            missing.insert((from, to));
        }
    }
    let left_out = left_out::WAYS.map(|(from, to, _reason)| (from, to));
    assert_eq!(missing, BTreeSet::from(left_out), "ways that no execution of the model takes");
}

/// The ways from one position of an execution to another. The model has no executions of `sweep`.
fn ways_of_executions(
    deployed: &Deployed,
    explored: &Explored,
) -> Vec<(&'static str, &'static str)> {
    let positions = explored.states.iter().copied().filter(|state| !state.starts_with("sweep/"));
    let starts = ["purchase", "restock", "completion"];
    let from = positions.clone().chain(starts);
    let pairs = from.flat_map(|from| positions.clone().map(move |to| (from, to)));
    pairs.filter(|(from, to)| deployed.leads(from, to, &explored.states)).collect()
}
