//! The HTTP interface of the page.
//!
//! | call | effect |
//! | --- | --- |
//! | `GET /`, `GET /assets/…` | the page |
//! | `GET /events` | the state as server-sent events, whenever it changes |
//! | `GET /machines/MACHINE/wide`, `…/narrow` | the drawing of a state machine, as SVG |
//! | `GET /faults` | the names of the faults of the factory simulator |
//! | `GET /ledger/SKU` | the history of a product |
//! | `POST /buy`, `/fault`, `/crash`, `/redrive` | what the buttons do |
//!
//! An error is `{"error":"…"}` with status 400.

use std::{convert::Infallible, net::SocketAddr, sync::Arc};

use anyhow::{Error, Result};
use axum::{
    Json, Router,
    extract::{Path, State},
    http::{StatusCode, header},
    middleware,
    response::{IntoResponse, Response, Sse, sse::Event},
    routing::{get, post},
};
use factory_simulator::Fault;
use futures::{Stream, StreamExt, stream};
use operations::text::error_line;
use pictures::Form;
use serde::Serialize;
use serde_json::json;

use crate::{
    actions, assets,
    body::Body,
    executions,
    guard::{self, Hosts},
    source::Source,
    state::State as ConsoleState,
};

pub(crate) fn app(source: Arc<Source>, address: SocketAddr) -> Router {
    Router::new()
        .route("/", get(assets::page))
        .route("/assets/{name}", get(assets::asset))
        .route("/events", get(events))
        .route("/machines/{machine}/{form}", get(machine))
        .route("/faults", get(faults))
        .route("/ledger/{sku}", get(ledger))
        .route("/buy", post(buy))
        .route("/fault", post(fault))
        .route("/crash", post(crash))
        .route("/redrive", post(redrive))
        .with_state(source)
        .layer(middleware::from_fn_with_state(Hosts::of(address), guard::check))
}

async fn events(
    State(source): State<Arc<Source>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let states = source.watch().await;
    let events = stream::unfold((states, None), async |(mut states, shown)| {
        let has_news = |state: &Option<Arc<ConsoleState>>| *state != shown;
        let state = states.wait_for(has_news).await.ok()?.clone();
        Some((state.clone(), (states, state)))
    });
    Sse::new(events.map(|state| {
        let data = serde_json::to_string(&state).unwrap_or_default();
        Ok(Event::default().event("state").data(data))
    }))
}

async fn machine(
    State(source): State<Arc<Source>>,
    Path((machine, form)): Path<(String, String)>,
) -> Response {
    let form = if form == "narrow" { Form::Narrow } else { Form::Wide };
    match executions::drawing(&source.deployment.outputs, &machine, form).await {
        Ok(svg) => ([(header::CONTENT_TYPE, "image/svg+xml")], svg).into_response(),
        Err(error) => refusal(&error),
    }
}

async fn faults() -> Json<Vec<String>> {
    Json(Fault::ALL.iter().map(ToString::to_string).collect())
}

async fn ledger(State(source): State<Arc<Source>>, Path(sku): Path<String>) -> Response {
    answer(actions::ledger(&source, &sku).await)
}

async fn buy(State(source): State<Arc<Source>>, Body(body): Body<actions::Buy>) -> Response {
    answer(actions::buy(&source, body).await)
}

async fn fault(State(source): State<Arc<Source>>, Body(body): Body<actions::SetFault>) -> Response {
    answer(actions::set_fault(&source, body).await)
}

async fn crash(State(source): State<Arc<Source>>, Body(body): Body<actions::Crash>) -> Response {
    answer(actions::crash(&source, &body))
}

async fn redrive(
    State(source): State<Arc<Source>>,
    Body(body): Body<actions::Redrive>,
) -> Response {
    answer(actions::redrive_letters(&source, body).await)
}

fn answer<T: Serialize>(result: Result<T>) -> Response {
    match result {
        Ok(value) => Json(value).into_response(),
        Err(error) => refusal(&error),
    }
}

pub(crate) fn refusal(error: &Error) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": error_line(error) }))).into_response()
}
