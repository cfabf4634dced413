//! The local cloud: everything that the system needs, on this machine, and the system on it.

mod backing_services;
pub mod deploy;
pub mod emulator;
pub mod logins;
pub mod signed;

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use anyhow::{Context, Result};
use deployment::{clients::Clients, outputs::Outputs};
use local_programs::{build, console::Console};
use system::{Settings, System};
use uuid::Uuid;
use warehouse::{FIRST_PRODUCT, Warehouse};

pub use backing_services::BackingServices;
use deploy::Deployment;
use emulator::Records;
use logins::Logins;
use signed::SignedRequests;

/// What the local cloud is to be like.
#[derive(Debug, Clone)]
pub struct Options {
    /// The port of everything that is AWS; any free one, if none is given.
    pub port: Option<u16>,
    /// A factory that is there. Else a stand-in is started.
    pub factory_url: Option<String>,
    /// How long each of the stand-in's four stages takes.
    pub factory_stage: Duration,
    /// A database that is there. Else a server is started.
    pub database_url: Option<String>,
    /// How many of the first product are counted, to begin with. `None` leaves it as it is.
    pub stock: Option<u32>,
    /// The numbers that the state machines leave open. `None` takes those of `system.json`.
    pub settings: Option<Settings>,
    /// What a mail tells operations to do.
    pub redrive_command: String,
    /// What is written down of what happens in the emulator.
    pub records: Records,
    /// The binary of each function. Else they are built.
    pub binaries: Option<BTreeMap<String, PathBuf>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: None,
            factory_url: None,
            factory_stage: Duration::from_secs(10),
            database_url: None,
            stock: None,
            settings: None,
            redrive_command: "cargo run -- redrive".to_owned(),
            records: Records::default(),
            binaries: None,
        }
    }
}

/// The system, up on this machine, until it is stopped or dropped.
pub struct LocalCloud {
    /// Where everything is.
    pub outputs: Outputs,
    /// Clients of its AWS.
    pub clients: Clients,
    /// Its warehouse, as a function sees it.
    pub warehouse: Warehouse,
    /// What it runs on.
    pub backing_services: BackingServices,
}

impl LocalCloud {
    /// Brings everything up.
    pub async fn start(options: Options, console: Console) -> Result<Self> {
        let binaries = binaries(&options, console).await?;
        let backing_services = BackingServices::start(&options, console).await?;
        let database_url = backing_services.database_url().to_owned();
        warehouse::migrate(&database_url.parse()?).await.context("the migrations cannot be run")?;
        let logins = Logins::create(&database_url).await?;
        let warehouse = stocked(&database_url, options.stock).await?;
        let clients = Clients::of_emulator(backing_services.endpoint()).await;
        let mut system = System::read()?;
        system.settings = options.settings.unwrap_or(system.settings);
        let deployment = Deployment {
            system,
            clients: clients.clone(),
            signed: SignedRequests::to(backing_services.endpoint()),
            endpoint: backing_services.endpoint().to_owned(),
            database_url,
            logins,
            factory_url: backing_services.factory_url().to_owned(),
            binaries,
            redrive_command: options.redrive_command,
        };
        let outputs = deployment.run().await?;
        console.note("the system is deployed");
        Ok(Self { outputs, clients, warehouse, backing_services })
    }

    /// Where its AWS answers.
    pub fn endpoint(&self) -> &str {
        self.backing_services.endpoint()
    }

    /// Ends everything that was started.
    pub async fn stop(self) {
        self.backing_services.stop().await;
    }
}

async fn binaries(options: &Options, n: Console) -> Result<BTreeMap<String, PathBuf>> {
    if let Some(binaries) = &options.binaries {
        return Ok(binaries.clone());
    }
    n.note("building the functions");
    Ok(build::functions().await?.clone())
}

async fn stocked(database_url: &str, stock: Option<u32>) -> Result<Warehouse> {
    let warehouse = Warehouse::open(database_url.parse()?).await;
    if let Some(stock) = stock {
        let name = format!("opening {}", Uuid::new_v4());
        warehouse.count_stock(&FIRST_PRODUCT.parse()?, stock, &name).await?;
    }
    Ok(warehouse)
}
