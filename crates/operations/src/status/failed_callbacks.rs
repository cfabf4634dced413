//! Callbacks that were accepted and could not be handled: nothing else in the status shows them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Result;
use aws_sdk_sfn::types::{ExecutionListItem, ExecutionStatus};
use errors::ErrorName;
use serde::Serialize;

use crate::{access::WarehouseAccess, executions::Executions};

/// How far back executions are examined.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A callback whose execution of `completion` failed, and whose arrival is still not recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FailedCallback {
    /// The production order; for a refused callback that could not be reported, `refused_` and the order.
    pub production_order: String,
    /// Name of the error.
    pub error: String,
    /// A link to the execution in the AWS console, or its ARN on this machine.
    pub link: String,
}

impl FailedCallback {
    /// Those of the last 24 hours, the latest first.
    pub(super) async fn all(
        completions: &Executions,
        warehouse: &WarehouseAccess,
    ) -> Result<Vec<Self>> {
        let since = SystemTime::now().checked_sub(DAY).unwrap_or(UNIX_EPOCH);
        let executions = completions.since(since).await?;
        let failed = unmended(&executions);
        if failed.is_empty() {
            return Ok(Vec::new());
        }
        let (unrecorded, mut found) = (warehouse.unreported().await?, Vec::new());
        for execution in failed {
            let order = work(execution);
            // The sweep credits an arrival that was recorded, and a person may have counted the goods of a lost order.
            if unrecorded.iter().any(|other| other == order) || !warehouse.is_settled(order).await?
            {
                found.push(Self::of(execution, completions).await?);
            }
        }
        Ok(found)
    }

    async fn of(execution: &ExecutionListItem, completions: &Executions) -> Result<Self> {
        let described = completions.describe(execution.name()).await?;
        let error = match execution.status() {
            ExecutionStatus::TimedOut => Some(ErrorName::ExecutionTimedOut.as_str().to_owned()),
            ExecutionStatus::Aborted => Some(ErrorName::ExecutionAborted.as_str().to_owned()),
            _ => described.and_then(|described| described.error),
        };
        Ok(Self {
            production_order: work(execution).to_owned(),
            error: error.unwrap_or_else(|| "an error without a name".to_owned()),
            link: completions.link(execution.name()),
        })
    }

    pub(super) fn attention(&self) -> String {
        let Self { production_order, error, link } = self;
        match production_order.strip_prefix("refused_") {
            Some(order) => format!(
                "a callback for order {order} was refused, and that could not be reported: {error}. See {link}"
            ),
            None => format!(
                "the callback for order {production_order} failed with {error}, and its goods are not in stock: \
                 repair the cause, then run `restock audit`, which prints the command that handles the callback again"
            ),
        }
    }
}

/// What an execution is about: its name, without the suffix of a later try.
fn work(execution: &ExecutionListItem) -> &str {
    let name = execution.name();
    let begin = name.strip_prefix("refused_").map_or(0, |rest| name.len() - rest.len());
    let end = name[begin..].find('_').map_or(name.len(), |at| begin + at);
    &name[..end]
}

/// The latest execution about each thing, if it has failed. The executions are the newest first.
fn unmended(executions: &[ExecutionListItem]) -> Vec<&ExecutionListItem> {
    let mut seen = std::collections::BTreeSet::new();
    let ended = executions.iter().filter(|one| *one.status() != ExecutionStatus::Running);
    let latest = ended.filter(|one| seen.insert(work(one)));
    latest.filter(|one| *one.status() != ExecutionStatus::Succeeded).collect()
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by ending")]
mod tests {
    use aws_sdk_sfn::primitives::DateTime;

    use super::*;

    fn execution(name: &str, status: ExecutionStatus) -> ExecutionListItem {
        let execution = ExecutionListItem::builder().name(name).status(status);
        let execution = execution.execution_arn("arn").state_machine_arn("arn");
        execution.start_date(DateTime::from_secs(0)).build().expect("an execution")
    }

    #[test]
    fn a_failed_execution_is_mended_by_a_later_one_about_the_same_order_only() {
        use ExecutionStatus::{Failed, Running, Succeeded, TimedOut};
        let newest_first = [
            execution("b", Running),
            execution("a_17", Succeeded),
            execution("c", Succeeded),
            execution("b", TimedOut),
            execution("a", Failed),
            execution("refused_c", Failed),
            execution("c_1", Failed),
            execution("d_2", Failed),
            execution("d", Succeeded),
        ];
        let left: Vec<&str> = unmended(&newest_first).into_iter().map(work).collect();
        assert_eq!(left, ["b", "refused_c", "d"]);
    }
}
