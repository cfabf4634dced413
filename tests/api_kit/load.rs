//! Load runs: a crowd on the real system, and that a run finds what is wrong.

use std::{future::pending, process::Output, sync::Arc};

use axum::{
    Json, Router,
    extract::Path,
    http::{HeaderMap, StatusCode},
    routing::{MethodRouter, get, post},
};
use deployment::{api_client::ApiClient, outputs::Outputs};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::{Value, json};
use system_testkit::{DatabaseNetwork, Network};
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
};

use crate::place::Place;

/// Runs `restock load`. Its exit status and all that it printed.
async fn load(place: &Place, arguments: &str) -> (Option<i32>, String) {
    let arguments: Vec<&str> = ["load"].into_iter().chain(arguments.split(' ')).collect();
    let Output { status, stdout, stderr } = place.restock(&arguments).await;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (status.code(), text(&stdout) + &text(&stderr))
}

#[tokio::test]
async fn every_kind_of_load_run_buys_what_exists_and_the_ledger_agrees() {
    let place = Place::new().await;
    for (run, most) in [
        ("crowd --buyers 20 --purchases 4", 80),
        ("spike --rate 10 --for 3s", 14),
        ("soak --rate 5 --for 3s", 16),
        ("--rate 5 --for 3s", 15),
    ] {
        let before = place.system.totals().await.sold;
        let (status, printed) = load(&place, run).await;
        assert_eq!(status, Some(0), "{run}: {printed}");
        let sold = place.system.totals().await.sold - before;
        assert!((5..=most).contains(&sold), "{run}: {sold}: {printed}");
        let line = format!("units sold           {sold}\n");
        assert!(printed.contains(&line), "{run}: {line}{printed}");
    }
    let totals = place.system.totals().await;
    assert!(totals.production_orders > 0, "the crowd has left less than the reorder point");
    place.system.finish().await;
}

/// An API that answers all purchases in this way. The outputs of the place name it.
async fn use_api(place: &Place, status: StatusCode, body: &'static str) {
    let json = [("content-type", "application/json")];
    serve(place, post(move || async move { (status, json, body) })).await;
}

/// Serves an API with this answer to purchases. The outputs of the place name it.
async fn serve(place: &Place, checkout: MethodRouter) {
    let listener = listen(place).await;
    let product = get(|Path(sku): Path<String>| async move { Json(json!({"sku": sku})) });
    let api = Router::new().route("/checkout", checkout).route("/products/{sku}", product);
    tokio::spawn(async move { axum::serve(listener, api).await });
}

/// A port. The outputs of the place name it as the API.
async fn listen(place: &Place) -> TcpListener {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let sales_api_url = format!("http://{}", listener.local_addr().expect("an address"));
    place.write(&Outputs { sales_api_url, ..place.system.cloud.outputs.clone() });
    listener
}

