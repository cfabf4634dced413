//! Lambda takes away the network interfaces of a VPC function that nobody has invoked for weeks, and attaches the function
//! again at its next invocation. Until then, Lambda refuses invocations without running the function.

use std::time::Duration;

use aws_sdk_sfn::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};
use tokio::time::{Instant, sleep};

/// The errors with which Lambda refuses to run such a function.
const NOT_READY: [&str; 3] =
    ["ResourceConflictException", "ResourceNotReadyException", "ENINotReadyException"];

/// How long to wait until a function is ready.
#[derive(Debug, Clone, Copy)]
pub struct Readiness {
    pub within: Duration,
    /// The pause between two invocations.
    pub every: Duration,
}

impl Readiness {
    /// Lambda needs a minute or two.
    pub const OF_LAMBDA: Self =
        Self { within: Duration::from_secs(300), every: Duration::from_secs(5) };
}

/// Invokes a function, and again while it is not ready. The function has not run then, so that is safe. Before each pause,
/// calls `waits`.
pub async fn when_ready<Output, E: ProvideErrorMetadata, Invocation>(
    readiness: Readiness,
    waits: impl Fn(),
    invoke: impl Fn() -> Invocation,
) -> Result<Output, SdkError<E, HttpResponse>>
where
    Invocation: Future<Output = Result<Output, SdkError<E, HttpResponse>>>,
{
    let deadline = Instant::now() + readiness.within;
    loop {
        match invoke().await {
            Err(error) if is_not_ready(&error) && Instant::now() < deadline => {
                waits();
                sleep(readiness.every).await;
            }
            answer => return answer,
        }
    }
}

/// Whether Lambda did not run the function, because it is not ready.
pub fn is_not_ready(error: &impl ProvideErrorMetadata) -> bool {
    error.code().is_some_and(|code| NOT_READY.contains(&code))
}
