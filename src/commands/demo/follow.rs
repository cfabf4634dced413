use anyhow::Result;

use operations::executions::ExecutionEvent;

use super::{Story, a_moment};

impl Story<'_> {
    /// Tells what an execution goes through, until it has ended.
    pub(super) async fn follow(&self, name: &str) -> Result<()> {
        let execution = loop {
            match self.restocks.named(name).await? {
                Some(execution) => break execution,
                None => a_moment().await,
            }
        };
        self.console.note(format_args!("execution {name} of the restock machine"));
        let mut told = 0;
        loop {
            let happenings = self.restocks.history(execution.execution_arn()).await?;
            for happening in happenings.iter().skip(told) {
                self.console.note(described(happening));
            }
            told = happenings.len();
            if matches!(happenings.last(), Some(ExecutionEvent::Ended(_))) {
                return Ok(());
            }
            a_moment().await;
        }
    }
}

fn described(happening: &ExecutionEvent) -> String {
    match happening {
        ExecutionEvent::Entered(state) => format!("  -> {state}"),
        ExecutionEvent::TaskFailed { error, .. } => format!("     {error}"),
        ExecutionEvent::Ended(how) => format!("  {how}"),
    }
}
