//! One JSON log line for each invocation: a sentence that names the ids, the same ids as fields to search by, and the metrics
//! of the invocation (see [`metrics`](crate::metrics)). Task tokens, signatures, keys and connection strings have no field here
//! and do not implement `Display`, so they cannot be logged by mistake. Libraries log nothing: their lines could contain secrets.

use std::{
    fmt::Display,
    sync::atomic::{AtomicBool, Ordering},
    time::SystemTime,
};

use errors::ErrorName;
use serde::Serialize;
use serde_json::Value;

use crate::metrics::EmbeddedMetrics;

/// The ids that an invocation handles.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Ids {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purchase_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restock_cycle: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub production_order: Option<String>,
    /// The execution of the state machine.
    #[serde(skip_serializing_if = "Option::is_none")]
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

/// The log of an execution environment: one process of the function.
#[derive(Debug)]
pub(crate) struct Log {
    /// Whether no invocation has begun yet.
    is_cold: AtomicBool,
}

impl Log {
    pub(crate) fn new() -> Self {
        Self { is_cold: AtomicBool::new(true) }
    }

    /// Begins the line of an invocation.
    pub(crate) fn line<'a>(&self, request_id: &'a str) -> Line<'a> {
        Line { request_id, cold: self.is_cold.swap(false, Ordering::Relaxed) }
    }
}

/// The log line of one invocation.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    request_id: &'a str,
    cold: bool,
}

/// What an invocation logs at its end.
pub(crate) struct Entry<'a> {
    pub ids: &'a Ids,
    pub sentence: &'a dyn Display,
    /// The name of the error, if the invocation failed.
    pub error: Option<ErrorName>,
    pub metrics: Option<EmbeddedMetrics>,
}

impl Line<'_> {
    pub(crate) fn write(&self, entry: Entry<'_>) {
        println!("{}", self.fields(entry, SystemTime::now()));
    }

    fn fields<'a>(&'a self, entry: Entry<'a>, now: SystemTime) -> Fields<'a> {
        Fields {
            timestamp: humantime::format_rfc3339_millis(now).to_string(),
            level: if entry.error.is_some() { "ERROR" } else { "INFO" },
            message: entry.sentence.to_string(),
            request_id: self.request_id,
            cold: self.cold.then_some(true),
            ids: entry.ids,
            error: entry.error.map(|name| name.as_str()),
            metrics: entry.metrics,
        }
    }
}

/// The fields of the line, in their order. Lambda reads `timestamp` and `level` (JSON log format).
#[derive(Debug, Serialize)]
struct Fields<'a> {
    timestamp: String,
    level: &'static str,
    message: String,
    request_id: &'a str,
    /// In the first invocation of an environment only.
    #[serde(skip_serializing_if = "Option::is_none")]
    cold: Option<bool>,
    #[serde(flatten)]
    ids: &'a Ids,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    #[serde(flatten)]
    metrics: Option<EmbeddedMetrics>,
}

impl Display for Fields<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| std::fmt::Error)?)
    }
}

#[cfg(test)]
mod tests;
