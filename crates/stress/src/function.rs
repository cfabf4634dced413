//! A function, run as Lambda runs it: with as many processes as there are concurrent requests.

use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use local_programs::process::Invocation;
use runtime_api::{Environment, InvocationResult};
use serde::{Serialize, de::DeserializeOwned};
use tokio::time::{Instant, timeout};

use super::{
    history::{Exchange, Response},
    plan::InjectedFault,
};

/// The errors of functions that the state machines retry.
const RETRIED: [&str; 2] = ["Database.Unavailable", "Database.Busy"];

/// Time between retries. Shorter than in the state machines, because a round is short.
const PAUSE: Duration = Duration::from_millis(20);

/// Long enough for a restart of the database on a busy machine.
const TIME_LIMIT: Duration = Duration::from_secs(60);

pub(super) struct Function {
    name: &'static str,
    invocation: Invocation,
    logs: PathBuf,
    clock: Instant,
    idle: Mutex<Vec<Environment>>,
}

impl Function {
    /// Starts no process before the first request. The times of requests are relative to `clock`.
    pub fn new(
        name: &'static str,
        binary: PathBuf,
        url: &str,
        logs: PathBuf,
        clock: Instant,
    ) -> Self {
        let invocation = runtime_api::invocation(name, binary)
            .env("DATABASE_URL", url)
            .env("METRICS_NAMESPACE", "stress");
        Self { name, invocation, logs, clock, idle: Mutex::default() }
    }

    /// Sends a request until there is a response, as state machines and customers do. Injects one fault for each
    /// attempt.
    pub async fn call<Q, A>(
        &self,
        request: &Q,
        faults: &[InjectedFault],
    ) -> Result<Vec<Exchange<Q, A>>>
    where
        Q: Serialize + Clone,
        A: DeserializeOwned,
    {
        let event = serde_json::to_string(request)?;
        let mut exchanges = Vec::new();
        let mut faults = faults.iter().copied();
        let deadline = Instant::now() + TIME_LIMIT;
        while Instant::now() < deadline {
            let fault = faults.next().unwrap_or(InjectedFault::None);
            let began = self.clock.elapsed();
            let result = self.send(event.clone(), fault).await?;
            let ended = self.clock.elapsed();
            let response = read(result)?;
            let lost = matches!(response, Response::Lost);
            exchanges.push(Exchange { request: request.clone(), began, ended, response });
            if !lost {
                return Ok(exchanges);
            }
            tokio::time::sleep(PAUSE).await;
        }
        bail!("{} did not respond to {event} within {TIME_LIMIT:?}", self.name)
    }

    /// Sends an event to an idle process, or to a new one. Returns `None` if the fault loses the response.
    async fn send(&self, event: String, fault: InjectedFault) -> Result<Option<InvocationResult>> {
        let idle = self.idle().pop();
        let mut environment = match idle {
            Some(environment) => environment,
            None => Environment::start(self.name, &self.invocation, &self.logs).await?,
        };
        if let InjectedFault::Killed(moment) = fault {
            // If the process responds before it is killed, its response is lost all the same.
            let _lost = timeout(moment, environment.exchange(event.into())).await;
            environment.kill().await;
            return Ok(None);
        }
        let result = timeout(TIME_LIMIT, environment.exchange(event.into())).await;
        let result = result.with_context(|| format!("{} hangs", self.name))??;
        self.idle().push(environment);
        Ok((fault == InjectedFault::None).then_some(result))
    }

    /// A poisoned lock is safe to use, because nothing panics while the lock is held.
    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Environment>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read<A: DeserializeOwned>(result: Option<InvocationResult>) -> Result<Response<A>> {
    Ok(match result {
        None => Response::Lost,
        Some(InvocationResult::Failed(name)) if RETRIED.contains(&name.as_str()) => Response::Lost,
        Some(InvocationResult::Failed(name)) => Response::Failed(name),
        Some(InvocationResult::Output(output)) => {
            Response::Received(serde_json::from_slice(&output)?)
        }
    })
}
