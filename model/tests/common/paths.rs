//! Follows every path of a model to its end, without `stateright`.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
};

use model::{Action, FaultKind, Protocol, State};
use stateright::Model;

/// All states of a model and the ways between them.
#[derive(Default)]
pub struct Paths {
    /// The indexes of the states that follow each state. State 0 is the initial one.
    next: Vec<Vec<usize>>,
    /// The kinds of faults that occur.
    pub faults: BTreeSet<FaultKind>,
}

/// Finds all states. Each state must be at rest if and only if no state follows.
#[track_caller]
pub fn explore(model: &Protocol) -> Paths {
    explore_with(model, |_, _, _| {})
}

/// Like [`explore`], and calls `visit` with each transition: the state before, the action, the state after.
#[track_caller]
pub fn explore_with(model: &Protocol, mut visit: impl FnMut(&State, Action, &State)) -> Paths {
    let mut states = States::default();
    let mut paths = Paths::default();
    for state in model.init_states() {
        states.index_of(state);
    }
    while let Some(state) = states.unvisited.pop_front() {
        let mut actions = Vec::new();
        model.actions(&state, &mut actions);
        assert_eq!(actions.is_empty(), state.is_at_rest(&model.0), "is it at rest? {state:#?}");
        paths.faults.extend(actions.iter().filter_map(kind));
        let mut next = Vec::new();
        for action in actions {
            if let Some(after) = model.next_state(&state, action) {
                visit(&state, action, &after);
                next.push(states.index_of(after));
            }
        }
        paths.next.push(next);
    }
    paths
}

fn kind(action: &Action) -> Option<FaultKind> {
    match action {
        Action::Step(_) => None,
        Action::Fault(fault) => Some(fault.kind()),
    }
}

/// Gives each state an index, in the order in which the states are found.
#[derive(Default)]
struct States {
    indexes: HashMap<u64, usize>,
    unvisited: VecDeque<State>,
}

impl States {
    fn index_of(&mut self, state: State) -> usize {
        let mut hasher = DefaultHasher::new();
        state.hash(&mut hasher);
        let next = self.indexes.len();
        let index = *self.indexes.entry(hasher.finish()).or_insert(next);
        if index == next {
            self.unvisited.push_back(state);
        }
        index
    }
}

impl Paths {
    /// The number of states.
    pub fn states(&self) -> usize {
        self.next.len()
    }

    /// Removes, one after the other, the states that no remaining state leads to, and counts them. The
    /// states of a circle, and those behind it, are never removed.
    pub fn count_to_the_end(&self) -> usize {
        let mut leading = vec![0; self.states()];
        for next in self.next.iter().flatten() {
            leading[*next] += 1;
        }
        let mut free: Vec<_> = (0..self.states()).filter(|state| leading[*state] == 0).collect();
        let mut removed = 0;
        while let Some(state) = free.pop() {
            removed += 1;
            for &next in &self.next[state] {
                leading[next] -= 1;
                if leading[next] == 0 {
                    free.push(next);
                }
            }
        }
        removed
    }
}
