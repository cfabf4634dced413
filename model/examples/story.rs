//! Takes a guard out and tells, step by step, how that goes wrong:
//! `cargo run -p model --example story -- unique_arrival_key`

use std::{collections::BTreeSet, env, process::ExitCode};

use model::{Action, Guards, Kind, Order, Protocol, Scenario, State, properties};
use stateright::{Checker, Expectation, HasDiscoveries, Model, Path, Property};

/// A guard, the check without it, and the property that breaks.
type Story = (&'static str, Scenario, &'static str);

fn main() -> ExitCode {
    let wanted = env::args().nth(1).unwrap_or_default();
    let Some((_, scenario, property)) = stories().into_iter().find(|story| story.0 == wanted)
    else {
        let names: Vec<_> = stories().into_iter().map(|story| story.0).collect();
        eprintln!("say which guard to take out: {}", names.join(", "));
        return ExitCode::FAILURE;
    };
    let found = HasDiscoveries::AnyOf(BTreeSet::from([property]));
    let checker = Protocol(scenario).checker().finish_when(found).spawn_bfs().join();
    match checker.discovery(property) {
        Some(path) => tell(checker.model(), property, path),
        None => println!("{property}: holds in {} states", checker.unique_state_count()),
    }
    ExitCode::SUCCESS
}

fn stories() -> Vec<Story> {
    let (keys, all) = (Guards::KEYS_ALONE, Guards::ALL);
    let sales = |guards| Scenario::two_customers().guarded_by(guards);
    let restock = |guards| Scenario::restock_alone().with_faults(1).guarded_by(guards);
    let dies = Scenario::restock_alone().with_only(&[Kind::StepFails, Kind::ExecutionDies], 2);
    let keyless = |name, guards, property| (name, restock(guards), property);
    vec![
        keyless(
            "unique_arrival_key",
            Guards { unique_arrival_key: false, ..keys },
            properties::ONE_CREDIT,
        ),
        (
            "open_restock_key",
            sales(Guards { open_restock_key: false, ..keys }),
            properties::ONE_RESTOCK,
        ),
        (
            "conditional_update",
            sales(Guards { conditional_update: false, ..keys }),
            properties::NO_OVERSELL,
        ),
        keyless("one_transaction", Guards { one_transaction: false, ..all }, properties::LEDGER),
        keyless(
            "restock_execution_owner",
            Guards { restock_execution_owner: false, ..all },
            properties::ASKED_ONCE,
        ),
        keyless("sweep", Guards { sweep: false, ..all }, properties::NOT_FORGOTTEN),
        keyless(
            "sweep_starts_anew",
            Guards { sweep_starts_anew: false, ..all },
            properties::NOT_FORGOTTEN,
        ),
        ("silence", Scenario { ask_for_reports: true, ..dies }, properties::NOT_SILENT),
    ]
}

fn tell(model: &Protocol, property: &'static str, path: Path<State, Action>) {
    println!("broken: {property}");
    let steps = path.into_vec();
    let after = steps.iter().skip(1);
    for (number, ((_, action), (state, _))) in steps.iter().zip(after).enumerate() {
        let told = action.as_ref().map(sentence).unwrap_or_default();
        println!("{:>3}. {told}\n     {}", number + 1, summary(state));
        let Property { expectation, condition, .. } = model.property(property);
        if expectation == Expectation::Always && !condition(model, state) {
            break; // The search may have gone on for a few steps.
        }
    }
}

fn sentence(action: &Action) -> String {
    match action {
        Action::Step(step) => format!("{step:?}"),
        Action::Fault(fault) => format!("FAULT {fault:?}"),
    }
}

fn summary(state: &State) -> String {
    let State { database, queue, .. } = state;
    let orders: Vec<_> = database.orders.iter().map(order).collect();
    format!(
        "stock {}, cycle {}, {} open, {} in the queue; ordered: [{}]",
        database.stock,
        database.cycle,
        database.open_restocks().count(),
        queue.len(),
        orders.join(", ")
    )
}

fn order(order: &Order) -> String {
    let Order { cycle, quantity, arrived, credits, .. } = order;
    let came = arrived.map_or_else(String::new, |count| format!(", {count} came"));
    format!("{quantity} in cycle {cycle}{came}, counted {credits} times")
}
