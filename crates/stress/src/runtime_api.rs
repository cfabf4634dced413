//! The Lambda Runtime API, as far as one process of a function needs it.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use anyhow::{Context, Result};
use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::IntoResponse,
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::Value;
use tokio::{
    net::TcpListener,
    sync::{Mutex, mpsc},
    task::JoinSet,
};
use uuid::Uuid;

/// What `system.json` gives a warehouse function.
const TIMEOUT: Duration = Duration::from_secs(3);

/// What a function makes of an event.
#[derive(Debug)]
pub(super) enum Outcome {
    Answered(Value),
    /// The name of the error.
    Failed(String),
}

/// Hands events to one process, one at a time. Dropped, it serves no more.
pub(super) struct RuntimeApi {
    /// `127.0.0.1:port`
    pub address: String,
    events: mpsc::Sender<Value>,
    outcomes: mpsc::Receiver<Outcome>,
    _serving: JoinSet<()>,
}

struct Desk {
    events: Mutex<mpsc::Receiver<Value>>,
    outcomes: mpsc::Sender<Outcome>,
}

impl RuntimeApi {
    pub async fn open() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.context("no port is free")?;
        let address = listener.local_addr()?.to_string();
        let (events, to_process) = mpsc::channel(1);
        let (from_process, outcomes) = mpsc::channel(1);
        let desk = Arc::new(Desk { events: Mutex::new(to_process), outcomes: from_process });
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            // Serving ends only by being aborted.
            let _ended = axum::serve(listener, app(desk)).await;
        });
        Ok(Self { address, events, outcomes, _serving: serving })
    }

    /// What the process makes of an event.
    pub async fn exchange(&mut self, event: Value) -> Result<Outcome> {
        self.events.send(event).await?;
        self.outcomes.recv().await.context("the Runtime API is closed")
    }
}

fn app(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
        .with_state(desk)
}

async fn next(State(desk): State<Arc<Desk>>) -> Result<impl IntoResponse, StatusCode> {
    let event = desk.events.lock().await.recv().await.ok_or(StatusCode::GONE)?;
    let deadline = SystemTime::now() + TIMEOUT;
    let deadline = deadline.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_millis();
    let headers = [
        ("lambda-runtime-aws-request-id", Uuid::new_v4().to_string()),
        ("lambda-runtime-deadline-ms", deadline.to_string()),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:proof".to_owned()),
    ];
    Ok((headers, Json(event)))
}

async fn response(State(desk): State<Arc<Desk>>, body: Bytes) -> StatusCode {
    desk.take(serde_json::from_slice(&body).map(Outcome::Answered)).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Diagnostic {
    error_type: String,
}

async fn error(State(desk): State<Arc<Desk>>, body: Bytes) -> StatusCode {
    let failure = serde_json::from_slice::<Diagnostic>(&body);
    desk.take(failure.map(|failure| Outcome::Failed(failure.error_type))).await
}

impl Desk {
    /// A function says of no body what it is, and it is JSON all the same.
    async fn take(&self, outcome: serde_json::Result<Outcome>) -> StatusCode {
        let Ok(outcome) = outcome else { return StatusCode::BAD_REQUEST };
        // Nobody waits where the process is being killed.
        match self.outcomes.send(outcome).await {
            Ok(()) => StatusCode::ACCEPTED,
            Err(_) => StatusCode::GONE,
        }
    }
}
