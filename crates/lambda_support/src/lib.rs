//! The code around the handler of every function, so that a `main` only creates the clients and calls [`run`].
//!
//! [`run`] receives events from the Lambda runtime and passes them to the handler. It rejects events that cannot be
//! read, writes exactly one log line for each invocation (see [`log`]), emits metrics (see [`metrics`]), and returns
//! errors to the state machine under their fixed names.

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

/// Why a function cannot start.
pub type StartError = lambda_runtime::Error;

/// The output of a handler. Its `Display` is the sentence of the log line.
pub trait HandlerOutput: Serialize + Display {
    /// Ids for the log line, if neither the event nor the output has them as fields.
    fn ids(&self) -> Ids {
        Ids::default()
    }

    /// Name of the error, if the output is a response that reports a failure.
    fn error(&self) -> Option<ErrorName> {
        None
    }

    /// Values for the metrics.
    fn counts(&self) -> Vec<metrics::Count>;
}

/// Errors that every function can return: the event cannot be read, or the output cannot be written.
pub const COMMON_ERRORS: [ErrorName; 2] = [ErrorName::EventMalformed, ErrorName::OutcomeUnwritable];

/// Returns the names of the errors of a handler, without [`COMMON_ERRORS`].
pub fn error_names<Client, In, Out, Err: NamedError>(
    _handler: impl AsyncFn(&Client, In) -> Result<Out, Err>,
) -> &'static [ErrorName] {
    Err::NAMES
}

/// Handles events until the process ends.
pub async fn run<In, Out, Err>(
    handler: impl AsyncFn(In) -> Result<Out, Err>,
) -> Result<(), StartError>
where
    In: DeserializeOwned,
    Out: HandlerOutput,
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
    Out: HandlerOutput,
    Err: NamedError,
{
    let line = log::Line::new(&context.request_id);
    let ids = Ids::of(&payload);
    let event: In = serde_json::from_value(payload)
        .map_err(|e| failed(&line, &ids, ErrorName::EventMalformed, &unquoted(&e)))?;
    // Boxed, because the type of the nested futures is too large for the compiler.
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

/// The message of the JSON parser without the part that quotes the event, which may be a task token.
fn unquoted(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let beginning = text.split(['`', '"']).next().unwrap_or_default();
    format!("the event is invalid for this function: {}", beginning.trim_end())
}

fn failed(line: &log::Line<'_>, ids: &Ids, name: ErrorName, error: &dyn Display) -> Diagnostic {
    line.failed(ids, name, error);
    Diagnostic { error_type: name.to_string(), error_message: error.to_string() }
}
