//! The dead letter queue.

use anyhow::{Context, Result};
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName::SentTimestamp};
use deployment::{clients::Clients, outputs::Outputs};
use domain::{Depletion, Object, Sku};

/// How long a letter is hidden from others, and from ourselves, while we look at all of them.
const HIDDEN_SECONDS: i32 = 300;

/// A dead letter, in our hands until it is moved, or put back.
#[derive(Debug, Clone)]
pub struct DeadLetter {
    /// The message as it is.
    pub body: String,
    /// The depletion that it is, if it can be read.
    pub depletion: Option<Depletion>,
    /// The name of the error that it died of.
    pub error: String,
    /// What the error said.
    pub cause: String,
    /// When it came here, in milliseconds since 1970.
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
            error: attribute("error").unwrap_or_else(|| "received too often".to_owned()),
            cause: attribute("cause").unwrap_or_default(),
            sent_at: sent,
            receipt: message.receipt_handle.unwrap_or_default(),
            body,
        }
    }

    /// Whether moving it back would restock that product, or any.
    pub fn restocks(&self, sku: Option<&Sku>) -> bool {
        let Some(depletion) = &self.depletion else { return false };
        sku.is_none_or(|sku| *sku == depletion.sku)
    }
}

/// The queues of a deployment.
#[derive(Debug, Clone)]
pub struct Queues {
    clients: Clients,
    stock_queue_url: String,
    dead_letter_queue_url: String,
}

impl Queues {
    /// The queues of a deployment.
    pub async fn of(outputs: &Outputs) -> Self {
        Self {
            clients: outputs.clients().await,
            stock_queue_url: outputs.stock_queue_url.clone(),
            dead_letter_queue_url: outputs.dead_letter_queue_url.clone(),
        }
    }

    /// Takes some of the dead letters that are there; none, when there are no more. Others cannot take
    /// them until they are put back, or too much time has passed.
    pub async fn take(&self) -> Result<Vec<DeadLetter>> {
        let receive = self
            .clients
            .queues
            .receive_message()
            .queue_url(&self.dead_letter_queue_url)
            .max_number_of_messages(10)
            .visibility_timeout(HIDDEN_SECONDS)
            // Without waiting, SQS asks only some of its servers, and may miss what is there.
            .wait_time_seconds(1)
            .message_attribute_names("All")
            .message_system_attribute_names(SentTimestamp);
        let taken = receive.send().await.context("the dead letter queue cannot be read")?;
        Ok(taken.messages.unwrap_or_default().into_iter().map(DeadLetter::read).collect())
    }

    /// Puts a letter back for others to take.
    pub async fn put_back(&self, letter: &DeadLetter) -> Result<()> {
        let show = self
            .clients
            .queues
            .change_message_visibility()
            .queue_url(&self.dead_letter_queue_url)
            .receipt_handle(&letter.receipt)
            .visibility_timeout(0);
        show.send().await.context("a dead letter cannot be put back")?;
        Ok(())
    }

    /// Moves a letter to `stock_queue`: sent there first, so that it is never in neither.
    pub async fn redrive(&self, letter: &DeadLetter) -> Result<()> {
        let queues = &self.clients.queues;
        let send =
            queues.send_message().queue_url(&self.stock_queue_url).message_body(&letter.body);
        send.send().await.context("stock_queue takes no message")?;
        let delete = queues.delete_message().queue_url(&self.dead_letter_queue_url);
        let delete = delete.receipt_handle(&letter.receipt).send().await;
        delete.context("the dead letter was moved, but cannot be deleted: it may come again")?;
        Ok(())
    }

    /// Looks at all dead letters and puts them back.
    pub async fn look(&self) -> Result<Vec<DeadLetter>> {
        let mut letters = Vec::new();
        loop {
            let taken = self.take().await?;
            if taken.is_empty() {
                break;
            }
            letters.extend(taken);
        }
        for letter in &letters {
            self.put_back(letter).await?;
        }
        Ok(letters)
    }
}
