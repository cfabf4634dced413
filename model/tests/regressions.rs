//! Errors of the protocol that the model found, and that are fixed.

mod common;

use common::{breaks, holds};
use model::{FaultKind, Guards, Scenario, Situation, properties};

/// A restock that fails or is stopped twice.
fn two_failures() -> Scenario {
    let failures = [FaultKind::StepFails, FaultKind::ExecutionStops];
    Scenario::one_restock().with_only(&failures, 2).with_reports()
}

/// Each failed execution used up a name, and a cycle had only ten names.
#[test]
fn a_cycle_whose_executions_fail_is_requested_until_one_succeeds() {
    let situations = [Situation::NameReused, Situation::RestockAbandoned];
    let failures = two_failures().reaching(&situations);
    holds("2 failures, with reports", failures.clone(), 219_000);
    let once = Guards { ended_execution_restarts: false, ..Guards::ALL };
    breaks(failures.guarded_by(once), properties::NOT_FORGOTTEN);
}

/// The sweep closed such a restock, and only counted it in a metric.
#[test]
fn a_restock_whose_execution_was_stopped_is_reported_by_the_sweep() {
    let reports = Scenario::one_restock().with_faults(1).with_reports();
    let reports = reports.reaching(&[Situation::RestockAbandoned]);
    holds("reports, 1 fault", reports.clone(), 7_400);
    let without_rule = Guards { stopped_executions_reported: false, ..Guards::ALL };
    holds("reports of the sweep alone", reports.clone().guarded_by(without_rule), 7_400);
    let silent = Guards { abandoned_restocks_reported: false, ..without_rule };
    breaks(reports.guarded_by(silent), properties::NOT_SILENT);
}

/// `CloseRestock` had closed the restock, and the execution was stopped or timed out before `ReportFailure`. The
/// sweep does not find a closed restock, and `IsFailed` does not report the next failure because it takes the
/// first one for reported. An EventBridge rule now reports executions that end as `ABORTED` or `TIMED_OUT`. The first test
/// of this file shows that it does.
#[test]
fn a_restock_whose_execution_was_stopped_between_closing_and_reporting_is_reported() {
    let without_rule = Guards { stopped_executions_reported: false, ..Guards::ALL };
    breaks(two_failures().guarded_by(without_rule), properties::NOT_SILENT);
}
