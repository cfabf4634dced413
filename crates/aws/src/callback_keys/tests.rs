#![allow(clippy::expect_used, reason = "a test fails by ending")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    thread,
    time::Duration,
};

use aws_config::{Region, retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_sfn::config::{Credentials, SharedCredentialsProvider};
use domain::callback::Claim;
use serde_json::Value;

use super::*;

const FIRST: &str = "0123456789abcdef0123456789abcdef";
const SECOND: &str = "fedcba9876543210fedcba9876543210";

/// What Secrets Manager answers to the name of a secret.
type Answer = (&'static str, u16, String);

fn secret(name: &'static str, key: &str) -> Answer {
    (name, 200, format!(r#"{{"SecretString": "{key}"}}"#))
}

fn not_found(name: &'static str) -> Answer {
    (name, 400, r#"{"__type": "ResourceNotFoundException"}"#.to_owned())
}

fn denied(name: &'static str) -> Answer {
    (name, 400, r#"{"__type": "AccessDeniedException"}"#.to_owned())
}

fn down(name: &'static str) -> Answer {
    (name, 500, r#"{"__type": "InternalServiceError"}"#.to_owned())
}

/// Gives the answers of a round only when it has all requests of the round: they must come at the same time. Answers nothing
/// after the last round. Returns its URL.
fn secrets_manager(rounds: Vec<Vec<Answer>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for round in rounds {
            let requests: Vec<_> = round.iter().map(|_| request(&listener)).collect();
            for (connection, name) in requests {
                let asked = round.iter().find(|(known, ..)| *known == name);
                let (_, status, body) = asked.expect("a secret of the round");
                answer(connection, *status, body);
            }
        }
    });
    url
}

/// A connection, and the name of the secret that it asks for.
fn request(listener: &TcpListener) -> (TcpStream, String) {
    let (connection, _) = listener.accept().expect("a connection");
    let mut request = BufReader::new(&connection);
    let headers = request.by_ref().lines().map(|line| line.expect("a header").to_lowercase());
    let headers: Vec<String> = headers.take_while(|line| !line.is_empty()).collect();
    let length = headers.iter().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.expect("a length").parse().expect("a number")];
    request.read_exact(&mut body).expect("a body");
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    let name = body["SecretId"].as_str().expect("a name").to_owned();
    (connection, name)
}

fn answer(mut connection: TcpStream, status: u16, body: &str) {
    let length = body.len();
    let answer = format!("HTTP/1.1 {status} -\r\ncontent-length: {length}\r\n\r\n{body}");
    // A client that already knows that it has no keys is gone.
    let _ = connection.write_all(answer.as_bytes());
}

async fn keys(rounds: Vec<Vec<Answer>>, secrets: &str) -> CallbackKeys {
    let aws = crate::aws_without_environment()
        .into_builder()
        .region(Region::from_static("eu-central-1"))
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::disabled())
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new(
            "key", "secret", None, None, "test",
        )))
        .endpoint_url(secrets_manager(rounds));
    let secrets = secrets.parse().expect("names");
    // No test waits for this time, unless it fails.
    CallbackKeys::read(Secrets::within(Duration::from_secs(60), &aws.build()), secrets).await
}

fn claim() -> Claim {
    let order = "6f1c3a52-96a0-4b8f-9d0e-2f0f4f6f9b11".parse().expect("an order");
    let ordered = 50.try_into().expect("a quantity");
    Claim { production_order: order, ordered, expires: u64::MAX }
}

fn signature(key: &str) -> String {
    let keys: Keys = key.parse().expect("a key");
    keys.sign(&claim()).expect("a signature")
}

#[tokio::test]
async fn two_keys_are_read_once_and_at_the_same_time_and_the_first_one_signs() {
    let keys = keys(vec![vec![secret("new", FIRST), secret("old", SECOND)]], "new, old").await;
    for _ in 0..2 {
        let keys = keys.get().await.expect("keys");
        assert_eq!(keys.sign(&claim()).expect("a signature"), signature(FIRST));
        for key in [FIRST, SECOND] {
            keys.verify(&claim(), &signature(key), 0).expect("a valid signature");
        }
    }
}

#[tokio::test]
async fn without_the_secret_of_the_previous_key_the_current_one_signs_and_is_the_only_valid_one() {
    let keys = keys(vec![vec![secret("new", FIRST), not_found("old")]], "new, old").await;
    let keys = keys.get().await.expect("keys");
    assert_eq!(keys.sign(&claim()).expect("a signature"), signature(FIRST));
    keys.verify(&claim(), &signature(FIRST), 0).expect("a valid signature");
    keys.verify(&claim(), &signature(SECOND), 0).expect_err("the key is not known");
}

#[tokio::test]
async fn without_the_current_key_or_an_answer_about_the_previous_one_there_are_no_keys() {
    for (round, missing) in [
        ([not_found("new"), secret("old", SECOND)], "new"),
        ([secret("new", FIRST), denied("old")], "old"),
        ([secret("new", FIRST), down("old")], "old"),
    ] {
        let keys = keys(vec![round.to_vec(), round.to_vec()], "new, old").await;
        let error = keys.get().await.expect_err("no keys").to_string();
        assert!(error.contains(&format!("the secret {missing} ")), "{error}");
    }
}

#[tokio::test]
async fn keys_that_could_not_be_read_at_the_start_are_read_again() {
    for failed in [not_found("one"), down("one")] {
        let keys = keys(vec![vec![failed], vec![secret("one", FIRST)]], "one").await;
        let keys = keys.get().await.expect("keys");
        assert_eq!(keys.sign(&claim()).expect("a signature"), signature(FIRST));
    }
}

#[tokio::test]
async fn a_missing_key_and_a_service_that_is_down_have_names_of_their_own() {
    for (failed, name) in [
        (not_found("restock/key"), ErrorName::SignatureFailed),
        (down("restock/key"), ErrorName::AwsUnavailable),
    ] {
        let keys = keys(vec![vec![failed.clone()], vec![failed]], "restock/key").await;
        let error = keys.get().await.expect_err("no keys");
        assert_eq!(error.name(), name);
        assert!(error.to_string().contains("restock/key"), "{error}");
    }
}

#[tokio::test]
async fn an_unusable_key_is_in_no_message() {
    let unusable = || vec![secret("restock/key", "too-short")];
    let keys = keys(vec![unusable(), unusable()], "restock/key").await;
    let error = keys.get().await.expect_err("no keys");
    assert_eq!(error.name(), ErrorName::SignatureFailed);
    assert!(!format!("{error} {error:?} {keys:?}").contains("too-short"));
}

#[test]
fn one_or_two_names_are_keys_and_nothing_else_is() {
    let names = |list: &str| list.parse::<KeySecrets>().ok();
    let two = names(" new , old ").expect("two names");
    assert_eq!((two.current.as_str(), two.previous.as_deref()), ("new", Some("old")));
    assert_eq!(names("new"), Some(two.for_signing()));
    for wrong in ["", " ", ",", "new,", ",old", "new,,old", "new,old,older"] {
        assert_eq!(names(wrong), None, "{wrong:?}");
    }
}
