//! The whole system for each test: its own emulator, factory and database, on one database server.

use std::{fmt::Debug, time::Duration};

use deployment::api_client::ApiClient;
use deployment::api_client::Response;
use factory_simulator::Factory;
use local_cloud::LocalCloud;
use local_cloud::Options;
use local_cloud::emulator::RecordFiles;
use local_cloud::mailbox;
use local_cloud::mailbox::Mail;
use local_programs::console::Console;
use operations::dead_letters::DeadLetter;
use operations::dead_letters::Queues;
use operations::executions::Executions;
use system::Settings;
use warehouse::ProductTotals;

use testkit::{
    database::SKU, database::fresh_database, database::sku, polling::within,
    transitions::begin_record,
};

/// Nothing that is waited for takes this long, unless it never comes.
const PATIENCE: Duration = Duration::from_secs(60);

/// As quick as a test wants it: the factory needs a fifth of a second, and nobody waits long for it.
pub const QUICK: Settings = Settings {
    await_completion_seconds: 5,
    restock_attempts: 2,
    restock_abandoned_seconds: 3600,
    arrival_forgotten_seconds: 3600,
};

/// For tests in which the factory calls back: on a busy machine that takes longer than a quick wait.
pub const PATIENT: Settings = Settings { await_completion_seconds: 120, ..QUICK };

/// The system, up for one test.
pub struct System {
    pub cloud: LocalCloud,
    pub shop: ApiClient,
    pub queues: Queues,
}

impl System {
    /// With so many of the product in stock.
    pub async fn with_stock(stock: u32) -> Self {
        Self::with(stock, QUICK).await
    }

    /// With so many of the product in stock, and other numbers in the state machines.
    pub async fn with(stock: u32, settings: Settings) -> Self {
        let options = Options {
            factory_stage: Duration::from_millis(50),
            database_url: Some(fresh_database().await),
            stock: Some(stock),
            settings: Some(settings),
            ..Options::default()
        };
        Self::start(options).await
    }

    /// What its executions do is written down, for `tests/transitions.rs`.
    pub async fn start(options: Options) -> Self {
        let records = RecordFiles { transitions: Some(begin_record()), ..options.records };
        let options = Options { records, ..options };
        let cloud = LocalCloud::start(options, Console::on_stderr()).await.expect("the system");
        let shop = ApiClient::new(&cloud.outputs.sales_api_url).expect("a client");
        let queues = Queues::of(&cloud.outputs).await;
        Self { cloud, shop, queues }
    }

    pub fn factory(&self) -> &Factory {
        self.cloud.backing_services.factory.as_ref().expect("a factory of its own")
    }

    pub async fn totals(&self) -> ProductTotals {
        self.cloud.warehouse.totals(&sku()).await.expect("totals")
    }

    /// One purchase of one.
    pub async fn buy(&self, key: &str) -> Response {
        self.shop.buy(key, SKU, 1).await.expect("an answer")
    }

    pub fn restocks(&self) -> Executions {
        self.executions(&self.cloud.outputs.restock_machine_arn)
    }

    pub fn completions(&self) -> Executions {
        self.executions(&self.cloud.outputs.completion_machine_arn)
    }

    fn executions(&self, machine: &str) -> Executions {
        Executions::of(self.cloud.clients.machines.clone(), machine)
    }

    pub async fn mails(&self) -> Vec<Mail> {
        mailbox::mails(self.cloud.endpoint()).await.expect("mails")
    }

    pub async fn dead_letters(&self) -> Vec<DeadLetter> {
        self.queues.list().await.expect("dead letters")
    }

    /// Puts a message into `stock_queue`, as the topic does.
    pub async fn send(&self, body: &str) {
        let url = &self.cloud.outputs.stock_queue_url;
        let send = self.cloud.clients.queues.send_message().queue_url(url).message_body(body);
        send.send().await.expect("a message");
    }

    /// Runs the sweep now, and not when the clock says so.
    pub async fn sweep(&self) {
        let machine = &self.cloud.outputs.sweep_machine_arn;
        let start = self.cloud.clients.machines.start_execution().state_machine_arn(machine);
        start.send().await.expect("a sweep");
    }

    /// Waits until the execution of this name has ended, and answers how.
    pub async fn ended(&self, executions: &Executions, name: &str) -> String {
        eventually(&format!("execution {name} has ended"), async || {
            let execution = executions.named(name).await.expect("executions")?;
            let status = execution.status().as_str().to_owned();
            (status != "RUNNING").then_some(status)
        })
        .await
    }

    /// Checks the invariants and the logs once more, and stops everything.
    pub async fn stop(self) {
        self.nothing_is_that_must_never_be().await;
        self.logs_are_as_they_should_be().await;
        self.cloud.stop().await;
    }
}

/// Waits until a look finds what it looks for.
pub async fn eventually<T: Debug>(what: &str, look: impl AsyncFn() -> Option<T>) -> T {
    within(PATIENCE, what, look).await
}
