//! Checks the seven invariants after each test: in the database, the executions and the mails.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_sfn::types::{ExecutionListItem, ExecutionStatus};
use factory_simulator::CallbackAnswer;
use local_cloud::mailbox::Mail;
use serde_json::Value;

use crate::{cloud::System, cloud::eventually};

/// What must never be: a query counts how often it is.
const NEVER: [(&str, &str); 7] = [
    ("the stock is below zero", "SELECT COUNT(*) FROM product WHERE stock < 0"),
    (
        "the ledger does not explain the stock",
        "SELECT COUNT(*) FROM product WHERE stock <> (
             SELECT COALESCE(SUM(quantity), 0) FROM stock_movement WHERE sku = product.sku)",
    ),
    (
        "the ledger did not explain the stock at some time, or it was below zero",
        "SELECT COUNT(*) FROM (
             SELECT stock_after, SUM(quantity) OVER (PARTITION BY sku ORDER BY id) AS explained
             FROM stock_movement) AS movement
         WHERE stock_after <> explained OR stock_after < 0",
    ),
    (
        "a purchase or an arrival moved the stock twice",
        "SELECT COUNT(*) FROM (
             SELECT reference FROM stock_movement GROUP BY kind, reference
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
        "goods were credited that nobody reported, or another number of them",
        "SELECT COUNT(*) FROM stock_movement AS movement
         LEFT JOIN production_order AS reported ON reported.id = movement.reference
         WHERE kind = 'arrival' AND NOT movement.quantity <=> reported.arrived_quantity",
    ),
];

/// What callbacks that were taken said: the input of each `completion`.
type Deliveries = BTreeMap<String, BTreeSet<i64>>;

impl System {
    /// Lets everything that was begun come to its end, tries all invariants, and stops.
    pub async fn finish(self) {
        self.settle().await;
        self.stop().await;
    }

    /// Lets everything that was begun come to its end, and tries all invariants.
    pub async fn settle(&self) {
        self.comes_to_rest().await;
        self.invariants_hold().await;
        if self.is_forgotten().await {
            self.sweep_remembers().await;
            self.comes_to_rest().await;
            self.invariants_hold().await;
        }
    }

    /// No execution runs any more.
    async fn comes_to_rest(&self) {
        for executions in [self.restocks(), self.completions()] {
            eventually("all executions have ended", async || {
                let running = executions.count(ExecutionStatus::Running).await;
                (running.expect("executions") == 0).then_some(())
            })
            .await;
        }
    }

    async fn invariants_hold(&self) {
        self.nothing_is_that_must_never_be().await;
        self.arrivals_are_what_callbacks_said().await;
        self.failures_are_told().await;
    }

    /// What holds at any time, also while executions run.
    pub async fn nothing_is_that_must_never_be(&self) {
        let mut connection = self.by_hand().await;
        for (what, query) in NEVER {
            let found: i64 =
                sqlx::query_scalar(query).fetch_one(&mut connection).await.expect(what);
            assert_eq!(found, 0, "{what}");
        }
    }

    /// Every good callback is credited once, with its count; nothing else is.
    async fn arrivals_are_what_callbacks_said(&self) {
        let said = self.deliveries().await;
        let credited: Vec<(String, i32)> =
            sqlx::query_as("SELECT reference, quantity FROM stock_movement WHERE kind = 'arrival'")
                .fetch_all(&mut self.by_hand().await)
                .await
                .expect("arrivals");
        for (order, quantity) in &credited {
            let counts = said.get(order).unwrap_or_else(|| panic!("nobody reported order {order}"));
            assert!(counts.contains(&i64::from(*quantity)), "{order}: {quantity}, not {counts:?}");
        }
        let credited: BTreeSet<_> = credited.into_iter().map(|(order, _)| order).collect();
        let ordered = self.order_rows().await.into_iter().map(|row| row.id);
        let lost = ordered.filter(|order| said.contains_key(order) && !credited.contains(order));
        assert_eq!(lost.collect::<Vec<_>>(), Vec::<String>::new(), "reported, and not credited");
        self.taken_callbacks_are_among(&said);
    }

