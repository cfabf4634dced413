//! A restock that fails: how it is reported, and how a redrive restocks the product.

use factory_simulator::Fault;
use local_cloud::deploy::MAIL_TO;
use operations::executions::ExecutionEvent;
use operations::redrive::Redriven;
use operations::redrive::redrive;
use serde_json::{Value, json};

use system_testkit::{LONG_WAIT, Orders, System};
use testkit::database::SKU;

/// A system whose first restock has failed, because the factory refused its order.
async fn with_a_failed_restock() -> System {
    let system = System::with(0, LONG_WAIT).await;
    system.set_fault(Fault::Answers400NotTaken, Orders::All).await;
    assert_eq!(system.buy("refused").await.status, 409);
    assert_eq!(system.final_status(&system.restocks(), "CP-502101_1").await, "FAILED");
    system
}

/// Redrives, and returns the result and what was printed.
async fn run_redrive(system: &System, sku: Option<&str>, dry_run: bool) -> (Redriven, String) {
    let sku = sku.map(|sku| sku.parse().expect("an SKU"));
    let mut shown = Vec::new();
    let redriven = redrive(&system.queues, sku.as_ref(), dry_run, &mut shown).await;
    (redriven.expect("a redrive"), String::from_utf8(shown).expect("text"))
}

#[tokio::test]
async fn a_refused_order_fails_the_restock_at_once_and_leaves_a_dead_letter() {
    let system = with_a_failed_restock().await;
    let execution = system.ended(&system.restocks(), "CP-502101_1").await;
    assert_eq!(execution.error(), Some("Factory.Refused"));
    let history = system.restocks().history(execution.execution_arn()).await.expect("a history");
    let failures = history.iter().filter(|h| matches!(h, ExecutionEvent::TaskFailed { .. }));
    assert_eq!(failures.count(), 1, "nothing is retried: {history:?}");
    assert_eq!(system.factory().requests(), 1);

    let letters = system.wait_for_dead_letters(1).await;
    assert_eq!(letters.len(), 1, "{letters:?}");
    let body: Value = serde_json::from_str(&letters[0].body).expect("JSON");
    let again = json!({"sku": SKU, "restock_cycle": 2, "stock": 0, "reason": "redrive"});
    assert_eq!(body, again);
    let attributes: Vec<&str> = letters[0].attributes.keys().map(String::as_str).collect();
    assert_eq!(attributes, ["cause", "error", "execution"]);
    assert_eq!(letters[0].attribute("error"), "Factory.Refused");
    assert_eq!(letters[0].attribute("execution"), execution.execution_arn());
    let cause = "the factory rejected the order: the factory answered 400 Bad Request \
                 (factory FF-500293, contact: nobody is named)";
    assert_eq!(letters[0].attribute("cause"), cause);
    let totals = system.totals().await;
    assert_eq!((totals.failed_restocks, totals.open_restocks, totals.stock), (1, 0, 0));
    system.finish().await;
}

#[tokio::test]
async fn the_mail_says_what_failed_and_why_and_what_to_do() {
    let system = with_a_failed_restock().await;
    let execution = system.ended(&system.restocks(), "CP-502101_1").await;
    let mails = system.mails().await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert_eq!(mails[0].to, [MAIL_TO]);
    assert_eq!(mails[0].subject, "Restock: restock CP-502101_1 failed: Factory.Refused");
    let history = format!(
        "aws --endpoint-url {} --region ap-northeast-2 stepfunctions get-execution-history \
         --execution-arn {}",
        system.cloud.endpoint(),
        execution.execution_arn()
    );
    for text in [
        "Product:   CP-502101\n",
        "Restock:   CP-502101_1\n",
        "Orders:    1\n",
        "State:     PlaceOrder\n",
        "Error:     Factory.Refused\n",
        "Cause:     the factory rejected the order: the factory answered 400 Bad Request (factory FF-500293, \
         contact: nobody is named)\n",
        "Stock now: 0\n",
        &format!("Execution: AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test {history}\n"),
        "The restock of CP-502101 failed. The factory rejected the order. No delivery is expected.\n",
        "CP-502101 is sold out: customers cannot buy it until it is restocked. The sweep",
        "What to do now: Find the cause in the error below and fix it.",
        "moves the dead letter of this restock from dead_letter_queue to stock_queue.\n",
        "\n    cargo run -- dead-letters redrive --sku CP-502101 --reason \"the cause is mended\"\n",
    ] {
        assert!(mails[0].text.contains(text), "missing: {text}\n{}", mails[0].text);
    }
    system.finish().await;
}

