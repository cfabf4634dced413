//! `restock up`: its output and its arguments.

use std::{collections::BTreeMap, process::Command, time::Duration};

use deployment::api_client::ApiClient;
use factory_simulator::Factory;
use factory_simulator::Settings;
use nix::sys::signal::Signal;
use serde_json::Value;
use tokio::time::timeout;

use crate::{run::Place, run::Running, run::is_database};
use testkit::{database::SKU, database::fresh_database, database::open, database::sku};

/// The keys of `outputs.json` and the beginning of each value.
const OUTPUTS: [(&str, &str); 15] = [
    ("sales_api_url", "http://127.0.0.1:"),
    ("region", "ap-northeast-2"),
    ("endpoint_url", "http://127.0.0.1:"),
    ("depletion_topic_arn", "arn:aws:sns:ap-northeast-2:"),
    ("stock_queue_url", "http://"),
    ("stock_queue_arn", "arn:aws:sqs:ap-northeast-2:"),
    ("completion_queue_url", "http://"),
    ("completion_queue_arn", "arn:aws:sqs:ap-northeast-2:"),
    ("dead_letter_queue_url", "http://"),
    ("dead_letter_queue_arn", "arn:aws:sqs:ap-northeast-2:"),
    ("purchase_machine_arn", "arn:aws:states:ap-northeast-2:"),
    ("restock_machine_arn", "arn:aws:states:ap-northeast-2:"),
    ("completion_machine_arn", "arn:aws:states:ap-northeast-2:"),
    ("sweep_machine_arn", "arn:aws:states:ap-northeast-2:"),
    ("database_url", "mysql://"),
];

/// Runs a command that `up` has printed, and returns its output.
fn run_printed(line: &str) -> String {
    let output = Command::new("sh").args(["-c", line]).output().expect("a shell");
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{line}\n{output:?}");
    stdout
}

fn end(up: Running) {
    up.signal(Signal::SIGTERM);
    assert!(up.ended().status.success());
}

#[test]
fn up_writes_its_outputs_and_the_printed_commands_work() {
    let place = Place::new();
    let up = place.up(&["--stock", "7"]);
    let path = place.here().join(".restock/outputs.json");
    let text = std::fs::read_to_string(path).expect("outputs.json");
    let mut outputs: BTreeMap<String, Value> = serde_json::from_str(&text).expect("an object");
    assert!(outputs.remove("factory_simulators").is_some_and(|all| all["FF-500293"].is_string()));
    assert!(outputs.remove("crash_folder").is_some());
    let text = |value: Value| value.as_str().expect("text").to_owned();
    let outputs: BTreeMap<String, String> =
        outputs.into_iter().map(|(name, value)| (name, text(value))).collect();
    assert_eq!(outputs.len(), OUTPUTS.len(), "{outputs:?}");
    for (key, begin) in OUTPUTS {
        assert!(
            outputs.get(key).is_some_and(|value| value.starts_with(begin)),
            "{key}: {outputs:?}"
        );
    }
    assert_eq!(up.printed("sales API"), outputs["sales_api_url"]);

    let sold = run_printed(&up.printed("with curl"));
    assert!(up.stdout().contains("the factory simulator is at http://"), "{}", up.stdout());
    assert!(sold.starts_with("HTTP/1.1 200"), "{sold}");
    assert!(sold.contains(r#""outcome":"sold""#), "{sold}");
    let shown: Value =
        serde_json::from_str(&run_printed(&up.printed("show product"))).expect("JSON");
    assert_eq!(shown["stock"], 6);
    for name in ["buy", "why", "mails", "dead letters", "audit", "set fault", "clear fault"] {
        let line = up.printed(name);
        let command = line.strip_prefix("cargo run -- ").expect("a command");
        let ended = place.run(&command.split(' ').collect::<Vec<_>>());
        assert!(ended.status.success(), "{line}\n{ended:?}");
    }
    assert!(std::path::Path::new(&up.printed("log file")).is_file());
    let dry = place.run(&["dead-letters", "redrive", "--dry-run"]);
    let summary = "0 would be moved, 0 in dead_letter_queue now (dry run)\n";
    assert_eq!((dry.status.code(), dry.stdout.as_str()), (Some(0), summary));
    end(up);
    assert!(place.outputs_files().is_empty(), "{:?}", place.outputs_files());
}

#[test]
fn up_ignores_the_aws_settings_of_the_shell() {
    let place = Place::new();
    let nowhere = "http://127.0.0.1:1";
    let mut command = place.command(&["up"]);
    command.env("AWS_PROFILE", "missing").env("AWS_REGION", "us-east-1");
    command.env("AWS_ENDPOINT_URL", nowhere).env("AWS_ENDPOINT_URL_SQS", nowhere);
    let up = Running::start(command).until_up();
    assert!(run_printed(&up.printed("with curl")).contains(r#""outcome":"sold""#));
    end(up);
}

#[tokio::test]
async fn two_systems_run_side_by_side_in_one_folder() {
    let place = Place::new();
    let first = place.up(&["--stock", "20"]);
    let second = place.up(&["--stock", "30"]);
    let (one, other) = (first.outputs(), second.outputs());
    assert_ne!(one.endpoint_url, other.endpoint_url);
    assert_ne!(one.database_url, other.database_url);
    assert_eq!(buy(&one.sales_api_url).await["stock"], 19);
    assert_eq!(buy(&other.sales_api_url).await["stock"], 29);
    end(first);
    assert!(place.outputs_files().contains("outputs-2.json"), "{:?}", place.outputs_files());
    assert!(!place.outputs_files().contains("outputs.json"), "{:?}", place.outputs_files());
    assert_eq!(buy(&other.sales_api_url).await["stock"], 29, "the same key is the same purchase");
    end(second);
    assert!(place.outputs_files().is_empty(), "{:?}", place.outputs_files());
}

async fn buy(sales_api_url: &str) -> Value {
    let shop = ApiClient::new(sales_api_url).expect("a client");
    shop.buy("my-key", SKU, 1).await.expect("an answer").body
}

#[tokio::test]
async fn up_uses_the_given_factory_and_database_and_starts_none() {
    let settings = Settings { stage: Duration::from_millis(50), ..Settings::default() };
    let factory = Factory::start(settings).await.expect("a factory");
    let url = fresh_database().await;
    let place = Place::new();
    let up = place.up(&["--factory-url", factory.url(), "--database-url", &url, "--stock", "11"]);
    assert!(up.stdout().contains(&format!("using the factory at {}", factory.url())));
    assert!(!up.stdout().contains("simulator"), "{}", up.stdout());
    let programs = up.descendants();
    assert!(!programs.values().any(|name| is_database(name)), "{programs:?}");

    assert_eq!(up.outputs().database_url.as_deref(), Some(url.as_str()));
    assert_eq!(buy(&up.outputs().sales_api_url).await["stock"], 10);
    let made = factory.wait_until(|orders| orders.iter().any(|order| !order.callbacks.is_empty()));
    let made = timeout(Duration::from_secs(60), made).await.expect("an order and its callback");
    assert_eq!(made[0].body["MessageAttributeProductCnt"], 40);
    end(up);
    let totals = open(&url).await.totals(&sku()).await.expect("totals");
    assert_eq!((totals.sold, totals.production_orders), (1, 1), "the database is still there");
    factory.stop().await;
}
