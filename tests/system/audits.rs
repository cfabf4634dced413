//! `restock audit` on a system that is up.

mod lost;

use std::{cell::Cell, time::Duration};

use deployment::outputs::Outputs;
use factory_simulator::Fault;
use futures::future::join_all;
use operations::audit::{
    AuditReport, Auditor, FindingKind, RepairCommands, RuntimeFinding, StalledRestock, Thresholds,
};
use operations::{access::WarehouseAccess, redrive::redrive};
use serde_json::Value;
use system::{Settings, System as Definition};
use tokio::process::Command;

use crate::callbacks;
use system_testkit::{Check, FIRST_RESTOCK, LONG_WAIT, Orders, SECOND_RESTOCK, System, eventually};
use testkit::database::SKU;

/// Audits of the system.
pub trait Audits {
    async fn audit(&self) -> AuditReport;
    async fn audit_with(&self, sweep_every: Duration) -> AuditReport;
    async fn assert_no_findings(&self);
    async fn only_finding(&self) -> (RuntimeFinding, String);
    async fn run_printed(&self, repair: &str);
    async fn change(&self, statement: &'static str);
}

impl Audits for System {
    async fn audit(&self) -> AuditReport {
        self.audit_with(Duration::from_secs(300)).await
    }

    /// As if the sweep ran at this interval.
    async fn audit_with(&self, sweep_every: Duration) -> AuditReport {
        let deployed =
            Thresholds::of(&Definition::read().expect("system.json")).expect("an interval");
        let starting = if sweep_every.is_zero() { Duration::ZERO } else { deployed.starting };
        let thresholds = Thresholds { sweep_every, starting, ..deployed };
        let outputs = &self.cloud.outputs;
        let url = outputs.database_url.as_deref().expect("a URL").parse().expect("a URL");
        let warehouse = WarehouseAccess::Database(Box::new(url));
        let commands = RepairCommands::of(outputs, "outputs.json".as_ref());
        let auditor = Auditor::of(outputs, warehouse, thresholds, commands).await;
        auditor.audit().await.expect("an audit")
    }

    async fn assert_no_findings(&self) {
        let report = self.audit().await;
        assert_eq!(report.status(), 0, "{report}");
    }

    /// The finding and its repair, where there is exactly one.
    async fn only_finding(&self) -> (RuntimeFinding, String) {
        let report = self.audit().await;
        assert_eq!((report.status(), report.findings.len()), (1, 1), "{report}");
        let FindingKind::Runtime(found) = &report.findings[0].kind else { panic!("{report}") };
        (found.clone(), report.findings[0].repair.clone())
    }

    /// Runs the command `restock` that a repair prints, as an operator on AWS does: its way to the database is the function
    /// `change-warehouse`.
    async fn run_printed(&self, repair: &str) {
        let folder = tempfile::tempdir().expect("a folder");
        let outputs = Outputs { database_url: None, ..self.cloud.outputs.clone() };
        outputs.write(&folder.path().join("outputs.json")).expect("a file");
        let command = repair.lines().find_map(|line| line.strip_prefix("cargo run -- "));
        let command = command.unwrap_or_else(|| panic!("no command in {repair}"));
        let line = format!("{} {command}", env!("CARGO_BIN_EXE_restock"));
        let mut shell = Command::new("sh");
        let ended = shell.args(["-c", &line]).current_dir(folder.path()).output().await;
        let ended = ended.expect("a shell");
        assert!(ended.status.success(), "{line}: {ended:?}");
    }

    /// Changes the database by hand, as no function does.
    async fn change(&self, statement: &'static str) {
        let mut connection = self.admin_connection().await;
        sqlx::Executor::execute(&mut connection, statement).await.expect(statement);
    }
}

/// Less than the other settings, because the test lasts as long as the wait.
const A_WAIT: Settings = Settings { await_completion_seconds: 20, ..LONG_WAIT };

#[tokio::test]
async fn an_order_that_was_deleted_while_its_execution_waits_is_recorded_again_and_credited_once() {
    let system = System::with(0, A_WAIT).await;
    let callback = callbacks::good::wait_for_goods(&system).await;
    system.change("DELETE FROM production_order").await;
    let (found, repair) = system.only_finding().await;
    let RuntimeFinding::OrderMissing { order, .. } = found else { panic!("{found:?}") };
    assert_eq!((order.production_order, order.quantity), (callback.order(), 50));
    system.run_printed(&repair).await;
    system.assert_no_findings().await;
    system.clear_fault().await;
    system.release_callbacks().await;
    callbacks::good::assert_restocked_with(&system, 50).await;
    assert_eq!(system.factory().requests(), 1, "nothing is ordered twice");
    system.assert_no_findings().await;
    system.finish().await;
}

/// Starts `completion` once more for a callback, as the repair of an unprocessed callback does. Returns its output.
pub async fn complete_again(system: &System, production_order: &str, input: &str) -> Value {
    let machine = &system.cloud.outputs.completion_machine_arn;
    let name = format!("{production_order}_again");
    let start = system.cloud.clients.machines.start_execution().state_machine_arn(machine);
    start.name(&name).input(input).send().await.expect("completion is started again");
    system.output(&system.completions(), &name).await
}

#[tokio::test]
async fn an_audit_counts_dead_letters_that_somebody_has_received() {
    let system = System::with(20, LONG_WAIT).await;
    system.buy_several("some", 1).await;
    system.leave_dead_letter("not a depletion").await;
    let receipt = system.hide_dead_letter().await;
    let (found, _) = system.only_finding().await;
    assert!(matches!(found, RuntimeFinding::DeadLettersInFlight { count: 1, .. }), "{found:?}");
    system.show_dead_letter(&receipt).await;
    let (found, _) = system.only_finding().await;
    assert!(matches!(found, RuntimeFinding::DeadLetters { sku: None, .. }), "{found:?}");
    assert_eq!(system.visible_dead_letters().await, 1, "an audit hides nothing");
    system.purge(&system.cloud.outputs.dead_letter_queue_url).await;
    system.finish().await;
}

async fn buy_eight(system: &System, buyer: usize) {
    for number in 0..8 {
        system.buy(&format!("{buyer}-{number}")).await;
    }
}

#[tokio::test]
async fn an_audit_finds_nothing_while_many_customers_buy_and_a_restock_runs() {
    let system = System::with(60, LONG_WAIT).await;
    system.set_fault(Fault::HoldsCallback, Orders::Next(1)).await;
    let all_bought = Cell::new(false);
    let buyers = async {
        join_all((0..16).map(|buyer| buy_eight(&system, buyer))).await;
        all_bought.set(true);
    };
    let audits = async {
        let mut open_restocks_seen = 0;
        while !all_bought.get() || open_restocks_seen == 0 {
            let report = system.audit().await;
            assert_eq!(report.status(), 0, "{report}");
            open_restocks_seen += report.examined.open_restocks;
        }
        system.release_callbacks().await;
    };
    tokio::join!(buyers, audits);
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "SUCCEEDED");
    system.assert_no_findings().await;
    system.finish().await;
}

