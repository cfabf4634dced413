use anyhow::Result;

use operations::executions::ExecutionEvent;

use super::{Demo, a_moment};

impl Demo<'_> {
    /// Prints the events of an execution until it has ended.
    pub(super) async fn follow(&self, name: &str) -> Result<()> {
        let execution = loop {
            match self.restocks.named(name).await? {
                Some(execution) => break execution,
                None => a_moment().await,
            }
        };
        self.console.note(format_args!("execution {name} of the restock machine"));
        let mut printed = 0;
        loop {
            let events = self.restocks.history(execution.execution_arn()).await?;
            for event in events.iter().skip(printed) {
                self.console.note(described(event));
            }
            printed = events.len();
            if matches!(events.last(), Some(ExecutionEvent::Ended(_))) {
                return Ok(());
            }
            a_moment().await;
        }
    }
}

fn described(event: &ExecutionEvent) -> String {
    match event {
        ExecutionEvent::Entered(state) => format!("  -> {state}"),
        ExecutionEvent::TaskFailed { error, .. } => format!("     {error}"),
        ExecutionEvent::Ended(how) => format!("  {how}"),
    }
}
