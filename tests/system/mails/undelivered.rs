//! Messages that a queue sets aside, because its consumer failed for them too often.

use aws_sdk_sqs::types::{MessageAttributeValue, QueueAttributeName};
use operations::redrive::redrive;
use serde_json::{Value, json};

use super::mail_service::set_environment;
use system_testkit::{LONG_WAIT, System, eventually};

const DEPLETION: &str = r#"{"sku":"CP-502101","restock_cycle":1,"stock":0,"reason":"sweep"}"#;

/// `stock_queue` sets a message aside after two receives, a second after each other.
async fn hurry_stock_queue(system: &System) {
    let queues = &system.cloud.clients.queues;
    let get = queues.get_queue_attributes().queue_url(&system.cloud.outputs.stock_queue_url);
    let get = get.attribute_names(QueueAttributeName::RedrivePolicy).send().await;
    let attributes = get.expect("attributes").attributes.expect("attributes");
    let policy: Value =
        serde_json::from_str(&attributes[&QueueAttributeName::RedrivePolicy]).expect("JSON");
    let policy =
        json!({"deadLetterTargetArn": policy["deadLetterTargetArn"], "maxReceiveCount": 2});
    let set = queues.set_queue_attributes().queue_url(&system.cloud.outputs.stock_queue_url);
    let set = set.attributes(QueueAttributeName::RedrivePolicy, policy.to_string());
    let set = set.attributes(QueueAttributeName::VisibilityTimeout, "1");
    set.send().await.expect("other attributes");
}

async fn send_with_an_attribute(system: &System) {
    let mine = MessageAttributeValue::builder().data_type("String").string_value("kept");
    let send = system.cloud.clients.queues.send_message().message_body(DEPLETION);
    let send = send.message_attributes("mine", mine.build().expect("an attribute"));
    let send = send.queue_url(&system.cloud.outputs.stock_queue_url);
    send.send().await.expect("the message is sent");
}

#[tokio::test]
async fn a_message_that_is_received_too_often_leaves_a_dead_letter_with_its_queue_and_a_mail() {
    let system = System::with(0, LONG_WAIT).await;
    hurry_stock_queue(&system).await;
    let nowhere = "arn:aws:states:ap-northeast-2:000000000000:stateMachine:nowhere";
    let machine = set_environment(&system, "start-restock", "RESTOCK_MACHINE_ARN", nowhere).await;
    send_with_an_attribute(&system).await;

    let mail = system.wait_for_mail("a message in stock_queue could not be handled").await;
    assert!(mail.text.contains("Read the log of the function start-restock"), "{mail:?}");
    let letters = system.wait_for_dead_letters(1).await;
    assert_eq!((letters.len(), letters[0].body.as_str()), (1, DEPLETION), "{letters:?}");
    let attributes = &letters[0].attributes;
    let names: Vec<&str> = attributes.keys().map(String::as_str).collect();
    assert_eq!(names, ["cause", "error", "mine", "queue"]);
    let values = ["error", "queue", "mine"].map(|name| attributes[name].as_str());
    assert_eq!(values, ["Message.Undelivered", "stock_queue", "kept"]);
    assert_eq!(system.mails().await.len(), 1);

    set_environment(&system, "start-restock", "RESTOCK_MACHINE_ARN", &machine).await;
    let moved = redrive(&system.queues, None, false, &mut Vec::new()).await.expect("a redrive");
    assert_eq!((moved.moved, moved.left), (1, 0));
    eventually("the product is restocked", async || {
        (system.totals().await.stock == 50).then_some(())
    })
    .await;
    system.finish().await;
}
