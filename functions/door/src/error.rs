use aws_sdk_sfn::{
    config::http::HttpResponse,
    error::{DisplayErrorContext, ProvideErrorMetadata, SdkError},
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
    /// All names that an execution may have are taken by ones that failed.
    #[error("{0} executions of the name {1} have failed already")]
    NamesExhausted(u32, String),
}

impl Error {
    /// The fixed name of the error.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "Aws.Unavailable",
            Self::Refused(_) => "Aws.Refused",
            Self::NamesExhausted(..) => "Execution.NamesExhausted",
        }
    }
}

impl<E> From<SdkError<E, HttpResponse>> for Error
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    fn from(error: SdkError<E, HttpResponse>) -> Self {
        let text = DisplayErrorContext(&error).to_string();
        match &error {
            SdkError::ServiceError(answer) if is_final(answer.raw(), answer.err()) => {
                Self::Refused(text)
            }
            SdkError::ConstructionFailure(_) => Self::Refused(text),
            _ => Self::Unavailable(text),
        }
    }
}

fn is_final(answer: &HttpResponse, error: &impl ProvideErrorMetadata) -> bool {
    let throttled =
        error.code().is_some_and(|code| code.contains("Throttl") || code.contains("TooMany"));
    answer.status().is_client_error() && !throttled
}
