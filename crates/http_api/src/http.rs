//! HTTP as the API Gateway hands it over (payload format 2.0): requests in, JSON or problems out.

use std::{borrow::Cow, collections::HashMap, fmt::Display};

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use base64::Engine;
use domain::{ProductionOrderId, PurchaseId, Sku};
use errors::ErrorName;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Value, json};
use thiserror::Error;

/// No body of ours comes near this; a larger one is refused unread.
const LARGEST_BODY: usize = 4096;

/// A request.
#[derive(Debug, Deserialize)]
pub struct Request(ApiGatewayV2httpRequest);

/// Why a body cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BodyError {
    /// Over 4 KiB.
    #[error("the body is larger than 4096 bytes")]
    TooLarge,
    /// Not UTF-8, or not the Base64 that the gateway says it is.
    #[error("the body is not UTF-8 text")]
    NotText,
}

impl Request {
    /// The value of a header, with U+FFFD for what is no text. The gateway joins those that come twice
    /// with a comma.
    pub fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        self.0.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()))
    }

    /// A parameter of the route's path, `{name}`.
    pub fn path(&self, name: &str) -> Option<&str> {
        self.0.path_parameters.get(name).map(String::as_str)
    }

    /// A parameter of the query, if it comes once.
    pub fn query(&self, name: &str) -> Option<&str> {
        let mut values = self.0.query_string_parameters.all(name)?.into_iter();
        values.next().filter(|_| values.next().is_none())
    }

    /// The body as text.
    pub fn body(&self) -> Result<String, BodyError> {
        let text = self.0.body.as_deref().unwrap_or_default();
        // Base64 is a third larger than what it stands for.
        if text.len() > LARGEST_BODY * 4 / 3 + 4 {
            return Err(BodyError::TooLarge);
        }
        let bytes = if self.0.is_base64_encoded { decode(text)? } else { text.into() };
        if bytes.len() > LARGEST_BODY {
            return Err(BodyError::TooLarge);
        }
        String::from_utf8(bytes).map_err(|_| BodyError::NotText)
    }
}

fn decode(text: &str) -> Result<Vec<u8>, BodyError> {
    base64::engine::general_purpose::STANDARD.decode(text).map_err(|_| BodyError::NotText)
}

/// What a request is about, for the log line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// The product.
    pub sku: Option<Sku>,
    /// The purchase.
    pub purchase_id: Option<PurchaseId>,
    /// The production order that a callback is for.
    pub production_order: Option<ProductionOrderId>,
}

/// The answer to a request, with what goes into the log line and the metrics.
#[derive(Debug)]
pub struct Reply {
    status: u16,
    headers: HashMap<&'static str, String>,
    body: Value,
    sentence: String,
    subject: Subject,
    error: Option<ErrorName>,
    counted: Vec<&'static str>,
}

impl Reply {
    /// JSON. The sentence is for the log.
    pub fn json(status: u16, body: Value, sentence: impl Into<String>) -> Self {
        Self {
            status,
            headers: HashMap::from([("content-type", "application/json".to_owned())]),
            body,
            sentence: sentence.into(),
            subject: Subject::default(),
            error: None,
            counted: Vec::new(),
        }
    }

    /// A problem (RFC 9457). `outcome` is its fixed name, for programs; `detail` says what to do.
    pub fn problem(status: u16, outcome: &str, title: &str, detail: impl Display) -> Self {
        let body = json!({
            "type": format!("urn:restock:problem:{outcome}"),
            "title": title,
            "status": status,
            "detail": detail.to_string(),
            "outcome": outcome,
        });
        Self::json(status, body, format!("answered {status} {outcome}: {detail}"))
            .header("content-type", "application/problem+json")
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.insert(name, value.into());
        self
    }

    /// With further members in its body.
    #[must_use]
    pub fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.body[member] = value.into();
        self
    }

    /// With another sentence for the log than the answer holds.
    #[must_use]
    pub fn sentence(mut self, sentence: String) -> Self {
        self.sentence = sentence;
        self
    }

    /// An answer that something failed, under the error's fixed name.
    #[must_use]
    pub fn failed(mut self, error: ErrorName) -> Self {
        self.error = Some(error);
        self
    }

    /// With what it was about.
    #[must_use]
    pub fn about(mut self, subject: Subject) -> Self {
        self.subject = subject;
        self
    }

    /// With something to count.
    #[must_use]
    pub fn counted(mut self, name: &'static str) -> Self {
        self.counted.push(name);
        self
    }

    /// What the request is about.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The name of the error, if the reply says that something failed.
    pub fn error(&self) -> Option<ErrorName> {
        self.error
    }

    /// The metrics that this reply counts, each once.
    pub fn metrics(&self) -> &[&'static str] {
        &self.counted
    }
}

impl Display for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl Serialize for Reply {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json!({
            "statusCode": self.status,
            "headers": self.headers,
            "body": self.body.to_string(),
            "isBase64Encoded": false,
        })
        .serialize(serializer)
    }
}
