//! Thousands of requests that schemathesis generates from `openapi.json`. Each must be answered as the document says.

use std::path::Path;

use local_programs::console::Console;
use local_programs::prerequisites::PythonPackages;
use serde_json::{Value, json};

use crate::{callbacks::good::wait_for_goods, openapi::document};
use system_testkit::{Callback, LONG_WAIT, System, eventually};
use testkit::database::sku;

const PACKAGES: PythonPackages = PythonPackages {
    name: "schemathesis",
    requirements: concat!(env!("CARGO_MANIFEST_DIR"), "/tests/openapi/requirements.txt"),
    about: "what tests the API (schemathesis)",
};

const CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/openapi/schemathesis.toml");

const HOOKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/openapi/hooks.py");

/// Runs a Python module, which may write files into the folder. Returns what it printed.
async fn run(arguments: &[&str], folder: &Path) -> String {
    let python = PACKAGES.python(Console::on_stderr()).await.expect("schemathesis");
    let python =
        python.env("SCHEMATHESIS_HOOKS", HOOKS).env("HYPOTHESIS_STORAGE_DIRECTORY", folder);
    let python = arguments.iter().fold(python, |python, argument| python.arg(argument));
    python.run("openapi.json").await.unwrap_or_else(|error| panic!("{error:#}"))
}

#[tokio::test]
async fn the_document_is_valid_openapi() {
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
    let folder = tempfile::tempdir().expect("a folder");
    run(&["-m", "openapi_spec_validator", document], folder.path()).await;
}

/// The document, whose example of a callback has the URL of an awaited order: schemathesis cannot sign one.
fn with_callback(callback: &Callback) -> Value {
    let mut document = document();
    let operation = &mut document["paths"]["/factory/completions/{production_order}"]["post"];
    for parameter in operation["parameters"].as_array_mut().expect("parameters") {
        let name = parameter["name"].as_str().expect("a name");
        parameter["example"] = match name {
            "production_order" => json!(callback.order()),
            "signature" => json!(callback.part(name)),
            number => json!(callback.part(number).parse::<u64>().expect("a number")),
        };
    }
    document
}

#[tokio::test]
async fn every_request_that_schemathesis_sends_is_answered_as_the_document_says() {
    let system = System::with(0, LONG_WAIT).await;
    let callback = wait_for_goods(&system).await;
    // Enough for most of the valid purchases.
    system
        .cloud
        .warehouse
        .count_stock(&sku(), domain::Stock::new(500), "found")
        .await
        .expect("a count");
    let folder = tempfile::tempdir().expect("a folder");
    let document = folder.path().join("openapi.json");
    std::fs::write(&document, with_callback(&callback).to_string()).expect("a copy");

    let (document, url) = (document.to_str().expect("text"), &system.cloud.outputs.sales_api_url);
    let arguments =
        ["-m", "schemathesis.cli", "--config-file", CONFIG, "run", document, "--url", url];
    let printed = run(&arguments, folder.path()).await;
    assert!(printed.contains("Tested: 4"), "{printed}");
    assert!(system.totals().await.sold > 0, "nothing was bought: {printed}");
    eventually("the goods of a callback are credited", async || {
        (system.totals().await.arrived > 0).then_some(())
    })
    .await;
    system.finish().await;
}
