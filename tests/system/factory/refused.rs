//! Orders that the factory does not want: reported at once.

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

use system_testkit::{
    cloud::QUICK, cloud::System, observe::FIRST, observe::entered, observe::task_errors,
};
use testkit::database::fresh_database;

/// It failed with that name, was not repeated, and operations know.
async fn is_reported_at_once(system: &System) {
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "FAILED");
    let history = system.history(&system.restocks(), FIRST).await;
    assert_eq!(task_errors(&history), ["Factory.Refused"]);
    assert!(!entered(&history).contains_key("AwaitCompletion"), "{history:?}");
    let subject = "restock CP-502101_1 failed: Factory.Refused";
    system.operations_are_told("Factory.Refused", 2, subject).await;
    let totals = system.totals().await;
    assert_eq!((totals.failed_restocks, totals.open_restocks, totals.production_orders), (1, 0, 1));
}

#[tokio::test]
async fn an_order_answered_400_is_reported_at_once_and_not_sent_again() {
    let system = System::with_stock(0).await;
    system.factory_misbehaves(Fault::Answers400NotTaken).await;
    system.find_sold_out().await;
    is_reported_at_once(&system).await;
    assert_eq!((system.factory().requests(), system.factory().orders().len()), (1, 0));
    system.finish().await;
}

/// A factory that always answers the same, and may name another place to go to.
struct Stubborn {
    url: String,
    asked: Arc<AtomicUsize>,
    followed: Arc<AtomicUsize>,
}

impl Stubborn {
    async fn answering(status: StatusCode) -> Self {
        let (asked, followed) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
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
            .route("/api/manufactures", post(count(&asked)))
            .fallback(count(&followed));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, asked, followed }
    }

    fn counts(&self) -> (usize, usize) {
        (self.asked.load(Ordering::Relaxed), self.followed.load(Ordering::Relaxed))
    }
}

async fn is_refused_by_an_answer_of(status: StatusCode) {
    let factory = Stubborn::answering(status).await;
    let options = Options {
        factory_url: Some(factory.url.clone()),
        factory_stage: Duration::ZERO,
        database_url: Some(fresh_database().await),
        stock: Some(0),
        settings: Some(QUICK),
        ..Options::default()
    };
    let system = System::start(options).await;
    system.find_sold_out().await;
    is_reported_at_once(&system).await;
    assert_eq!(factory.counts(), (1, 0), "asked once, and nobody went elsewhere");
    // Not `finish`: such a factory refuses whatever the sweep asks for.
    system.stop().await;
}

#[tokio::test]
async fn a_redirect_that_keeps_the_method_is_not_followed_and_is_reported_at_once() {
    is_refused_by_an_answer_of(StatusCode::TEMPORARY_REDIRECT).await;
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_is_reported_at_once() {
    is_refused_by_an_answer_of(StatusCode::FOUND).await;
}

#[tokio::test]
async fn a_factory_that_is_not_there_any_more_is_reported_at_once() {
    is_refused_by_an_answer_of(StatusCode::GONE).await;
}
