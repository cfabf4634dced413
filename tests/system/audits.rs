//! `restock audit` on a live system.

use std::{cell::Cell, time::Duration};

use factory_simulator::Fault;
use futures::future::join_all;
use operations::audit::{
    AuditReport, Auditor, FindingKind, RepairCommands, RuntimeFinding, StalledRestock, Thresholds,
};
use operations::redrive::redrive;
use system::System as Definition;

use crate::callbacks;
use system_testkit::{
    cloud::PATIENT, cloud::System, cloud::eventually, observe::FIRST, observe::SECOND,
};
use testkit::{database::SKU, repair::follow};

/// Audits of a running system.
trait Audits {
    async fn audit(&self) -> AuditReport;
    async fn audit_with(&self, sweep_every: Duration) -> AuditReport;
    async fn is_in_order(&self);
    async fn finds(&self) -> (RuntimeFinding, String);
}

impl Audits for System {
    async fn audit(&self) -> AuditReport {
        self.audit_with(Duration::from_secs(300)).await
    }

    /// As if the sweep ran at this interval.
    async fn audit_with(&self, sweep_every: Duration) -> AuditReport {
        let deployed = Thresholds::of(&Definition::read().expect("system.json")).expect("a rate");
        let starting = if sweep_every.is_zero() { Duration::ZERO } else { deployed.starting };
        let thresholds = Thresholds { sweep_every, starting, ..deployed };
        let outputs = &self.cloud.outputs;
        let url = outputs.database_url.as_deref().expect("a URL").parse().expect("a URL");
        let commands = RepairCommands::of(outputs, "outputs.json".as_ref());
        let auditor = Auditor::of(outputs, url, thresholds, commands).await;
        auditor.audit().await.expect("an audit")
    }

    async fn is_in_order(&self) {
        let report = self.audit().await;
        assert_eq!(report.status(), 0, "{report}");
    }

    /// The only finding of an audit.
    async fn finds(&self) -> (RuntimeFinding, String) {
        let report = self.audit().await;
        assert_eq!((report.status(), report.findings.len()), (1, 1), "{report}");
        let FindingKind::Runtime(found) = &report.findings[0].kind else { panic!("{report}") };
        (found.clone(), report.findings[0].repair.clone())
    }
}

async fn buy_eight(system: &System, buyer: usize) {
    for number in 0..8 {
        system.buy(&format!("{buyer}-{number}")).await;
    }
}

#[tokio::test]
async fn an_audit_while_a_crowd_buys_and_a_restock_runs_finds_nothing() {
    let system = System::with(60, PATIENT).await;
    system.factory_misbehaves_for(Fault::HoldsCallback, 1).await;
    let have_bought = Cell::new(false);
    let buyers = async {
        join_all((0..16).map(|buyer| buy_eight(&system, buyer))).await;
        have_bought.set(true);
    };
    let audits = async {
        let mut seen = 0;
        while !have_bought.get() || seen == 0 {
            let report = system.audit().await;
            assert_eq!(report.status(), 0, "{report}");
            seen += report.examined.open_restocks;
        }
        system.factory().release();
    };
    tokio::join!(buyers, audits);
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "SUCCEEDED");
    system.is_in_order().await;
    system.finish().await;
}

#[tokio::test]
async fn a_restock_whose_execution_was_stopped_is_found_and_its_repair_restocks_it() {
    let system = System::with(0, PATIENT).await;
    callbacks::good::wait(&system).await;
    system.is_in_order().await;
    system.abort(&system.restocks(), FIRST).await;
    // The dead letter would be a second finding.
    system.letters(1).await;
    let dead = &system.cloud.outputs.dead_letter_queue_url;
    let purge = system.cloud.clients.queues.purge_queue().queue_url(dead);
    purge.send().await.expect("an empty queue");
    let (found, repair) = system.finds().await;
    let RuntimeFinding::RestockWithoutExecution(StalledRestock {
        cycle: 1, status, closed_in, ..
    }) = found
    else {
        panic!("{found:?}")
    };
    assert_eq!(status.as_deref(), Some("ABORTED"));
    assert!((1..=2960).contains(&closed_in), "{closed_in}");
    assert!(repair.contains("The sweep closes the restock in 4"), "{repair}");

    system.factory().behave().await.expect("a factory that behaves");
    follow(&mut system.by_hand().await, &repair, 0).await;
    system.sweep().await;
    assert_eq!(system.ended(&system.restocks(), SECOND).await, "SUCCEEDED");
    system.is_in_order().await;
    system.finish().await;
}

#[tokio::test]
async fn a_depletion_whose_message_was_deleted_is_found_when_no_sweep_looks() {
    let system = System::with(0, PATIENT).await;
    system.throttle("publish-depletion").await;
    system.find_sold_out().await;
    system.unthrottle("publish-depletion").await;
    system.is_in_order().await;
    let late = async || {
        let report = system.audit_with(Duration::ZERO).await;
        let text = report.to_string();
        (report.findings.len() == 2).then_some(text)
    };
    let text = eventually("the depletion is old enough", late).await;
    assert!(text.contains("the stock is 0, at or below the reorder point of 10"), "{text}");
    assert!(text.contains("The sweep, which repairs what was forgotten, has never run"), "{text}");
    system.sweep().await;
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "SUCCEEDED");
    system.is_in_order().await;
    system.finish().await;
}

#[tokio::test]
async fn a_dead_letter_is_found_until_it_is_redriven() {
    let system = System::with(0, PATIENT).await;
    system.factory_misbehaves(Fault::Answers400NotTaken).await;
    system.find_sold_out().await;
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "FAILED");
    let (found, repair) = system.finds().await;
    let RuntimeFinding::DeadLetters { sku, count: 1, error, .. } = found else {
        panic!("{found:?}")
    };
    assert_eq!((sku.as_deref(), error.as_str()), (Some(SKU), "Factory.Refused"));
    assert!(repair.ends_with("cargo run -- redrive --outputs outputs.json --sku CP-502101"));

    system.factory().behave().await.expect("a factory that behaves");
    redrive(&system.queues, None, false, &mut Vec::new()).await.expect("redriven");
    assert_eq!(system.ended(&system.restocks(), SECOND).await, "SUCCEEDED");
    system.is_in_order().await;
    system.finish().await;
}

#[tokio::test]
async fn a_failure_that_nobody_could_be_told_of_is_found() {
    let system = System::with(0, PATIENT).await;
    system.hurry_retries().await;
    system.factory_misbehaves(Fault::Answers400NotTaken).await;
    system.throttle("report").await;
    system.find_sold_out().await;
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "FAILED");
    system.unthrottle("report").await;
    let (found, _) = system.finds().await;
    let RuntimeFinding::UnreportedFailure { cycle: 1, failure, .. } = found else {
        panic!("{found:?}")
    };
    assert_eq!(failure, "Factory.Refused");
    system.stop().await;
}
