//! What the real factory does not have: a way to look into it and to make it misbehave.
//!
//! | call | does |
//! | --- | --- |
//! | `GET /stand-in/orders` | every order that was taken, as [`Manufacture`] |
//! | `GET /stand-in/faults` | the names of all faults |
//! | `GET /stand-in/fault` | how it misbehaves now, or `null` |
//! | `PUT /stand-in/fault` `{"fault":"…","orders":N or null}` | misbehaves; 400 says what is wrong |
//! | `DELETE /stand-in/fault` | behaves again |
//! | `POST /stand-in/release` | makes the callbacks that were held back |
//! | `POST /stand-in/crash` | loses all work |

use std::io;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};

use super::fault_state::Mood;
use super::{Fault, Manufacture, Misbehaviour};

pub(super) fn app(mood: Arc<Mood>) -> Router {
    let fault = get(misbehaviour).put(misbehave).delete(behave);
    Router::new()
        .route("/stand-in/orders", get(orders))
        .route("/stand-in/faults", get(faults))
        .route("/stand-in/fault", fault)
        .route("/stand-in/release", post(release))
        .route("/stand-in/crash", post(crash))
        .with_state(mood)
}

async fn orders(State(mood): State<Arc<Mood>>) -> Json<Vec<Manufacture>> {
    Json(mood.plant().floor().book().orders())
}

async fn faults() -> Json<Vec<Fault>> {
    Json(Fault::ALL.to_vec())
}

async fn misbehaviour(State(mood): State<Arc<Mood>>) -> Json<Option<Misbehaviour>> {
    Json(mood.plant().misbehaviour())
}

/// Reads the body itself, because `curl -d` does not say that it sends JSON.
async fn misbehave(State(mood): State<Arc<Mood>>, body: Bytes) -> Response {
    match serde_json::from_slice(&body) {
        Ok(misbehaviour) => {
            let turned = mood.turn(Some(misbehaviour)).await;
            done(turned, Json(misbehaviour))
        }
        Err(error) => (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    }
}

async fn behave(State(mood): State<Arc<Mood>>) -> Response {
    done(mood.turn(None).await, StatusCode::NO_CONTENT)
}

async fn release(State(mood): State<Arc<Mood>>) -> StatusCode {
    mood.plant().floor().release();
    StatusCode::NO_CONTENT
}

async fn crash(State(mood): State<Arc<Mood>>) -> StatusCode {
    mood.plant().floor().crash().await;
    StatusCode::NO_CONTENT
}

fn done(turned: io::Result<()>, answer: impl IntoResponse) -> Response {
    match turned {
        Ok(()) => answer.into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")).into_response(),
    }
}
