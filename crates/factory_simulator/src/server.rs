//! The factory as its customers see it: `POST /api/manufactures`.

use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use axum::http::header::{CONNECTION, CONTENT_TYPE, HeaderValue};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::json;
use tokio::time::sleep;
use uuid::Uuid;

use super::fault_effects::{Delivery, Plan, Refusal, Reply};
use super::listener::Cord;
use super::order::Order;
use super::worker::{Floor, Receipt};
use super::{Event, Misbehaviour, lock};

/// The factory behind its door.
pub(super) struct Plant {
    floor: Floor,
    misbehaviour: Mutex<Option<Misbehaviour>>,
    requests: AtomicUsize,
}

impl Plant {
    pub(super) fn new(floor: Floor) -> Self {
        Self { floor, misbehaviour: Mutex::default(), requests: AtomicUsize::new(0) }
    }

    pub(super) fn floor(&self) -> &Floor {
        &self.floor
    }

    pub(super) fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }

    pub(super) fn misbehaviour(&self) -> Option<Misbehaviour> {
        *lock(&self.misbehaviour)
    }

    pub(super) fn set_misbehaviour(&self, misbehaviour: Option<Misbehaviour>) {
        *lock(&self.misbehaviour) = misbehaviour;
    }

    /// What is to be done with the order that has just come; counts it against the misbehaviour.
    fn plan(&self) -> Plan {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let Some(fault) = self.next_fault() else {
            return Plan::FAITHFUL;
        };
        self.floor.book().announce(Event::Misbehaved { fault });
        Plan::of(fault)
    }

    fn next_fault(&self) -> Option<super::Fault> {
        let mut misbehaviour = lock(&self.misbehaviour);
        let current = misbehaviour.take()?;
        *misbehaviour = current.after_one();
        Some(current.fault())
    }
}

/// Answers with `Connection: close`, always: a connection that a client keeps would reach the factory
/// after it has begun to refuse connections.
pub(super) fn app(plant: Arc<Plant>) -> Router {
    Router::new()
        .route("/api/manufactures", post(manufacture))
        .with_state(plant)
        .layer(map_response(closing))
}

async fn closing(mut response: Response) -> Response {
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(CONNECTION, close);
    response
}

async fn manufacture(
    State(plant): State<Arc<Plant>>,
    ConnectInfo(cord): ConnectInfo<Cord>,
    body: Bytes,
) -> Response {
    let Ok(order) = Order::parse(body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match plant.plan() {
        Plan::NotTaken(refusal) => refuse(refusal, &cord).await,
        Plan::Taken(delivery, reply) => take(&plant, &cord, order, delivery, reply).await,
    }
}

async fn take(
    plant: &Plant,
    cord: &Cord,
    order: Order,
    delivery: Delivery,
    reply: Reply,
) -> Response {
    let Receipt { id, over } = plant.floor.take(order.clone(), delivery).await;
    match reply {
        Reply::Created => {}
        Reply::CreatedAfter(delay) => sleep(delay).await,
        Reply::CreatedAfterCallback => {
            // An error is a callback that a crash has made impossible: no reason not to answer.
            let _called_back = over.await;
        }
        Reply::Unreadable => return unreadable(),
        Reply::TooMuch => return too_much(id),
        Reply::AsIfNotTaken(refusal) => return refuse(refusal, cord).await,
    }
    created(id, &order)
}

async fn refuse(refusal: Refusal, cord: &Cord) -> Response {
    match refusal {
        Refusal::Status(status) => return status.into_response(),
        Refusal::Drop => cord.pull(),
        Refusal::Hang => {}
    }
    // Ends when the connection does: then the server drops this future.
    pending().await
}

fn created(id: Uuid, order: &Order) -> Response {
    // "reqestor" is how the real one spells it.
    let answer = json!({"data": {"id": id, "reqestor": order.requester(), "data": order.body()}});
    (StatusCode::CREATED, Json(answer)).into_response()
}

fn unreadable() -> Response {
    let json = [(CONTENT_TYPE, "application/json")];
    (StatusCode::CREATED, json, r#"{"data":{"id":"#).into_response()
}

fn too_much(id: Uuid) -> Response {
    let json = [(CONTENT_TYPE, "application/json")];
    let answer = format!("{}{}", json!({"data": {"id": id}}), " ".repeat(1 << 20));
    (StatusCode::CREATED, json, answer).into_response()
}
