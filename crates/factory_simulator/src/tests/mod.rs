//! A client, a server for its callbacks, and the factory between them, over real HTTP.

mod admin;
mod answers;
mod callbacks;
mod listener;
mod names;
mod normal;

use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::listener::HttpListener;
use super::lock::lock;
use super::{CallbackAnswer, Factory, Fault, OrderRecord, Progress, Settings};

type TestResult = anyhow::Result<()>;

const STAGE: Duration = Duration::from_millis(10);

/// The longest wait for anything in these tests.
const DEADLINE: Duration = Duration::from_secs(10);

async fn within<T>(future: impl Future<Output = T>) -> anyhow::Result<T> {
    timeout(DEADLINE, future).await.context("it did not happen in time")
}

/// The callbacks received, and the status with which they are answered.
struct Inbox {
    status: Mutex<StatusCode>,
    bodies: mpsc::UnboundedSender<String>,
}

/// A factory, a client that orders, and a server that receives the callbacks.
struct Fixture {
    factory: Factory,
    client: reqwest::Client,
    callback_server: HttpListener,
    inbox: Arc<Inbox>,
    callbacks: mpsc::UnboundedReceiver<String>,
}

impl Fixture {
    async fn new() -> anyhow::Result<Self> {
        Self::with_stage(STAGE).await
    }

    async fn with_fault(fault: Fault) -> anyhow::Result<Self> {
        let fixture = Self::new().await?;
        fixture.factory.misbehave(fault).await?;
        Ok(fixture)
    }

    async fn with_stage(stage: Duration) -> anyhow::Result<Self> {
        let (bodies, callbacks) = mpsc::unbounded_channel();
        let inbox = Arc::new(Inbox { status: Mutex::new(StatusCode::ACCEPTED), bodies });
        let app = Router::new().route("/done", post(called_back)).with_state(Arc::clone(&inbox));
        Ok(Self {
            factory: Factory::start(Settings { stage, ..Settings::default() }).await?,
            client: reqwest::Client::builder().no_proxy().build()?,
            callback_server: HttpListener::open(0, app).await?,
            inbox,
            callbacks,
        })
    }

    fn order_body(&self) -> Value {
        json!({
            "MessageGroupId": "stock-arrival-group",
            "MessageAttributeProductId": "CP-502101",
            "MessageAttributeProductCnt": 10,
            "MessageAttributeFactoryId": "FF-500293",
            "MessageAttributeRequester": "test",
            "CallbackUrl": format!("{}/done", self.callback_server.url()),
        })
    }

    fn request(&self, body: impl Into<reqwest::Body>) -> reqwest::RequestBuilder {
        let url = format!("{}/api/manufactures", self.factory.url());
        self.client.post(url).timeout(DEADLINE).body(body)
    }

    async fn order(&self) -> reqwest::Result<reqwest::Response> {
        self.request(self.order_body().to_string()).send().await
    }

    async fn next_callback(&mut self) -> anyhow::Result<Value> {
        let body =
            within(self.callbacks.recv()).await?.context("the callback server has stopped")?;
        Ok(serde_json::from_str(&body)?)
    }

    /// Waits until every order is called back, dropped or lost, and returns the orders.
    async fn all_final(&self) -> anyhow::Result<Vec<OrderRecord>> {
        within(
            self.factory.wait_until(|orders| orders.iter().all(|order| order.progress.is_final())),
        )
        .await
    }

    /// Clears the fault, sends one more order and waits for its callback. Every callback that was due earlier has been
    /// made by then.
    async fn another_order_is_made(&mut self) -> TestResult {
        self.factory.behave().await?;
        self.order().await?.error_for_status()?;
        self.next_callback().await?;
        self.all_final().await?;
        Ok(())
    }

    /// Sends an order and returns as soon as the factory has received it, with the pending answer.
    async fn send_order(&self) -> anyhow::Result<JoinHandle<reqwest::Result<reqwest::Response>>> {
        let mut events = self.factory.events();
        let answer = tokio::spawn(self.request(self.order_body().to_string()).send());
        within(events.recv()).await??;
        Ok(answer)
    }
}

async fn called_back(State(inbox): State<Arc<Inbox>>, body: String) -> StatusCode {
    // Fails after the end of the test.
    let _ = inbox.bodies.send(body);
    *lock(&inbox.status)
}
