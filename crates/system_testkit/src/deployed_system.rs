//! The system, deployed for one test: its own emulator, factory and database, on one database server for all tests
//! of a process.

use std::{fmt::Debug, time::Duration};

use deployment::api_client::ApiClient;
use factory_simulator::Factory;
use local_cloud::LocalCloud;
use local_cloud::Options;
use local_cloud::emulator::RecordFiles;
use local_programs::console::Console;
use operations::dead_letters::Queues;
use operations::executions::Executions;
use system::Settings;

use crate::finish::MustFinish;
use testkit::{database::fresh_database, polling::within, transitions::begin_record};

/// How long a test waits for something before it fails. Nothing takes this long unless it never happens.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Short time-outs for most tests. The factory simulator needs 0.2 s for an order.
pub const QUICK: Settings = Settings {
    await_completion_seconds: 5,
    restock_attempts: 2,
    restock_abandoned_seconds: 6660,
    arrival_forgotten_seconds: 3600,
};

/// For tests in which a callback must come before the wait ends: a busy machine can need longer than [`QUICK`] allows.
pub const LONG_WAIT: Settings = Settings { await_completion_seconds: 120, ..QUICK };

/// For tests in which no callback comes and the wait must end.
pub const SHORT_WAIT: Settings = Settings { await_completion_seconds: 3, ..QUICK };

/// The system, deployed for one test. A test that ends without [`System::finish`] fails.
pub struct System {
    pub cloud: LocalCloud,
    pub shop: ApiClient,
    pub queues: Queues,
    pub(crate) must_finish: MustFinish,
}

impl System {
    /// With this stock of the product, and the settings [`QUICK`].
    pub async fn with_stock(stock: u32) -> Self {
        Self::with(stock, QUICK).await
    }

    /// With this stock of the product, and these settings of the state machines.
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

    /// With a second factory and its two products, and this stock of each of the three.
    pub async fn with_two_factories(stock: u32, settings: Settings) -> Self {
        let options = Options {
            factory_stage: Duration::from_millis(50),
            second_factory: true,
            database_url: Some(fresh_database().await),
            stock: Some(stock),
            settings: Some(settings),
            ..Options::default()
        };
        Self::start(options).await
    }

    /// Records the transitions of all executions, for `tests/transitions.rs`.
    pub async fn start(options: Options) -> Self {
        let records = RecordFiles { transitions: Some(begin_record()), ..options.records };
        let options = Options { records, ..options };
        let cloud = LocalCloud::start(options, Console::on_stderr()).await.expect("the system");
        let shop = ApiClient::new(&cloud.outputs.sales_api_url).expect("a client");
        let queues = Queues::of(&cloud.outputs).await;
        Self { cloud, shop, queues, must_finish: MustFinish::default() }
    }

    /// The factory simulator, for what it received. Set its faults with [`System::set_fault`].
    pub fn factory(&self) -> &Factory {
        self.cloud.backing_services.factory.as_ref().expect("the simulator was started")
    }

    pub fn restocks(&self) -> Executions {
        self.executions_of(&self.cloud.outputs.restock_machine_arn)
    }

    pub fn completions(&self) -> Executions {
        self.executions_of(&self.cloud.outputs.completion_machine_arn)
    }

    pub fn sweeps(&self) -> Executions {
        self.executions_of(&self.cloud.outputs.sweep_machine_arn)
    }

    fn executions_of(&self, machine: &str) -> Executions {
        Executions::of(self.cloud.clients.machines.clone(), machine)
    }
}

/// Calls `look` until it finds something.
pub async fn eventually<T: Debug>(what: &str, look: impl AsyncFn() -> Option<T>) -> T {
    within(TIMEOUT, what, look).await
}
