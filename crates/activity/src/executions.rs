use std::time::Duration;

use anyhow::Result;
use aws_sdk_sfn::types::ExecutionListItem;
use local_programs::console::Console;
use operations::executions::{ExecutionEvent, Executions};
use tokio::time::sleep;

const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// Waits for an execution of `restock` with this name, or with this name and the suffix that a redrive adds. Prints its
/// events until it has ended.
///
/// # Errors
/// If Step Functions does not answer.
pub async fn print_execution(restocks: &Executions, name: &str, console: Console) -> Result<()> {
    let with_suffix = format!("{name}_");
    let execution = loop {
        let mut all = restocks.list().await?.into_iter();
        match all.find(|one| one.name() == name || one.name().starts_with(&with_suffix)) {
            Some(execution) => break execution,
            None => sleep(POLL_INTERVAL).await,
        }
    };
    console.note(format_args!("execution {} of the state machine restock", execution.name()));
    let mut follower = Follower { prefix: "  ".to_owned(), ..Follower::of(&execution) };
    while !follower.has_ended {
        follower.print_new(restocks, console).await?;
        sleep(POLL_INTERVAL).await;
    }
    Ok(())
}

/// Prints the events of one execution, each once.
#[derive(Debug)]
pub(super) struct Follower {
    arn: String,
    prefix: String,
    printed: usize,
    last_error: Option<String>,
    has_ended: bool,
}

impl Follower {
    /// Of an execution none of whose events is printed. Each line begins with its name.
    pub(super) fn of(execution: &ExecutionListItem) -> Self {
        Self {
            arn: execution.execution_arn().to_owned(),
            prefix: format!("{} ", execution.name()),
            printed: 0,
            last_error: None,
            has_ended: false,
        }
    }

    /// Prints the events since the last call. An error that repeats the one before is not printed again.
    pub(super) async fn print_new(
        &mut self,
        executions: &Executions,
        console: Console,
    ) -> Result<()> {
        if self.has_ended {
            return Ok(());
        }
        let events = executions.history(&self.arn).await?;
        for event in events.iter().skip(self.printed) {
            if let Some(line) = self.described(event) {
                console.note(format_args!("{}{line}", self.prefix));
            }
        }
        self.printed = events.len();
        self.has_ended = matches!(events.last(), Some(ExecutionEvent::Ended(_)));
        Ok(())
    }

    fn described(&mut self, event: &ExecutionEvent) -> Option<String> {
        match event {
            ExecutionEvent::Entered(state) => {
                self.last_error = None;
                Some(format!("-> {state}"))
            }
            ExecutionEvent::TaskFailed { error, .. } => {
                let last = self.last_error.replace(error.clone());
                (last.as_ref() != Some(error)).then(|| format!("   error {error}"))
            }
            ExecutionEvent::Ended(how) => Some(how.clone()),
        }
    }
}
