//! The seven invariants, checked in the database, the executions and the mails at the end of each test.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_sfn::types::ExecutionStatus;
use factory_simulator::CallbackAnswer;
use local_cloud::mailbox::Mail;
use operations::executions::Executions;
use serde_json::Value;

use crate::{Check, System, eventually};

/// Violations of the invariants: each query counts them, and must find none.
const NEVER: [(&str, &str); 7] = [
    ("the stock is below zero", "SELECT COUNT(*) FROM stock_bucket WHERE stock < 0"),
    (
        "the ledger does not explain the stock",
        "SELECT COUNT(*) FROM stock_bucket WHERE stock <> (
             SELECT COALESCE(SUM(quantity), 0) FROM stock_movement
             WHERE sku = stock_bucket.sku AND bucket = stock_bucket.bucket)",
    ),
    (
        "the ledger did not explain the stock at some time, or it was below zero",
        "SELECT COUNT(*) FROM (
             SELECT stock_after, SUM(quantity) OVER (PARTITION BY sku, bucket ORDER BY id) AS explained
             FROM stock_movement) AS movement
         WHERE stock_after <> explained OR stock_after < 0",
    ),
    (
        "a purchase or an arrival moved the stock twice",
        "SELECT COUNT(*) FROM (
             SELECT reference FROM stock_movement GROUP BY kind, reference, part
             HAVING COUNT(*) > 1) AS twice",
    ),
    (
        "a product has two open restocks",
        "SELECT COUNT(*) FROM (
             SELECT sku FROM restock WHERE status = 'open' GROUP BY sku HAVING COUNT(*) > 1) AS two",
    ),
    (
        "a restock was opened before the one before it was closed",
        "SELECT COUNT(*) FROM restock AS earlier
         JOIN restock AS later ON later.sku = earlier.sku AND later.cycle > earlier.cycle
         WHERE earlier.closed_at IS NULL OR later.opened_at < earlier.closed_at",
    ),
    (
        "an arrival was credited that no callback reported, or with another quantity",
        "SELECT COUNT(*) FROM (
             SELECT reference, SUM(quantity) AS quantity FROM stock_movement
             WHERE kind = 'arrival' GROUP BY reference) AS credited
         LEFT JOIN production_order AS reported ON reported.id = credited.reference
         WHERE NOT credited.quantity <=> reported.arrived_quantity",
    ),
];

/// The counts that accepted callbacks reported for each order: the inputs of the `completion` executions.
type ReportedCounts = BTreeMap<String, BTreeSet<i64>>;

impl System {
    pub(crate) async fn check_invariants(&self, skipped: Option<Check>) {
        self.check_database().await;
        self.check_arrivals().await;
        if skipped != Some(Check::FailuresAreMailed) {
            self.check_that_failures_are_mailed().await;
        }
    }

    /// What holds at any time, also while executions run.
    async fn check_database(&self) {
        for (what, query) in NEVER {
            assert_eq!(self.count(query).await, 0, "{what}");
        }
    }

    /// Every accepted callback is credited once, with its count. Nothing else is credited.
    async fn check_arrivals(&self) {
        let reported = self.reported_counts().await;
        let arrivals = "SELECT reference, CAST(SUM(quantity) AS SIGNED) FROM stock_movement
                        WHERE kind = 'arrival' GROUP BY reference";
        let credited: Vec<(String, i64)> = sqlx::query_as(arrivals)
            .fetch_all(&mut self.admin_connection().await)
            .await
            .expect("arrivals");
        for (order, quantity) in &credited {
            let counts =
                reported.get(order).unwrap_or_else(|| panic!("nobody reported order {order}"));
            assert!(counts.contains(quantity), "{order}: {quantity}, not {counts:?}");
        }
        let credited: BTreeSet<_> = credited.into_iter().map(|(order, _)| order).collect();
        let ordered = self.order_rows().await.into_iter().map(|row| row.id);
        let lost =
            ordered.filter(|order| reported.contains_key(order) && !credited.contains(order));
        assert_eq!(lost.collect::<Vec<_>>(), Vec::<String>::new(), "reported, and not credited");
        self.check_stored_callbacks().await;
    }

    /// Every callback that was answered with success started an execution.
    async fn check_stored_callbacks(&self) {
        let services = &self.cloud.backing_services;
        let factories = services.factory.iter().chain(&services.second_factory);
        let inputs = self.completion_inputs().await;
        let handled: Vec<_> =
            inputs.iter().filter_map(|i| i["production_order"].as_str()).collect();
        for order in factories.flat_map(|factory| factory.orders()) {
            let is_success = |answer: &CallbackAnswer| matches!(answer, CallbackAnswer::Status(status) if *status < 300);
            let url = order.body["CallbackUrl"].as_str().unwrap_or_default();
            let found = handled.iter().any(|name| url.contains(name));
            assert!(found || !order.callbacks.iter().any(is_success), "lost the callback of {url}");
        }
    }

