//! HTTP requests and responses of API Gateway (payload format 2.0). Responses are JSON or problem details.

use std::{collections::HashMap, fmt::Display};

use base64::Engine;
use domain::{PurchaseId, Sku};
use errors::ErrorName;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Value, json};
use thiserror::Error;

/// Larger bodies are rejected without being parsed. Valid bodies are much smaller.
pub(crate) const LARGEST_BODY: usize = 4096;

/// The parts of a request of API Gateway that are read. The rest may be anything: a header that HTTP does not allow is
/// no reason to fail.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    headers: Option<HashMap<String, String>>,
    path_parameters: Option<HashMap<String, String>>,
    query_string_parameters: Option<HashMap<String, String>>,
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

/// Why the body of a request cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BodyError {
    #[error("the body is larger than 4096 bytes")]
    TooLarge,
    /// Not UTF-8, or not Base64 although the gateway says so.
    #[error("the body is not UTF-8 text")]
    NotText,
}

impl Request {
    /// Returns the value of a header, whose name is in lower case. The gateway joins the values of a repeated header
    /// with a comma.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.as_ref()?.get(name).map(String::as_str)
    }

    /// Returns the path parameter `{name}` of the route.
    pub fn path(&self, name: &str) -> Option<&str> {
        self.path_parameters.as_ref()?.get(name).map(String::as_str)
    }

    /// Returns the query parameter. The gateway joins the values of a repeated parameter with a comma.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query_string_parameters.as_ref()?.get(name).map(String::as_str)
    }

    /// Returns the body as text.
    pub fn body(&self) -> Result<String, BodyError> {
        let text = self.body.as_deref().unwrap_or_default();
        // Base64 is a third longer than the data.
        if text.len() > LARGEST_BODY * 4 / 3 + 4 {
            return Err(BodyError::TooLarge);
        }
        let bytes = if self.is_base64_encoded { decode(text)? } else { text.into() };
        if bytes.len() > LARGEST_BODY {
            return Err(BodyError::TooLarge);
        }
        String::from_utf8(bytes).map_err(|_| BodyError::NotText)
    }
}

fn decode(text: &str) -> Result<Vec<u8>, BodyError> {
    base64::engine::general_purpose::STANDARD.decode(text).map_err(|_| BodyError::NotText)
}

/// The ids of a request, for the log line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    pub sku: Option<Sku>,
    pub purchase_id: Option<PurchaseId>,
}

/// The response to a request, with the data for the log line and the metrics.
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
    /// A JSON response. `sentence` is for the log.
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

    /// A problem response (RFC 9457). `outcome` is its fixed name, for programs; `detail` says what to do.
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

    /// The response of a function that cannot start.
    pub fn out_of_service() -> Self {
        let detail = "The service is out of order. This request did nothing. Send the same request again later.";
        Self::problem(503, "unavailable", "Unavailable", detail).header("retry-after", "60")
    }

    /// Sets a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.insert(name, value.into());
        self
    }

    /// Adds a member to the body.
    #[must_use]
    pub fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.body[member] = value.into();
        self
    }

    /// Sets the sentence for the log.
    #[must_use]
    pub fn sentence(mut self, sentence: String) -> Self {
        self.sentence = sentence;
        self
    }

    /// Marks the response as a failure with this error name. The log line becomes an error.
    #[must_use]
    pub fn failed(mut self, error: ErrorName) -> Self {
        self.error = Some(error);
        self
    }

    /// Sets what the request is about.
    #[must_use]
    pub fn about(mut self, subject: Subject) -> Self {
        self.subject = subject;
        self
    }

    /// Adds 1 to a metric.
    #[must_use]
    pub fn counted(mut self, name: &'static str) -> Self {
        self.counted.push(name);
        self
    }

    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    pub fn error(&self) -> Option<ErrorName> {
        self.error
    }

    /// The metrics to which this response adds 1.
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
