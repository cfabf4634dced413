//! `report`: puts a report into `operations_queue`, from which `send-mail` sends the mails. As soon as a report is in the
//! queue, operations will get its mail.

mod cause;
mod ended;
mod kind;

use domain::{ProductionOrderId, RestockCycle, Sku, Stock, Units};
use lambda_support::StepOutput;
use serde::{Deserialize, Serialize};

use aws::Error;
pub use cause::Cause;
pub use ended::{EndStatus, ExecutionEnded, Work};
pub use kind::{Kind, MAIL_PAGES};

/// `operations_queue`.
#[derive(Debug, Clone)]
pub struct OperationsQueue {
    pub sqs: aws_sdk_sqs::Client,
    pub url: String,
}

/// What is reported. In each variant, `execution` is the ARN of the execution that the report is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "report", rename_all = "snake_case", deny_unknown_fields)]
pub enum Report {
    RestockFailed(RestockFailed),
    MessageRejected(MessageRejected),
    CallbackRefused(CallbackRefused),
    /// A callback could not be processed.
    CompletionFailed {
        production_order: ProductionOrderId,
        /// The reported quantity. `None` for a callback that was refused.
        #[serde(default)]
        quantity: Option<Units>,
        failure: Cause,
        execution: String,
    },
    /// A restock succeeded after failed ones.
    Recovered {
        sku: Sku,
        /// Number of failed restocks in a row before this one.
        failures: u32,
        quantity: Units,
        stock: Stock,
        execution: String,
    },
    /// Goods arrived for a restock that was reported as failed.
    ArrivedAfterFailure {
        production_order: ProductionOrderId,
        sku: Sku,
        quantity: Units,
        stock: Stock,
        execution: String,
    },
    /// An execution ended and could not report it. Sent by EventBridge.
    ExecutionEnded(ExecutionEnded),
    MessageUndelivered(MessageUndelivered),
    Unreadable(Unreadable),
    LateArrival(LateArrival),
    /// Rows of the database that hold an invalid value.
    RowsUnreadable {
        rows: Vec<UnreadableRow>,
        /// The sweep that found the rows.
        execution: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestockFailed {
    pub sku: Sku,
    pub restock_cycle: RestockCycle,
    /// The restock that a redrive asks for.
    pub next_cycle: RestockCycle,
    /// `None` if the restock could not be closed, which would have read the stock.
    pub stock: Option<Stock>,
    /// Number of orders recorded. The last one may not have been sent.
    pub attempts: u32,
    pub failure: Cause,
    /// ARN of the execution that failed.
    pub execution: String,
}

/// A message in `stock_queue` is not a valid depletion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageRejected {
    /// Id of the message in the queue.
    pub message_id: String,
    /// Body of the message. A very long body is cut.
    pub body: String,
    /// Why the message is invalid.
    pub why: String,
    pub execution: String,
}

/// The factory sent an invalid callback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallbackRefused {
    pub production_order: ProductionOrderId,
    pub sku: Sku,
    /// The restock of the production order.
    pub restock_cycle: RestockCycle,
    pub stock: Stock,
    /// Why the callback is invalid.
    pub why: String,
    pub execution: String,
}

/// A queue has set a message aside, because its consumer failed for it too often. `send-mail` makes this report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageUndelivered {
    /// Name of the queue in `system.json`.
    pub queue: String,
    /// Id of the message in the queue.
    pub message_id: String,
    /// Body of a message of `stock_queue`. The body of a callback contains its signature, so only the dead letter has it.
    #[serde(default)]
    pub body: Option<String>,
    /// Production order of a callback.
    #[serde(default)]
    pub production_order: Option<ProductionOrderId>,
}

/// A message in `operations_queue` that is not a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unreadable {
    /// Id of the message in the queue.
    pub message_id: String,
    pub body: String,
}

/// Goods arrived after the restock had stopped waiting for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LateArrival {
    pub production_order: ProductionOrderId,
    pub sku: Sku,
    /// The restock of the production order.
    pub restock_cycle: RestockCycle,
    pub quantity: Units,
    pub stock: Stock,
    /// The stock that a restock aims at.
    pub target_stock: Stock,
    /// How long a restock waits for each order.
    pub waited_seconds: u64,
    /// From the order to the arrival.
    pub took_seconds: u64,
    /// Whether the restock waits for another order.
    pub order_under_way: bool,
    pub execution: String,
}

/// A row with a value that the types of the shop do not allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnreadableRow {
    /// Table and key, such as `product cp-9`.
    pub row: String,
    /// What a valid value is.
    pub problem: String,
}

impl Report {
    /// The execution that the report is about, if it is about one.
    pub fn execution(&self) -> Option<&str> {
        match self {
            Self::RestockFailed(failed) => Some(&failed.execution),
            Self::MessageRejected(rejected) => Some(&rejected.execution),
            Self::CallbackRefused(refused) => Some(&refused.execution),
            Self::ExecutionEnded(ended) => Some(&ended.execution),
            Self::LateArrival(late) => Some(&late.execution),
            Self::RowsUnreadable { execution, .. } => Some(execution),
            Self::CompletionFailed { execution, .. }
            | Self::Recovered { execution, .. }
            | Self::ArrivedAfterFailure { execution, .. } => Some(execution),
            Self::MessageUndelivered(_) | Self::Unreadable(_) => None,
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Reported {
    /// Id of the message in `operations_queue`.
    message_id: Option<String>,
}

/// Puts the report into the queue.
pub async fn handle(
    queue: &OperationsQueue,
    report: Report,
) -> Result<StepOutput<Reported>, Error> {
    let message_id = queue.send(&report).await?;
    Ok(StepOutput::new(Reported { message_id }, "put the report into operations_queue"))
}

impl OperationsQueue {
    /// Returns the id of the message.
    pub(crate) async fn send(&self, report: &Report) -> Result<Option<String>, Error> {
        let body = serde_json::to_string(report)?;
        let send = self.sqs.send_message().queue_url(&self.url).message_body(body);
        Ok(send.send().await?.message_id)
    }
}
