//! A system in which stories happen one after the other, and with it the factory.

use std::{cell::Cell, time::Duration};

use aws_sdk_sfn::types::ExecutionStatus;
use aws_sdk_sqs::types::QueueAttributeName;
use local_cloud::Options;
use operations::executions::Executions;
use system::Settings;

use crate::{floor::Floor, processes::Processes, stories::Story, workspace::Functions};
use system_testkit::{QUICK, System, eventually};
use testkit::{database::SKU, database::fresh_database, database::sku};

/// So long an execution waits for goods whose callback was lost.
const SETTINGS: Settings = Settings { await_completion_seconds: 3, ..QUICK };

/// A message whose consumer died comes again after so many seconds.
const VISIBILITY: &str = "2";

/// A system for stories.
pub struct Stage {
    pub system: System,
    pub floor: Floor,
    pub processes: Processes,
    names: Cell<u32>,
}

impl Stage {
    pub async fn with(functions: &Functions) -> Self {
        let options = Options {
            // The floor calls back, and never the factory itself.
            factory_stage: Duration::from_secs(3600),
            database_url: Some(fresh_database().await),
            stock: Some(0),
            settings: Some(SETTINGS),
            binaries: Some(functions.binaries.clone()),
            ..Options::default()
        };
        let system = System::start(options).await;
        system.hurry_retries().await;
        messages_come_again_soon(&system).await;
        let home = system.cloud.backing_services.log_path().parent().expect("a home");
        let processes = Processes::at_home(home);
        Self { system, floor: Floor::default(), processes, names: Cell::new(0) }
    }

    /// Lets a story happen, and one process die in it. Where that is the function's first, it is a new one.
    pub async fn play_with_a_death(&self, story: &Story, function: &str, place: &str) {
        self.processes.end(function);
        self.processes.arm(function, place);
        self.play(story).await;
        let mut died = self.processes.has_died();
        // When the story was told first, a sweep may have come by that was not needed this time.
        if function == "find-depleted" && !died {
            self.is_swept().await;
            died = self.processes.has_died();
        }
        assert!(died, "{}: no {function} passed {place}", story.name);
    }

    /// Lets a story happen. Afterwards all invariants hold, and the product is stocked.
    pub async fn play(&self, story: &Story) {
        let story = async {
            (story.happens)(self).await;
            self.comes_to_its_end().await;
        };
        tokio::select! {
            () = story => {}
            never = self.floor.work(&self.system) => match never {}
        }
    }

    async fn comes_to_its_end(&self) {
        eventually("nothing is under way", async || self.is_at_rest().await.then_some(())).await;
        self.system.settle().await;
        assert!(self.is_stocked().await, "{:?}", self.system.totals().await);
    }

    async fn is_stocked(&self) -> bool {
        let books = self.system.totals().await;
        books.stock > 10 && books.open_restocks == 0
    }

    /// Whether no execution runs and no message waits.
    async fn is_at_rest(&self) -> bool {
        let sweeps = &self.system.cloud.outputs.sweep_machine_arn;
        let sweeps = Executions::of(self.system.cloud.clients.machines.clone(), sweeps);
        for executions in [sweeps, self.system.restocks(), self.system.completions()] {
            if executions.count(ExecutionStatus::Running).await.expect("executions") > 0 {
                return false;
            }
        }
        !self.system.has_messages().await
    }

    /// Sweeps, and waits until all that follows of it is over.
    pub async fn is_swept(&self) {
        self.system.sweep().await;
        eventually("the sweep is over", async || self.is_at_rest().await.then_some(())).await;
    }

    /// Waits until the product is stocked. Where nothing is under way that would do it, the sweep must.
    pub async fn is_restocked(&self) {
        eventually("the product is restocked", async || {
            if self.is_stocked().await {
                return Some(());
            }
            if self.is_at_rest().await {
                self.system.sweep().await;
            }
            None
        })
        .await;
    }

    /// Waits until an execution waits for goods.
    pub async fn goods_are_awaited(&self) {
        let awaited = "SELECT COUNT(*) FROM production_order
                       JOIN restock ON open_sku = production_order.sku
                       AND restock.cycle = production_order.cycle
                       WHERE task_token IS NOT NULL";
        eventually("goods are awaited", async || {
            let count = sqlx::query_scalar::<_, i64>(awaited);
            let count =
                count.fetch_one(&mut self.system.admin_connection().await).await.expect("a count");
            (count == 1).then_some(())
        })
        .await;
    }

    /// Stops the execution that restocks, by hand.
    pub async fn stop_restock(&self) {
        let restocks = self.system.restocks();
        let execution = eventually("an execution restocks", async || {
            let all = restocks.list().await.expect("executions");
            all.into_iter().find(|execution| *execution.status() == ExecutionStatus::Running)
        })
        .await;
        self.system.abort(&restocks, execution.name()).await;
    }

    /// Waits for a mail that says this.
    pub async fn is_told_of(&self, what: &str) {
        eventually("a mail is sent", async || {
            self.system.mails().await.iter().any(|mail| mail.text.contains(what)).then_some(())
        })
        .await;
    }

    /// The product's restock cycle.
    pub async fn cycle(&self) -> u32 {
        let cycle = sqlx::query_scalar("SELECT restock_cycle FROM product WHERE sku = ?");
        cycle
            .bind(SKU)
            .fetch_one(&mut self.system.admin_connection().await)
            .await
            .expect("a product")
    }

    /// Ends all connections to the database.
    pub async fn lose_connections(&self) {
        let mut by_hand = self.system.admin_connection().await;
        let others = "SELECT CAST(id AS SIGNED) FROM information_schema.processlist
                      WHERE db = DATABASE() AND id <> CONNECTION_ID()";
        let others: Vec<i64> =
            sqlx::query_scalar(others).fetch_all(&mut by_hand).await.expect("connections");
        for connection in others {
            let kill = sqlx::AssertSqlSafe(format!("KILL {connection}"));
            sqlx::raw_sql(kill).execute(&mut by_hand).await.expect("a connection less");
        }
    }

    /// Ends everything. Where a process died in an invocation, its line in the log is missing.
    pub async fn strike(self) {
        self.system.logs_say_nothing_secret().await;
        self.system.cloud.stop().await;
    }

    /// A name that is new.
    pub fn name(&self) -> String {
        self.names.set(self.names.get() + 1);
        format!("NAME-{}", self.names.get())
    }

    /// Counts the stock by hand.
    pub async fn count(&self, stock: u32) {
        let counted = self.system.cloud.warehouse.count_stock(&sku(), stock, &self.name()).await;
        counted.expect("a count");
    }

    /// A customer who asks under the same key until the answer is known.
    pub async fn buys(&self, key: &str, outcome: &str) {
        let answer = eventually("the customer has an answer", async || {
            let answer = self.system.shop.buy(key, SKU, 1).await.expect("an answer");
            (!answer.status.is_server_error()).then_some(answer)
        })
        .await;
        assert_eq!(answer.outcome(), outcome, "{answer:?}");
    }
}

async fn messages_come_again_soon(system: &System) {
    let set = system.cloud.clients.queues.set_queue_attributes();
    let set = set.queue_url(&system.cloud.outputs.stock_queue_url);
    let set = set.attributes(QueueAttributeName::VisibilityTimeout, VISIBILITY);
    set.send().await.expect("a setting");
}
