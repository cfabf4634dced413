//! One dead letter.

use std::{
    collections::HashMap,
    fmt::{self, Display},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use aws_sdk_sqs::types::{
    Message, MessageAttributeValue, MessageSystemAttributeName::SentTimestamp,
};
use domain::{Depletion, Object, RestockId, Sku};

/// The attributes that say why the letter exists. All others belong to the message itself.
const ABOUT_THE_LETTER: [&str; 4] = ["error", "cause", "execution", "queue"];

/// A received dead letter.
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
    /// The ARN of the execution that failed, if there is one.
    pub execution: Option<String>,
    /// The queue that a redrive moves the letter to. `Err` with its name if this version does not know the queue.
    pub source: Result<SourceQueue, String>,
    /// When the message was sent to the dead letter queue, in milliseconds since 1970, by the clock of SQS.
    pub sent_at: Option<u64>,
    attributes: HashMap<String, MessageAttributeValue>,
    /// The message id of SQS.
    pub id: String,
    pub(super) receipt: String,
}

impl DeadLetter {
    pub(super) fn read(message: Message) -> Self {
        let body = message.body.unwrap_or_default();
        let attributes = message.message_attributes.unwrap_or_default();
        let attribute = |name| attributes.get(name)?.string_value.clone();
        let sent =
            message.attributes.as_ref().and_then(|all| all.get(&SentTimestamp)?.parse().ok());
        Self {
            depletion: serde_json::from_str(&body).ok().map(|Object(depletion)| depletion),
            error: attribute("error")
                .unwrap_or_else(|| "received too often without success".to_owned()),
            cause: attribute("cause").unwrap_or_default(),
            execution: attribute("execution").filter(|arn| arn.contains(':')),
            source: attribute("queue").map_or(Ok(SourceQueue::Stock), SourceQueue::named),
            sent_at: sent,
            id: message.message_id.unwrap_or_default(),
            receipt: message.receipt_handle.unwrap_or_default(),
            attributes,
            body,
        }
    }

    /// Whether the letter is about this product. A callback does not say which product it is about.
    pub fn is_about(&self, sku: &Sku) -> bool {
        self.depletion.as_ref().is_some_and(|depletion| depletion.sku == *sku)
    }

    /// The queue that a redrive moves the letter to. `None` if it must stay: `start-restock` rejects a message that is
    /// not a valid depletion.
    pub fn redriven_to(&self) -> Option<SourceQueue> {
        match &self.source {
            Ok(SourceQueue::Completion) => Some(SourceQueue::Completion),
            Ok(SourceQueue::Stock) => self.depletion.as_ref().map(|_| SourceQueue::Stock),
            Err(_) => None,
        }
    }

    /// The restock that failed. The body names the next one.
    pub fn failed_restock(&self) -> Option<RestockId> {
        let execution = self.execution.as_deref()?.rsplit(':').next()?;
        let restock = RestockId::of_execution(execution)?;
        self.is_about(&restock.sku).then_some(restock)
    }

    /// The production order of a callback that was set aside.
    pub fn production_order(&self) -> Option<&str> {
        self.attributes.get("production_order")?.string_value.as_deref()
    }

    /// How long ago the letter was sent.
    pub fn age(&self) -> Duration {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        self.sent_at.map_or(Duration::ZERO, |sent| now.saturating_sub(Duration::from_millis(sent)))
    }

    pub(super) fn attributes_to_keep(&self) -> Option<HashMap<String, MessageAttributeValue>> {
        let mut kept = self.attributes.clone();
        kept.retain(|name, _| !ABOUT_THE_LETTER.contains(&name.as_str()));
        (!kept.is_empty()).then_some(kept)
    }
}

/// A queue that messages come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceQueue {
    /// `stock_queue`: depletions.
    Stock,
    /// `completion_queue`: callbacks of the factory.
    Completion,
}

impl SourceQueue {
    fn named(name: String) -> Result<Self, String> {
        match name.as_str() {
            "stock_queue" => Ok(Self::Stock),
            "completion_queue" => Ok(Self::Completion),
            _ => Err(name),
        }
    }
}

impl Display for SourceQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stock => "stock_queue",
            Self::Completion => "completion_queue",
        })
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by ending")]
mod tests {
    use super::*;

    fn letter(body: &str, attributes: &[(&str, &str)]) -> DeadLetter {
        let message =
            attributes.iter().fold(Message::builder().body(body), |message, (name, value)| {
                let value =
                    MessageAttributeValue::builder().string_value(*value).data_type("String");
                message.message_attributes(*name, value.build().expect("an attribute"))
            });
        DeadLetter::read(message.build())
    }

    const DEPLETION: &str = r#"{"sku":"CP-502101","restock_cycle":2,"stock":0,"reason":"redrive"}"#;

    #[test]
    fn a_letter_about_a_restock_goes_to_stock_queue_and_names_the_restock_that_failed() {
        let arn = "arn:aws:states:region:0:execution:restock:CP-502101_1_a1b2";
        let letter = letter(DEPLETION, &[("error", "A"), ("cause", "b"), ("execution", arn)]);
        assert_eq!(letter.redriven_to(), Some(SourceQueue::Stock));
        assert_eq!(letter.failed_restock().expect("a restock").to_string(), "CP-502101_1");
        assert!(letter.attributes_to_keep().is_none());
    }

    #[test]
    fn a_callback_that_was_set_aside_goes_back_to_its_queue_with_its_own_attributes() {
        let attributes = [
            ("queue", "completion_queue"),
            ("error", "A"),
            ("production_order", "x"),
            ("quantity", "5"),
        ];
        let letter = letter("{}", &attributes);
        assert_eq!(letter.redriven_to(), Some(SourceQueue::Completion));
        let mut kept: Vec<String> =
            letter.attributes_to_keep().expect("some").into_keys().collect();
        kept.sort();
        assert_eq!(kept, ["production_order", "quantity"]);
    }

    #[test]
    fn what_no_queue_would_accept_stays() {
        assert_eq!(letter("not a depletion", &[]).redriven_to(), None);
        assert_eq!(letter("not a depletion", &[("queue", "stock_queue")]).redriven_to(), None);
        assert_eq!(letter(DEPLETION, &[("queue", "other_queue")]).redriven_to(), None);
    }
}
