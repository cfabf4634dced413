//! What executions did and the database has lost, as after a restore.

use operations::audit::{Finding, FindingKind, RuntimeFinding};
use system_testkit::{FIRST_RESTOCK, LONG_WAIT, System, eventually};
use testkit::repair::follow;
use warehouse::audit::Discrepancy;

use super::{A_WAIT, Audits, complete_again};
use crate::{callbacks, failed_callbacks::failed_callbacks};

#[tokio::test]
async fn a_restock_that_a_restored_database_has_lost_is_found_and_recorded_again() {
    let system = System::with(0, LONG_WAIT).await;
    system.buy_sold_out().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "SUCCEEDED");
    system.assert_no_findings().await;
    for statement in [
        "DELETE FROM stock_movement",
        "DELETE FROM production_order",
        "DELETE FROM restock",
        "UPDATE stock_bucket SET stock = 0",
        "UPDATE product SET restock_cycle = 1",
    ] {
        system.change(statement).await;
    }
    let (found, repair) = system.only_finding().await;
    let RuntimeFinding::LostRestock(lost) = found else { panic!("{found:?}") };
    assert_eq!((lost.execution.as_str(), lost.orders.len()), (FIRST_RESTOCK, 1));
    system.run_printed(&repair).await;
    // The callback of the recorded order came before the restore.
    let (found, _) = system.only_finding().await;
    let RuntimeFinding::UnprocessedCallback { production_order, input, .. } = found else {
        panic!("{found:?}")
    };
    let output = complete_again(&system, &production_order, &input).await;
    assert_eq!(output["outcome"], "late", "{output}");
    system.assert_no_findings().await;
    assert_eq!(system.totals().await.stock, 50);
    system.finish().await;
}

#[tokio::test]
async fn a_restock_that_was_stopped_and_then_lost_is_found_too() {
    let system = System::with(0, LONG_WAIT).await;
    let callback = callbacks::good::wait_for_goods(&system).await;
    system.abort(&system.restocks(), FIRST_RESTOCK).await;
    // The sweep closes it and reports it.
    eventually("the mail", async || (!system.mails().await.is_empty()).then_some(())).await;
    for statement in [
        "DELETE FROM production_order",
        "DELETE FROM restock",
        "UPDATE product SET restock_cycle = 1",
    ] {
        system.change(statement).await;
    }
    // The second finding is the dead letter.
    let report = system.audit().await;
    let FindingKind::Runtime(RuntimeFinding::LostRestock(lost)) = &report.findings[0].kind else {
        panic!("{report}")
    };
    assert_eq!(lost.status, "ABORTED");
    system.run_printed(&report.findings[0].repair).await;
    system.clear_fault().await;
    assert_eq!(system.call_back(&callback).await, 200);
    eventually("the goods", async || (system.totals().await.stock == 50).then_some(())).await;
    system.finish().await;
}

#[tokio::test]
async fn an_arrival_whose_restock_was_deleted_is_explained_again_and_not_credited_twice() {
    let system = System::with(0, LONG_WAIT).await;
    system.buy_sold_out().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "SUCCEEDED");
    system.change("DELETE FROM production_order").await;
    system.change("DELETE FROM restock").await;
    let (found, repair) = system.only_finding().await;
    assert!(matches!(found, RuntimeFinding::LostRestock(_)), "{found:?}");
    system.run_printed(&repair).await;
    let report = system.audit().await;
    let unexplained = |finding: &&Finding| {
        matches!(finding.kind, FindingKind::Database(Discrepancy::UnexplainedArrival(_)))
    };
    let finding = report.findings.iter().find(unexplained);
    let repair = &finding.unwrap_or_else(|| panic!("{report}")).repair;
    follow(&mut system.admin_connection().await, repair, 0).await;
    system.assert_no_findings().await;
    assert_eq!(system.totals().await.stock, 50);
    system.finish().await;
}

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
    system.run_printed(&report.findings[0].repair).await;
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
