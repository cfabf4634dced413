//! The part of the Lambda Runtime API that one process of a function needs.

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

/// The time-out of these functions in `system.json`.
const TIMEOUT: Duration = Duration::from_secs(3);

/// The result of one invocation.
#[derive(Debug)]
pub(super) enum InvocationResult {
    Output(Value),
    /// Name of the error.
    Failed(String),
}

/// Sends events to one process, one at a time. Stops serving when dropped.
pub(super) struct RuntimeApi {
    /// `127.0.0.1:port`
    pub address: String,
    events: mpsc::Sender<Value>,
    results: mpsc::Receiver<InvocationResult>,
    _serving: JoinSet<()>,
}

struct ApiState {
    events: Mutex<mpsc::Receiver<Value>>,
    results: mpsc::Sender<InvocationResult>,
}

impl RuntimeApi {
    pub async fn open() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.context("no port is free")?;
        let address = listener.local_addr()?.to_string();
        let (events, to_process) = mpsc::channel(1);
        let (from_process, results) = mpsc::channel(1);
        let state = Arc::new(ApiState { events: Mutex::new(to_process), results: from_process });
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            // Serving ends only when it is aborted.
            let _ended = axum::serve(listener, app(state)).await;
        });
        Ok(Self { address, events, results, _serving: serving })
    }

    /// Sends an event and waits for the result.
    pub async fn exchange(&mut self, event: Value) -> Result<InvocationResult> {
        self.events.send(event).await?;
        self.results.recv().await.context("the Runtime API is closed")
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
    state.store(serde_json::from_slice(&body).map(InvocationResult::Output)).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Diagnostic {
    error_type: String,
}

async fn error(State(state): State<Arc<ApiState>>, body: Bytes) -> StatusCode {
    let failure = serde_json::from_slice::<Diagnostic>(&body);
    state.store(failure.map(|failure| InvocationResult::Failed(failure.error_type))).await
}

impl ApiState {
    /// Stores a result for the caller. Functions send JSON without a content type.
    async fn store(&self, result: serde_json::Result<InvocationResult>) -> StatusCode {
        let Ok(result) = result else { return StatusCode::BAD_REQUEST };
        // Nobody waits any more if the process is being killed.
        match self.results.send(result).await {
            Ok(()) => StatusCode::ACCEPTED,
            Err(_) => StatusCode::GONE,
        }
    }
}
