#![allow(clippy::expect_used, clippy::panic)]

use std::convert::Infallible;

use http_api::http::Reply;
use lambda_runtime::Context;
use serde_json::json;

use super::*;

fn event() -> LambdaEvent<Value> {
    LambdaEvent::new(json!({"sku": "CP-502101"}), Context::default())
}

/// A start that failed, as a missing setting fails it.
fn not_started() -> Result<Started<()>, String> {
    Err("the function cannot start: X is not set".to_owned())
}

async fn step((): &(), _: Value) -> Result<StepOutput<Value>, Infallible> {
    panic!("the function has not started")
}

async fn http((): &(), _: Value) -> Result<Reply, Infallible> {
    panic!("the function has not started")
}

#[tokio::test]
async fn a_function_that_cannot_start_answers_each_invocation_with_the_named_error() {
    for _ in 0..2 {
        let error = answer(&step, &not_started(), &log::Log::new(), event())
            .await
            .expect_err("not started");
        assert_eq!(error.error_type, "Function.Misconfigured");
        assert_eq!(error.error_message, "the function cannot start: X is not set");
    }
}

#[tokio::test]
async fn an_http_function_that_cannot_start_answers_503_and_says_that_nothing_was_done() {
    let response =
        answer(&http, &not_started(), &log::Log::new(), event()).await.expect("a response");
    assert_eq!(response["statusCode"], 503);
    let body = response["body"].as_str().expect("a body");
    let body: Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(body["outcome"], "unavailable");
    assert!(body["detail"].as_str().expect("text").contains("This request did nothing."), "{body}");
    assert!(!body.to_string().contains('X'), "the setting is not shown to customers: {body}");
}
