#![allow(clippy::expect_used, reason = "a test fails by ending")]

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use axum::{
    Router,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use deployment::clients::Clients;
use tokio::net::TcpListener;

use super::*;
use crate::access::is_refused;

/// A Lambda whose functions are not ready for the first invocations. Returns its URL.
async fn lambda(refused: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let asked = Arc::new(AtomicUsize::new(0));
    let api = Router::new().fallback(async move || {
        let is_refused = asked.fetch_add(1, Ordering::Relaxed) < refused;
        if is_refused { not_ready() } else { r#"{"answer": []}"#.into_response() }
    });
    tokio::spawn(async move { axum::serve(listener, api).await });
    url
}

fn not_ready() -> Response {
    (StatusCode::CONFLICT, [("x-amzn-errortype", "ResourceConflictException")], "{}")
        .into_response()
}

fn functions(lambda: &str, within: Duration, tell: fn(&str)) -> Functions {
    Functions {
        client: Clients::of_emulator(lambda).functions,
        prefix: "restock-".to_owned(),
        readiness: Readiness { within, every: Duration::from_millis(10) },
        tell,
        told: Arc::new(Once::new()),
    }
}

#[tokio::test]
async fn while_lambda_attaches_a_function_the_person_is_told_once_and_then_has_the_answer() {
    static TOLD: AtomicUsize = AtomicUsize::new(0);
    let tell = |sentence: &str| {
        assert!(sentence.contains("attaches the function again"), "{sentence}");
        TOLD.fetch_add(1, Ordering::Relaxed);
    };
    let functions = functions(&lambda(3).await, Duration::from_secs(300), tell);
    for _ in 0..2 {
        let answer = functions.inspect(&Question::Unreported).await.expect("an answer");
        assert_eq!(answer, serde_json::json!([]));
    }
    assert_eq!(TOLD.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_function_that_does_not_become_ready_is_not_blamed_on_the_policy_of_the_operator() {
    let functions = functions(&lambda(usize::MAX).await, Duration::from_millis(50), |_| ());
    let error = functions.inspect(&Question::Unreported).await.expect_err("not ready");
    let error = error.to_string();
    assert!(error.contains("is still not ready, so nothing was done"), "{error}");
    assert!(!error.contains("policy"), "{error}");
}

/// A Lambda whose function fails with this error.
async fn lambda_that_fails(name: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let body =
        serde_json::json!({ "errorMessage": "the stock would be below zero", "errorType": name });
    let api = Router::new().fallback(async move || {
        ([("x-amz-function-error", "Unhandled")], body.to_string()).into_response()
    });
    tokio::spawn(async move { axum::serve(listener, api).await });
    url
}

#[tokio::test]
async fn a_change_is_refused_only_if_the_function_says_so() {
    for (name, expected) in
        [("Change.Refused", true), ("Product.Unknown", true), ("Database.Busy", false)]
    {
        let lambda = lambda_that_fails(name).await;
        let functions = functions(&lambda, Duration::from_secs(300), |_| ());
        let error = functions.inspect(&Question::Unreported).await.expect_err("an error");
        assert_eq!(is_refused(&error), expected, "{error}");
        assert_eq!(error.to_string(), format!("the stock would be below zero ({name})"));
    }
}
