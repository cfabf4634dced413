//! AWS and a factory as far as the measured functions call them: each request gets the answer of a service that works, at
//! once. So the figures are those of the functions, and not those of an emulator.

use anyhow::{Context, Result};
use axum::{
    Router,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
    serve::ListenerExt,
};
use tokio::{net::TcpListener, task::JoinSet};

/// The answers of the services with a JSON protocol, by the end of the header `x-amz-target`.
const JSON: [(&str, &str); 3] = [
    (
        ".StartSyncExecution",
        r#"{"executionArn": "arn", "status": "SUCCEEDED", "startDate": 1.0, "stopDate": 1.0,
            "output": "{\"outcome\": \"sold\", \"stock\": 7}"}"#,
    ),
    (".StartExecution", r#"{"executionArn": "arn", "startDate": 1.0}"#),
    (".SendTaskSuccess", "{}"),
];

/// SNS has a protocol of its own.
const PUBLISHED: &str = r#"<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult>
    <MessageId>1</MessageId></PublishResult></PublishResponse>"#;

/// Serves until it is dropped.
pub(super) struct Answers {
    /// `http://127.0.0.1:port`
    pub url: String,
    _serving: JoinSet<()>,
}

impl Answers {
    pub async fn serve() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.context("no port is free")?;
        let url = format!("http://{}", listener.local_addr()?);
        let listener = listener.tap_io(|connection| {
            // Fails only if the client has closed the connection.
            let _ = connection.set_nodelay(true);
        });
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            let app = Router::new().fallback(answer);
            // Serving ends only when it is aborted.
            let _ended = axum::serve(listener, app).await;
        });
        Ok(Self { url, _serving: serving })
    }
}

/// A request that is not to a service with a JSON protocol and not to the factory is one to SNS.
async fn answer(uri: axum::http::Uri, headers: HeaderMap) -> impl IntoResponse {
    if uri.path() == "/api/manufactures" {
        return (StatusCode::CREATED, r#"{"data": {"id": "1"}}"#);
    }
    let Some(target) = headers.get("x-amz-target") else { return (StatusCode::OK, PUBLISHED) };
    let target = target.to_str().unwrap_or_default();
    let found = JSON.iter().find(|(end, _)| target.ends_with(end));
    found.map_or((StatusCode::BAD_REQUEST, "{}"), |(_, answer)| (StatusCode::OK, *answer))
}
