//! A worker: one system, in which scenarios run one after the other.

use std::{cell::Cell, time::Duration};

use aws_sdk_sfn::types::ExecutionStatus;
use local_cloud::Options;
use system::Settings;

use crate::{
    callbacks::CallbackMaker, processes::Processes, scenarios::Scenario, workspace::Functions,
};
use system_testkit::{Check, SHORT_WAIT, System, eventually};
use testkit::{
    database::{SKU, fresh_database, sku},
    sessions,
};
use warehouse::{AuthenticationChange, FactoryChange};

/// The wait for a callback that never comes must be short.
const SETTINGS: Settings = SHORT_WAIT;

/// A message whose consumer crashed is delivered again after this time.
const VISIBILITY_TIMEOUT_SECONDS: u32 = 2;

/// A system for scenarios.
pub struct Worker {
    pub system: System,
    pub callbacks: CallbackMaker,
    pub processes: Processes,
    names: Cell<u32>,
}

impl Worker {
    pub async fn start(functions: &Functions) -> Self {
        let options = Options {
            // The worker's `CallbackMaker` makes the callbacks, never the simulator itself.
            factory_stage: Duration::from_secs(3600),
            database_url: Some(fresh_database().await),
            stock: Some(0),
            settings: Some(SETTINGS),
            binaries: Some(functions.binaries.clone()),
            ..Options::default()
        };
        let system = System::start(options).await;
        system.hurry_retries().await;
        // So that the functions that send orders also pass the crash points of reading a secret.
        let secret = local_cloud::FACTORY_SECRET.parse().expect("a name");
        let authentication = Some(AuthenticationChange::Secret(secret));
        system.change_factory(|change| FactoryChange { authentication, ..change }).await;
        let outputs = &system.cloud.outputs;
        let reports = system.operations_queue_url().await;
        for queue in [&outputs.stock_queue_url, &outputs.completion_queue_url, &reports] {
            system.set_visibility_timeout(queue, VISIBILITY_TIMEOUT_SECONDS).await;
        }
        let home = system.cloud.backing_services.log_path().parent().expect("a home");
        let processes = Processes::with_home(home);
        Self { system, callbacks: CallbackMaker::default(), processes, names: Cell::new(0) }
    }

    /// Runs a scenario in which a process crashes. It is a new process, so that it also passes the crash points of its
    /// start.
    pub async fn run_with_crash(&self, scenario: &Scenario, function: &str, crash_point: &str) {
        self.processes.kill(function);
        self.processes.arm(function, crash_point);
        self.run(scenario).await;
        let mut has_crashed = self.processes.has_crashed();
        // The first run may have needed a sweep that this run did not need.
        if function == "find-depleted" && !has_crashed {
            self.sweep_and_rest().await;
            has_crashed = self.processes.has_crashed();
        }
        assert!(has_crashed, "{}: no {function} passed {crash_point}", scenario.name);
    }

    /// Runs a scenario. Afterwards all invariants hold, and the product is stocked.
    pub async fn run(&self, scenario: &Scenario) {
        let scenario = async {
            (scenario.run)(self).await;
            self.system.settle().await;
            self.callbacks.assert_none_is_lost(&self.system).await;
            assert!(self.system.is_restocked().await, "{:?}", self.system.totals().await);
        };
        tokio::select! {
            () = scenario => {}
            never = self.callbacks.run(&self.system) => match never {}
        }
    }

    /// Sweeps, and waits until nothing is under way.
    pub async fn sweep_and_rest(&self) {
        self.system.start_sweep().await;
        self.rest().await;
    }

    pub async fn count_sweeps(&self) -> usize {
        self.system.sweeps().list().await.expect("executions").len()
    }

    /// Waits until nothing is under way.
    pub async fn rest(&self) {
        let at_rest = async || self.system.is_at_rest().await.then_some(());
        eventually("nothing is under way", at_rest).await;
    }

    /// Waits until the product is stocked. Sweeps whenever nothing is under way.
    pub async fn wait_until_restocked(&self) {
        self.system.wait_until_restocked().await;
    }

    /// Waits until an execution waits for goods.
    pub async fn wait_until_goods_are_awaited(&self) {
        let awaited = "SELECT COUNT(*) FROM production_order
                       JOIN restock ON open_sku = production_order.sku
                       AND restock.cycle = production_order.cycle
                       WHERE task_token IS NOT NULL";
        eventually("an execution waits for goods", async || {
            let count = sqlx::query_scalar::<_, i64>(awaited);
            let mut connection = self.system.admin_connection().await;
            (count.fetch_one(&mut connection).await.expect("a count") == 1).then_some(())
        })
        .await;
    }

    /// Stops the restock that runs, as an operator can.
    pub async fn abort_restock(&self) {
        let restocks = self.system.restocks();
        let execution = eventually("a restock runs", async || {
            let all = restocks.list().await.expect("executions");
            all.into_iter().find(|execution| *execution.status() == ExecutionStatus::Running)
        })
        .await;
        self.system.abort(&restocks, execution.name()).await;
    }

    /// Waits for a mail with this text.
    pub async fn wait_for_mail_with(&self, text: &str) {
        eventually("a mail is sent", async || {
            self.system.mails().await.iter().any(|mail| mail.text.contains(text)).then_some(())
        })
        .await;
    }

    /// The product's restock cycle.
    pub async fn restock_cycle(&self) -> u32 {
        let cycle = sqlx::query_scalar("SELECT restock_cycle FROM product WHERE sku = ?").bind(SKU);
        cycle.fetch_one(&mut self.system.admin_connection().await).await.expect("a product")
    }

    /// Ends all connections of functions to the database.
    pub async fn cut_connections(&self) {
        let mut connection = self.system.admin_connection().await;
        let others = sessions::others(&mut connection).await;
        sessions::end(&mut connection, &others).await;
    }

    pub async fn finish(self) {
        let because = "a process that crashes during an invocation writes no log line";
        self.system.finish_without(Check::OneLogLinePerInvocation, because).await;
    }

    /// A name that was not used before.
    pub fn new_name(&self) -> String {
        self.names.set(self.names.get() + 1);
        format!("NAME-{}", self.names.get())
    }

    /// Sets the stock, as an operator who has counted it.
    pub async fn count_stock(&self, stock: u32) {
        let warehouse = &self.system.cloud.warehouse;
        warehouse
            .count_stock(&sku(), domain::Stock::new(stock), &self.new_name())
            .await
            .expect("a count");
    }

    /// Sends a purchase of one unit until its outcome is known.
    pub async fn buy(&self, purchase_id: &str, outcome: &str) {
        self.buy_units(purchase_id, 1, outcome).await;
    }

    /// Sends a purchase of several units until it is sold.
    pub async fn buy_several(&self, purchase_id: &str, quantity: u32) {
        self.buy_units(purchase_id, quantity, "sold").await;
    }

    async fn buy_units(&self, purchase_id: &str, quantity: u32, outcome: &str) {
        let answer = eventually("the outcome of the purchase is known", async || {
            let answer = self.system.shop.buy(purchase_id, SKU, quantity).await;
            let answer = answer.expect("an answer");
            (!answer.status.is_server_error()).then_some(answer)
        })
        .await;
        assert_eq!(answer.outcome(), outcome, "{answer:?}");
    }
}
