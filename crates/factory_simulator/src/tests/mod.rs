//! A customer, a place to be called back at, and the factory between them, over real HTTP.

mod admin;
mod answers;
mod callbacks;
mod listener;
mod names;
mod work;

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

use super::{CallbackAnswer, Door, Factory, Fault, Manufacture, Progress, Settings, lock};

type Tested = anyhow::Result<()>;

const STAGE: Duration = Duration::from_millis(10);

/// Nothing here takes longer, or it does not happen at all.
const DEADLINE: Duration = Duration::from_secs(10);

async fn within<T>(future: impl Future<Output = T>) -> anyhow::Result<T> {
    timeout(DEADLINE, future).await.context("it did not happen in time")
}

struct Inbox {
    status: Mutex<StatusCode>,
    bodies: mpsc::UnboundedSender<String>,
}

/// The factory, its customer, and where the customer is called back.
struct Town {
    factory: Factory,
    customer: reqwest::Client,
    shop: Door,
    inbox: Arc<Inbox>,
    callbacks: mpsc::UnboundedReceiver<String>,
}

impl Town {
    async fn new() -> anyhow::Result<Self> {
        Self::working_at(STAGE).await
    }

    async fn that(fault: Fault) -> anyhow::Result<Self> {
        let town = Self::new().await?;
        town.factory.misbehave(fault).await?;
        Ok(town)
    }

    async fn working_at(stage: Duration) -> anyhow::Result<Self> {
        let (bodies, callbacks) = mpsc::unbounded_channel();
        let inbox = Arc::new(Inbox { status: Mutex::new(StatusCode::ACCEPTED), bodies });
        let app = Router::new().route("/done", post(called_back)).with_state(Arc::clone(&inbox));
        Ok(Self {
            factory: Factory::start(Settings { stage, ..Settings::default() }).await?,
            customer: reqwest::Client::builder().no_proxy().build()?,
            shop: Door::open(0, app).await?,
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
            "CallbackUrl": format!("{}/done", self.shop.url()),
        })
    }

    fn request(&self, body: impl Into<reqwest::Body>) -> reqwest::RequestBuilder {
        let url = format!("{}/api/manufactures", self.factory.url());
        self.customer.post(url).timeout(DEADLINE).body(body)
    }

    async fn order(&self) -> reqwest::Result<reqwest::Response> {
        self.request(self.order_body().to_string()).send().await
    }

    async fn next_callback(&mut self) -> anyhow::Result<Value> {
        let body = within(self.callbacks.recv()).await?.context("the shop is closed")?;
        Ok(serde_json::from_str(&body)?)
    }

    /// Waits until every order is called back, dropped or lost.
    async fn all_over(&self) -> anyhow::Result<Vec<Manufacture>> {
        within(self.factory.until(|orders| orders.iter().all(|order| order.progress.is_over())))
            .await
    }

    /// Orders once more, of a factory that behaves, and waits for that callback: until then anything
    /// that was due before it has happened.
    async fn another_is_made(&mut self) -> Tested {
        self.factory.behave().await?;
        self.order().await?.error_for_status()?;
        self.next_callback().await?;
        self.all_over().await?;
        Ok(())
    }

    /// Sends an order and does not wait for its answer, only until the factory has it in hand.
    async fn order_in_hand(
        &self,
    ) -> anyhow::Result<JoinHandle<reqwest::Result<reqwest::Response>>> {
        let mut events = self.factory.events();
        let answer = tokio::spawn(self.request(self.order_body().to_string()).send());
        within(events.recv()).await??;
        Ok(answer)
    }
}

async fn called_back(State(inbox): State<Arc<Inbox>>, body: String) -> StatusCode {
    // A test that is over no longer listens.
    let _heard = inbox.bodies.send(body);
    *lock(&inbox.status)
}
