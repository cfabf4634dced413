#![allow(clippy::expect_used, reason = "a test fails by ending")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use deployment::clients::Clients;

use super::*;

/// A Lambda whose functions are not ready for the first invocations. Returns its URL.
fn lambda(refused: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for (number, connection) in listener.incoming().enumerate() {
            answer(connection.expect("a connection"), number < refused);
        }
    });
    url
}

fn answer(mut connection: TcpStream, refused: bool) {
    let mut request = BufReader::new(&connection);
    let headers = request.by_ref().lines().map(|line| line.expect("a header").to_lowercase());
    let headers: Vec<String> = headers.take_while(|line| !line.is_empty()).collect();
    let length = headers.iter().find_map(|line| line.strip_prefix("content-length: "));
    let length = length.expect("a length").parse().expect("a number");
    request.read_exact(&mut vec![0; length]).expect("a body");
    let (status, error, body) = match refused {
        true => ("409 Conflict", "x-amzn-errortype: ResourceConflictException\r\n", "{}"),
        false => ("200 OK", "", r#"{"answer": []}"#),
    };
    let length = body.len();
    let answer = format!("HTTP/1.1 {status}\r\n{error}content-length: {length}\r\n\r\n{body}");
    connection.write_all(answer.as_bytes()).expect("the answer is sent");
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
    let functions = functions(&lambda(3), Duration::from_secs(300), tell);
    for _ in 0..2 {
        let answer = functions.inspect(&Question::Unreported).await.expect("an answer");
        assert_eq!(answer, serde_json::json!([]));
    }
    assert_eq!(TOLD.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_function_that_does_not_become_ready_is_not_blamed_on_the_policy_of_the_operator() {
    let functions = functions(&lambda(usize::MAX), Duration::from_millis(50), |_| ());
    let error = functions.inspect(&Question::Unreported).await.expect_err("not ready");
    let error = error.to_string();
    assert!(error.contains("is still not ready, so nothing was done"), "{error}");
    assert!(!error.contains("policy"), "{error}");
}
