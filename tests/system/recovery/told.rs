//! Each failure is reported once: also if the first report could not be sent, and if the restock failed before it was
//! opened.

use factory_simulator::Fault;
use sqlx::Executor;

use system_testkit::{
    Check, FIRST_RESTOCK, LONG_WAIT, Orders, SECOND_RESTOCK, System, entered_states,
};
use testkit::invalid::{add_unreadable_product, remove_product};

/// A system whose first restock failed while `report` could not run.
async fn with_an_untold_failure() -> System {
    let system = System::with(0, LONG_WAIT).await;
    system.lose_ends_of_restocks().await;
    system.set_fault(Fault::Answers400NotTaken, Orders::All).await;
    system.throttle_and_hurry_retries(&["report"]).await;
    system.buy_sold_out().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "FAILED");
    system
}

#[tokio::test]
async fn a_failure_whose_report_could_not_be_sent_is_reported_by_the_sweep_with_one_dead_letter() {
    let system = with_an_untold_failure().await;
    system.throttle(&["publish-depletion"]).await;
    system.sweep().await;
    system.sweep().await;
    assert!(
        system.dead_letters().await.is_empty(),
        "sweeps that cannot report leave no dead letter"
    );
    system.unthrottle(&["report"]).await;
    system.sweep().await;
    let subject = "restock CP-502101_1 failed: Factory.Refused";
    system.wait_for_mail(subject).await;
    system.sweep().await;
    system.assert_reported("Factory.Refused", 2, subject).await;
    system.unthrottle(&["publish-depletion"]).await;
    system.clear_fault().await;
    system.finish().await;
}

#[tokio::test]
async fn a_failure_that_was_not_reported_does_not_silence_the_next() {
    let system = with_an_untold_failure().await;
    system.sweep().await;
    assert_eq!(system.final_status(&system.restocks(), SECOND_RESTOCK).await, "FAILED");
    let history = system.history(&system.restocks(), SECOND_RESTOCK).await;
    assert_eq!(entered_states(&history)["ReportFailure"], 1, "nobody was told of the first");
    system.unthrottle(&["report"]).await;
    system.throttle(&["publish-depletion"]).await;
    system.sweep().await;
    system.wait_for_mail("restock CP-502101_2 failed").await;
    system.unthrottle(&["publish-depletion"]).await;
    let because = "one report tells of both failures";
    system.finish_without(Check::FailuresAreMailed, because).await;
}

/// A target stock that the type does not allow, written when the constraint was missing.
#[tokio::test]
async fn a_restock_that_fails_before_it_is_opened_is_reported_once_and_not_at_every_sweep() {
    let system = System::with(0, LONG_WAIT).await;
    let mut connection = system.admin_connection().await;
    for statement in [
        "ALTER TABLE product DROP CONSTRAINT target_at_most_one_order",
        "UPDATE product SET target_stock = 1000050",
    ] {
        connection.execute(statement).await.expect(statement);
    }
    system.sweep().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "FAILED");
    for restock in [SECOND_RESTOCK, "CP-502101_3"] {
        system.sweep().await;
        assert_eq!(system.final_status(&system.restocks(), restock).await, "FAILED");
    }
    system.assert_reported("Database.Corrupt", 2, "Database.Corrupt").await;
    connection.execute("UPDATE product SET target_stock = 50").await.expect("a valid target");
    system.finish().await;
}

#[tokio::test]
async fn an_unreadable_row_is_reported_once_and_does_not_stop_the_sweep() {
    let system = System::with(0, LONG_WAIT).await;
    let mut connection = system.admin_connection().await;
    add_unreadable_product(&mut connection, "cp-9").await;
    system.sweep().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "SUCCEEDED");
    let mail = system.wait_for_mail("a row of the database cannot be read").await;
    assert!(mail.text.contains("product cp-9: the SKU must be"), "{}", mail.text);
    system.sweep().await;
    let mails = system.mails().await;
    assert_eq!(mails.len(), 1, "not at every sweep: {mails:?}");
    assert_eq!(system.log("find-depleted").await.metric("UnreadableRows"), 4, "two in each sweep");
    remove_product(&mut connection, "cp-9").await;
    system.finish().await;
}