#[tokio::test]
async fn a_load_run_finds_answers_that_are_not_true() {
    let place = Place::new().await;
    place.system.buy("the-only-true-one").await;
    use_api(&place, StatusCode::OK, r#"{"outcome":"sold","stock":9}"#).await;
    let (status, printed) = load(&place, "crowd --buyers 3 --purchases 20").await;
    assert_eq!(status, Some(1), "{printed}");
    assert!(printed.contains("PROBLEM: oversold: 60 units were sold, and 49 existed"), "{printed}");
    let not_in_the_ledger = "PROBLEM: 60 units were answered sold, and the ledger has only 0";
    assert!(printed.contains(not_in_the_ledger), "{printed}");

    use_api(&place, StatusCode::OK, r#"{"outcome":"sold","stock":-1}"#).await;
    let (status, printed) = load(&place, "crowd --buyers 1 --purchases 1").await;
    assert_eq!(status, Some(1), "{printed}");
    assert!(printed.contains("PROBLEM: k6: not true: contradictions count==0"), "{printed}");

    use_api(&place, StatusCode::INTERNAL_SERVER_ERROR, "").await;
    let (status, printed) = load(&place, "crowd --buyers 1 --purchases 1").await;
    assert_eq!(status, Some(1), "{printed}");
    assert!(printed.contains("PROBLEM: k6: not true: purchase_errors count==0"), "{printed}");
    assert!(printed.contains("sent again           4\n"), "{printed}");
    place.system.finish().await;
}

#[tokio::test]
async fn a_steady_run_sends_each_purchase_at_its_moment_and_counts_the_answers_by_kind() {
    let place = Place::new().await;
    place.system.buy("the-only-true-one").await;
    let busy = r#"{"outcome":"unknown"}"#;
    use_api(&place, StatusCode::SERVICE_UNAVAILABLE, busy).await;
    let (status, printed) = load(&place, "--rate 2 --for 3s --json").await;
    assert_eq!(status, Some(1), "{printed}");
    let report: Value =
        printed.lines().find_map(|line| serde_json::from_str(line).ok()).expect("JSON");
    // Each of 6 purchases is sent five times: the outcome stays unknown.
    assert_eq!(report["answers"]["kinds"]["503 unknown"], 30, "{report}");
    assert_eq!(report["answers"]["errors"], 6, "{report}");
    assert_eq!(report["problems"][0], "purchases that got no outcome: 6", "{report}");
    assert_eq!(report["sold_without_answer"], 0, "{report}");
    assert_eq!(report["audit_findings"], 0, "{report}");
    assert!(report["answers"]["lateness"]["most_ms"].is_f64(), "{report}");
    let (_, refused) = load(&place, "--for 3s").await;
    assert!(refused.contains("--rate <RATE>"), "{refused}");
    place.system.finish().await;
}

/// An API that never answers a purchase. Tells of each that it gets.
async fn use_api_that_never_answers(place: &Place) -> UnboundedReceiver<()> {
    let (tell, told) = unbounded_channel();
    let hang = move || {
        let told = tell.send(());
        async move {
            told.expect("a test that listens");
            pending::<StatusCode>().await
        }
    };
    serve(place, post(hang)).await;
    told
}

#[tokio::test]
async fn a_load_run_that_is_stopped_reports_what_it_knows_at_once() {
    let place = Place::new().await;
    place.system.buy("the-only-purchase").await;
    let mut purchases = use_api_that_never_answers(&place).await;
    let run = place.start(&["load", "--rate", "5", "--for", "24h"]);
    for _ in 0..2 {
        purchases.recv().await.expect("a purchase");
    }
    let id = run.id().expect("a process").try_into().expect("an id");
    kill(Pid::from_raw(id), Signal::SIGINT).expect("a signal");
    let ended = run.wait_with_output().await.expect("an end");
    let printed = String::from_utf8_lossy(&ended.stdout);
    assert_eq!(ended.status.code(), Some(2), "{printed}");
    assert!(printed.contains("under way "), "{printed}");
    let not_compared =
        "PROBLEM: the answers were not compared with the ledger (stopped by a signal)";
    assert!(printed.contains(not_compared), "{printed}");
    place.system.finish().await;
}

#[tokio::test]
async fn a_load_run_reports_the_answers_although_the_database_is_gone() {
    let place = Place::new().await;
    place.system.buy("the-only-purchase").await;
    let sold = r#"{"outcome":"sold","stock":1}"#;
    let network =
        Arc::new(DatabaseNetwork::before(place.system.cloud.backing_services.database_url()).await);
    let lost = Arc::clone(&network);
    let sell = move || async move {
        lost.set(Network::SwallowsAll);
        sold
    };
    serve(&place, post(sell)).await;
    let outputs = Outputs::read(&place.outputs_file()).expect("outputs.json");
    place.write(&Outputs { database_url: Some(network.url().to_owned()), ..outputs });
    let (status, printed) = load(&place, "--rate 1 --for 3s").await;
    assert_eq!(status, Some(2), "{printed}");
    assert!(printed.contains("units sold           3\n"), "{printed}");
    let not_compared = "PROBLEM: the answers were not compared with the ledger (the database";
    assert!(printed.contains(not_compared), "{printed}");
    network.set(Network::Works);
    place.system.finish().await;
}

/// An API that sells, and loses each answer.
async fn use_api_that_loses_answers(place: &Place) {
    let api = ApiClient::new(&place.system.cloud.outputs.sales_api_url).expect("a client");
    let buy = move |headers: HeaderMap, body: String| async move {
        let key = headers["idempotency-key"].to_str().expect("a key");
        drop(api.checkout(Some(key), body).await);
        StatusCode::SERVICE_UNAVAILABLE
    };
    serve(place, post(buy)).await;
}

#[tokio::test]
async fn units_that_were_sold_without_an_answer_are_reported() {
    let place = Place::new().await;
    use_api_that_loses_answers(&place).await;
    let (status, printed) = load(&place, "--rate 1 --for 3s").await;
    assert_eq!(status, Some(1), "{printed}");
    assert!(printed.contains("units sold           0\n"), "{printed}");
    assert!(printed.contains("sold without answer  3\n"), "{printed}");
    place.system.finish().await;
}

#[tokio::test]
async fn a_load_run_begins_only_if_the_api_answers_and_the_product_can_be_bought() {
    let place = Place::new().await;
    place.system.buy("the-only-purchase").await;
    let (status, printed) = load(&place, "--rate 2 --for 3s --sku CP-999").await;
    assert_eq!(status, Some(2), "{printed}");
    assert!(printed.contains("there is no product CP-999"), "{printed}");
    let outputs = place.system.cloud.outputs.clone();
    let elsewhere = format!("{}/elsewhere", outputs.sales_api_url);
    place.write(&Outputs { sales_api_url: elsewhere, ..outputs });
    let (status, printed) = load(&place, "--rate 2 --for 3s").await;
    assert_eq!(status, Some(2), "{printed}");
    assert!(printed.contains("is the URL right?"), "{printed}");
    drop(listen(&place).await);
    let (status, printed) = load(&place, "--rate 2 --for 3s").await;
    assert_eq!(status, Some(2), "{printed}");
    assert!(!printed.contains("units sold"), "{printed}");
    place.system.finish().await;
}

#[tokio::test]
async fn a_load_run_on_a_deployment_elsewhere_must_be_asked_for() {
    let place = Place::new().await;
    place.system.buy("the-only-purchase").await;
    let sales_api_url = "https://sales.example".to_owned();
    place.write(&Outputs { sales_api_url, ..place.system.cloud.outputs.clone() });
    let (status, printed) = load(&place, "--rate 2 --for 3s").await;
    assert_eq!(status, Some(2), "{printed}");
    assert!(printed.contains("--sells-real-goods"), "{printed}");
    place.system.finish().await;
}
