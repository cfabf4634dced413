//! The admin interface, which the real factory does not have: shows the orders and switches faults.
//!
//! | call | effect |
//! | --- | --- |
//! | `GET /simulator/orders` | returns every accepted order, as [`OrderRecord`] |
//! | `GET /simulator/faults` | returns the names of all faults |
//! | `GET /simulator/fault` | returns the active fault, or `null` |
//! | `PUT /simulator/fault` `{"fault":"…","orders":N or null}` | activates a fault; 400 with the reason if invalid |
//! | `DELETE /simulator/fault` | deactivates the fault |
//! | `POST /simulator/release` | makes the callbacks that are held |
//! | `POST /simulator/crash` | loses all work |

use std::io;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};

use super::active_fault::ActiveFault;
use super::fault::Fault;
use super::fault_state::FaultState;
use super::order_record::OrderRecord;

pub(super) fn app(state: Arc<FaultState>) -> Router {
    let fault = get(active_fault).put(set_fault).delete(clear_fault);
    Router::new()
        .route("/simulator/orders", get(orders))
        .route("/simulator/faults", get(faults))
        .route("/simulator/fault", fault)
        .route("/simulator/release", post(release))
        .route("/simulator/crash", post(crash))
        .with_state(state)
}

async fn orders(State(state): State<Arc<FaultState>>) -> Json<Vec<OrderRecord>> {
    Json(state.service().worker().log().orders())
}

async fn faults() -> Json<Vec<Fault>> {
    Json(Fault::ALL.to_vec())
}

async fn active_fault(State(state): State<Arc<FaultState>>) -> Json<Option<ActiveFault>> {
    Json(state.service().active_fault())
}

/// Parses the body itself, because `curl -d` does not send a JSON content type.
async fn set_fault(State(state): State<Arc<FaultState>>, body: Bytes) -> Response {
    match serde_json::from_slice(&body) {
        Ok(fault) => respond(state.set(Some(fault)).await, Json(fault)),
        Err(error) => (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    }
}

async fn clear_fault(State(state): State<Arc<FaultState>>) -> Response {
    respond(state.set(None).await, StatusCode::NO_CONTENT)
}

async fn release(State(state): State<Arc<FaultState>>) -> StatusCode {
    state.service().worker().release();
    StatusCode::NO_CONTENT
}

async fn crash(State(state): State<Arc<FaultState>>) -> StatusCode {
    state.service().worker().crash().await;
    StatusCode::NO_CONTENT
}

fn respond(result: io::Result<()>, success: impl IntoResponse) -> Response {
    match result {
        Ok(()) => success.into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")).into_response(),
    }
}
