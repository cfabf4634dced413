//! The part of the Lambda Runtime API that a function needs, for one process.

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

/// The timeout of functions with placement `vpc` in `system.json`.
const TIMEOUT: Duration = Duration::from_secs(3);

/// How a function handled an event.
#[derive(Debug)]
pub(super) enum Outcome {
    Returned(Value),
    /// The error name.
    Failed(String),
}

/// Gives events to one process, one at a time. Dropping this closes the port.
pub(super) struct RuntimeApi {
    /// `127.0.0.1:port`
    pub address: String,
    events: mpsc::Sender<Value>,
    outcomes: mpsc::Receiver<Outcome>,
    _serving: JoinSet<()>,
}

struct ApiState {
    events: Mutex<mpsc::Receiver<Value>>,
    outcomes: mpsc::Sender<Outcome>,
}

impl RuntimeApi {
    pub async fn open() -> Result<Self> {
        let listener =
            TcpListener::bind(("127.0.0.1", 0)).await.context("no port is free on 127.0.0.1")?;
        let address = listener.local_addr()?.to_string();
        let (events, to_process) = mpsc::channel(1);
        let (from_process, outcomes) = mpsc::channel(1);
        let state = Arc::new(ApiState { events: Mutex::new(to_process), outcomes: from_process });
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            // Ends only when the task is aborted.
            let _ = axum::serve(listener, app(state)).await;
        });
        Ok(Self { address, events, outcomes, _serving: serving })
    }

    /// Gives an event to the process and waits for the outcome.
    pub async fn exchange(&mut self, event: Value) -> Result<Outcome> {
        self.events.send(event).await?;
        self.outcomes.recv().await.context("the Runtime API is closed")
    }
}

fn app(state: Arc<ApiState>) -> Router {
    Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
        .with_state(state)
}

async fn next(State(state): State<Arc<ApiState>>) -> Result<impl IntoResponse, StatusCode> {
    let event = state.events.lock().await.recv().await.ok_or(StatusCode::GONE)?;
    let deadline = SystemTime::now() + TIMEOUT;
    let deadline = deadline.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_millis();
    let headers = [
        ("lambda-runtime-aws-request-id", Uuid::new_v4().to_string()),
        ("lambda-runtime-deadline-ms", deadline.to_string()),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:stress".to_owned()),
    ];
    Ok((headers, Json(event)))
}

async fn response(State(state): State<Arc<ApiState>>, body: Bytes) -> StatusCode {
    state.pass_on(serde_json::from_slice(&body).map(Outcome::Returned)).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Diagnostic {
    error_type: String,
}

async fn error(State(state): State<Arc<ApiState>>, body: Bytes) -> StatusCode {
    let failure = serde_json::from_slice::<Diagnostic>(&body);
    state.pass_on(failure.map(|failure| Outcome::Failed(failure.error_type))).await
}

impl ApiState {
    /// Parses the body itself: functions send JSON without a content type.
    async fn pass_on(&self, outcome: serde_json::Result<Outcome>) -> StatusCode {
        let Ok(outcome) = outcome else { return StatusCode::BAD_REQUEST };
        // Fails if the process is being killed and nobody waits for the outcome.
        match self.outcomes.send(outcome).await {
            Ok(()) => StatusCode::ACCEPTED,
            Err(_) => StatusCode::GONE,
        }
    }
}