    /// What the factory was told is taken, was taken.
    fn taken_callbacks_are_among(&self, said: &Deliveries) {
        let Some(factory) = &self.cloud.backing_services.factory else { return };
        for order in factory.orders() {
            let was_taken = |answer: &CallbackAnswer| matches!(answer, CallbackAnswer::Status(status) if *status < 300);
            let url = order.body["CallbackUrl"].as_str().unwrap_or_default();
            let found = said.keys().any(|name| url.contains(name.as_str()));
            assert!(found || !order.callbacks.iter().any(was_taken), "lost the callback of {url}");
        }
    }

    async fn deliveries(&self) -> Deliveries {
        let mut deliveries = Deliveries::new();
        for execution in self.completions().list().await.expect("executions") {
            let describe = self.cloud.clients.machines.describe_execution();
            let describe = describe.execution_arn(execution.execution_arn()).send().await;
            let input = describe.expect("an execution").input.unwrap_or_default();
            let input: Value = serde_json::from_str(&input).expect("JSON");
            if let (Some(order), Some(count)) =
                (input["production_order"].as_str(), input["quantity"].as_i64())
            {
                deliveries.entry(order.to_owned()).or_default().insert(count);
            }
        }
        deliveries
    }

    /// Every execution that failed, was stopped or ran out of time stands in a mail to operations, and so
    /// does every restock that failed, unless it is one more after another. EventBridge takes a moment.
    async fn failures_are_told(&self) {
        let mut failed = self.failed(&self.restocks().list().await.expect("executions"));
        failed.extend(self.failed(&self.completions().list().await.expect("executions")));
        failed.extend(self.failed_restocks().await);
        for name in failed {
            let told = |mail: &Mail| mail.text.split_whitespace().any(|word| word.ends_with(&name));
            eventually(&format!("a mail says that {name} failed"), async || {
                self.mails().await.iter().any(told).then_some(())
            })
            .await;
        }
    }

    /// The executions of restocks that failed, as their ARNs end. Who closes one by hand knows of it.
    async fn failed_restocks(&self) -> Vec<String> {
        let failed: Vec<String> = sqlx::query_scalar(
            "SELECT execution FROM restock
             WHERE status = 'failed' AND failure <> 'Restock.ClosedByHand'
             AND NOT EXISTS (SELECT 1 FROM restock AS earlier
                             WHERE earlier.sku = restock.sku AND earlier.cycle = restock.cycle - 1
                             AND earlier.status = 'failed')",
        )
        .fetch_all(&mut self.by_hand().await)
        .await
        .expect("restocks");
        failed.iter().map(|execution| format!(":{execution}")).collect()
    }

    fn failed(&self, executions: &[ExecutionListItem]) -> Vec<String> {
        let failed = executions.iter().filter(|execution| {
            use ExecutionStatus::{Aborted, Failed, TimedOut};
            matches!(execution.status(), Failed | TimedOut | Aborted)
        });
        failed.map(|execution| execution.execution_arn().to_owned()).collect()
    }

    /// Whether a product is at or below its reorder point and has no open restock.
    async fn is_forgotten(&self) -> bool {
        let forgotten = "SELECT COUNT(*) FROM product WHERE stock <= reorder_point
                         AND NOT EXISTS (SELECT 1 FROM restock WHERE open_sku = product.sku)";
        let query = sqlx::query_scalar::<_, i64>(forgotten);
        query.fetch_one(&mut self.by_hand().await).await.expect("products") > 0
    }

    async fn sweep_remembers(&self) {
        if let Some(factory) = &self.cloud.backing_services.factory {
            factory.behave().await.expect("a factory that behaves");
        }
        let restocks = async || {
            let all = sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM restock");
            all.fetch_one(&mut self.by_hand().await).await.expect("restocks")
        };
        let before = restocks().await;
        self.sweep().await;
        eventually("the sweep restocks a product at its reorder point", async || {
            (restocks().await > before).then_some(())
        })
        .await;
    }
}
