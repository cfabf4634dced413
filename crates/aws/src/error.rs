use aws_sdk_sfn::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};
use thiserror::Error;

/// Why AWS did not do what it was asked for.
#[derive(Debug, Error)]
pub enum Error {
    /// Throttled, out of order or out of reach. Worth a retry.
    #[error("AWS cannot be reached: {0}")]
    Unavailable(String),
    /// Refused: a permission or a setting is missing, or the request is wrong.
    #[error("AWS refused: {0}")]
    Refused(String),
}

impl Error {
    /// The fixed name of the error.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "Aws.Unavailable",
            Self::Refused(_) => "Aws.Refused",
        }
    }
}

impl<E> From<SdkError<E, HttpResponse>> for Error
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    fn from(error: SdkError<E, HttpResponse>) -> Self {
        match &error {
            SdkError::ServiceError(answer) if is_final(answer.raw(), answer.err()) => {
                Self::Refused(said(answer.err()))
            }
            SdkError::ServiceError(answer) => Self::Unavailable(said(answer.err())),
            SdkError::ConstructionFailure(_) => Self::Refused(causes(&error)),
            _ => Self::Unavailable(causes(&error)),
        }
    }
}

/// The code alone: the message may quote what was sent, and what was sent may be a task token.
fn said(error: &impl ProvideErrorMetadata) -> String {
    error.code().unwrap_or("no error code").to_owned()
}

/// What an error says, and what caused it.
fn causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn is_final(answer: &HttpResponse, error: &impl ProvideErrorMetadata) -> bool {
    let throttled =
        error.code().is_some_and(|code| code.contains("Throttl") || code.contains("TooMany"));
    answer.status().is_client_error() && !throttled
}
