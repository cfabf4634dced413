//! Callbacks that were accepted and could not be handled, in the audit and in `restock status`.

use operations::{
    access::WarehouseAccess,
    audit::{FindingKind, RuntimeFinding},
    status::Status,
    stop::Stop,
};

use crate::{audits::A_WAIT, audits::Audits, callbacks};
use system_testkit::System;
use testkit::repair::follow;

#[tokio::test]
async fn a_callback_for_an_order_that_the_database_has_lost_is_found_and_counted_after_all() {
    let system = System::with(0, A_WAIT).await;
    let callback = callbacks::good::wait_for_goods(&system).await;
    for statement in [
        "DELETE FROM production_order",
        "DELETE FROM restock",
        "UPDATE product SET restock_cycle = 1",
    ] {
        system.change(statement).await;
    }
    system.clear_fault().await;
    system.release_callbacks().await;
    assert_eq!(system.final_status(&system.completions(), &callback.order()).await, "FAILED");
    let failed = failed_callbacks(&system).await;
    assert_eq!(failed, [(callback.order(), "ProductionOrder.Unknown".to_owned())]);
    let report = system.audit().await;
    let found: Vec<&FindingKind> = report.findings.iter().map(|finding| &finding.kind).collect();
    let [
        FindingKind::Runtime(RuntimeFinding::LostRestock(lost)),
        FindingKind::Runtime(RuntimeFinding::UnknownCallback { production_order, .. }),
    ] = found.as_slice()
    else {
        panic!("{report}")
    };
    assert_eq!((lost.status.as_str(), production_order), ("RUNNING", &callback.order()));
    follow(&mut system.admin_connection().await, &report.findings[0].repair, 0).await;
    let (found, repair) = system.only_finding().await;
    assert!(matches!(found, RuntimeFinding::UnprocessedCallback { .. }), "{found:?}");
    assert!(repair.contains("start-execution"), "{repair}");
    system.call_back(&callback).await;
    callbacks::good::assert_restocked_with(&system, 50).await;
    assert_eq!(system.factory().requests(), 1, "nothing is ordered twice");
    assert_eq!(failed_callbacks(&system).await, []);
    system.assert_no_findings().await;
    system.finish().await;
}

/// The failed callbacks in the status: their orders and errors.
async fn failed_callbacks(system: &System) -> Vec<(String, String)> {
    let url = system.cloud.outputs.database_url.as_deref().expect("a URL").parse().expect("a URL");
    let warehouse = WarehouseAccess::Database(Box::new(url));
    let status = Status::of(&system.cloud.outputs, &warehouse, &Stop::default()).await;
    let status = status.expect("a status");
    let is_named = |order: &str| status.attention.iter().any(|line| line.contains(order));
    assert!(status.failed_callbacks.iter().all(|failed| is_named(&failed.production_order)));
    let failed = status.failed_callbacks.into_iter();
    failed.map(|failed| (failed.production_order, failed.error)).collect()
}