    async fn completion_inputs(&self) -> Vec<Value> {
        let mut inputs = Vec::new();
        for execution in self.completions().list().await.expect("executions") {
            let describe = self.cloud.clients.machines.describe_execution();
            let describe = describe.execution_arn(execution.execution_arn()).send().await;
            let input = describe.expect("an execution").input.unwrap_or_default();
            inputs.push(serde_json::from_str(&input).expect("JSON"));
        }
        inputs
    }

    async fn reported_counts(&self) -> ReportedCounts {
        let mut reported = ReportedCounts::new();
        for input in self.completion_inputs().await {
            if let (Some(order), Some(count)) =
                (input["production_order"].as_str(), input["quantity"].as_i64())
            {
                reported.entry(order.to_owned()).or_default().insert(count);
            }
        }
        reported
    }

    /// Every failed, stopped or timed-out execution is named in a mail, and so is every failed restock. A restock that
    /// fails after a failed one is not: the failure was mailed before. EventBridge needs a moment.
    async fn check_that_failures_are_mailed(&self) {
        let mut failed = self.failed_executions().await;
        failed.extend(self.failed_restocks(false).await);
        for name in failed {
            let is_named = |mail: &Mail| {
                let mut words = mail.text.split_whitespace();
                words.any(|word| word.ends_with(&name))
            };
            eventually(&format!("a mail says that {name} failed"), async || {
                self.mails().await.iter().any(is_named).then_some(())
            })
            .await;
        }
    }

    /// The ARNs of the executions whose failure must be mailed.
    async fn failed_executions(&self) -> Vec<String> {
        use ExecutionStatus::{Aborted, Failed, TimedOut};
        let repeated = self.failed_restocks(true).await;
        let mut failed = Vec::new();
        for (machine, restocks) in [(self.restocks(), true), (self.completions(), false)] {
            for execution in machine.list().await.expect("executions") {
                let arn = execution.execution_arn();
                let is_repeated = repeated.iter().any(|name| arn.ends_with(name));
                let is_failed = match execution.status() {
                    // An operator who redrives always gets an answer.
                    Failed => !is_repeated || self.is_redriven(&machine, execution.name()).await,
                    // If its restock failed, that is checked as a failed restock.
                    status => !restocks && matches!(status, Aborted | TimedOut),
                };
                failed.extend(is_failed.then(|| arn.to_owned()));
            }
        }
        failed
    }

    async fn is_redriven(&self, machine: &Executions, name: &str) -> bool {
        self.input(machine, name).await["reason"] == "redrive"
    }

    /// The executions of failed restocks, as their ARNs end: those whose cycle before failed as well, or the others.
    /// Without those that an operator closed.
    async fn failed_restocks(&self, after_a_failed_one: bool) -> Vec<String> {
        let failed = sqlx::query_scalar::<_, String>(
            "SELECT execution FROM restock
             WHERE status = 'failed' AND failure <> 'Restock.ClosedByHand'
             AND ? = EXISTS (SELECT 1 FROM restock AS earlier
                             WHERE earlier.sku = restock.sku AND earlier.cycle = restock.cycle - 1
                             AND earlier.status = 'failed')",
        );
        let failed = failed.bind(after_a_failed_one);
        let failed = failed.fetch_all(&mut self.admin_connection().await).await.expect("restocks");
        failed.iter().map(|execution| format!(":{execution}")).collect()
    }

    /// Whether a product is depleted and no restock is open for it.
    pub(crate) async fn is_left_depleted(&self) -> bool {
        let depleted = "SELECT COUNT(*) FROM product WHERE reorder_point >= (
                            SELECT SUM(stock) FROM stock_bucket WHERE stock_bucket.sku = product.sku)
                        AND NOT EXISTS (SELECT 1 FROM restock WHERE open_sku = product.sku)";
        self.count(depleted).await > 0
    }

    /// With a factory that works, the sweep has a restock opened.
    pub(crate) async fn check_that_the_sweep_restocks(&self) {
        if self.cloud.backing_services.factory.is_some() {
            self.clear_fault().await;
        }
        let restocks = "SELECT COUNT(*) FROM restock";
        let before = self.count(restocks).await;
        self.sweep().await;
        eventually("the sweep restocks a product at its reorder point", async || {
            (self.count(restocks).await > before).then_some(())
        })
        .await;
    }

    pub(crate) async fn count(&self, query: &'static str) -> i64 {
        let count = sqlx::query_scalar(query);
        count.fetch_one(&mut self.admin_connection().await).await.expect("a count")
    }
}
