//! What a test asks the whole system, and does to it, beyond buying.

use std::collections::BTreeMap;

use aws_sdk_sfn::types::ExecutionListItem;
use domain::PurchaseOutcome;
use factory_simulator::Fault;
use local_cloud::mailbox::Mail;
use operations::executions::ExecutionEvent;
use operations::executions::Executions;
use serde_json::Value;
use sqlx::FromRow;
use system::Settings;

use crate::{cloud::QUICK, cloud::System, cloud::eventually};
use testkit::database::SKU;

/// The restock that a product without stock begins with.
pub const FIRST: &str = "CP-502101_1";
/// The one after it.
pub const SECOND: &str = "CP-502101_2";

/// Waits for a moment only: for tests in which nothing comes.
pub const BRISK: Settings = Settings { await_completion_seconds: 3, ..QUICK };

/// A production order as the database has it.
#[derive(Debug, Clone, FromRow)]
pub struct OrderRow {
    pub id: String,
    pub attempt: u32,
    pub quantity: i32,
    pub task_token: Option<String>,
    pub arrived_quantity: Option<i32>,
}

impl System {
    /// All orders to the factory, oldest first.
    pub async fn order_rows(&self) -> Vec<OrderRow> {
        let all = "SELECT id, attempt, quantity, task_token, arrived_quantity
                   FROM production_order ORDER BY cycle, attempt";
        sqlx::query_as(all).fetch_all(&mut self.by_hand().await).await.expect("orders")
    }

    /// A purchase that finds nothing left, and so tells the restock workflow.
    pub async fn find_sold_out(&self) {
        let answer = self.buy("too-late").await;
        assert_eq!(answer.purchase_outcome(), Some(PurchaseOutcome::SoldOut), "{answer:?}");
    }

    /// Misbehaves, for so many orders.
    pub async fn factory_misbehaves_for(&self, fault: Fault, orders: u32) {
        self.factory().misbehave_for(fault, orders).await.expect("a fault");
    }

    /// Misbehaves until told otherwise.
    pub async fn factory_misbehaves(&self, fault: Fault) {
        self.factory().misbehave(fault).await.expect("a fault");
    }

    /// Waits until the execution of the n-th order waits for its goods, and answers the order's row.
    pub async fn waits_for_order(&self, number: usize) -> OrderRow {
        eventually(&format!("order {number} is waited for"), async || {
            let row = self.order_rows().await.get(number - 1)?.clone();
            row.task_token.is_some().then_some(row)
        })
        .await
    }

    /// Waits until so many have come from the factory, in all.
    pub async fn arrived(&self, goods: i64) {
        eventually(&format!("{goods} have arrived"), async || {
            (self.totals().await.arrived == goods).then_some(())
        })
        .await;
    }

    pub async fn execution(&self, executions: &Executions, name: &str) -> ExecutionListItem {
        eventually(&format!("there is an execution {name}"), async || {
            executions.named(name).await.expect("executions")
        })
        .await
    }

    pub async fn history(&self, executions: &Executions, name: &str) -> Vec<ExecutionEvent> {
        let execution = self.execution(executions, name).await;
        executions.history(execution.execution_arn()).await.expect("a history")
    }

    /// Waits until a task of the execution has failed with this error.
    pub async fn fails_in_a_task(&self, executions: &Executions, name: &str, error: &str) {
        eventually(&format!("a task of {name} fails with {error}"), async || {
            let history = self.history(executions, name).await;
            task_errors(&history).contains(&error).then_some(())
        })
        .await;
    }

    /// What an execution that succeeded answered.
    pub async fn output(&self, executions: &Executions, name: &str) -> Value {
        assert_eq!(self.ended(executions, name).await, "SUCCEEDED", "execution {name}");
        let arn = self.execution(executions, name).await.execution_arn;
        let describe = self.cloud.clients.machines.describe_execution().execution_arn(arn);
        let described = describe.send().await.expect("an execution");
        serde_json::from_str(described.output().unwrap_or_default()).expect("JSON")
    }

    /// Stops an execution by hand.
    pub async fn abort(&self, executions: &Executions, name: &str) {
        let arn = self.execution(executions, name).await.execution_arn;
        let stop = self.cloud.clients.machines.stop_execution().execution_arn(arn);
        stop.send().await.expect("stopped");
        assert_eq!(self.ended(executions, name).await, "ABORTED");
    }

