//! Forged callbacks, and what operators see.

use std::time::Duration;

use aws_sdk_sqs::types::QueueAttributeName;
use testkit::polling::within;
use uuid::Uuid;

use crate::deployment::{Deployment, eventually, print_note};

#[tokio::test]
async fn a_forged_callback_is_stored_and_starts_nothing() {
    let deployment = Deployment::open().await;
    let (order, signature) = (Uuid::new_v4(), "0".repeat(64));
    let url = format!(
        "{}/factory/completions/{order}?quantity=50&expires=4102444800&signature={signature}",
        deployment.outputs.sales_api_url
    );
    let body = r#"{"MessageAttributeProductCnt": 50}"#;
    let answer = deployment.shop.call_back(&url, body).await.expect("an answer");
    assert_eq!(answer.status, 200, "{answer:?}");
    eventually("the callback is handled", async || {
        deployment.has_no_callbacks().await.then_some(())
    })
    .await;
    let completion = deployment.completions().describe(&order.to_string()).await;
    assert!(completion.expect("an answer").is_none(), "a forged callback was accepted");
    deployment.finish().await;
}

/// How long a dead letter may stay hidden after somebody has looked at it. A look that hides letters for ever, or for
/// the five minutes in which it reads them, fails.
const HIDDEN: Duration = Duration::from_secs(60);

impl Deployment {
    /// Whether `completion_queue` is empty. On AWS the numbers are approximate.
    async fn has_no_callbacks(&self) -> bool {
        let get = self.clients.queues.get_queue_attributes();
        let get = get.queue_url(&self.outputs.completion_queue_url);
        let get = get.attribute_names(QueueAttributeName::ApproximateNumberOfMessages);
        let get = get.attribute_names(QueueAttributeName::ApproximateNumberOfMessagesNotVisible);
        let counts = get.send().await.expect("attributes").attributes.unwrap_or_default();
        counts.values().all(|number| number == "0")
    }

    /// The bodies of all dead letters, sorted.
    async fn dead_letters(&self) -> Vec<String> {
        let letters = self.queues.list().await.expect("dead letters");
        let mut bodies: Vec<String> = letters.into_iter().map(|letter| letter.body).collect();
        bodies.sort();
        bodies
    }

    /// Sends a message that is not a depletion to a local deployment, which makes it a dead letter. On any other
    /// deployment that would send a mail to operations.
    async fn leave_dead_letter(&self, body: &str) {
        let send = self.clients.queues.send_message().queue_url(&self.outputs.stock_queue_url);
        send.message_body(body).send().await.expect("the message is sent");
        eventually("the message is a dead letter", async || {
            self.dead_letters().await.contains(&body.to_owned()).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn dead_letters_that_were_looked_at_can_be_looked_at_again() {
    let deployment = Deployment::open().await;
    if deployment.is_local() {
        deployment.leave_dead_letter("not a depletion").await;
    }
    let seen = deployment.dead_letters().await;
    if deployment.is_local() {
        assert_eq!(seen, ["not a depletion"]);
    } else if seen.is_empty() {
        print_note("NOT TESTED: dead letters can be looked at again. There is none.");
    }
    within(HIDDEN, "every dead letter is visible again", async || {
        let again = deployment.dead_letters().await;
        seen.iter().all(|body| again.contains(body)).then_some(())
    })
    .await;
    deployment.finish().await;
}
