//! What the model found wrong in the protocol as it is coded, and what it found before that was mended.

mod common;

use common::{breaks, holds};
use model::{Guards, Kind, Scenario, properties};

/// Mended: executions that failed used up a name each, and there were ten for a cycle.
#[test]
fn a_cycle_whose_executions_fail_is_asked_for_until_one_does_not() {
    let failing = Scenario::restock_alone().with_only(&[Kind::StepFails, Kind::ExecutionDies], 2);
    holds("2 failures", failing.clone(), 1_000);
    let once = Guards { sweep_starts_anew: false, ..Guards::ALL };
    breaks(failing.guarded_by(once), properties::NOT_FORGOTTEN);
}

/// Mended: a restock that the sweep closed was only counted.
#[test]
fn a_restock_whose_execution_died_is_reported_by_the_sweep() {
    let asked = Scenario { ask_for_reports: true, ..Scenario::restock_alone().with_faults(1) };
    holds("reports, 1 fault", asked.clone(), 5_000);
    let unwatched = Guards { executions_are_watched: false, ..Guards::ALL };
    holds("reports, unwatched", asked.clone().guarded_by(unwatched), 5_000);
    let silent = Guards { abandoned_are_reported: false, ..unwatched };
    breaks(asked.guarded_by(silent), properties::NOT_SILENT);
}

/// Mended: `CloseRestock` had closed the restock, and the execution was stopped or ran out of time before
/// `ReportFailure`. The sweep does not find the restock, since it is closed, and `IsFailed` keeps what
/// fails next to itself, as if the first failure had been told. EventBridge tells of executions that end
/// `ABORTED` or `TIMED_OUT`.
#[test]
fn a_restock_whose_execution_died_between_closing_and_reporting_is_told_of() {
    let dies = Scenario::restock_alone().with_only(&[Kind::StepFails, Kind::ExecutionDies], 2);
    let asked = Scenario { ask_for_reports: true, ..dies };
    holds("reports, watched", asked.clone(), 1_000);
    let unwatched = Guards { executions_are_watched: false, ..Guards::ALL };
    breaks(asked.guarded_by(unwatched), properties::NOT_SILENT);
}
