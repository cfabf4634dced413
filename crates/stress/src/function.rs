//! A function as Lambda runs it: as many processes of it as there are requests at once.

use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::time::{Instant, timeout};

use super::{
    history::{Answer, Exchange},
    plan::Fate,
    runtime_api::{Outcome, RuntimeApi},
};
use local_programs::process::{Invocation, Program};

/// What the machines repeat, of the errors that a function can name.
const REPEATED: [&str; 2] = ["Database.Unavailable", "Database.Busy"];

/// After how long. A machine takes longer, but a round is short.
const PAUSE: Duration = Duration::from_millis(20);

/// Nothing that works takes this long, on however busy a machine, nor a database that is started again.
const PATIENCE: Duration = Duration::from_secs(60);

/// A function.
pub(super) struct Function {
    name: &'static str,
    invocation: Invocation,
    logs: PathBuf,
    clock: Instant,
    idle: Mutex<Vec<Environment>>,
}

/// A process of it, and what hands it events.
struct Environment {
    program: Program,
    api: RuntimeApi,
}

impl Function {
    /// No process of it is started before there is a request. Its requests are timed by `clock`.
    pub fn new(
        name: &'static str,
        binary: PathBuf,
        url: &str,
        logs: PathBuf,
        clock: Instant,
    ) -> Self {
        let invocation = Invocation::new(binary)
            .env("DATABASE_URL", url)
            .env("METRICS_NAMESPACE", "proof")
            .env("AWS_LAMBDA_FUNCTION_NAME", name)
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
        Self { name, invocation, logs, clock, idle: Mutex::default() }
    }

    /// Asks until there is an answer, as the machine and its customer do, of one process after the other.
    pub async fn ask<Q, A>(&self, question: &Q, fates: &[Fate]) -> Result<Vec<Exchange<Q, A>>>
    where
        Q: Serialize + Clone,
        A: DeserializeOwned,
    {
        let event = serde_json::to_value(question)?;
        let mut exchanges = Vec::new();
        let mut fates = fates.iter().copied();
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            let fate = fates.next().unwrap_or(Fate::Answered);
            let began = self.clock.elapsed();
            let outcome = self.send(event.clone(), fate).await?;
            let ended = self.clock.elapsed();
            let answer = read(outcome)?;
            let again = matches!(answer, Answer::Lost);
            exchanges.push(Exchange { question: question.clone(), began, ended, answer });
            if !again {
                return Ok(exchanges);
            }
            tokio::time::sleep(PAUSE).await;
        }
        bail!("{} has not answered {event} in {PATIENCE:?}", self.name)
    }

    /// Sends an event to a process that is idle, or to a new one. Answers nothing where that is its fate.
    async fn send(&self, event: Value, fate: Fate) -> Result<Option<Outcome>> {
        let idle = self.idle().pop();
        let mut environment = match idle {
            Some(environment) => environment,
            None => self.start().await?,
        };
        if let Fate::Killed(moment) = fate {
            // It makes no difference whether it was quicker: it is killed, and what it said is lost.
            let _lost = timeout(moment, environment.exchange(event)).await;
            environment.program.kill().await;
            return Ok(None);
        }
        let outcome = timeout(PATIENCE, environment.exchange(event)).await;
        let outcome = outcome.with_context(|| format!("{} hangs", self.name))??;
        self.idle().push(environment);
        Ok((fate == Fate::Answered).then_some(outcome))
    }

    async fn start(&self) -> Result<Environment> {
        let api = RuntimeApi::open().await?;
        let invocation = self.invocation.clone().env("AWS_LAMBDA_RUNTIME_API", &api.address);
        let program = Program::start(self.name, &self.logs, &invocation).await?;
        Ok(Environment { program, api })
    }

    /// Nothing panics while it holds the lock, so a poisoned one is as good as any.
    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Environment>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Environment {
    async fn exchange(&mut self, event: Value) -> Result<Outcome> {
        tokio::select! {
            outcome = self.api.exchange(event) => outcome,
            () = self.program.ended() => bail!("it ended by itself {}", self.program.last_words()),
        }
    }
}

fn read<A: DeserializeOwned>(outcome: Option<Outcome>) -> Result<Answer<A>> {
    Ok(match outcome {
        None => Answer::Lost,
        Some(Outcome::Failed(name)) if REPEATED.contains(&name.as_str()) => Answer::Lost,
        Some(Outcome::Failed(name)) => Answer::Failed(name),
        Some(Outcome::Answered(answer)) => Answer::Known(serde_json::from_value(answer)?),
    })
}
