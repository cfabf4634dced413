//! One JSON log line for each invocation: a sentence that names the ids, and the same ids as fields to search by. Task
//! tokens, signatures, keys and connection strings have no field here and do not implement `Display`, so they cannot be
//! logged by mistake.

use std::fmt::Display;

use errors::ErrorName;
use serde_json::Value;
use tracing_subscriber::{Layer, filter::filter_fn, layer::SubscriberExt, util::SubscriberInitExt};

/// The ids that an invocation handles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ids {
    pub sku: Option<String>,
    pub purchase_id: Option<String>,
    pub restock_cycle: Option<u32>,
    pub production_order: Option<String>,
    /// The execution of the state machine.
    pub execution: Option<String>,
}

impl Ids {
    /// Reads the ids from an input or output, and from the order in it. The field names mean the same in all messages.
    pub(crate) fn of(message: &Value) -> Ids {
        match message.get("order") {
            Some(order) => Self::of_fields(message).or(Self::of_fields(order)),
            None => Self::of_fields(message),
        }
    }

    fn of_fields(message: &Value) -> Ids {
        let text = |name| message.get(name).and_then(Value::as_str).map(str::to_owned);
        let number = message.get("restock_cycle").and_then(Value::as_u64);
        Ids {
            sku: text("sku"),
            purchase_id: text("purchase_id"),
            restock_cycle: number.and_then(|cycle| cycle.try_into().ok()),
            production_order: text("production_order"),
            execution: text("execution"),
        }
    }

    /// Fills the missing ids from `others`.
    #[must_use]
    pub fn or(self, others: Ids) -> Ids {
        Ids {
            sku: self.sku.or(others.sku),
            purchase_id: self.purchase_id.or(others.purchase_id),
            restock_cycle: self.restock_cycle.or(others.restock_cycle),
            production_order: self.production_order.or(others.production_order),
            execution: self.execution.or(others.execution),
        }
    }
}

/// The log line of one invocation.
pub(crate) struct Line<'a> {
    request_id: &'a str,
}

impl<'a> Line<'a> {
    pub(crate) fn new(request_id: &'a str) -> Self {
        Self { request_id }
    }

    pub(crate) fn done(&self, ids: &Ids, sentence: &dyn Display) {
        tracing::info!(
            request_id = self.request_id,
            sku = ids.sku,
            purchase_id = ids.purchase_id,
            restock_cycle = ids.restock_cycle,
            production_order = ids.production_order,
            execution = ids.execution,
            "{sentence}"
        );
    }

    pub(crate) fn failed(&self, ids: &Ids, name: ErrorName, error: &dyn Display) {
        tracing::error!(
            request_id = self.request_id,
            sku = ids.sku,
            purchase_id = ids.purchase_id,
            restock_cycle = ids.restock_cycle,
            production_order = ids.production_order,
            execution = ids.execution,
            error = name.as_str(),
            "{error}"
        );
    }
}

/// Logs only our own lines. Lines of libraries could contain secrets.
pub(crate) fn init() {
    let line = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_target(false)
        .with_filter(filter_fn(|metadata| metadata.target() == module_path!()));
    tracing_subscriber::registry().with(line).init();
}
