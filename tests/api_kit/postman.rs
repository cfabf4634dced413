//! The Postman collection: it is not stale, and newman runs it green.

use std::{fs, path::Path};

use api_kit::collection;
use local_programs::console::Console;
use serde_json::{Value, json};

use crate::{page, place::Place};

fn console() -> Console {
    Console::on_stderr()
}

fn committed() -> String {
    fs::read_to_string(collection::path()).expect("the collection")
}

#[tokio::test]
async fn the_collection_is_that_of_openapi_json() {
    let made = collection::current(console()).await.expect("the collection");
    assert!(made == committed(), "the collection is stale: run `cargo run -- postman`");
}

/// The collection of a changed `openapi.json`.
async fn of_changed(change: impl FnOnce(&mut Value)) -> anyhow::Result<String> {
    let text = include_str!("../../openapi.json");
    let mut document: Value = serde_json::from_str(text).expect("JSON");
    change(&mut document);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("openapi.json");
    fs::write(&path, document.to_string()).expect("a file");
    collection::of(&path, console()).await
}

#[tokio::test]
async fn a_change_of_the_document_makes_the_collection_stale() {
    let made = of_changed(|document| {
        document["components"]["schemas"]["Stock"]["minimum"] = json!(1);
    });
    assert_ne!(made.await.expect("a collection"), committed());
}

#[tokio::test]
async fn an_answer_without_a_request_is_found() {
    let made = of_changed(|document| {
        let responses = &mut document["paths"]["/products"]["get"]["responses"];
        responses["418"] = responses["400"].clone();
    });
    let error = format!("{:#}", made.await.expect_err("an answer without a request"));
    assert!(error.contains("no request of list-products for 418"), "{error}");
}

/// The page's line of newman, with the newman of the cache, and another collection if one is given.
async fn newman(place: &Place, collection: Option<&Path>) -> Result<String, String> {
    let newman = collection::newman(console()).await.expect("newman");
    let (node, script) = newman.command_line();
    let function = format!("npx() {{ shift; {node:?} {:?} \"$@\"; }}\n", script[0]);
    let line = page::newman();
    let line = match collection {
        Some(other) => {
            line.replace("api/restock.postman_collection.json", &other.to_string_lossy())
        }
        None => line,
    };
    place.paste(&(page::setting() + &function + &line)).await
}

/// The committed collection, whose first request expects another status.
fn with_another_status() -> String {
    let expected = "pm.response.to.have.status(200)";
    committed().replacen(expected, "pm.response.to.have.status(201)", 1)
}

/// How many requests newman has sent, and how many of them failed.
fn requests(printed: &str) -> Vec<String> {
    let row = printed.lines().find(|line| line.contains(" requests │")).expect("a table");
    let numbers = row.split_whitespace().filter(|word| word.parse::<u32>().is_ok());
    numbers.map(str::to_owned).collect()
}

#[tokio::test]
async fn newman_runs_the_collection_green_and_finds_another_answer() {
    let place = Place::new().await;
    let printed = newman(&place, None).await.expect("no failure");
    let tests = committed().matches("\"listen\": \"test\"").count();
    assert_eq!(requests(&printed), [tests.to_string(), "0".to_owned()], "{printed}");
    assert!(printed.contains("✓  the answer is that of the first request"), "{printed}");

    let folder = tempfile::tempdir().expect("a folder");
    let other = folder.path().join("collection.json");
    fs::write(&other, with_another_status()).expect("a file");
    let failed = newman(&place, Some(&other)).await.expect_err("another status");
    assert!(failed.contains("expected response to have status code 201 but got 200"), "{failed}");
    place.system.finish().await;
}
