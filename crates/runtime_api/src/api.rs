//! The part of the Lambda Runtime API that one process of a function needs.

use std::{
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use anyhow::{Context, Result};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::IntoResponse,
    routing::{get, post},
    serve::ListenerExt,
};
use serde::Deserialize;
use tokio::{
    net::TcpListener,
    sync::{Mutex, mpsc, watch},
    task::JoinSet,
};
use uuid::Uuid;

/// The time that a process has for an event: the time-out of most functions in `system.json`.
const TIMEOUT: Duration = Duration::from_secs(3);

/// The result of one invocation.
#[derive(Debug)]
pub enum InvocationResult {
    /// The output, normally JSON.
    Output(Bytes),
    /// Name of the error.
    Failed(String),
}

/// Sends events to one process, one at a time. Stops serving when dropped.
pub struct RuntimeApi {
    /// `127.0.0.1:port`
    pub address: String,
    events: mpsc::Sender<Bytes>,
    results: mpsc::Receiver<InvocationResult>,
    polled: watch::Receiver<Option<Instant>>,
    _serving: JoinSet<()>,
}

struct ApiState {
    events: Mutex<mpsc::Receiver<Bytes>>,
    results: mpsc::Sender<InvocationResult>,
    polled: watch::Sender<Option<Instant>>,
}

impl RuntimeApi {
    /// Serves on a free port.
    pub async fn open() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.context("no port is free")?;
        let address = listener.local_addr()?.to_string();
        let (events, to_process) = mpsc::channel(1);
        let (from_process, results) = mpsc::channel(1);
        let (poll, polled) = watch::channel(None);
        let events_to_send = Mutex::new(to_process);
        let state = ApiState { events: events_to_send, results: from_process, polled: poll };
        let mut serving = JoinSet::new();
        serving.spawn(serve(listener, app(Arc::new(state))));
        Ok(Self { address, events, results, polled, _serving: serving })
    }

    /// Sends an event and waits for the result.
    pub async fn exchange(&mut self, event: Bytes) -> Result<InvocationResult> {
        self.events.send(event).await?;
        self.results.recv().await.context("the Runtime API is closed")
    }

    /// Waits until the process has asked for its first event, and returns when that was.
    pub async fn first_poll(&mut self) -> Result<Instant> {
        let polled = *self.polled.wait_for(Option::is_some).await?;
        polled.context("the Runtime API is closed")
    }
}

/// Without TCP_NODELAY, the kernel would hold back an answer until the process has acknowledged the one before.
async fn serve(listener: TcpListener, app: Router) {
    let listener = listener.tap_io(|connection| {
        // Fails only if the process has closed the connection.
        let _ = connection.set_nodelay(true);
    });
    // Serving ends only when it is aborted.
    let _ended = axum::serve(listener, app).await;
}

fn app(state: Arc<ApiState>) -> Router {
    Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
        .with_state(state)
}

async fn next(State(state): State<Arc<ApiState>>) -> Result<impl IntoResponse, StatusCode> {
    state.note_poll();
    let event = state.events.lock().await.recv().await.ok_or(StatusCode::GONE)?;
    let deadline = SystemTime::now() + TIMEOUT;
    let deadline = deadline.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_millis();
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("lambda-runtime-aws-request-id", Uuid::new_v4().to_string()),
        ("lambda-runtime-deadline-ms", deadline.to_string()),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:runtime-api".to_owned()),
    ];
    Ok((headers, event))
}

async fn response(State(state): State<Arc<ApiState>>, body: Bytes) -> StatusCode {
    state.store(InvocationResult::Output(body)).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Diagnostic {
    error_type: String,
}

async fn error(State(state): State<Arc<ApiState>>, body: Bytes) -> StatusCode {
    match serde_json::from_slice::<Diagnostic>(&body) {
        Ok(failure) => state.store(InvocationResult::Failed(failure.error_type)).await,
        Err(_) => StatusCode::BAD_REQUEST,
    }
}

impl ApiState {
    /// Keeps the moment of the first request only.
    fn note_poll(&self) {
        if self.polled.borrow().is_none() {
            self.polled.send_replace(Some(Instant::now()));
        }
    }

    /// Stores a result for the caller.
    async fn store(&self, result: InvocationResult) -> StatusCode {
        // Nobody waits any more if the process is being killed.
        match self.results.send(result).await {
            Ok(()) => StatusCode::ACCEPTED,
            Err(_) => StatusCode::GONE,
        }
    }
}
