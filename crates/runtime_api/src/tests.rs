#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by ending")]

use std::time::Instant;

use axum::body::Bytes;
use tokio::task::JoinHandle;

use crate::{InvocationResult, RuntimeApi};

const EVENT: Bytes = Bytes::from_static(b"[1]");

/// A process that answers the first event with an output and the second one with an error.
fn process(api: &RuntimeApi) -> JoinHandle<()> {
    let url = format!("http://{}/2018-06-01/runtime/invocation", api.address);
    tokio::spawn(async move {
        let client = http_client::client().expect("a client");
        for (path, body) in [("response", "[2]"), ("error", r#"{"errorType": "Database.Busy"}"#)] {
            let event = client.get(format!("{url}/next")).send().await.expect("an event");
            assert_eq!(event.bytes().await.expect("a body"), EVENT);
            let answer = client.post(format!("{url}/id/{path}")).body(body);
            assert_eq!(answer.send().await.expect("an answer").status(), 202);
        }
    })
}

#[tokio::test]
async fn an_event_is_sent_and_its_output_or_its_error_is_returned() {
    let mut api = RuntimeApi::open().await.expect("a port");
    let process = process(&api);
    let first = api.exchange(EVENT).await.expect("a result");
    let InvocationResult::Output(output) = first else { panic!("{first:?}") };
    assert_eq!(output, "[2]");
    let second = api.exchange(EVENT).await.expect("a result");
    let InvocationResult::Failed(name) = second else { panic!("{second:?}") };
    assert_eq!(name, "Database.Busy");
    process.await.expect("the process");
}

#[tokio::test]
async fn the_first_poll_is_the_first_request_for_an_event() {
    let mut api = RuntimeApi::open().await.expect("a port");
    let opened = Instant::now();
    let process = process(&api);
    let first = api.first_poll().await.expect("a poll");
    for _ in 0..2 {
        api.exchange(EVENT).await.expect("a result");
    }
    process.await.expect("the process");
    assert!(first >= opened);
    assert_eq!(api.first_poll().await.expect("a poll"), first);
}
