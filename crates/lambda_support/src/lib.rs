//! What every function shares, so that a step's `main.rs` only wires and runs.
//!
//! [`run`] takes events from the Lambda runtime, hands them to a step's handler and sees to what is
//! the same for all: an event that cannot be read is refused by name, every invocation leaves exactly
//! one log line (see [`log`]), counts go out as metrics (see [`metrics`]), and an error reaches the
//! state machine under its fixed name.

pub mod config;
pub mod log;
pub mod metrics;
mod reply;
mod step_output;

use std::fmt::Display;

use errors::{ErrorName, NamedError};
use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use metrics::Metrics;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

pub use log::Ids;
pub use step_output::StepOutput;

/// What stops a function from starting.
pub type StartError = lambda_runtime::Error;

/// What a step answers. Its `Display` is the sentence of the log line and names what it is about.
pub trait Outcome: Serialize + Display {
    /// What it was about, where neither the event nor the answer says so by itself.
    fn ids(&self) -> Ids {
        Ids::default()
    }

    /// The name of the error, if the outcome is an answer that something failed.
    fn error(&self) -> Option<ErrorName> {
        None
    }

    /// What happened, as counts for the metrics.
    fn counts(&self) -> Vec<metrics::Count>;
}

/// The errors that every function can return: it cannot read its event, or cannot write its result.
pub const COMMON_ERRORS: [ErrorName; 2] = [ErrorName::EventMalformed, ErrorName::OutcomeUnwritable];

/// The names that a handler can return, without [`COMMON_ERRORS`].
pub fn error_names<Client, In, Out, Err: NamedError>(
    _handler: impl AsyncFn(&Client, In) -> Result<Out, Err>,
) -> &'static [ErrorName] {
    Err::NAMES
}

/// Serves events until the process is ended.
pub async fn run<In, Out, Err>(
    handler: impl AsyncFn(In) -> Result<Out, Err>,
) -> Result<(), StartError>
where
    In: DeserializeOwned,
    Out: Outcome,
    Err: NamedError,
{
    log::init();
    let (handler, metrics) = (&handler, &Metrics::from_environment()?);
    lambda_runtime::run(service_fn(|event| answer(handler, metrics, event))).await
}

async fn answer<In, Out, Err>(
    handler: &impl AsyncFn(In) -> Result<Out, Err>,
    metrics: &Metrics,
    LambdaEvent { payload, context }: LambdaEvent<Value>,
) -> Result<Value, Diagnostic>
where
    In: DeserializeOwned,
    Out: Outcome,
    Err: NamedError,
{
    let line = log::Line::new(&context.request_id);
    let ids = Ids::of(&payload);
    let event: In = serde_json::from_value(payload)
        .map_err(|e| failed(&line, &ids, ErrorName::EventMalformed, &unquoted(&e)))?;
    // Boxed, because the types of nested futures grow beyond what the compiler lays out.
    let outcome = Box::pin(handler(event)).await.map_err(|e| failed(&line, &ids, e.name(), &e))?;
    let body = serde_json::to_value(&outcome)
        .map_err(|e| failed(&line, &ids, ErrorName::OutcomeUnwritable, &e))?;
    let ids = ids.or(outcome.ids()).or(Ids::of(&body));
    match outcome.error() {
        None => line.done(&ids, &outcome),
        Some(error) => line.failed(&ids, error, &outcome),
    }
    metrics.emit(&outcome.counts());
    Ok(body)
}

/// What is wrong with an event, without what it says: that may be a task token.
fn unquoted(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let beginning = text.split(['`', '"']).next().unwrap_or_default();
    format!("the event is not what this step takes: {}", beginning.trim_end())
}

fn failed(line: &log::Line<'_>, ids: &Ids, name: ErrorName, error: &dyn Display) -> Diagnostic {
    line.failed(ids, name, error);
    Diagnostic { error_type: name.to_string(), error_message: error.to_string() }
}