    /// Lets nobody invoke a function, until it is told otherwise.
    pub async fn throttle(&self, function: &str) {
        let concurrency = self.cloud.clients.functions.put_function_concurrency();
        let none = concurrency.function_name(function).reserved_concurrent_executions(0);
        none.send().await.expect("throttled");
    }

    pub async fn unthrottle(&self, function: &str) {
        let concurrency = self.cloud.clients.functions.delete_function_concurrency();
        concurrency.function_name(function).send().await.expect("no longer throttled");
    }

    /// Shortens the time between the retries of the state machines to a twentieth: how long they are is
    /// what the definitions say, and is tried there.
    pub async fn hurry_retries(&self) {
        self.scale_retries(0.05).await;
    }

    pub async fn scale_retries(&self, scale: f64) {
        let url = format!("{}/_ministack/config", self.cloud.endpoint());
        let scale = serde_json::json!({"stepfunctions._SFN_WAIT_SCALE": scale});
        let set = self.shop.call_back(&url, scale.to_string()).await.expect("an answer");
        assert!(set.status.is_success(), "{set:?}");
    }

    /// Nobody may invoke these functions, and nobody waits long before trying again.
    pub async fn cannot_run(&self, functions: &[&str]) {
        self.scale_retries(0.001).await;
        for function in functions {
            self.throttle(function).await;
        }
    }

    pub async fn can_run(&self, functions: &[&str]) {
        for function in functions {
            self.unthrottle(function).await;
        }
    }

    /// Sweeps until the sweep has done what is looked for.
    pub async fn sweeps_until(&self, what: &str, done: impl AsyncFn() -> bool) {
        eventually(what, async || {
            self.sweep().await;
            done().await.then_some(())
        })
        .await;
    }

    /// Lets all restocks have been opened, and closed, long ago.
    pub async fn restocks_grow_old(&self) {
        self.execute(
            "UPDATE restock SET opened_at = opened_at - INTERVAL 2 HOUR,
                                closed_at = closed_at - INTERVAL 2 HOUR",
        )
        .await;
    }

    /// Lets all goods have come long ago.
    pub async fn arrivals_grow_old(&self) {
        self.execute("UPDATE production_order SET arrived_at = arrived_at - INTERVAL 2 HOUR").await;
    }

    async fn execute(&self, statement: &'static str) {
        let done = sqlx::query(statement).execute(&mut self.by_hand().await).await;
        done.expect("what no function does");
    }

    /// One purchase of several.
    pub async fn buy_several(&self, key: &str, quantity: u32) {
        let answer = self.shop.buy(key, SKU, quantity).await.expect("an answer");
        assert_eq!(answer.purchase_outcome(), Some(PurchaseOutcome::Sold), "{answer:?}");
    }

    /// Waits for the mail whose subject says this.
    pub async fn is_mailed(&self, subject: &str) -> Mail {
        eventually(&format!("a mail says {subject:?}"), async || {
            self.mails().await.into_iter().find(|mail| mail.subject.contains(subject))
        })
        .await
    }

    /// Operations have been told of an error: by one dead letter that asks for `cycle`, and one mail.
    pub async fn operations_are_told(&self, error: &str, cycle: u32, subject: &str) {
        let letters = self.dead_letters().await;
        let [letter] = letters.as_slice() else { panic!("one dead letter: {letters:?}") };
        assert_eq!(letter.error, error, "{letter:?}");
        let depletion = letter.depletion.as_ref().expect("a depletion");
        assert_eq!(depletion.restock_cycle.get(), cycle, "{letter:?}");
        let mails = self.mails().await;
        let told: Vec<_> = mails.iter().filter(|mail| mail.subject.contains(subject)).collect();
        assert_eq!(told.len(), 1, "one mail that says {subject:?}: {mails:?}");
        assert!(told[0].text.contains("What to do now: "), "{mails:?}");
    }
}

/// The names of the errors that tasks failed with.
pub fn task_errors(history: &[ExecutionEvent]) -> Vec<&str> {
    let errors = history.iter().filter_map(|happening| match happening {
        ExecutionEvent::TaskFailed { error, .. } => Some(error.as_str()),
        _ => None,
    });
    errors.collect()
}

/// How often each state was entered.
pub fn entered(history: &[ExecutionEvent]) -> BTreeMap<&str, usize> {
    let mut states = BTreeMap::new();
    for happening in history {
        if let ExecutionEvent::Entered(state) = happening {
            *states.entry(state.as_str()).or_default() += 1;
        }
    }
    states
}
