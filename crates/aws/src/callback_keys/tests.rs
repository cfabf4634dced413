#![allow(clippy::expect_used, reason = "a test fails by ending")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    thread,
};

use aws_config::{Region, retry::RetryConfig};
use aws_sdk_sfn::config::{Credentials, SharedCredentialsProvider};
use domain::callback::Claim;

use super::*;

const FIRST: &str = "0123456789abcdef0123456789abcdef";
const SECOND: &str = "fedcba9876543210fedcba9876543210";
const NOT_FOUND: (u16, &str) = (400, r#"{"__type": "ResourceNotFoundException"}"#);
const DOWN: (u16, &str) = (500, r#"{"__type": "InternalServiceError"}"#);

/// Answers each request with the next of the answers, and none after the last one. Returns its URL.
fn secrets_manager(answers: Vec<(u16, String)>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for (status, body) in answers {
            answer(&listener.accept().expect("a connection").0, status, &body);
        }
    });
    url
}

fn answer(mut connection: &TcpStream, status: u16, body: &str) {
    let mut request = BufReader::new(connection);
    let headers = request.by_ref().lines().map(|line| line.expect("a header").to_lowercase());
    let headers: Vec<String> = headers.take_while(|line| !line.is_empty()).collect();
    let length = headers.iter().find_map(|line| line.strip_prefix("content-length: "));
    let length = length.expect("a length").parse().expect("a number");
    request.read_exact(&mut vec![0; length]).expect("a body");
    let length = body.len();
    let answer = format!("HTTP/1.1 {status} -\r\ncontent-length: {length}\r\n\r\n{body}");
    connection.write_all(answer.as_bytes()).expect("the answer is sent");
}

fn secret(key: &str) -> (u16, String) {
    (200, format!(r#"{{"SecretString": "{key}"}}"#))
}

fn failure((status, body): (u16, &str)) -> (u16, String) {
    (status, body.to_owned())
}

async fn keys(answers: Vec<(u16, String)>, secrets: &str) -> CallbackKeys {
    let aws = crate::aws_without_environment()
        .into_builder()
        .region(Region::from_static("eu-central-1"))
        .retry_config(RetryConfig::disabled())
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new(
            "key", "secret", None, None, "test",
        )))
        .endpoint_url(secrets_manager(answers));
    let Ok(secrets) = secrets.parse();
    CallbackKeys::read(Secrets::new(&aws.build()), secrets).await
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
async fn the_first_key_signs_both_keys_verify_and_they_are_read_once() {
    let keys = keys(vec![secret(FIRST), secret(SECOND)], "new, old").await;
    for _ in 0..2 {
        let keys = keys.get().await.expect("keys");
        assert_eq!(keys.sign(&claim()).expect("a signature"), signature(FIRST));
        for key in [FIRST, SECOND] {
            keys.verify(&claim(), &signature(key), 0).expect("a valid signature");
        }
    }
}

#[tokio::test]
async fn keys_that_could_not_be_read_at_the_start_are_read_again() {
    for failed in [NOT_FOUND, DOWN] {
        let keys = keys(vec![failure(failed), secret(FIRST)], "one").await;
        let keys = keys.get().await.expect("keys");
        assert_eq!(keys.sign(&claim()).expect("a signature"), signature(FIRST));
    }
}

#[tokio::test]
async fn a_missing_key_and_a_service_that_is_down_have_names_of_their_own() {
    for (failed, name) in
        [(NOT_FOUND, ErrorName::SignatureFailed), (DOWN, ErrorName::AwsUnavailable)]
    {
        let keys = keys(vec![failure(failed), failure(failed)], "restock/key").await;
        let error = keys.get().await.expect_err("no keys");
        assert_eq!(error.name(), name);
        assert!(error.to_string().contains("restock/key"), "{error}");
    }
}

#[tokio::test]
async fn an_unusable_key_is_in_no_message() {
    let keys = keys(vec![secret("too-short"), secret("too-short")], "restock/key").await;
    let error = keys.get().await.expect_err("no keys");
    assert_eq!(error.name(), ErrorName::SignatureFailed);
    assert!(!format!("{error} {error:?} {keys:?}").contains("too-short"));
}
