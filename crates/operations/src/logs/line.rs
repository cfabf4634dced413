//! One line of a function's log.

use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;
use serde::Serialize;
use serde_json::{Map, Value};

/// The lines that the Lambda platform adds for each invocation, as text. The function's own line says more.
const PLATFORM: [&str; 4] =
    ["START RequestId: ", "END RequestId: ", "REPORT RequestId: ", "INIT_START "];

/// How the type of a JSON line of the platform begins (log format JSON, as on AWS).
const PLATFORM_TYPE: &str = "platform.";

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
    /// The whole line, with the ids, as it is in the log.
    #[serde(skip)]
    logged: String,
}

impl LogLine {
    /// `None` for the platform's lines about each invocation.
    pub(super) fn of(function: &str, event: &FilteredLogEvent) -> Option<Self> {
        let text = event.message.as_deref()?.trim_end();
        let line = Self {
            at: event.timestamp.unwrap_or_default(),
            function: function.to_owned(),
            level: None,
            message: text.to_owned(),
            error: None,
            logged: text.to_owned(),
        };
        let Ok(Value::Object(fields)) = serde_json::from_str(text) else {
            let platform = text.is_empty() || PLATFORM.iter().any(|begin| text.starts_with(begin));
            return (!platform).then_some(line);
        };
        let field = |name| fields.get(name).and_then(Value::as_str).map(str::to_owned);
        if field("type").is_some_and(|kind| kind.starts_with(PLATFORM_TYPE)) {
            let (message, error) = failure_of_platform(&fields)?;
            return Some(Self { message, error, ..line });
        }
        let message = field("message").unwrap_or_else(|| text.to_owned());
        Some(Self { level: field("level"), message, error: field("error"), ..line })
    }

    /// Whether the invocation failed.
    pub fn is_failure(&self) -> bool {
        self.level.as_deref() != Some("INFO")
    }

    /// In JSON a sentence has other characters, such as `\"` for a quotation mark.
    pub(super) fn contains(&self, text: &str) -> bool {
        self.message.contains(text) || self.logged.contains(text)
    }
}

/// What a JSON line of the platform says about an invocation that failed, and the name of the error. `None` for all other
/// lines of the platform. `platform.runtimeDone` says the same as `platform.report`.
fn failure_of_platform(fields: &Map<String, Value>) -> Option<(String, Option<String>)> {
    let record = fields.get("record").filter(|_| fields["type"] == "platform.report")?;
    let status = record["status"].as_str().filter(|status| *status != "success")?;
    let error = record["errorType"].as_str().map(str::to_owned);
    Some((format!("Lambda ended the invocation with the status {status}"), error))
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

    /// A sentence about a failure often names neither the SKU nor the order.
    #[test]
    fn a_line_is_found_by_its_ids_and_by_a_part_of_its_error() {
        let json =
            r#"{"level":"ERROR","message":"\"no\"","error":"Factory.Refused","purchase_id":"P-1"}"#;
        let Some(line) = line(json) else { panic!("no line") };
        assert!(["P-1", "Refused", "\"no\""].iter().all(|text| line.contains(text)));
        assert!(!line.contains("P-2"));
    }

    #[test]
    fn a_line_with_metrics_is_a_line() {
        let json = r#"{"level":"INFO","message":"sold 1","_aws":{},"Sold":1}"#;
        let Some(line) = line(json) else { panic!("no line") };
        assert_eq!((line.message.as_str(), line.is_failure()), ("sold 1", false));
    }

    #[test]
    fn the_lines_of_the_platform_are_left_out_but_not_a_time_out() {
        assert_eq!(line("START RequestId: 1 Version: $LATEST\n"), None);
        let timed_out = line("2026-11-26T10:00:00Z 1 Task timed out after 3.00 seconds");
        assert!(timed_out.is_some_and(|line| line.is_failure()));
    }

    #[test]
    fn json_lines_of_the_platform_are_left_out_but_not_a_failure() {
        let platform = |kind: &str, record: &str| {
            line(&format!(
                r#"{{"time":"2026-11-26T10:00:00.000Z","type":"{kind}","record":{record}}}"#
            ))
        };
        assert_eq!(platform("platform.start", r#"{"requestId":"1"}"#), None);
        assert_eq!(platform("platform.report", r#"{"requestId":"1","status":"success"}"#), None);
        assert_eq!(
            platform("platform.runtimeDone", r#"{"requestId":"1","status":"timeout"}"#),
            None
        );
        let crash = r#"{"requestId":"1","status":"error","errorType":"Runtime.ExitError"}"#;
        let Some(crash) = platform("platform.report", crash) else { panic!("no line") };
        assert!(crash.is_failure() && crash.contains("Runtime.ExitError"), "{crash:?}");
    }
}
