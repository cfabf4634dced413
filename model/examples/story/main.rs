//! Removes a guard and prints, step by step, how a property breaks:
//! `cargo run -p model --example story -- unique_arrival_key`

mod cases;
mod sentences;

use std::{collections::BTreeSet, env, process::ExitCode};

use cases::{Case, cases};
use model::{Action, Protocol, State};
use sentences::{sentence, summary};
use stateright::{Checker, Expectation, HasDiscoveries, Model, Path, Property};

fn main() -> ExitCode {
    let wanted = env::args().nth(1).unwrap_or_default();
    match cases().into_iter().find(|case| case.name == wanted) {
        Some(case) => search(case),
        None => usage(),
    }
}

fn usage() -> ExitCode {
    let names: Vec<_> = cases().into_iter().map(|case| case.name).collect();
    eprintln!("Usage: cargo run -p model --example story -- NAME");
    eprintln!("NAME is one of: {}", names.join(", "));
    ExitCode::FAILURE
}

/// Prints a counterexample. There is one for each case, so the search fails if it finds none.
fn search(Case { scenario, property, .. }: Case) -> ExitCode {
    let found = HasDiscoveries::AnyOf(BTreeSet::from([property]));
    let checker = Protocol(scenario).checker().finish_when(found).spawn_bfs().join();
    match checker.discovery(property) {
        Some(path) => print(checker.model(), property, path),
        None => {
            eprintln!("No counterexample in {} states: {property}", checker.unique_state_count());
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn print(model: &Protocol, property: &'static str, path: Path<State, Action>) {
    println!("This property breaks: {property}");
    let steps = path.into_vec();
    let after = steps.iter().skip(1);
    for (number, ((_, action), (state, _))) in steps.iter().zip(after).enumerate() {
        let happens = action.as_ref().map(sentence).unwrap_or_default();
        println!("{:>3}. {happens}\n     {}", number + 1, summary(state));
        let Property { expectation, condition, .. } = model.property(property);
        if expectation == Expectation::Always && !condition(model, state) {
            break; // `stateright` may have continued for a few steps.
        }
    }
}