#[tokio::test]
async fn a_redrive_moves_the_dead_letters_of_the_given_product_and_the_product_is_restocked() {
    let system = with_a_failed_restock().await;
    system.wait_for_dead_letters(1).await;
    let (dry, shown) = run_redrive(&system, None, true).await;
    assert_eq!(dry, Redriven { moved: 1, left: 1 });
    let lines: Vec<&str> = shown.lines().collect();
    let [letter, cause] = lines.as_slice() else { panic!("{shown}") };
    assert!(letter.starts_with("CP-502101: restock 1 failed, "), "{shown}");
    assert!(letter.ends_with(" ago: Factory.Refused; would be moved to stock_queue"), "{shown}");
    assert!(cause.starts_with("    the factory rejected the order"), "{shown}");
    assert_eq!(system.wait_for_dead_letters(1).await.len(), 1);
    system.wait_until_queue_is_empty().await;
    assert_eq!(system.restock_names().await, ["CP-502101_1"], "nothing was moved yet");

    system.clear_fault().await;
    let (moved, shown) = run_redrive(&system, Some(SKU), false).await;
    assert_eq!(moved, Redriven { moved: 1, left: 0 });
    assert!(shown.contains("Factory.Refused; moved to stock_queue\n"), "{shown}");
    assert_eq!(system.final_status(&system.restocks(), "CP-502101_2").await, "SUCCEEDED");
    assert!(system.dead_letters().await.is_empty());
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.ledger, totals.completed_restocks), (50, 50, 1));
    assert_eq!(totals.production_orders, 2);
    let subjects: Vec<String> = system.mails().await.into_iter().map(|mail| mail.subject).collect();
    let expected = [
        "Restock: restock CP-502101_1 failed: Factory.Refused",
        "Restock: CP-502101 is restocked again",
    ];
    assert_eq!(subjects, expected);
    system.finish().await;
}

/// The dead letter and the sweep ask for the same restock. The second of the two finds nothing to do.
#[tokio::test]
async fn a_redrive_after_the_sweep_has_restocked_orders_nothing() {
    let system = with_a_failed_restock().await;
    system.clear_fault().await;
    system.sweep().await;
    assert_eq!(system.final_status(&system.restocks(), "CP-502101_2").await, "SUCCEEDED");
    assert_eq!(system.totals().await.stock, 50);

    system.wait_for_dead_letters(1).await;
    let before = system.restock_names().await;
    assert_eq!(run_redrive(&system, None, false).await.0, Redriven { moved: 1, left: 0 });
    let redriven = system.started_after(&before).await;
    let output = system.output(&system.restocks(), &redriven).await;
    assert_eq!(output, json!({"outcome": "not_needed"}));
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.production_orders), (50, 2));
    assert!(system.dead_letters().await.is_empty());
    system.finish().await;
}

#[tokio::test]
async fn a_lasting_failure_is_reported_once_when_the_sweep_tries_again_and_fails() {
    let system = with_a_failed_restock().await;
    system.wait_for_dead_letters(1).await;
    system.set_fault(Fault::Answers400NotTaken, Orders::All).await;
    system.sweep().await;
    let again = system.ended(&system.restocks(), "CP-502101_2").await;
    assert_eq!((again.status().as_str(), again.error()), ("FAILED", Some("Factory.Refused")));
    assert_eq!((system.mails().await.len(), system.wait_for_dead_letters(1).await.len()), (1, 1));
    assert_eq!(system.totals().await.failed_restocks, 2);
    system.finish().await;
}
