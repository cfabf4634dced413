//! The dead letter queue, read without losing messages, and the redrive of single messages.

use anyhow::{Context, Result};
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName::SentTimestamp};
use deployment::{clients::Clients, outputs::Outputs};
use domain::{Depletion, Object, Sku};

/// Received messages stay invisible for this long, so that a loop that receives all of them ends.
const VISIBILITY_TIMEOUT_SECONDS: i32 = 300;

/// A received dead letter. Nobody else receives it until it is moved or released.
#[derive(Debug, Clone)]
pub struct DeadLetter {
    /// The body of the message.
    pub body: String,
    /// The depletion in the body; `None` if the body is not a valid depletion.
    pub depletion: Option<Depletion>,
    /// The error name, or a remark if SQS moved the message after too many receives.
    pub error: String,
    /// The cause of the error; empty if there is none.
    pub cause: String,
    /// When the message was sent to the dead letter queue, in milliseconds since 1970.
    pub sent_at: Option<u64>,
    receipt: String,
}

impl DeadLetter {
    fn read(message: Message) -> Self {
        let body = message.body.unwrap_or_default();
        let attribute = |name| {
            let attributes = message.message_attributes.as_ref()?;
            attributes.get(name)?.string_value.clone()
        };
        let sent =
            message.attributes.as_ref().and_then(|all| all.get(&SentTimestamp)?.parse().ok());
        Self {
            depletion: serde_json::from_str(&body).ok().map(|Object(depletion)| depletion),
            error: attribute("error")
                .unwrap_or_else(|| "received too often without success".to_owned()),
            cause: attribute("cause").unwrap_or_default(),
            sent_at: sent,
            receipt: message.receipt_handle.unwrap_or_default(),
            body,
        }
    }

    /// Whether a redrive of this product, or of all products, moves this message.
    pub fn is_about(&self, sku: Option<&Sku>) -> bool {
        let Some(depletion) = &self.depletion else { return false };
        sku.is_none_or(|sku| *sku == depletion.sku)
    }
}

/// The stock queue and the dead letter queue of a deployment.
#[derive(Debug, Clone)]
pub struct Queues {
    clients: Clients,
    stock_queue_url: String,
    dead_letter_queue_url: String,
}

impl Queues {
    /// The queues of the deployment with these outputs.
    pub async fn of(outputs: &Outputs) -> Self {
        Self {
            clients: outputs.clients().await,
            stock_queue_url: outputs.stock_queue_url.clone(),
            dead_letter_queue_url: outputs.dead_letter_queue_url.clone(),
        }
    }

    /// Receives up to ten dead letters; none if no more are visible. They stay invisible to others until they are
    /// released, or for five minutes.
    pub async fn receive(&self) -> Result<Vec<DeadLetter>> {
        let receive = self
            .clients
            .queues
            .receive_message()
            .queue_url(&self.dead_letter_queue_url)
            .max_number_of_messages(10)
            .visibility_timeout(VISIBILITY_TIMEOUT_SECONDS)
            // Long polling: without it, SQS asks only some of its servers and may miss messages.
            .wait_time_seconds(1)
            .message_attribute_names("All")
            .message_system_attribute_names(SentTimestamp);
        let received = receive.send().await.context("the dead letter queue cannot be read")?;
        Ok(received.messages.unwrap_or_default().into_iter().map(DeadLetter::read).collect())
    }

    /// Makes a dead letter visible again.
    pub async fn release(&self, letter: &DeadLetter) -> Result<()> {
        let release = self
            .clients
            .queues
            .change_message_visibility()
            .queue_url(&self.dead_letter_queue_url)
            .receipt_handle(&letter.receipt)
            .visibility_timeout(0);
        release.send().await.context(
            "a dead letter cannot be made visible again: it reappears after five minutes",
        )?;
        Ok(())
    }

    /// Moves a dead letter to `stock_queue`. Sends before it deletes: a crash in between leaves two copies, never none.
    pub async fn redrive(&self, letter: &DeadLetter) -> Result<()> {
        let queues = &self.clients.queues;
        let send =
            queues.send_message().queue_url(&self.stock_queue_url).message_body(&letter.body);
        send.send()
            .await
            .context("the message cannot be sent to stock_queue: the dead letter stays")?;
        let delete = queues.delete_message().queue_url(&self.dead_letter_queue_url);
        let delete = delete.receipt_handle(&letter.receipt).send().await;
        delete.context("the message was sent to stock_queue, but the dead letter cannot be deleted: a later redrive sends it again")?;
        Ok(())
    }

    /// Receives all dead letters and releases them.
    pub async fn list(&self) -> Result<Vec<DeadLetter>> {
        let mut letters = Vec::new();
        loop {
            let received = self.receive().await?;
            if received.is_empty() {
                break;
            }
            letters.extend(received);
        }
        for letter in &letters {
            self.release(letter).await?;
        }
        Ok(letters)
    }
}
