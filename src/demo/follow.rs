use anyhow::Result;

use super::{Story, a_moment};
use crate::operations::executions::Happening;

impl Story<'_> {
    /// Tells what an execution goes through, until it has ended.
    pub(super) async fn follow(&self, name: &str) -> Result<()> {
        let execution = loop {
            match self.restocks.named(name).await? {
                Some(execution) => break execution,
                None => a_moment().await,
            }
        };
        self.narrator.note(format_args!("execution {name} of the restock machine"));
        let mut told = 0;
        loop {
            let happenings = self.restocks.history(execution.execution_arn()).await?;
            for happening in happenings.iter().skip(told) {
                self.narrator.note(described(happening));
            }
            told = happenings.len();
            if matches!(happenings.last(), Some(Happening::Ended(_))) {
                return Ok(());
            }
            a_moment().await;
        }
    }
}

fn described(happening: &Happening) -> String {
    match happening {
        Happening::Entered(state) => format!("  -> {state}"),
        Happening::TaskFailed { error, .. } => format!("     {error}"),
        Happening::Ended(how) => format!("  {how}"),
    }
}
