//! What the model found wrong in the protocol as it is coded. Each test shows the flaw, and that the
//! proposal mends it. Once it is mended in the code, the first half of its test goes.

mod common;

use common::{breaks, holds};
use model::{Kind, Scenario, properties};

/// `StateMachine::start` has ten names for a cycle, and a cycle only moves on when a restock closes. Ten
/// executions that end without one (`OpenRestock` is out of order for an hour) use them up. From then on
/// every message for that cycle fails with `Names.Exhausted`, the sweep's and a redriven one too, and the
/// product is not restocked until somebody opens a restock by hand. The model has two names in place of
/// ten, and so needs two failures in place of ten.
#[test]
fn a_cycle_whose_names_are_used_up_is_forgotten() {
    let failing = Scenario::restock_alone().with_only(&[Kind::StepFails, Kind::ExecutionDies], 2);
    breaks(Scenario { names: 2, ..failing.clone() }, properties::NOT_FORGOTTEN);
    holds("as many names as it takes", Scenario { names: u8::MAX, ..failing }, 1_000);
}

/// An execution of `restock` that is stopped or times out reports nothing, and the sweep that closes its
/// restock as `Restock.Abandoned` only counts it: no dead letter, no mail.
#[test]
fn a_restock_whose_execution_died_fails_in_silence() {
    let asked = Scenario { ask_for_reports: true, ..Scenario::restock_alone().with_faults(1) };
    breaks(asked.clone(), properties::NOT_SILENT);
    holds("watched", Scenario { executions_are_watched: true, ..asked }, 5_000);
}