#[tokio::test]
async fn an_audit_finds_a_restock_whose_execution_was_stopped_and_its_repair_restocks_the_product()
{
    let system = System::with(0, LONG_WAIT).await;
    system.lose_ends_of_restocks().await;
    callbacks::good::wait_for_goods(&system).await;
    system.assert_no_findings().await;
    system.abort(&system.restocks(), FIRST_RESTOCK).await;
    let (found, repair) = system.only_finding().await;
    let RuntimeFinding::RestockWithoutExecution(StalledRestock {
        cycle: 1, status, closed_in, ..
    }) = found
    else {
        panic!("{found:?}")
    };
    assert_eq!(status.as_deref(), Some("ABORTED"));
    assert!((1..=6660).contains(&closed_in), "{closed_in}");
    assert!(repair.starts_with("Run the sweep now. It closes the restock"), "{repair}");
    assert!(
        !repair.contains("UPDATE"),
        "goods that are on the way would be ordered again: {repair}"
    );

    system.clear_fault().await;
    system.change("UPDATE restock SET opened_at = opened_at - INTERVAL 2 HOUR").await;
    system.sweep().await;
    system.wait_for_dead_letters(1).await;
    system.purge(&system.cloud.outputs.dead_letter_queue_url).await;
    assert_eq!(system.final_status(&system.restocks(), SECOND_RESTOCK).await, "SUCCEEDED");
    system.assert_no_findings().await;
    system.finish().await;
}

#[tokio::test]
async fn an_audit_finds_a_depletion_whose_message_was_deleted_when_no_sweep_runs() {
    let system = System::with(0, LONG_WAIT).await;
    system.throttle(&["publish-depletion"]).await;
    system.buy_sold_out().await;
    system.unthrottle(&["publish-depletion"]).await;
    system.assert_no_findings().await;
    let overdue = async || {
        let report = system.audit_with(Duration::ZERO).await;
        let text = report.to_string();
        (report.findings.len() == 2).then_some(text)
    };
    let text = eventually("the depletion is overdue", overdue).await;
    assert!(text.contains("the stock is 0, at or below the reorder point of 10"), "{text}");
    assert!(text.contains("The sweep, which repairs what was forgotten, has never run"), "{text}");
    system.sweep().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "SUCCEEDED");
    system.assert_no_findings().await;
    system.finish().await;
}

#[tokio::test]
async fn an_audit_finds_a_dead_letter_until_it_is_redriven() {
    let system = System::with(0, LONG_WAIT).await;
    system.set_fault(Fault::Answers400NotTaken, Orders::All).await;
    system.buy_sold_out().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "FAILED");
    let (found, repair) = system.only_finding().await;
    let RuntimeFinding::DeadLetters { sku, count: 1, error, .. } = found else {
        panic!("{found:?}")
    };
    assert_eq!((sku.as_deref(), error.as_str()), (Some(SKU), "Factory.Refused"));
    assert!(repair.ends_with("cargo run -- dead-letters redrive --deployment outputs.json --sku CP-502101 --reason \"the cause is mended\""));

    system.clear_fault().await;
    redrive(&system.queues, None, false, &mut Vec::new()).await.expect("redriven");
    assert_eq!(system.final_status(&system.restocks(), SECOND_RESTOCK).await, "SUCCEEDED");
    system.assert_no_findings().await;
    system.finish().await;
}

#[tokio::test]
async fn an_audit_finds_a_failure_that_could_not_be_reported() {
    let system = System::with(0, LONG_WAIT).await;
    system.lose_ends_of_restocks().await;
    system.hurry_retries().await;
    system.set_fault(Fault::Answers400NotTaken, Orders::All).await;
    system.throttle(&["leave-dead-letter", "report"]).await;
    system.buy_sold_out().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "FAILED");
    system.unthrottle(&["leave-dead-letter", "report"]).await;
    let (found, _) = system.only_finding().await;
    let RuntimeFinding::UnreportedFailure { cycle: 1, failure, .. } = found else {
        panic!("{found:?}")
    };
    assert_eq!(failure, "Factory.Refused");
    system.finish_without(Check::FailuresAreMailed, "report could not run").await;
}
