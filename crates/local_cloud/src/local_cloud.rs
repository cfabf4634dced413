use std::{collections::BTreeMap, path::PathBuf};

use anyhow::{Context, Result};
use deployment::{clients::Clients, outputs::Outputs};
use domain::{FactoryUrl, Sku, Stock};
use local_programs::{build, console::Console};
use system::System;
use uuid::Uuid;
use warehouse::{FIRST_FACTORY, FIRST_PRODUCT, FactoryChange, Warehouse, audit::Snapshot};

use crate::{
    assortment,
    backing_services::BackingServices,
    database_users::DatabaseUsers,
    deploy::{self, Deployment},
    emulator::check_prerequisites,
    options::Options,
    signed_requests::SignedRequests,
};

/// The system on this machine, until it is stopped or dropped.
pub struct LocalCloud {
    /// The outputs of the deployment.
    pub outputs: Outputs,
    /// Clients of the local AWS.
    pub clients: Clients,
    /// The warehouse, with all privileges.
    pub warehouse: Warehouse,
    /// The services on which the system runs.
    pub backing_services: BackingServices,
    /// The key that signs callback URLs.
    pub callback_key: String,
}

impl LocalCloud {
    /// Checks what this machine has, builds the functions, starts the backing services, runs the migrations and deploys the system.
    pub async fn start(options: Options, console: Console) -> Result<Self> {
        check_prerequisites(options.database_url.is_none()).await?;
        // The first run downloads the database server and the local AWS. Meanwhile cargo builds.
        let services = BackingServices::start(&options, console);
        let (binaries, backing_services) = tokio::try_join!(binaries(&options, console), services)?;
        let database_url = backing_services.database_url().to_owned();
        warehouse::migrate(&database_url.parse()?).await.context("the migrations cannot be run")?;
        let left_open = executions_left_open(&options, &database_url).await?;
        let database_users = DatabaseUsers::create(&database_url).await?;
        let warehouse = open_warehouse(&database_url, &options).await?;
        locate_factory(&warehouse, backing_services.factory_url()).await?;
        assortment::add(&warehouse, &backing_services, &options).await?;
        let clients = Clients::of_emulator(backing_services.endpoint());
        let mut system = System::read()?;
        system.settings = options.settings.unwrap_or(system.settings);
        let deployment = Deployment {
            system,
            clients: clients.clone(),
            signed_requests: SignedRequests::to(backing_services.endpoint()),
            endpoint: backing_services.endpoint().to_owned(),
            database_url,
            database_users,
            factory_simulators: backing_services.factory_simulators(),
            crash_folder: backing_services.crash_folder(),
            factory_hosts: factory_hosts(&backing_services, &options.factory_hosts),
            factory_header: backing_services.factory_header(),
            callback_key: deploy::random_key(),
            binaries,
            redrive_command: options.redrive_command,
        };
        let outputs = deployment.run().await?;
        console.note("the system is deployed");
        sweep_after(&left_open, &clients, &outputs).await?;
        let callback_key = deployment.callback_key;
        Ok(Self { outputs, clients, warehouse, backing_services, callback_key })
    }

    /// The endpoint of the local AWS.
    pub fn endpoint(&self) -> &str {
        self.backing_services.endpoint()
    }

    /// Disables the EventBridge rule that starts the sweep when the execution of a restock ends, as if its events were lost.
    pub async fn lose_ends_of_restocks(&self) -> Result<()> {
        let rule = serde_json::json!({"Name": deploy::SWEEP});
        SignedRequests::to(self.endpoint()).events("DisableRule", &rule).await
    }

    /// Creates a secret.
    pub async fn create_secret(&self, name: &str, text: &str) -> Result<()> {
        SignedRequests::to(self.endpoint()).create_secret(name, text).await
    }

    /// Stops everything that was started.
    pub async fn stop(self) {
        self.backing_services.stop().await;
    }
}

/// The first factory has another URL each time, also on an existing database.
async fn locate_factory(warehouse: &Warehouse, url: &FactoryUrl) -> Result<()> {
    let change =
        FactoryChange { url: Some(url.clone()), ..FactoryChange::of(FIRST_FACTORY.parse()?) };
    warehouse.change_factory(&change).await?;
    Ok(())
}

/// Orders may be sent to the factory and the hosts of the options, and to factories on this machine.
fn factory_hosts(services: &BackingServices, more: &[String]) -> String {
    format!("127.0.0.1,{},{}", services.factory_url().host(), more.join(","))
}

async fn binaries(options: &Options, console: Console) -> Result<BTreeMap<String, PathBuf>> {
    if let Some(binaries) = &options.binaries {
        return Ok(binaries.clone());
    }
    console.note("building the functions");
    Ok(build::functions().await?.clone())
}

/// Opens the warehouse, after a count of the first product if one is requested.
async fn open_warehouse(database_url: &str, options: &Options) -> Result<Warehouse> {
    let warehouse = Warehouse::open(database_url.parse()?).await;
    count_stock(&warehouse, &FIRST_PRODUCT.parse()?, options).await?;
    Ok(warehouse)
}

/// Adds the count of a product that the options request. The stock of a shop in use is changed only by [`Options::stock`].
pub(crate) async fn count_stock(warehouse: &Warehouse, sku: &Sku, options: &Options) -> Result<()> {
    let stock = match (options.stock, options.stock_of_new_products) {
        (None, Some(stock)) if !warehouse.has_movements(sku).await? => Some(stock),
        (stock, _) => stock,
    };
    if let Some(stock) = stock {
        let reference = format!("opening {}", Uuid::new_v4());
        warehouse.count_stock(sku, Stock::new(stock), &reference).await?;
    }
    Ok(())
}

/// The executions of the restocks that an earlier run left open in the data that is kept. They are gone.
async fn executions_left_open(options: &Options, database_url: &str) -> Result<Vec<String>> {
    if options.data.is_none() {
        return Ok(Vec::new());
    }
    let open = Snapshot::take(&database_url.parse()?).await?.open_restocks().await?;
    Ok(open.into_iter().map(|restock| restock.execution).collect())
}

/// Starts the sweep that AWS would have started at the end of each of these executions. It closes their restocks.
async fn sweep_after(executions: &[String], clients: &Clients, outputs: &Outputs) -> Result<()> {
    for execution in executions {
        let input = serde_json::json!({"ended": execution}).to_string();
        let sweep = clients.machines.start_execution().input(input);
        let sweep = sweep.state_machine_arn(&outputs.sweep_machine_arn).send().await;
        sweep.with_context(|| format!("the sweep after {execution} cannot be started"))?;
    }
    Ok(())
}
