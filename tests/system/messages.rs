//! Messages in `stock_queue`: depletions, and messages that are not valid depletions.

use aws_sdk_lambda::primitives::Blob;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry as Entry;
use operations::redrive::Redriven;
use operations::redrive::redrive;
use serde_json::{Value, json};

use system_testkit::{LONG_WAIT, System, eventually, mailed_reports};
use testkit::database::sku;

const VALID: &str = r#"{"sku":"CP-502101","restock_cycle":1,"stock":0,"reason":"sold_out"}"#;

/// Messages that are not valid depletions, and a part of the reason for each.
const INVALID: [(&str, &str); 8] = [
    ("donuts, please", "expected"),
    ("{}", "missing field `sku`"),
    ("[]", "sequence"),
    (r#"["CP-502101",1,0,"sweep",null]"#, "sequence"),
    (r#"{"sku":"CP-502101","restock_cycle":1,"stock":0,"reason":"hunger"}"#, "variant `hunger`"),
    (r#"{"sku":"CP-502101","restock_cycle":0,"stock":0,"reason":"sweep"}"#, "restock cycle"),
    (r#"{"sku":"cp","restock_cycle":1,"stock":0,"reason":"sweep"}"#, "the SKU must be"),
    (r#"{"product":"CP-502101","restock_cycle":1,"reason":"sweep"}"#, "unknown field `product`"),
];

/// Sends all messages in one batch.
async fn send_batch(system: &System, bodies: &[&str]) {
    let entries = bodies.iter().enumerate().map(|(n, body)| {
        Entry::builder().id(format!("m{n}")).message_body(*body).build().expect("an entry")
    });
    let send = system.cloud.clients.queues.send_message_batch();
    let send = send.queue_url(&system.cloud.outputs.stock_queue_url);
    let sent = send.set_entries(Some(entries.collect())).send().await.expect("a batch");
    assert!(sent.failed().is_empty(), "{sent:?}");
}

/// Invokes the consumer with one batch. Whether a queue delivers messages in one batch cannot be controlled.
async fn consume_batch(system: &System, bodies: &[&str]) {
    let records: Vec<Value> = bodies
        .iter()
        .map(|body| json!({"messageId": uuid::Uuid::new_v4(), "body": body}))
        .collect();
    let batch = serde_json::to_vec(&json!({"Records": records})).expect("JSON");
    let invoke = system.cloud.clients.functions.invoke().function_name("start-restock");
    let answer = invoke.payload(Blob::new(batch)).send().await.expect("an answer");
    assert!(answer.function_error().is_none(), "{answer:?}");
}

/// The outcome of a restock that has succeeded.
async fn outcome(system: &System, name: &str) -> String {
    let output = system.output(&system.restocks(), name).await;
    output["outcome"].as_str().expect("an outcome").to_owned()
}

#[tokio::test]
async fn invalid_messages_are_each_reported_once_and_do_not_delay_a_valid_one() {
    let system = System::with(0, LONG_WAIT).await;
    let mut bodies: Vec<&str> = INVALID.iter().map(|(body, _)| *body).collect();
    bodies.insert(4, VALID);
    send_batch(&system, &bodies).await;
    assert_eq!(system.final_status(&system.restocks(), "CP-502101_1").await, "SUCCEEDED");
    assert_eq!(system.totals().await.stock, 50);

    system.wait_until_queue_is_empty().await;
    assert_each_is_a_dead_letter(&system).await;
    assert_each_is_mailed(&system).await;
    assert_redrive_leaves_them(&system).await;
    assert_eq!(system.totals().await.production_orders, 1);
    system.finish().await;
}

async fn assert_each_is_a_dead_letter(system: &System) {
    let letters = system.wait_for_dead_letters(INVALID.len()).await;
    assert_eq!(letters.len(), INVALID.len(), "{letters:?}");
    let executions = system.restocks().list().await.expect("executions");
    for (body, reason) in INVALID {
        let letter = letters.iter().find(|letter| letter.body == body).expect(body);
        assert_eq!(letter.attribute("error"), "Message.Malformed");
        assert!(letter.attribute("cause").contains(reason), "{letter:?}");
        let arn = letter.attribute("execution");
        let execution = executions.iter().find(|execution| execution.execution_arn() == arn);
        let execution = execution.expect("the execution that the dead letter names");
        assert!(execution.name().starts_with("rejected_"), "{execution:?}");
        let described = system.ended(&system.restocks(), execution.name()).await;
        assert_eq!(described.status().as_str(), "FAILED");
        assert_eq!(described.error(), Some("Message.Malformed"));
    }
}

/// One mail for all that were reported within a second, and each reason in one of the mails.
async fn assert_each_is_mailed(system: &System) {
    let mails = system.mails().await;
    assert_eq!(mails.iter().map(mailed_reports).sum::<usize>(), INVALID.len(), "{mails:?}");
    assert!(mails.len() < INVALID.len(), "{mails:?}");
    for (body, reason) in INVALID {
        let mail = mails.iter().find(|mail| mail.text.contains(reason)).expect(body);
        assert!(mail.subject.contains("in stock_queue"), "{mail:?}");
        assert!(mail.text.contains("What to do now: Find out who sent the message"), "{mail:?}");
    }
}

async fn assert_redrive_leaves_them(system: &System) {
    let mut shown = Vec::new();
    let redriven = redrive(&system.queues, None, false, &mut shown).await.expect("a redrive");
    assert_eq!(redriven, Redriven { moved: 0, left: INVALID.len() });
    let shown = String::from_utf8(shown).expect("text");
    assert_eq!(
        shown.matches("stays in dead_letter_queue: not a valid depletion message").count(),
        INVALID.len(),
        "{shown}"
    );
    assert_eq!(system.wait_for_dead_letters(INVALID.len()).await.len(), INVALID.len());
}

#[tokio::test]
async fn a_depletion_of_an_unknown_product_is_reported_with_the_command_to_redrive_it() {
    let system = System::with(20, LONG_WAIT).await;
    system.send(r#"{"sku":"NO-SUCH","restock_cycle":7,"stock":0,"reason":"sold_out"}"#).await;
    let execution = system.ended(&system.restocks(), "NO-SUCH_7").await;
    assert_eq!(execution.status().as_str(), "FAILED");
    assert_eq!(execution.error(), Some("Product.Unknown"));

    let letters = system.wait_for_dead_letters(1).await;
    assert_eq!(letters.len(), 1, "{letters:?}");
    assert_eq!(letters[0].attribute("error"), "Product.Unknown");
    assert_eq!(letters[0].attribute("execution"), execution.execution_arn());
    assert!(letters[0].attribute("cause").contains("there is no product NO-SUCH"), "{letters:?}");
    let mails = system.mails().await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert!(mails[0].text.contains("Error:     Product.Unknown\n"), "{mails:?}");
    assert!(
        mails[0].text.contains("--sku NO-SUCH --reason \"the cause is mended\"\n"),
        "{mails:?}"
    );
    assert_eq!(system.factory().requests(), 0);
    system.finish().await;
}

/// Step Functions might read the original JSON differently, and its limit is smaller than that of a queue.
#[tokio::test]
async fn an_execution_gets_the_depletion_as_it_was_read_and_not_the_original_text() {
    let system = System::with(0, LONG_WAIT).await;
    let written =
        VALID.replace("sku", "s\\u006bu").replace(':', &format!(":{}", " ".repeat(50_000)));
    system.send(&written).await;
    let execution = system.ended(&system.restocks(), "CP-502101_1").await;
    let input: Value = serde_json::from_str(execution.input().expect("an input")).expect("JSON");
    assert_eq!(input, serde_json::from_str::<Value>(VALID).expect("JSON"));
    assert!(execution.input().is_some_and(|input| input.len() < 100), "{execution:?}");
    system.finish().await;
}

#[tokio::test]
async fn a_repeated_message_does_not_restock_again() {
    let system = System::with(0, LONG_WAIT).await;
    send_batch(&system, &[VALID, VALID, VALID]).await;
    system.send(VALID).await;
    assert_eq!(outcome(&system, "CP-502101_1").await, "restocked");
    system.wait_until_queue_is_empty().await;
    let totals = system.totals().await;
    assert_eq!((totals.production_orders, totals.stock, totals.completed_restocks), (1, 50, 1));
    assert!(system.mails().await.is_empty());
    system.finish().await;
}

/// The messages that many refused purchases left in the queue must not start one restock after another.
#[tokio::test]
async fn a_purchase_message_of_a_completed_cycle_starts_no_restock() {
    let system = System::with(0, LONG_WAIT).await;
    system.send(VALID).await;
    assert_eq!(outcome(&system, "CP-502101_1").await, "restocked");
    system
        .cloud
        .warehouse
        .count_stock(&sku(), domain::Stock::new(0), "stolen")
        .await
        .expect("a count");

    let before = system.restock_names().await;
    system.send(&VALID.replace("\"stock\":0", "\"stock\":1")).await;
    let outdated = system.started_after(&before).await;
    assert_eq!(outcome(&system, &outdated).await, "superseded");
    assert_eq!(system.totals().await.production_orders, 1);
    system.finish().await;
}

/// An operator redrives deliberately, so the cycle in the dead letter does not matter.
#[tokio::test]
async fn a_redrive_of_a_completed_cycle_restocks_a_product_that_is_depleted_again() {
    let system = System::with(0, LONG_WAIT).await;
    system.send(VALID).await;
    assert_eq!(outcome(&system, "CP-502101_1").await, "restocked");
    system
        .cloud
        .warehouse
        .count_stock(&sku(), domain::Stock::new(0), "stolen")
        .await
        .expect("a count");

    // In one batch with the message of a purchase for the same cycle, whose answer must not be reused.
    consume_batch(&system, &[VALID, &VALID.replace("sold_out", "redrive")]).await;
    system.wait_for_arrivals(100).await;
    eventually("all executions have ended", async || system.is_at_rest().await.then_some(())).await;
    let mut outcomes = Vec::new();
    for name in system.restock_names().await {
        outcomes.push(outcome(&system, &name).await);
    }
    outcomes.sort();
    assert_eq!(outcomes, ["restocked", "restocked", "superseded"]);
    let totals = system.totals().await;
    assert_eq!((totals.production_orders, totals.stock, totals.open_restocks), (2, 50, 0));
    system.finish().await;
}

#[tokio::test]
async fn a_depletion_of_a_product_above_its_reorder_point_orders_nothing() {
    let system = System::with(11, LONG_WAIT).await;
    system.send(&VALID.replace("sold_out", "sweep")).await;
    assert_eq!(outcome(&system, "CP-502101_1").await, "not_needed");
    assert_eq!((system.totals().await.production_orders, system.factory().requests()), (0, 0));
    system.finish().await;
}
