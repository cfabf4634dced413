//! Orders that the factory refuses, or that are never sent: they are reported at once and not sent again.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, http::StatusCode, http::header::LOCATION, routing::post};
use factory_simulator::Fault;
use local_cloud::Options;

use system_testkit::{Check, FIRST_RESTOCK, Orders, QUICK, System, entered_states, task_errors};
use testkit::database::fresh_database;

/// The restock failed with this error, without a retry, and the failure was reported.
async fn assert_reported_at_once(system: &System, error: &str) {
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "FAILED");
    let history = system.history(&system.restocks(), FIRST_RESTOCK).await;
    assert_eq!(task_errors(&history), [error]);
    assert!(!entered_states(&history).contains_key("AwaitCompletion"), "{history:?}");
    let subject = format!("restock CP-502101_1 failed: {error}");
    system.assert_reported(error, 2, &subject).await;
    let totals = system.totals().await;
    assert_eq!((totals.failed_restocks, totals.open_restocks, totals.production_orders), (1, 0, 1));
}

#[tokio::test]
async fn an_order_answered_400_is_reported_at_once_and_not_sent_again() {
    let system = System::with_stock(0).await;
    system.set_fault(Fault::Answers400NotTaken, Orders::All).await;
    system.buy_sold_out().await;
    assert_reported_at_once(&system, "Factory.Refused").await;
    assert_eq!((system.factory().requests(), system.factory().orders().len()), (1, 0));
    system.finish().await;
}

/// A factory that answers every order with one status and a redirect location. It counts the requests.
struct FixedAnswerFactory {
    url: String,
    orders: Arc<AtomicUsize>,
    redirected: Arc<AtomicUsize>,
}

impl FixedAnswerFactory {
    async fn answering(status: StatusCode) -> Self {
        let (orders, redirected) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let count = |counter: &Arc<AtomicUsize>| {
            let counter = Arc::clone(counter);
            move || {
                counter.fetch_add(1, Ordering::Relaxed);
                async move { (status, [(LOCATION, "/elsewhere")]) }
            }
        };
        let app = Router::new()
            .route("/api/manufactures", post(count(&orders)))
            .fallback(count(&redirected));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, orders, redirected }
    }

    fn counts(&self) -> (usize, usize) {
        (self.orders.load(Ordering::Relaxed), self.redirected.load(Ordering::Relaxed))
    }
}

async fn system_with_factory(url: &str) -> System {
    let options = Options {
        factory_url: Some(url.parse().expect("a URL")),
        factory_stage: Duration::ZERO,
        database_url: Some(fresh_database().await),
        stock: Some(0),
        settings: Some(QUICK),
        ..Options::default()
    };
    System::start(options).await
}

async fn assert_refused_with(status: StatusCode) {
    let factory = FixedAnswerFactory::answering(status).await;
    let system = system_with_factory(&factory.url).await;
    system.buy_sold_out().await;
    assert_reported_at_once(&system, "Factory.Refused").await;
    assert_eq!(factory.counts(), (1, 0), "one order, and the redirect was not followed");
    let because = "this factory refuses every order";
    system.finish_without(Check::SweepRestocks, because).await;
}

#[tokio::test]
async fn a_temporary_redirect_is_not_followed_and_is_reported_at_once() {
    assert_refused_with(StatusCode::TEMPORARY_REDIRECT).await;
}

#[tokio::test]
async fn a_found_redirect_is_not_followed_and_is_reported_at_once() {
    assert_refused_with(StatusCode::FOUND).await;
}

#[tokio::test]
async fn an_order_answered_410_is_reported_at_once_and_not_sent_again() {
    assert_refused_with(StatusCode::GONE).await;
}

/// A step that cannot read its settings has not acted: the factory cannot have the order, so nothing is awaited.
#[tokio::test]
async fn an_order_of_a_misconfigured_function_is_reported_at_once_and_not_awaited() {
    let system = System::with_stock(0).await;
    system.configure("place-order", "CALLBACK_URL", "garbage").await;
    system.buy_sold_out().await;
    assert_reported_at_once(&system, "Function.Misconfigured").await;
    let because = "no order reaches a factory";
    system.finish_without(Check::SweepRestocks, because).await;
}
