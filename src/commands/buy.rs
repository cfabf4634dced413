//! `restock buy`

use std::process::ExitCode;

use anyhow::{Result, ensure};
use clap::Args;
use deployment::api_client::{ApiClient, Response};
use domain::{PurchaseOutcome, Sku};
use serde_json::json;
use terminal::{print, print_json, tone::Tone};
use uuid::Uuid;

use super::deployment_arguments::OutputsArguments;

/// Arguments of `restock buy`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The SKU of the product.
    sku: Sku,
    /// The number of units.
    #[arg(default_value = "1")]
    quantity: u32,
    /// The idempotency key. Repeat a purchase whose outcome is unknown with the same key. Without it, a new key is made.
    #[arg(long)]
    key: Option<String>,
    /// Print the answer as one JSON object, for programs.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    deployment: OutputsArguments,
}

/// Buys, and prints the answer. The exit status is 0 if the goods were sold, 1 if not, 2 if there was no answer.
pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    let api = ApiClient::new(&arguments.deployment.read().await?.sales_api_url)?;
    let key = arguments.key.clone().unwrap_or_else(|| Uuid::new_v4().to_string());
    let answer = api.buy(&key, arguments.sku.as_str(), arguments.quantity).await?;
    ensure!(answer.body.is_object(), "the API answered {} without JSON", answer.status);
    if arguments.json {
        let status = answer.status.as_u16();
        print_json(&json!({"status": status, "key": key, "answer": answer.body}))?;
    } else {
        print(&sentence(&answer, &key))?;
    }
    let sold = answer.purchase_outcome() == Some(PurchaseOutcome::Sold);
    Ok(if sold { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn sentence(answer: &Response, key: &str) -> String {
    let (status, body) = (answer.status.as_u16(), &answer.body);
    match answer.purchase_outcome() {
        Some(PurchaseOutcome::Sold) => format!(
            "{}: {} {}, {} left in stock\n",
            Tone::Good.paint("sold"),
            body["quantity"],
            body["sku"].as_str().unwrap_or_default(),
            body["stock"]
        ),
        _ => format!(
            "{} ({status}): {}\nkey: {key}\n",
            Tone::Bad.paint(answer.outcome()),
            body["detail"].as_str().unwrap_or("the answer has no detail")
        ),
    }
}
