//! What the model does in all its states.

use std::{collections::BTreeSet, sync::LazyLock};

use model::{Action, Checkout, FaultKind, Protocol, Scenario, State};
use stateright::Model;

use crate::{common::paths, modelled, modelled::Names};

/// Explored once for all tests.
pub static EXPLORED: LazyLock<Explored> = LazyLock::new(Explored::read);

#[derive(Default)]
pub struct Explored {
    /// The deployed states that executions are in, and those that steps of the sweep run through.
    pub states: BTreeSet<&'static str>,
    /// The names of the steps that are taken.
    pub steps: BTreeSet<String>,
    /// Moves of executions from one deployed state to another. A machine's name leads to its first state.
    pub moves: BTreeSet<(Names, Names)>,
}

impl Explored {
    /// Explores scenarios that together take every way of the state machines.
    fn read() -> Self {
        let large = vec![Checkout { purchase_id: 1, quantity: 4 }];
        let stocked = Scenario { stock: 3, purchases: large, ..Scenario::one_restock() };
        let mut explored = Self::default();
        explored.add(Scenario::two_customers().with_faults(1));
        explored.add(Scenario::one_restock().with_faults(1));
        let failures = [FaultKind::StepFails, FaultKind::CallbackLost];
        explored.add(Scenario::one_restock().with_only(&failures, 2));
        explored.add(stocked);
        explored.add(Scenario::changing_buckets());
        explored
    }

    fn add(&mut self, scenario: Scenario) {
        let model = Protocol(scenario);
        for state in model.init_states() {
            let starts = state.purchases.iter().map(modelled::of_purchase);
            self.moves.extend(starts.map(|start| (&["purchase"][..], start)));
        }
        paths::explore_with(&model, |before, action, after| {
            self.steps.extend(step_name(action));
            self.states.extend(modelled::of_action(action));
            self.states.extend(modelled::of_state(before));
            self.states.extend(modelled::of_state(after));
            self.moves.extend(moves(before, after));
        });
    }
}

/// `OpenRestock` for the step `OpenRestock(0)`.
fn step_name(action: Action) -> Option<String> {
    let Action::Step(step) = action else { return None };
    format!("{step:?}").split('(').next().map(str::to_owned)
}

/// The moves of all executions from one state to the next.
fn moves(before: &State, after: &State) -> Vec<(Names, Names)> {
    let mut moves = Vec::new();
    for (before, after) in before.purchases.iter().zip(&after.purchases) {
        moves.push((modelled::of_purchase(before), modelled::of_purchase(after)));
    }
    for (id, execution) in after.restocks.iter().enumerate() {
        let from = before.restocks.get(id).map_or(&["restock"][..], modelled::of_restock);
        moves.push((from, modelled::of_restock(execution)));
    }
    for execution in &after.completions {
        let earlier = before.completions.iter().find(|c| c.order == execution.order);
        let from = earlier.map_or(&["completion"][..], modelled::of_completion);
        moves.push((from, modelled::of_completion(execution)));
    }
    moves.retain(|(from, to)| from != to && !from.is_empty() && !to.is_empty());
    moves
}
