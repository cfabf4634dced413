//! Exactly one structured line for each invocation: JSON on stdout, with a sentence that names what it
//! is about, and the same ids as fields to search by. Task tokens, signatures, keys and connection
//! strings have no field here and no `Display`, so that none can slip in.

use std::fmt::Display;

use errors::ErrorName;
use serde_json::Value;
use tracing_subscriber::{Layer, filter::filter_fn, layer::SubscriberExt, util::SubscriberInitExt};

/// What an invocation is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ids {
    /// The product.
    pub sku: Option<String>,
    /// The customer's purchase.
    pub purchase_id: Option<String>,
    /// The restock cycle of the product.
    pub restock_cycle: Option<u32>,
    /// The order to the factory.
    pub production_order: Option<String>,
    /// The execution that the step belongs to.
    pub execution: Option<String>,
}

impl Ids {
    /// What an event or an answer says of itself: these names mean the same in every message.
    pub(crate) fn of(message: &Value) -> Ids {
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

    /// These, and the others where there are none.
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

/// The line that an invocation will leave.
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

/// Only our own line: what libraries log is not asked for and could hold what must not be logged.
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
