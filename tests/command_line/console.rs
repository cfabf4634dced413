//! The web console of `restock up`, in a real browser, and as other pages and machines would use it.

use std::path::{Path, PathBuf};

use local_programs::{
    console::Console,
    prerequisites::{PythonPackages, chromium},
};
use nix::sys::signal::Signal;
use reqwest::{Client, Method, StatusCode};
use serde_json::Value;

use crate::run::{Place, Running, eventually};

const PLAYWRIGHT: PythonPackages = PythonPackages {
    name: "browser",
    requirements: concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/command_line/browser/requirements.txt"
    ),
    about: "Playwright, which drives a browser",
};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/command_line/browser/browser.py");

fn up(place: &Place) -> Running {
    place.up(&["--factory-stage", "100ms"])
}

fn end(up: Running) {
    up.signal(Signal::SIGTERM);
    assert!(up.ended().status.success());
}

/// Screenshots go into the documentation if `RESTOCK_SCREENSHOTS` is set: they differ each time.
fn screenshots(place: &Place) -> PathBuf {
    match std::env::var_os("RESTOCK_SCREENSHOTS") {
        Some(_) => Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures"),
        None => place.here(),
    }
}

#[tokio::test]
async fn a_person_crashes_every_function_in_the_console_and_the_ledger_adds_up() {
    let place = Place::new();
    let up = up(&place);
    let browser = chromium(Console::on_stderr()).await.expect("Chromium");
    let python = PLAYWRIGHT.python(Console::on_stderr()).await.expect("Playwright");
    let python = python.arg(SCRIPT).arg(up.printed("console")).arg(browser);
    let not_killed = python.arg(screenshots(&place)).run("the browser").await.expect("used");
    assert_eq!(not_killed.trim(), "[]", "each function of the workflows was killed once");
    eventually("the audit finds nothing", || {
        let audit = place.run(&["audit", "--json"]);
        let report: Value = serde_json::from_str(&audit.stdout).expect("JSON");
        (report["findings"].as_array().expect("findings").is_empty()).then_some(())
    });
    end(up);
}

#[tokio::test]
async fn other_pages_and_names_are_refused_and_reading_changes_nothing() {
    let place = Place::new();
    let up = up(&place);
    let url = up.printed("console");
    let own = url.trim_end_matches('/');
    let client = http_client::client().expect("a client");
    let evil = "http://evil.example";
    for (method, path, header, value, expected) in [
        (Method::GET, "", "accept", "*/*", StatusCode::OK),
        (Method::GET, "faults", "host", "evil.example", StatusCode::FORBIDDEN),
        (Method::GET, "faults", "origin", evil, StatusCode::FORBIDDEN),
        (Method::GET, "events", "origin", "null", StatusCode::FORBIDDEN),
        (Method::POST, "crash", "origin", evil, StatusCode::FORBIDDEN),
        (Method::POST, "crash", "origin", "null", StatusCode::FORBIDDEN),
        (Method::POST, "crash", "accept", "*/*", StatusCode::FORBIDDEN),
        (Method::GET, "crash", "origin", own, StatusCode::METHOD_NOT_ALLOWED),
        (Method::POST, "crash", "origin", own, StatusCode::OK),
    ] {
        let about = format!("{method} /{path} with {header}: {value}");
        let request = client.request(method, format!("{url}{path}")).header(header, value);
        let request = request.body(r#"{"function":"place-order","wanted":true}"#);
        let answer = request.header("content-type", "application/json").send().await;
        assert_eq!(answer.expect("an answer").status(), expected, "{about}");
    }
    assert_eq!(crashes(&client, &url).await, ["place-order"], "only the last request was heard");
    end(up);
}

/// The functions that are to be killed, in the first event.
async fn crashes(client: &Client, url: &str) -> Vec<String> {
    let mut events = client.get(format!("{url}events")).send().await.expect("events");
    let mut text = String::new();
    loop {
        let more = events.chunk().await.expect("a chunk").expect("an event");
        text += &String::from_utf8_lossy(&more);
        for line in text.lines().filter_map(|line| line.strip_prefix("data: ")) {
            let Ok(state) = serde_json::from_str::<Value>(line) else { continue };
            let all = state["crashes"].as_object().expect("crashes");
            if !all.is_empty() {
                let waiting = all.iter().filter(|(_, waits)| **waits == true);
                return waiting.map(|(name, _)| name.clone()).collect();
            }
        }
    }
}
