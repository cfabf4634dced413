//! The factory calls once. Whatever happens to the function that handles callbacks, the goods are credited.

use std::{
    collections::HashMap,
    time::{SystemTime, UNIX_EPOCH},
};

use aws_sdk_lambda::types::Environment;
use domain::callback::Keys;

use crate::callbacks::good::{assert_restocked_with, waiting};
use system_testkit::{Callback, Check, System, eventually};

const RECEIVER: &str = "receive-completion";

/// SQS delivers a callback again this soon after it could not be handled.
const VISIBILITY_TIMEOUT_SECONDS: u32 = 1;

/// The first restock waits for its goods. A callback that could not be handled soon returns.
async fn with_quick_returns() -> (System, Callback) {
    let (system, callback) = waiting().await;
    let queue = &system.cloud.outputs.completion_queue_url;
    system.set_visibility_timeout(queue, VISIBILITY_TIMEOUT_SECONDS).await;
    (system, callback)
}

/// The factory calls, once. The callback is stored, and nothing is credited yet.
async fn call_back_once(system: &System, callback: &Callback) {
    assert_eq!(system.call_back(callback).await, 200);
    assert!(system.has_callbacks().await, "the callback is stored");
    assert!(system.completions().list().await.expect("executions").is_empty());
}

/// The environment of the receiver.
async fn environment(system: &System) -> HashMap<String, String> {
    let get = system.cloud.clients.functions.get_function_configuration();
    let configuration = get.function_name(RECEIVER).send().await.expect("a function");
    let variables = configuration.environment.and_then(|environment| environment.variables);
    variables.expect("variables")
}

async fn set_environment(system: &System, variables: HashMap<String, String>) {
    let update = system.cloud.clients.functions.update_function_configuration();
    let environment = Environment::builder().set_variables(Some(variables)).build();
    let update = update.function_name(RECEIVER).environment(environment);
    update.send().await.expect("the environment is changed");
}

/// Sets a variable so that the receiver cannot do its work. Returns the environment before.
async fn break_receiver(system: &System, name: &str, value: &str) -> HashMap<String, String> {
    let before = environment(system).await;
    let mut broken = before.clone();
    broken.insert(name.to_owned(), value.to_owned());
    set_environment(system, broken).await;
    before
}

/// The callback returns to the queue because of this error, and is counted for the alarm `callbacks-returned`.
async fn returns_to_the_queue(system: &System, error: &str) {
    eventually("the callback returns to the queue", async || {
        (system.log(RECEIVER).await.metric("CallbacksReturned") > 0).then_some(())
    })
    .await;
    assert!(system.log(RECEIVER).await.contains(&format!(r#""error":"{error}""#)));
}

#[tokio::test]
async fn a_callback_whose_receiver_is_throttled_is_credited_when_the_receiver_can_run_again() {
    let (system, callback) = with_quick_returns().await;
    system.throttle(&[RECEIVER]).await;
    call_back_once(&system, &callback).await;
    system.unthrottle(&[RECEIVER]).await;
    assert_restocked_with(&system, 50).await;
    system.finish().await;
}

#[tokio::test]
async fn a_callback_whose_receiver_cannot_read_the_key_is_credited_when_the_receiver_can() {
    let (system, callback) = with_quick_returns().await;
    let before = break_receiver(&system, "CALLBACK_KEY_SECRETS", "restock/no-such-key").await;
    call_back_once(&system, &callback).await;
    returns_to_the_queue(&system, "Signature.Failed").await;
    assert!(system.has_callbacks().await, "the callback is not lost");
    set_environment(&system, before).await;
    assert_restocked_with(&system, 50).await;
    let because = "a change of its environment ends the process of the receiver";
    system.finish_without(Check::OneLogLinePerInvocation, because).await;
}

#[tokio::test]
async fn a_callback_that_comes_while_step_functions_is_away_is_credited_when_it_is_back() {
    let (system, callback) = with_quick_returns().await;
    let before = break_receiver(&system, "AWS_ENDPOINT_URL_SFN", "http://127.0.0.1:1").await;
    call_back_once(&system, &callback).await;
    returns_to_the_queue(&system, "Aws.Unavailable").await;
    assert!(system.has_callbacks().await, "the callback is not lost");
    set_environment(&system, before).await;
    assert_restocked_with(&system, 50).await;
    let because = "a change of its environment ends the process of the receiver";
    system.finish_without(Check::OneLogLinePerInvocation, because).await;
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

#[tokio::test]
async fn a_callback_that_was_stored_in_time_does_not_expire_in_the_queue() {
    let (system, callback) = with_quick_returns().await;
    let keys: Keys = system.cloud.callback_key.parse().expect("keys");
    system.throttle(&[RECEIVER]).await;
    let expires = now() + 15;
    let callback = callback.with("expires", &expires.to_string()).signed_with(&keys);
    call_back_once(&system, &callback).await;
    assert!(now() < expires, "the callback was stored too late for this test");
    eventually("the URL has expired", async || (now() > expires).then_some(())).await;
    system.unthrottle(&[RECEIVER]).await;
    assert_restocked_with(&system, 50).await;
    system.finish().await;
}
