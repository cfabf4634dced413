//! An execution environment of a function.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use axum::body::Bytes;
use local_programs::process::{Invocation, Program};

use crate::{InvocationResult, RuntimeApi};

/// A process of a function, and the Runtime API that sends events to it. When dropped, the process ends.
pub struct Environment {
    program: Program,
    api: RuntimeApi,
    started: Instant,
}

/// The command that starts a function, with the variables that Lambda sets for every function.
pub fn invocation(name: &str, binary: PathBuf) -> Invocation {
    Invocation::new(binary)
        .env("AWS_LAMBDA_FUNCTION_NAME", name)
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
}

impl Environment {
    /// Starts a process. Its output is appended to `NAME.log` in `logs`.
    pub async fn start(name: &str, invocation: &Invocation, logs: &Path) -> Result<Self> {
        let api = RuntimeApi::open().await?;
        let invocation = invocation.clone().env("AWS_LAMBDA_RUNTIME_API", &api.address);
        let started = Instant::now();
        let program = Program::start(name, logs, &invocation).await?;
        Ok(Self { program, api, started })
    }

    /// The process id.
    pub fn id(&self) -> i32 {
        self.program.id()
    }

    /// Sends an event and waits for the result.
    ///
    /// # Errors
    /// If the process ends before it returns a result.
    pub async fn exchange(&mut self, event: Bytes) -> Result<InvocationResult> {
        tokio::select! {
            result = self.api.exchange(event) => result,
            () = self.program.ended() => bail!("the process ended: {}", self.program.status_and_log()),
        }
    }

    /// Waits until the process asks for its first event. Returns the time from the start of the process to that moment.
    ///
    /// # Errors
    /// If the process ends before.
    pub async fn first_poll(&mut self) -> Result<Duration> {
        tokio::select! {
            polled = self.api.first_poll() => Ok(polled?.duration_since(self.started)),
            () = self.program.ended() => bail!("the process ended: {}", self.program.status_and_log()),
        }
    }

    /// Kills the process with SIGKILL. Returns when it has ended.
    pub async fn kill(&self) {
        self.program.kill().await;
    }
}
