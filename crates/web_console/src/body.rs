//! The body of a request.

use anyhow::anyhow;
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    response::Response,
};
use serde::de::DeserializeOwned;

use crate::routes::refusal;

/// A JSON body. One that cannot be read is refused with a reason that a person understands.
pub(crate) struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let bytes = Bytes::from_request(request, state).await;
        let bytes = bytes.map_err(|error| refusal(&error.into()))?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| refusal(&reason(&error)))
    }
}

/// The message without the place in the JSON, which nobody has typed.
fn reason(error: &serde_json::Error) -> anyhow::Error {
    let text = error.to_string();
    anyhow!(text.split(" at line ").next().unwrap_or(&text).to_owned())
}
