//! The backing services: the local AWS, the database server and the factory simulator.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::{Error, Result};

use database_server::DatabaseServer;
use domain::FactoryUrl;
use factory_simulator::{Factory, Settings as FactorySettings};
use local_programs::console::Console;

use uuid::Uuid;
use warehouse::FIRST_FACTORY;

use crate::{assortment::SECOND_FACTORY, emulator::Emulator, options::Options};

/// The name of the secret with the header that a factory may require.
pub const FACTORY_SECRET: &str = "restock/factory-header";

/// The backing services, until they are stopped or dropped.
pub struct BackingServices {
    /// The factory simulator; `None` if the options named a factory.
    pub factory: Option<Factory>,
    /// A second factory simulator, which requires the header of [`Self::factory_header`]; `None` unless the options ask
    /// for one.
    pub second_factory: Option<Factory>,
    /// The database server; `None` if the options named a database.
    pub database: Option<DatabaseServer>,
    emulator: Emulator,
    database_url: String,
    factory_url: FactoryUrl,
    factory_header: (String, String),
}

impl BackingServices {
    /// Starts the services that the options do not name.
    pub async fn start(options: &Options, console: Console) -> Result<Self> {
        let (database, database_url) = database(options, console).await?;
        let emulator = Emulator::start(options.port, &options.records, console).await?;
        console.note(format_args!("the local AWS is at {}", emulator.endpoint()));
        let (factory, factory_url) = factory(options, console).await?;
        let factory_header = ("x-factory-key".to_owned(), Uuid::new_v4().simple().to_string());
        let second_factory = second_factory(options, &factory_header, console).await?;
        Ok(Self {
            factory,
            second_factory,
            database,
            emulator,
            database_url,
            factory_url,
            factory_header,
        })
    }

    /// The endpoint of the local AWS.
    pub fn endpoint(&self) -> &str {
        self.emulator.endpoint()
    }

    /// The folder with requests to kill functions.
    pub fn crash_folder(&self) -> PathBuf {
        self.emulator.crash_folder()
    }

    /// The log of the local AWS and the functions.
    pub fn log_path(&self) -> &Path {
        self.emulator.log()
    }

    /// The URL of the database, for a user with all privileges.
    pub fn database_url(&self) -> &str {
        &self.database_url
    }

    /// The base URL of the factory.
    pub fn factory_url(&self) -> &FactoryUrl {
        &self.factory_url
    }

    /// The admin URL of each factory simulator, by the id of its factory.
    pub fn factory_simulators(&self) -> BTreeMap<String, String> {
        let first = self.factory.iter().map(|one| (FIRST_FACTORY, one));
        let second = self.second_factory.iter().map(|one| (SECOND_FACTORY, one));
        first.chain(second).map(|(id, one)| (id.to_owned(), one.admin_url())).collect()
    }

    /// The name and value of the header that a factory may require: the content of the secret [`FACTORY_SECRET`].
    pub fn factory_header(&self) -> (String, String) {
        self.factory_header.clone()
    }

    /// Does work that needs the services. Fails as soon as one of those that were started here has ended.
    pub async fn while_running<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        tokio::select! {
            done = work => done,
            ended = self.emulator.ended() => Err(ended),
            ended = database_ended(self.database.as_ref()) => Err(ended),
        }
    }

    /// Stops everything that was started.
    pub async fn stop(self) {
        self.emulator.stop().await;
        for factory in [self.factory, self.second_factory].into_iter().flatten() {
            factory.stop().await;
        }
        if let Some(database) = self.database {
            database.stop().await;
        }
    }
}

async fn database_ended(server: Option<&DatabaseServer>) -> Error {
    match server {
        Some(server) => server.ended().await,
        None => std::future::pending().await,
    }
}

async fn database(options: &Options, console: Console) -> Result<(Option<DatabaseServer>, String)> {
    if let Some(url) = &options.database_url {
        console.note("using the existing database");
        return Ok((None, url.clone()));
    }
    let server = match &options.data {
        Some(folder) => DatabaseServer::start_in(folder.clone(), console).await?,
        None => DatabaseServer::start(console).await?,
    };
    let url = server.create_database("restock").await?;
    console.note(format_args!("the database server is {}", server.name()));
    Ok((Some(server), url))
}

async fn factory(options: &Options, console: Console) -> Result<(Option<Factory>, FactoryUrl)> {
    if let Some(url) = &options.factory_url {
        console.note(format_args!("using the factory at {url}"));
        return Ok((None, url.clone()));
    }
    let settings = FactorySettings { stage: options.factory_stage, ..FactorySettings::default() };
    let factory = Factory::start(settings).await?;
    console.note(format_args!("the factory simulator is at {}", factory.url()));
    let url = factory.url().parse()?;
    Ok((Some(factory), url))
}

async fn second_factory(
    options: &Options,
    header: &(String, String),
    console: Console,
) -> Result<Option<Factory>> {
    if !options.second_factory {
        return Ok(None);
    }
    let stage = options.factory_stage;
    let required_header = Some(header.clone());
    let settings = FactorySettings { stage, required_header, ..FactorySettings::default() };
    let factory = Factory::start(settings).await?;
    console.note(format_args!("the second factory simulator is at {}", factory.url()));
    Ok(Some(factory))
}
