//! A function as Lambda runs it: one process for each concurrent request.

use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use local_programs::process::{Invocation, Program};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::time::{Instant, timeout};

use super::{
    history::{Answer, Call},
    plan::InjectedFault,
    runtime_api::{Outcome, RuntimeApi},
};

/// The error names that the state machines retry.
const RETRIED: [&str; 2] = ["Database.Unavailable", "Database.Busy"];

/// The pause before a retry. State machines wait longer, but a round is short.
const RETRY_PAUSE: Duration = Duration::from_millis(20);

/// The longest time that a call may take on a busy machine, a restart of the database included.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A function and its idle processes.
pub(super) struct Function {
    name: &'static str,
    invocation: Invocation,
    logs: PathBuf,
    clock: Instant,
    idle: Mutex<Vec<Environment>>,
}

/// A process of the function and the Runtime API that gives it events.
struct Environment {
    program: Program,
    api: RuntimeApi,
}

impl Function {
    /// Starts no process yet. The times of calls are measured from `clock`.
    pub fn new(
        name: &'static str,
        binary: PathBuf,
        url: &str,
        logs: PathBuf,
        clock: Instant,
    ) -> Self {
        let invocation = Invocation::new(binary)
            .env("DATABASE_URL", url)
            .env("METRICS_NAMESPACE", "stress")
            .env("AWS_LAMBDA_FUNCTION_NAME", name)
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
        Self { name, invocation, logs, clock, idle: Mutex::default() }
    }

    /// Calls the function until there is an answer, as the state machine and its customer do. The n-th call has the n-th
    /// fault; further calls have none.
    pub async fn call<I, O>(&self, input: &I, faults: &[InjectedFault]) -> Result<Vec<Call<I, O>>>
    where
        I: Serialize + Clone,
        O: DeserializeOwned,
    {
        let event = serde_json::to_value(input)?;
        let mut calls = Vec::new();
        let mut faults = faults.iter().copied();
        let deadline = Instant::now() + TIMEOUT;
        while Instant::now() < deadline {
            let fault = faults.next();
            let began = self.clock.elapsed();
            let outcome = self.send(event.clone(), fault).await?;
            let ended = self.clock.elapsed();
            let answer = parse(outcome)?;
            let retry = matches!(answer, Answer::Lost);
            calls.push(Call { input: input.clone(), began, ended, answer });
            if !retry {
                return Ok(calls);
            }
            tokio::time::sleep(RETRY_PAUSE).await;
        }
        bail!("{} has not answered {event} within {TIMEOUT:?}", self.name)
    }

    /// Sends an event to an idle process or to a new one. Returns `None` if the fault loses the answer.
    async fn send(&self, event: Value, fault: Option<InjectedFault>) -> Result<Option<Outcome>> {
        let idle = self.idle().pop();
        let mut environment = match idle {
            Some(environment) => environment,
            None => self.start().await?,
        };
        if let Some(InjectedFault::Killed(after)) = fault {
            // Also if the process was faster: it is killed, and its answer is lost.
            let _ = timeout(after, environment.exchange(event)).await;
            environment.program.kill().await;
            return Ok(None);
        }
        let outcome = timeout(TIMEOUT, environment.exchange(event)).await;
        let outcome = outcome.with_context(|| format!("{} hangs", self.name))??;
        self.idle().push(environment);
        Ok((fault != Some(InjectedFault::AnswerLost)).then_some(outcome))
    }

    async fn start(&self) -> Result<Environment> {
        let api = RuntimeApi::open().await?;
        let invocation = self.invocation.clone().env("AWS_LAMBDA_RUNTIME_API", &api.address);
        let program = Program::start(self.name, &self.logs, &invocation).await?;
        Ok(Environment { program, api })
    }

    /// Ignores poisoning: no code panics while it holds the lock.
    fn idle(&self) -> MutexGuard<'_, Vec<Environment>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Environment {
    async fn exchange(&mut self, event: Value) -> Result<Outcome> {
        tokio::select! {
            outcome = self.api.exchange(event) => outcome,
            () = self.program.ended() => {
                bail!("the process ended during a call {}", self.program.status_and_log())
            }
        }
    }
}

fn parse<O: DeserializeOwned>(outcome: Option<Outcome>) -> Result<Answer<O>> {
    Ok(match outcome {
        None => Answer::Lost,
        Some(Outcome::Failed(name)) if RETRIED.contains(&name.as_str()) => Answer::Lost,
        Some(Outcome::Failed(name)) => Answer::Failed(name),
        Some(Outcome::Returned(output)) => Answer::Known(serde_json::from_value(output)?),
    })
}
