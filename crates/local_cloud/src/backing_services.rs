//! What stands in for all that is not ours: AWS, the database server and the factory.

use std::path::Path;

use anyhow::Result;

use database_server::DatabaseServer;
use factory_simulator::{Factory, Settings as FactorySettings};
use local_programs::console::Console;

use super::{Options, emulator::Emulator};

/// They run until they are stopped or dropped.
pub struct BackingServices {
    /// The factory, unless there was one.
    pub factory: Option<Factory>,
    /// The database server, unless there was one.
    pub database: Option<DatabaseServer>,
    emulator: Emulator,
    database_url: String,
    factory_url: String,
}

impl BackingServices {
    /// Starts those that the options do not name.
    pub async fn start(options: &Options, console: Console) -> Result<Self> {
        let (database, database_url) = database(options, console).await?;
        let emulator = Emulator::start(options.port, &options.records, console).await?;
        console.note(format_args!("the local AWS is at {}", emulator.endpoint()));
        let (factory, factory_url) = factory(options, console).await?;
        Ok(Self { factory, database, emulator, database_url, factory_url })
    }

    /// Where AWS answers.
    pub fn endpoint(&self) -> &str {
        self.emulator.endpoint()
    }

    /// Where AWS and the functions print to.
    pub fn log_path(&self) -> &Path {
        self.emulator.log()
    }

    /// The database, as one who may do everything in it sees it.
    pub fn database_url(&self) -> &str {
        &self.database_url
    }

    /// Where the factory takes orders.
    pub fn factory_url(&self) -> &str {
        &self.factory_url
    }

    /// Ends all that were started.
    pub async fn stop(self) {
        self.emulator.stop().await;
        if let Some(factory) = self.factory {
            factory.stop().await;
        }
        if let Some(database) = self.database {
            database.stop().await;
        }
    }
}

async fn database(options: &Options, n: Console) -> Result<(Option<DatabaseServer>, String)> {
    if let Some(url) = &options.database_url {
        n.note("the database is the one you named");
        return Ok((None, url.clone()));
    }
    let server = DatabaseServer::start(n).await?;
    let url = server.create_database("restock").await?;
    n.note(format_args!("the database server is {}", server.name()));
    Ok((Some(server), url))
}

async fn factory(options: &Options, n: Console) -> Result<(Option<Factory>, String)> {
    if let Some(url) = &options.factory_url {
        n.note(format_args!("the factory is {url}"));
        return Ok((None, url.clone()));
    }
    let settings = FactorySettings { stage: options.factory_stage, ..FactorySettings::default() };
    let factory = Factory::start(settings).await?;
    n.note(format_args!("a stand-in of the factory is at {}", factory.url()));
    let url = factory.url().to_owned();
    Ok((Some(factory), url))
}
