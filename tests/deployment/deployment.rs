//! The deployment under test: the one that `RESTOCK_DEPLOYMENT` names, or a local one.

use std::{fmt::Debug, io::Write, path::Path, time::Duration};

use deployment::api_client::ApiClient;
use deployment::api_client::Response;
use deployment::clients::Clients;
use deployment::outputs::Outputs;
use local_cloud::Options;
use operations::dead_letters::Queues;
use operations::executions::Executions;
use uuid::Uuid;

use system_testkit::System;
use testkit::{database::SKU, database::fresh_database, polling::within};

/// How long a test waits for something. The real factory needs most of a minute for an order.
const TIMEOUT: Duration = Duration::from_secs(300);

/// A deployment that is reached only through its `outputs.json`.
pub struct Deployment {
    pub outputs: Outputs,
    pub shop: ApiClient,
    pub queues: Queues,
    pub clients: Clients,
    local: Option<System>,
}

impl Deployment {
    pub async fn open() -> Self {
        match std::env::var_os("RESTOCK_DEPLOYMENT") {
            Some(path) => Self::read(Path::new(&path), None).await,
            None => Self::local().await,
        }
    }

    async fn local() -> Self {
        let options = Options {
            factory_stage: Duration::from_millis(50),
            database_url: Some(fresh_database().await),
            stock: Some(30),
            ..Options::default()
        };
        let system = System::start(options).await;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("outputs.json");
        system.cloud.outputs.write(&path).expect("outputs");
        Self::read(&path, Some(system)).await
    }

    async fn read(path: &Path, local: Option<System>) -> Self {
        let outputs = Outputs::read(path).expect("RESTOCK_DEPLOYMENT");
        let shop = ApiClient::new(&outputs.sales_api_url).expect("a client");
        let queues = Queues::of(&outputs).await;
        let clients = outputs.clients().await;
        Self { outputs, shop, queues, clients, local }
    }

    /// Whether the test may buy the whole stock. Prints a note where it may not.
    pub fn may_be_sold_out(&self) -> bool {
        let allowed = std::env::var_os("RESTOCK_SELL_OUT").is_some_and(|answer| answer == "yes");
        if !allowed && self.local.is_none() {
            print_note(
                "NOT TESTED: a sold-out product is restocked. To allow the test to buy the whole stock: RESTOCK_SELL_OUT=yes",
            );
        }
        allowed || self.local.is_some()
    }

    /// Buys one with a new key. Waits for stock if the product is sold out. Returns the key and the answer.
    pub async fn buy_one(&self) -> (String, Response) {
        eventually("one is sold", async || {
            let key = new_key();
            let answer = self.shop.buy(&key, SKU, 1).await.expect("an answer");
            match answer.outcome() {
                "sold" => Some((key, answer)),
                "sold_out" => None,
                _ => panic!("{answer:?}"),
            }
        })
        .await
    }

    pub fn restocks(&self) -> Executions {
        Executions::of(self.clients.machines.clone(), &self.outputs.restock_machine_arn)
    }

    pub fn completions(&self) -> Executions {
        Executions::of(self.clients.machines.clone(), &self.outputs.completion_machine_arn)
    }

    /// Whether the test has this deployment for itself.
    pub fn is_local(&self) -> bool {
        self.local.is_some()
    }

    /// Ends the test. A local deployment is checked as [`System::finish`] says.
    pub async fn finish(self) {
        if let Some(system) = self.local {
            system.finish().await;
        }
    }
}

/// A key that was not used before.
pub fn new_key() -> String {
    format!("deployment-test-{}", Uuid::new_v4())
}

/// Prints also if the test passes, which `eprintln!` does not.
pub fn print_note(text: &str) {
    let line = format!("\n*** {text}\n\n");
    std::io::stderr().write_all(line.as_bytes()).expect("stderr is open");
}

/// Calls `look` until it finds something.
pub async fn eventually<T: Debug>(what: &str, look: impl AsyncFn() -> Option<T>) -> T {
    within(TIMEOUT, what, look).await
}
