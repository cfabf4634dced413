//! What comes of messages in `stock_queue`, good and bad.

use aws_sdk_lambda::primitives::Blob;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry as Entry;
use operations::redrive::Redriven;
use operations::redrive::redrive;
use serde_json::{Value, json};

use system_testkit::{cloud::PATIENT, cloud::System, cloud::eventually};
use testkit::database::sku;

const EMPTY: domain::Stock = domain::Stock::new(0);

const GOOD: &str = r#"{"sku":"CP-502101","restock_cycle":1,"stock":0,"reason":"sold_out"}"#;

/// Messages that are no depletion, and what is wrong with each.
const BAD: [(&str, &str); 8] = [
    ("donuts, please", "expected"),
    ("{}", "missing field `sku`"),
    ("[]", "sequence"),
    (r#"["CP-502101",1,0,"sweep",null]"#, "sequence"),
    (r#"{"sku":"CP-502101","restock_cycle":1,"stock":0,"reason":"greed"}"#, "variant `greed`"),
    (r#"{"sku":"CP-502101","restock_cycle":0,"stock":0,"reason":"sweep"}"#, "restock cycle"),
    (r#"{"sku":"cp","restock_cycle":1,"stock":0,"reason":"sweep"}"#, "the SKU must be"),
    (r#"{"product":"CP-502101","restock_cycle":1,"reason":"sweep"}"#, "unknown field `product`"),
];

/// Sends all of them in one batch, as a crowd's messages come.
async fn send_together(system: &System, bodies: &[&str]) {
    let entries = bodies.iter().enumerate().map(|(n, body)| {
        Entry::builder().id(format!("m{n}")).message_body(*body).build().expect("an entry")
    });
    let send = system.cloud.clients.queues.send_message_batch();
    let send = send.queue_url(&system.cloud.outputs.stock_queue_url);
    let sent = send.set_entries(Some(entries.collect())).send().await.expect("a batch");
    assert!(sent.failed().is_empty(), "{sent:?}");
}

/// Hands messages to the consumer in one batch, which a queue does only when it likes.
async fn consume_together(system: &System, bodies: &[&str]) {
    let records: Vec<Value> = bodies
        .iter()
        .map(|body| json!({"messageId": uuid::Uuid::new_v4(), "body": body}))
        .collect();
    let batch = serde_json::to_vec(&json!({"Records": records})).expect("JSON");
    let invoke = system.cloud.clients.functions.invoke().function_name("start-restock");
    let answer = invoke.payload(Blob::new(batch)).send().await.expect("an answer");
    assert!(answer.function_error().is_none(), "{answer:?}");
}

/// The output of a restock that has ended.
async fn outcome(system: &System, name: &str) -> String {
    let execution = system.described(&system.restocks(), name).await;
    let output: Value = serde_json::from_str(execution.output().expect("an output")).expect("JSON");
    output["outcome"].as_str().expect("an outcome").to_owned()
}

/// A good message between the bad ones is not held up, and none of the bad ones is lost.
#[tokio::test]
async fn messages_that_are_no_depletion_hold_up_no_other_and_are_each_reported_once() {
    let system = System::with(0, PATIENT).await;
    let mut bodies: Vec<&str> = BAD.iter().map(|(body, _)| *body).collect();
    bodies.insert(4, GOOD);
    send_together(&system, &bodies).await;
    assert_eq!(system.ended(&system.restocks(), "CP-502101_1").await, "SUCCEEDED");
    assert_eq!(system.totals().await.stock, 50);

    system.queue_is_empty().await;
    assert_each_is_a_dead_letter(&system).await;
    assert_each_is_a_mail(&system).await;
    assert_redrive_leaves_them(&system).await;
    assert_eq!(system.totals().await.production_orders, 1);
    system.stop().await;
}

async fn assert_each_is_a_dead_letter(system: &System) {
    let letters = system.letters(BAD.len()).await;
    assert_eq!(letters.len(), BAD.len(), "{letters:?}");
    let executions = system.restocks().list().await.expect("executions");
    for (body, wrong) in BAD {
        let letter = letters.iter().find(|letter| letter.body == body).expect(body);
        assert_eq!(letter.attribute("error"), "Message.Malformed");
        assert!(letter.attribute("cause").contains(wrong), "{letter:?}");
        let arn = letter.attribute("execution");
        let execution = executions.iter().find(|execution| execution.execution_arn() == arn);
        let execution = execution.expect("the execution that the letter names");
        assert!(execution.name().starts_with("rejected_"), "{execution:?}");
        let described = system.described(&system.restocks(), execution.name()).await;
        assert_eq!(described.status().as_str(), "FAILED");
        assert_eq!(described.error(), Some("Message.Malformed"));
    }
}

async fn assert_each_is_a_mail(system: &System) {
    let mails = system.mails().await;
    assert_eq!(mails.len(), BAD.len(), "{mails:?}");
    for (body, wrong) in BAD {
        let about = |mail: &&local_cloud::mailbox::Mail| {
            mail.text.contains(&format!("Body:      {body}\n"))
        };
        let mail = mails.iter().find(about).expect(body);
        assert!(mail.subject.ends_with("in stock_queue is not a valid depletion"), "{mail:?}");
        assert!(mail.text.contains(wrong), "{mail:?}");
        assert!(mail.text.contains("What to do now: find out who sent the message."), "{mail:?}");
    }
}

async fn assert_redrive_leaves_them(system: &System) {
    let mut shown = Vec::new();
    let redriven = redrive(&system.queues, None, false, &mut shown).await.expect("a redrive");
    assert_eq!(redriven, Redriven { moved: 0, left: BAD.len() });
    let shown = String::from_utf8(shown).expect("text");
    assert_eq!(
        shown.matches("left in dead_letter_queue: not a valid depletion message").count(),
        BAD.len(),
        "{shown}"
    );
    assert_eq!(system.letters(BAD.len()).await.len(), BAD.len());
}

#[tokio::test]
async fn a_depletion_of_an_unknown_product_is_reported_and_can_be_redriven() {
    let system = System::with(20, PATIENT).await;
    system.send(r#"{"sku":"NO-SUCH","restock_cycle":7,"stock":0,"reason":"sold_out"}"#).await;
    let execution = system.described(&system.restocks(), "NO-SUCH_7").await;
    assert_eq!(execution.status().as_str(), "FAILED");
    assert_eq!(execution.error(), Some("Product.Unknown"));

    let letters = system.letters(1).await;
    assert_eq!(letters.len(), 1, "{letters:?}");
    assert_eq!(letters[0].attribute("error"), "Product.Unknown");
    assert_eq!(letters[0].attribute("execution"), execution.execution_arn());
    assert!(letters[0].attribute("cause").contains("there is no product NO-SUCH"), "{letters:?}");
    let mails = system.mails().await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert!(mails[0].text.contains("Error:     Product.Unknown\n"), "{mails:?}");
    assert!(mails[0].text.contains("--sku NO-SUCH\n"), "{mails:?}");
    assert_eq!(system.factory().requests(), 0);
    system.stop().await;
}

/// Step Functions may read JSON in another way than we do, and takes less of it than a queue.
#[tokio::test]
async fn an_execution_is_told_what_was_read_and_not_how_it_was_written() {
    let system = System::with(0, PATIENT).await;
    let written =
        GOOD.replace("sku", "s\\u006bu").replace(':', &format!(":{}", " ".repeat(50_000)));
    system.send(&written).await;
    let execution = system.described(&system.restocks(), "CP-502101_1").await;
    let told: Value = serde_json::from_str(execution.input().expect("an input")).expect("JSON");
    assert_eq!(told, serde_json::from_str::<Value>(GOOD).expect("JSON"));
    assert!(execution.input().is_some_and(|input| input.len() < 100), "{execution:?}");
    system.stop().await;
}

#[tokio::test]
async fn a_message_that_comes_again_restocks_nothing_again() {
    let system = System::with(0, PATIENT).await;
    send_together(&system, &[GOOD, GOOD, GOOD]).await;
    system.send(GOOD).await;
    assert_eq!(outcome(&system, "CP-502101_1").await, "restocked");
    system.send(GOOD).await;
    eventually("the late one is dealt with", async || {
        let before = system.logged_with("start-restock", "CP-502101_1 was started before").await;
        (before >= 1).then_some(())
    })
    .await;
    system.queue_is_empty().await;
    assert_eq!(system.restock_names().await, ["CP-502101_1"]);
    let totals = system.totals().await;
    assert_eq!((totals.production_orders, totals.stock, totals.completed_restocks), (1, 50, 1));
    assert!(system.mails().await.is_empty());
    system.stop().await;
}

/// What a crowd has left in the queue must not start restock after restock.
#[tokio::test]
async fn what_a_purchase_noticed_in_a_cycle_that_is_over_starts_nothing() {
    let system = System::with(0, PATIENT).await;
    system.send(GOOD).await;
    assert_eq!(outcome(&system, "CP-502101_1").await, "restocked");
    system.cloud.warehouse.count_stock(&sku(), EMPTY, "stolen").await.expect("a count");

    system.send(&GOOD.replace("\"stock\":0", "\"stock\":1")).await;
    system.queue_is_empty().await;
    assert_eq!(system.restock_names().await, ["CP-502101_1"]);
    assert_eq!(system.totals().await.production_orders, 1);
    system.stop().await;
}

/// An operator knows better, whatever cycle the dead letter names.
#[tokio::test]
async fn a_redrive_of_an_old_cycle_restocks_a_product_that_is_depleted_again() {
    let system = System::with(0, PATIENT).await;
    system.send(GOOD).await;
    assert_eq!(outcome(&system, "CP-502101_1").await, "restocked");
    system.cloud.warehouse.count_stock(&sku(), EMPTY, "stolen").await.expect("a count");

    // In one batch with what a purchase has left behind, which must not answer for it.
    consume_together(&system, &[GOOD, &GOOD.replace("sold_out", "redrive")]).await;
    let again = system.started_again("CP-502101_1").await;
    assert_eq!(outcome(&system, &again).await, "restocked");
    let totals = system.totals().await;
    assert_eq!((totals.production_orders, totals.stock, totals.open_restocks), (2, 50, 0));
    system.stop().await;
}

#[tokio::test]
async fn a_depletion_of_a_product_that_has_enough_orders_nothing() {
    let system = System::with(11, PATIENT).await;
    system.send(&GOOD.replace("sold_out", "sweep")).await;
    assert_eq!(outcome(&system, "CP-502101_1").await, "not_needed");
    assert_eq!((system.totals().await.production_orders, system.factory().requests()), (0, 0));
    system.stop().await;
}
