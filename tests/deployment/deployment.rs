//! The deployment that is tested: the one that was named, or a local one that is used like it.

use std::{fmt::Debug, io::Write, path::Path, time::Duration};

use deployment::api_client::ApiClient;
use deployment::api_client::Response;
use deployment::clients::Clients;
use deployment::outputs::Outputs;
use local_cloud::LocalCloud;
use local_cloud::Options;
use local_programs::console::Console;
use operations::dead_letters::Queues;
use operations::executions::Executions;
use uuid::Uuid;

use testkit::{database::SKU, database::fresh_database, polling::within};

/// A restock takes the real factory most of a minute, and a deployment that is new has to start its functions.
const PATIENCE: Duration = Duration::from_secs(300);

/// A deployment, known by its `outputs.json` only.
pub struct Deployment {
    pub outputs: Outputs,
    pub shop: ApiClient,
    pub queues: Queues,
    pub clients: Clients,
    local: Option<LocalCloud>,
}

impl Deployment {
    /// The one that is to be tested.
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
        let cloud = LocalCloud::start(options, Console::on_stderr()).await.expect("the system");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("outputs.json");
        cloud.outputs.write(&path).expect("outputs");
        Self::read(&path, Some(cloud)).await
    }

    async fn read(path: &Path, local: Option<LocalCloud>) -> Self {
        let outputs = Outputs::read(path).expect("RESTOCK_DEPLOYMENT");
        let shop = ApiClient::new(&outputs.sales_api_url).expect("a client");
        let queues = Queues::of(&outputs).await;
        let clients = outputs.clients().await;
        Self { outputs, shop, queues, clients, local }
    }

    /// Whether all there is may be bought.
    pub fn may_be_sold_out(&self) -> bool {
        let allowed = std::env::var_os("RESTOCK_SELL_OUT").is_some_and(|answer| answer == "yes");
        if !allowed && self.local.is_none() {
            say(
                "NOT TESTED: that a product which is sold out is restocked. To buy all there is: RESTOCK_SELL_OUT=yes",
            );
        }
        allowed || self.local.is_some()
    }

    /// Buys one, under a new key, and answers the key as well. Where others have bought all, it waits for more.
    pub async fn bought(&self) -> (String, Response) {
        eventually("one can be bought", async || {
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

    pub async fn stop(self) {
        if let Some(cloud) = self.local {
            cloud.stop().await;
        }
    }
}

/// A key that nobody has used.
pub fn new_key() -> String {
    format!("deployment-test-{}", Uuid::new_v4())
}

/// Not by `eprintln!`, which nobody sees of a test that passes.
fn say(text: &str) {
    let line = format!("\n*** {text}\n\n");
    std::io::stderr().write_all(line.as_bytes()).expect("somebody listens");
}

/// Waits until a look finds what it looks for.
pub async fn eventually<T: Debug>(what: &str, look: impl AsyncFn() -> Option<T>) -> T {
    within(PATIENCE, what, look).await
}
