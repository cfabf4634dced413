//! One line of a function's log.

use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;
use serde::Serialize;
use serde_json::Value;

/// The lines that the Lambda platform adds for each invocation. The function's own line says more.
const PLATFORM: [&str; 4] =
    ["START RequestId: ", "END RequestId: ", "REPORT RequestId: ", "INIT_START "];

/// A line that a function has logged, or that the Lambda platform has logged about a failure, such as a time-out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogLine {
    /// Milliseconds since 1970.
    pub at: i64,
    pub function: String,
    /// `INFO` or `ERROR`. `None` for a line of the platform.
    pub level: Option<String>,
    /// The sentence.
    pub message: String,
    /// The name of the error, if the invocation failed.
    pub error: Option<String>,
}

impl LogLine {
    /// `None` for a metric and for the platform's lines about each invocation.
    pub(super) fn of(function: &str, event: &FilteredLogEvent) -> Option<Self> {
        let (at, function) = (event.timestamp.unwrap_or_default(), function.to_owned());
        let text = event.message.as_deref()?.trim_end();
        let Ok(Value::Object(fields)) = serde_json::from_str(text) else {
            let platform = text.is_empty() || PLATFORM.iter().any(|begin| text.starts_with(begin));
            let line = Self { at, function, level: None, message: text.to_owned(), error: None };
            return (!platform).then_some(line);
        };
        if fields.contains_key("_aws") {
            return None;
        }
        let field = |name| fields.get(name).and_then(Value::as_str).map(str::to_owned);
        let message = field("message").unwrap_or_else(|| text.to_owned());
        Some(Self { at, function, level: field("level"), message, error: field("error") })
    }

    /// Whether the invocation failed.
    pub fn is_failure(&self) -> bool {
        self.level.as_deref() != Some("INFO")
    }

    pub(super) fn contains(&self, text: &str) -> bool {
        self.message.contains(text) || self.error.as_deref() == Some(text)
    }
}

/// The value of a metric in an event; 0 if the event has none.
pub(super) fn metric(event: &FilteredLogEvent, name: &str) -> u64 {
    let text = event.message.as_deref().unwrap_or_default();
    if !text.contains("\"_aws\"") {
        return 0;
    }
    let json: Value = serde_json::from_str(text).unwrap_or_default();
    json.get(name).and_then(Value::as_u64).unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::panic, reason = "a test fails by ending")]
mod tests {
    use super::*;

    fn line(message: &str) -> Option<LogLine> {
        LogLine::of(
            "place-order",
            &FilteredLogEvent::builder().timestamp(7).message(message).build(),
        )
    }

    #[test]
    fn a_failed_invocation_has_its_error_and_its_sentence() {
        let json =
            r#"{"level":"ERROR","message":"the factory answered 400","error":"Factory.Refused"}"#;
        let Some(line) = line(json) else { panic!("no line") };
        assert!(line.is_failure() && line.contains("Factory.Refused") && line.contains("answered"));
    }

    #[test]
    fn metrics_and_the_lines_of_the_platform_are_left_out_but_not_a_time_out() {
        assert_eq!(line(r#"{"_aws":{},"Purchases":1}"#), None);
        assert_eq!(line("START RequestId: 1 Version: $LATEST\n"), None);
        let timed_out = line("2026-11-26T10:00:00Z 1 Task timed out after 3.00 seconds");
        assert!(timed_out.is_some_and(|line| line.is_failure()));
    }
}
