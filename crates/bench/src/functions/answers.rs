//! AWS and a factory as far as the measured functions call them: each request gets the answer of a service that works, at
//! once. So the figures are those of the functions, and not those of an emulator.

use std::borrow::Cow;

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

/// The key that signs callback URLs.
pub(super) const CALLBACK_KEY: &str = "0123456789abcdef0123456789abcdef";

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

async fn answer(uri: axum::http::Uri, headers: HeaderMap) -> impl IntoResponse {
    if uri.path() == "/api/manufactures" {
        return (StatusCode::CREATED, r#"{"data": {"id": "1"}}"#.into());
    }
    let target = headers.get("x-amz-target").map(|target| target.to_str().unwrap_or_default());
    answer_to(target).map_or((StatusCode::BAD_REQUEST, "{}".into()), |body| (StatusCode::OK, body))
}

/// A request that is not to a service with a JSON protocol and not to the factory is one to SNS.
fn answer_to(target: Option<&str>) -> Option<Cow<'static, str>> {
    let Some(target) = target else { return Some(PUBLISHED.into()) };
    if target.ends_with(".GetSecretValue") {
        return Some(format!(r#"{{"SecretString": "{CALLBACK_KEY}"}}"#).into());
    }
    let (_, answer) = JSON.iter().find(|(end, _)| target.ends_with(end))?;
    Some((*answer).into())
}
