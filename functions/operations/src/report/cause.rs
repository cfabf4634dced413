use serde::{Deserialize, Deserializer, Serialize};

/// The error that ended an execution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cause {
    /// The state that failed.
    pub state: String,
    /// Name of the error, for example `Factory.Refused`.
    pub error: String,
    /// Message of the error.
    #[serde(deserialize_with = "message")]
    pub cause: String,
}

/// Reads the message of a function's error. Step Functions wraps it into JSON text together with the name of the error.
fn message<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let cause = String::deserialize(deserializer)?;
    let wrapped: Option<Wrapped> = serde_json::from_str(&cause).ok();
    Ok(wrapped.map_or(cause, |wrapped| wrapped.error_message))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wrapped {
    error_message: String,
}
