//! The dead letter queue, read without hiding letters from others for longer than the look takes.
//!
//! A [`Look`] receives all dead letters and hides them for a short time, which it extends while it lasts. It puts back
//! what it does not move, also after an error or a signal.

mod counts;
mod delete;
mod explained;
mod letter;
mod look;
mod prediction;
mod see_all;

use anyhow::{Context, Result};
use aws_sdk_sqs::{
    Client,
    types::{
        ChangeMessageVisibilityBatchRequestEntry as Change, Message,
        MessageSystemAttributeName::SentTimestamp,
    },
};
use deployment::outputs::Outputs;

pub use counts::InFlight;
pub use delete::{Deleted, delete};
pub use explained::Explained;
pub(crate) use explained::about;
pub use letter::{DeadLetter, SourceQueue};
pub use look::{Look, Seen};
pub use prediction::Prediction;

use crate::stop::Stop;

/// How long a look hides a letter from others. A look that lasts longer extends it, and one that is killed hides
/// letters for no longer than this.
pub(crate) const HIDDEN_SECONDS: i32 = 30;

/// SQS accepts this many entries in a batch, and returns this many messages at once.
const BATCH: usize = 10;

/// The queues that letters are in, and that a redrive moves them to.
#[derive(Debug, Clone)]
pub struct Queues {
    client: Client,
    stock_queue_url: String,
    completion_queue_url: String,
    dead_letter_queue_url: String,
}

impl Queues {
    /// The queues of the deployment with these outputs.
    pub async fn of(outputs: &Outputs) -> Self {
        Self {
            client: outputs.clients().await.queues,
            stock_queue_url: outputs.stock_queue_url.clone(),
            completion_queue_url: outputs.completion_queue_url.clone(),
            dead_letter_queue_url: outputs.dead_letter_queue_url.clone(),
        }
    }

    /// Receives all dead letters that are there now, and hides them from others until the look ends. The caller must
    /// put them back.
    pub async fn look(&self, stop: &Stop) -> Result<Look> {
        Look::begin(self.clone(), stop).await
    }

    /// Receives all dead letters and puts them back.
    pub async fn see(&self, stop: &Stop) -> Result<Seen> {
        self.look(stop).await?.end().await
    }

    /// The dead letters, without those that others have received.
    pub async fn list(&self) -> Result<Vec<DeadLetter>> {
        Ok(self.see(&Stop::default()).await?.letters)
    }

    async fn receive(&self) -> Result<Vec<Message>> {
        let receive = self
            .client
            .receive_message()
            .queue_url(&self.dead_letter_queue_url)
            .max_number_of_messages(10)
            .visibility_timeout(HIDDEN_SECONDS)
            // Long polling: without it, SQS asks only some of its servers and may miss messages.
            .wait_time_seconds(1)
            .message_attribute_names("All")
            .message_system_attribute_names(SentTimestamp);
        let received = receive.send().await.context("the dead letter queue cannot be read")?;
        Ok(received.messages.unwrap_or_default())
    }

    /// Hides letters for this many seconds from now; 0 shows them to others. A letter that is no longer ours is left
    /// as it is.
    async fn hide(&self, letters: &[DeadLetter], seconds: i32) -> Result<()> {
        for batch in letters.chunks(BATCH) {
            let entries = batch.iter().zip(0..).map(|(letter, id)| {
                let entry = Change::builder().id(id.to_string()).receipt_handle(&letter.receipt);
                entry.visibility_timeout(seconds).build()
            });
            let change = self.client.change_message_visibility_batch();
            let change = change.set_entries(Some(entries.collect::<Result<_, _>>()?));
            change.queue_url(&self.dead_letter_queue_url).send().await?;
        }
        Ok(())
    }

    fn url(&self, source: SourceQueue) -> &str {
        match source {
            SourceQueue::Stock => &self.stock_queue_url,
            SourceQueue::Completion => &self.completion_queue_url,
        }
    }

    /// Moves a dead letter to the queue it came from, with its own attributes. Sends before it deletes: a crash in
    /// between leaves two copies, never none.
    async fn redrive(&self, letter: &DeadLetter, source: SourceQueue) -> Result<()> {
        let send = self.client.send_message().queue_url(self.url(source));
        let send = send.message_body(&letter.body);
        let send = send.set_message_attributes(letter.attributes_to_keep()).send().await;
        send.with_context(|| {
            format!("the message cannot be sent to {source}: the dead letter stays")
        })?;
        self.delete(letter).await.with_context(|| {
            format!(
                "the message was sent to {source}, but the dead letter cannot be deleted: a later redrive sends it again"
            )
        })
    }

    async fn delete(&self, letter: &DeadLetter) -> Result<()> {
        let delete = self.client.delete_message().queue_url(&self.dead_letter_queue_url);
        delete.receipt_handle(&letter.receipt).send().await?;
        Ok(())
    }
}
