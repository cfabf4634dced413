//! The number of dead letters as SQS counts them.

use std::{
    fmt::{self, Display},
    time::{Duration, SystemTime},
};

use anyhow::{Context, Result};
use aws_sdk_sqs::types::QueueAttributeName::{
    ApproximateNumberOfMessages as Visible, ApproximateNumberOfMessagesNotVisible as NotVisible,
    VisibilityTimeout,
};

use super::{HIDDEN_SECONDS, Queues};

/// What SQS tells of the queue. SQS calls the numbers approximate: they may be some seconds old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counts {
    pub visible: usize,
    pub not_visible: usize,
    /// How long the queue hides a message from others, unless its receiver asks for another time.
    pub hidden_seconds: u64,
}

impl Queues {
    /// The number of dead letters, those in flight included. Receives none.
    ///
    /// # Errors
    /// If SQS does not answer.
    pub async fn number(&self) -> Result<usize> {
        let Counts { visible, not_visible, .. } = self.count().await?;
        Ok(visible + not_visible)
    }

    pub(super) async fn count(&self) -> Result<Counts> {
        let get = self.client.get_queue_attributes().queue_url(&self.dead_letter_queue_url);
        let get = get.attribute_names(Visible).attribute_names(NotVisible);
        let get = get.attribute_names(VisibilityTimeout).send().await;
        let found = get.context("the dead letters cannot be counted")?.attributes;
        let found = found.unwrap_or_default();
        let number = |name| found.get(name).and_then(|text| text.parse::<u64>().ok());
        let size = |name| number(name).and_then(|n| usize::try_from(n).ok()).unwrap_or_default();
        Ok(Counts {
            visible: size(&Visible),
            not_visible: size(&NotVisible),
            hidden_seconds: number(&VisibilityTimeout).unwrap_or_default(),
        })
    }
}

/// Dead letters that somebody else has received and neither deleted nor put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InFlight {
    /// The number of letters, as SQS counts them.
    pub count: usize,
    /// The time after which they are visible again.
    pub until: SystemTime,
}

impl InFlight {
    /// The letters that were counted when the look began and did not reach it, unless they are gone by now.
    pub(super) fn of(before: Counts, received: usize, after: Counts) -> Option<Self> {
        let missing = (before.visible + before.not_visible).saturating_sub(received);
        let count = missing.min(after.not_visible);
        let longest = after.hidden_seconds.max(HIDDEN_SECONDS.unsigned_abs().into());
        let until = SystemTime::now() + Duration::from_secs(longest);
        (count > 0).then_some(Self { count, until })
    }
}

impl Display for InFlight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let until = humantime::format_rfc3339_seconds(self.until).to_string();
        write!(
            f,
            "dead letters in flight: {}. Another redrive, an audit or the AWS console has received them. They are \
             hidden until {} UTC at the latest, unless their receiver asked for more time",
            self.count,
            until.trim_end_matches('Z').replace('T', " ")
        )
    }
}
