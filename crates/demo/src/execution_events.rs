use std::time::Duration;

use anyhow::Result;
use local_programs::console::Console;
use operations::executions::{ExecutionEvent, Executions};
use tokio::time::sleep;

const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// Waits for an execution of `restock` with this name, or with this name and the suffix that a redrive adds. Prints its
/// events until it has ended.
pub(super) async fn print_events(
    restocks: &Executions,
    name: &str,
    console: Console,
) -> Result<()> {
    let with_suffix = format!("{name}_");
    let execution = loop {
        let mut all = restocks.list().await?.into_iter();
        match all.find(|one| one.name() == name || one.name().starts_with(&with_suffix)) {
            Some(execution) => break execution,
            None => sleep(POLL_INTERVAL).await,
        }
    };
    console.note(format_args!("execution {} of the state machine restock", execution.name()));
    let mut printed = 0;
    loop {
        let events = restocks.history(execution.execution_arn()).await?;
        for event in events.iter().skip(printed) {
            console.note(described(event));
        }
        printed = events.len();
        if matches!(events.last(), Some(ExecutionEvent::Ended(_))) {
            return Ok(());
        }
        sleep(POLL_INTERVAL).await;
    }
}

fn described(event: &ExecutionEvent) -> String {
    match event {
        ExecutionEvent::Entered(state) => format!("  -> {state}"),
        ExecutionEvent::TaskFailed { error, .. } => format!("     error {error}"),
        ExecutionEvent::Ended(how) => format!("  {how}"),
    }
}
