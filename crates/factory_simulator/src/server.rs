//! The factory's public interface: `POST /api/manufactures`.

use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::header::{CONNECTION, CONTENT_TYPE, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::json;
use tokio::time::sleep;
use uuid::Uuid;

use super::active_fault::ActiveFault;
use super::event::Event;
use super::fault::Fault;
use super::fault_effects::{Answer, Callback, Effect, Failure};
use super::listener::ConnectionHandle;
use super::lock::lock;
use super::order::Order;
use super::worker::{TakenOrder, Worker};

/// Receives orders and applies the active fault to each.
pub(super) struct OrderService {
    worker: Worker,
    fault: Mutex<Option<ActiveFault>>,
    requests: AtomicUsize,
    required_header: Option<(String, String)>,
}

impl OrderService {
    pub(super) fn new(worker: Worker, required_header: Option<(String, String)>) -> Self {
        let (fault, requests) = (Mutex::default(), AtomicUsize::new(0));
        Self { worker, fault, requests, required_header }
    }

    fn admits(&self, headers: &HeaderMap) -> bool {
        let Some((name, value)) = &self.required_header else { return true };
        headers.get(name).is_some_and(|given| given.as_bytes() == value.as_bytes())
    }

    pub(super) fn worker(&self) -> &Worker {
        &self.worker
    }

    pub(super) fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }

    pub(super) fn active_fault(&self) -> Option<ActiveFault> {
        *lock(&self.fault)
    }

    pub(super) fn set_fault(&self, fault: Option<ActiveFault>) {
        *lock(&self.fault) = fault;
    }

    /// What to do with the order that has just arrived. Counts the order against the active fault.
    fn next_effect(&self) -> Effect {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let Some(fault) = self.next_fault() else {
            return Effect::NONE;
        };
        self.worker.log().publish(Event::Misbehaved { fault });
        Effect::of(fault)
    }

    fn next_fault(&self) -> Option<Fault> {
        let mut active = lock(&self.fault);
        let current = active.take()?;
        *active = current.after_one();
        Some(current.fault())
    }
}

/// The application. Every answer has `Connection: close`: a client with an open connection would still reach the factory
/// after it has begun to refuse connections.
pub(super) fn app(service: Arc<OrderService>) -> Router {
    Router::new()
        .route("/api/manufactures", post(manufacture))
        .with_state(service)
        .layer(map_response(close_connection))
}

async fn close_connection(mut response: Response) -> Response {
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(CONNECTION, close);
    response
}

async fn manufacture(
    State(service): State<Arc<OrderService>>,
    ConnectInfo(connection): ConnectInfo<ConnectionHandle>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !service.admits(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let Ok(order) = Order::parse(body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match service.next_effect() {
        Effect::NotTaken(failure) => fail(failure, &connection).await,
        Effect::Taken(callback, answer) => {
            take(&service, &connection, order, callback, answer).await
        }
    }
}

async fn take(
    service: &OrderService,
    connection: &ConnectionHandle,
    order: Order,
    callback: Callback,
    answer: Answer,
) -> Response {
    let TakenOrder { id, done } = service.worker.take(order.clone(), callback).await;
    match answer {
        Answer::Created => {}
        Answer::CreatedAfter(delay) => sleep(delay).await,
        Answer::CreatedAfterCallback => {
            // An error means that a crash has lost the callback; the order is answered all the same.
            let _ = done.await;
        }
        Answer::Truncated => return truncated(),
        Answer::Oversized => return oversized(id),
        Answer::Failure(failure) => return fail(failure, connection).await,
    }
    created(id, &order)
}

async fn fail(failure: Failure, connection: &ConnectionHandle) -> Response {
    match failure {
        Failure::Status(status) => return status.into_response(),
        Failure::DropConnection => connection.drop_connection(),
        Failure::Hang => {}
    }
    // Never resolves: the server drops this future when the connection ends.
    pending().await
}

fn created(id: Uuid, order: &Order) -> Response {
    // The real factory spells it "reqestor".
    let answer = json!({"data": {"id": id, "reqestor": order.requester(), "data": order.body()}});
    (StatusCode::CREATED, Json(answer)).into_response()
}

fn truncated() -> Response {
    let json = [(CONTENT_TYPE, "application/json")];
    (StatusCode::CREATED, json, r#"{"data":{"id":"#).into_response()
}

fn oversized(id: Uuid) -> Response {
    let json = [(CONTENT_TYPE, "application/json")];
    let answer = format!("{}{}", json!({"data": {"id": id}}), " ".repeat(1 << 20));
    (StatusCode::CREATED, json, answer).into_response()
}
