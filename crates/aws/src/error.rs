use aws_sdk_sfn::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};
use errors::{ErrorName, NamedError};
use thiserror::Error;

/// Why a call of AWS failed.
#[derive(Debug, Error)]
pub enum Error {
    /// AWS throttled the request, failed to process it, or could not be reached. Worth a retry.
    #[error("AWS is unavailable: {0}")]
    Unavailable(String),
    /// AWS rejected the request: a permission or a setting is missing, or the request is wrong.
    #[error("AWS rejected the request: {0}")]
    Refused(String),
    /// The request could not be built.
    #[error("the request to AWS cannot be built: {0}")]
    Unwritable(String),
}

impl NamedError for Error {
    const NAMES: &'static [ErrorName] =
        &[ErrorName::AwsUnavailable, ErrorName::AwsRefused, ErrorName::MessageUnwritable];

    fn name(&self) -> ErrorName {
        match self {
            Self::Unavailable(_) => ErrorName::AwsUnavailable,
            Self::Refused(_) => ErrorName::AwsRefused,
            Self::Unwritable(_) => ErrorName::MessageUnwritable,
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Unwritable(error.to_string())
    }
}

impl<E> From<SdkError<E, HttpResponse>> for Error
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    fn from(error: SdkError<E, HttpResponse>) -> Self {
        match &error {
            SdkError::ServiceError(answer) if is_final(answer.raw(), answer.err()) => {
                Self::Refused(error_code(answer.err()))
            }
            SdkError::ServiceError(answer) => Self::Unavailable(error_code(answer.err())),
            SdkError::ConstructionFailure(_) => Self::Refused(causes(&error)),
            _ => Self::Unavailable(causes(&error)),
        }
    }
}

/// The code alone: the message may quote what was sent, and what was sent may be a task token.
fn error_code(error: &impl ProvideErrorMetadata) -> String {
    error.code().unwrap_or("no error code").to_owned()
}

/// The error with its causes.
fn causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn is_final(answer: &HttpResponse, error: &impl ProvideErrorMetadata) -> bool {
    let throttled =
        error.code().is_some_and(|code| code.contains("Throttl") || code.contains("TooMany"));
    answer.status().is_client_error() && !throttled
}
