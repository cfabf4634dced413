//! The code around the handler of every function, so that a `main` only creates the clients and calls [`run`].
//!
//! [`run`] receives events from the Lambda runtime and passes them to the handler. It rejects events that cannot be
//! read, writes exactly one log line for each invocation (see [`log`]), which also holds its metrics (see [`metrics`]), and
//! returns errors to the state machine under their fixed names.
//!
//! A function that cannot start does not exit: Lambda reports an exit under the same name as a crash in the middle of
//! the work, after which the work may have been done. It answers every invocation with `Function.Misconfigured`.
//! An HTTP function answers 503 instead. The consumer of a queue fails for its whole batch, so the queue keeps the
//! messages and delivers them again until the setting is correct.

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

/// Why a function cannot start. Contains no secrets, because it is logged and reported.
pub type StartError = Box<dyn std::error::Error + Send + Sync>;

/// Why a function cannot receive events.
pub type RunError = lambda_runtime::Error;

/// The output of a handler. Its `Display` is the sentence of the log line.
pub trait HandlerOutput: Serialize + Display {
    /// Ids for the log line, if neither the event nor the output has them as fields.
    fn ids(&self) -> Ids {
        Ids::default()
    }

    /// Name of the error, if the output reports a failure: a response, or messages that return to their queue.
    fn error(&self) -> Option<ErrorName> {
        None
    }

    /// Values for the metrics.
    fn counts(&self) -> Vec<metrics::Count>;

    /// The output of a function that cannot start. `None` if its caller gets the error `Function.Misconfigured`.
    fn of_misconfigured() -> Option<Self>
    where
        Self: Sized,
    {
        None
    }
}

/// Errors that every function can return: the event cannot be read, the function cannot start, or the output cannot be
/// written.
pub const COMMON_ERRORS: [ErrorName; 3] =
    [ErrorName::EventMalformed, ErrorName::FunctionMisconfigured, ErrorName::OutcomeUnwritable];

/// Returns the names of the errors of a handler, without [`COMMON_ERRORS`].
pub fn error_names<Client, In, Out, Err: NamedError>(
    _handler: impl AsyncFn(&Client, In) -> Result<Out, Err>,
) -> &'static [ErrorName] {
    Err::NAMES
}

/// What a function has after its start.
struct Started<Client> {
    client: Client,
    metrics: Metrics,
}

/// Handles events until the process ends. If `client` is an error, nothing is done for any event.
pub async fn run<Client, In, Out, Err>(
    client: Result<Client, StartError>,
    handler: impl AsyncFn(&Client, In) -> Result<Out, Err>,
) -> Result<(), RunError>
where
    In: DeserializeOwned,
    Out: HandlerOutput,
    Err: NamedError,
{
    let log = log::Log::new();
    let started = client
        .and_then(|client| Ok(Started { client, metrics: Metrics::from_environment()? }))
        .map_err(|error| format!("the function cannot start, so it did nothing: {error}"));
    let (handler, started, log) = (&handler, &started, &log);
    lambda_runtime::run(service_fn(|event| answer(handler, started, log, event))).await
}

async fn answer<Client, In, Out, Err>(
    handler: &impl AsyncFn(&Client, In) -> Result<Out, Err>,
    started: &Result<Started<Client>, String>,
    log: &log::Log,
    LambdaEvent { payload, context }: LambdaEvent<Value>,
) -> Result<Value, Diagnostic>
where
    In: DeserializeOwned,
    Out: HandlerOutput,
    Err: NamedError,
{
    let line = log.line(&context.request_id);
    let ids = Ids::of(&payload);
    let Started { client, metrics } = match started {
        Ok(started) => started,
        Err(why) => return misconfigured::<Out>(&line, &ids, why),
    };
    let handled = handled(handler, client, payload).await;
    let (outcome, body) = handled.map_err(|Failure(name, why)| failed(&line, &ids, name, &why))?;
    succeeded(&line, ids.or(outcome.ids()).or(Ids::of(&body)), metrics, &outcome);
    Ok(body)
}

/// The name of an error, and its message.
struct Failure(ErrorName, String);

/// The output of the handler for an event, also as the JSON that the caller gets.
async fn handled<Client, In, Out, Err>(
    handler: &impl AsyncFn(&Client, In) -> Result<Out, Err>,
    client: &Client,
    payload: Value,
) -> Result<(Out, Value), Failure>
where
    In: DeserializeOwned,
    Out: HandlerOutput,
    Err: NamedError,
{
    let event: In = serde_json::from_value(payload)
        .map_err(|e| Failure(ErrorName::EventMalformed, unquoted(&e)))?;
    // Boxed, because the type of the nested futures is too large for the compiler.
    let outcome = Box::pin(handler(client, event)).await;
    let outcome = outcome.map_err(|e| Failure(e.name(), e.to_string()))?;
    let body = serde_json::to_value(&outcome)
        .map_err(|e| Failure(ErrorName::OutcomeUnwritable, e.to_string()))?;
    Ok((outcome, body))
}

fn succeeded(line: &log::Line<'_>, ids: Ids, metrics: &Metrics, outcome: &impl HandlerOutput) {
    let (error, metrics) = (outcome.error(), metrics.embedded(&outcome.counts()));
    line.write(log::Entry { ids: &ids, sentence: outcome, error, metrics });
}

/// The answer to every invocation of a function that cannot start.
fn misconfigured<Out: HandlerOutput>(
    line: &log::Line<'_>,
    ids: &Ids,
    why: &str,
) -> Result<Value, Diagnostic> {
    let error = failed(line, ids, ErrorName::FunctionMisconfigured, &why);
    let output = Out::of_misconfigured().and_then(|output| serde_json::to_value(output).ok());
    output.ok_or(error)
}

/// The message of the JSON parser without the part that quotes the event, which may be a task token.
fn unquoted(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let beginning = text.split(['`', '"']).next().unwrap_or_default();
    format!("the event is invalid for this function: {}", beginning.trim_end())
}

fn failed(line: &log::Line<'_>, ids: &Ids, name: ErrorName, error: &dyn Display) -> Diagnostic {
    line.write(log::Entry { ids, sentence: error, error: Some(name), metrics: None });
    Diagnostic { error_type: name.to_string(), error_message: error.to_string() }
}

#[cfg(test)]
mod tests;
