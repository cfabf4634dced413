//! The outputs of a deployment that does not exist.

use serde_json::{Value, json};

const REQUIRED: [&str; 13] = [
    "sales_api_url",
    "region",
    "depletion_topic_arn",
    "stock_queue_url",
    "stock_queue_arn",
    "completion_queue_url",
    "completion_queue_arn",
    "dead_letter_queue_url",
    "dead_letter_queue_arn",
    "purchase_machine_arn",
    "restock_machine_arn",
    "completion_machine_arn",
    "sweep_machine_arn",
];

/// The required outputs. Each has its own name as its value.
pub fn outputs() -> Value {
    REQUIRED.iter().map(|name| ((*name).to_owned(), json!(name))).collect()
}
