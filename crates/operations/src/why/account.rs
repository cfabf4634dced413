//! What the executions of a product's restocks say about themselves.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::Value;
use warehouse::audit::{EventKind, HistoryEvent};

use crate::{
    executions::{ExecutionEvent, Executions},
    text::{error_line, first_line},
};

/// So many of the latest executions are read, each with two or more requests to Step Functions.
const EXAMINED: usize = 10;

/// What one execution says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Account {
    /// Who requested the restock: `a purchase (sold_out)`, `the sweep`, `a redrive`.
    pub reason: String,
    /// `RUNNING`, `FAILED` and so on.
    pub status: String,
    /// The latest state.
    pub state: String,
    /// The errors of tasks, with the number of times in a row.
    pub failures: Vec<(Failure, u32)>,
}

/// A task that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    pub state: String,
    pub error: String,
    pub cause: String,
}

impl Account {
    fn read(input: &str, status: &str, history: Vec<ExecutionEvent>) -> Self {
        let mut account =
            Self { reason: reason(input), status: status.to_owned(), ..Self::default() };
        for event in history {
            match event {
                ExecutionEvent::Entered(state) => account.state = state,
                ExecutionEvent::TaskFailed { error, cause } => account.add(error, &cause),
                ExecutionEvent::Ended(_) => {}
            }
        }
        account
    }

    fn add(&mut self, error: String, cause: &str) {
        let failure = Failure { state: self.state.clone(), error, cause: first_line(cause) };
        match self.failures.last_mut() {
            Some((last, times)) if *last == failure => *times += 1,
            _ => self.failures.push((failure, 1)),
        }
    }

    /// One line for each failure.
    pub(super) fn failures(&self) -> impl Iterator<Item = String> {
        self.failures.iter().map(|(failure, times)| {
            let Failure { state, error, cause } = failure;
            let times = if *times == 1 { String::new() } else { format!(", {times} times") };
            let cause = if cause.is_empty() { String::new() } else { format!(": {cause}") };
            format!("{state}: {error}{times}{cause}")
        })
    }
}

/// Who requested the restock, from the depletion that the execution got.
fn reason(input: &str) -> String {
    let input: Value = serde_json::from_str(input).unwrap_or_default();
    let purchase = input.get("purchase_id").and_then(Value::as_str);
    match (input.get("reason").and_then(Value::as_str), purchase) {
        (Some("sweep"), _) => "the sweep".to_owned(),
        (Some("redrive"), _) => "a redrive".to_owned(),
        (Some(reason), Some(purchase)) => format!("purchase {purchase} ({reason})"),
        (Some(reason), None) => format!("a purchase ({reason})"),
        (None, _) => "an unknown message".to_owned(),
    }
}

/// The accounts of the latest executions, by restock cycle. `Err` with a sentence for an execution that cannot be read:
/// the rest is useful without it.
pub(super) async fn accounts(
    executions: &Executions,
    events: &[HistoryEvent],
) -> BTreeMap<u32, Result<Account, String>> {
    let mut accounts = BTreeMap::new();
    let opened = events.iter().rev().filter_map(|event| match &event.kind {
        EventKind::RestockOpened { cycle, execution } => Some((*cycle, execution)),
        _ => None,
    });
    for (cycle, name) in opened.take(EXAMINED) {
        let account = match account(executions, name).await {
            Ok(Some(account)) => Ok(account),
            Ok(None) => Err(format!("execution {name} does not exist")),
            Err(error) => {
                Err(format!("execution {name} could not be read ({})", error_line(&error)))
            }
        };
        accounts.insert(cycle, account);
    }
    accounts
}

async fn account(executions: &Executions, name: &str) -> Result<Option<Account>> {
    let Some(execution) = executions.describe(name).await? else { return Ok(None) };
    let history = executions.history(execution.execution_arn()).await?;
    let input = execution.input().unwrap_or_default();
    Ok(Some(Account::read(input, execution.status().as_str(), history)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(error: &str) -> ExecutionEvent {
        ExecutionEvent::TaskFailed { error: error.to_owned(), cause: "no\nanswer".to_owned() }
    }

    #[test]
    fn equal_failures_of_a_state_share_a_line() {
        let entered = ExecutionEvent::Entered("PlaceOrder".to_owned());
        let history = vec![entered, failed("A"), failed("A"), failed("B")];
        let account = Account::read(r#"{"reason": "redrive"}"#, "FAILED", history);
        let lines: Vec<String> = account.failures().collect();
        assert_eq!(lines, ["PlaceOrder: A, 2 times: no", "PlaceOrder: B: no"]);
        assert_eq!(account.reason, "a redrive");
    }

    #[test]
    fn a_reason_names_its_purchase_if_it_is_known() {
        let input = r#"{"reason": "sold_out", "purchase_id": "p-1"}"#;
        assert_eq!(reason(input), "purchase p-1 (sold_out)");
        assert_eq!(reason(r#"{"reason": "reorder_point"}"#), "a purchase (reorder_point)");
        assert_eq!(reason("no JSON"), "an unknown message");
    }
}
