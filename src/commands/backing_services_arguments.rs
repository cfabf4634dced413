//! Arguments about the backing services, shared by `up` and `sandbox`.

use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;
use local_cloud::Options;
use warehouse::DatabaseUrl;

/// How to start the backing services.
#[derive(Debug, Args)]
pub struct BackingServicesArguments {
    /// The port of the local AWS. Without it, a free port is chosen.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    port: Option<u16>,
    /// How long each of the factory simulator's four stages takes.
    #[arg(long, default_value = "10s", value_parser = humantime::parse_duration)]
    factory_stage: Duration,
    /// The URL of an existing MySQL database: mysql://user:password@host:port/database. Without it, a database server is
    /// started.
    #[arg(long)]
    database_url: Option<String>,
}

impl BackingServicesArguments {
    /// The options. Fails before anything is started if the URL of the database is malformed. It is no parser of clap,
    /// which would show the URL with its password.
    pub fn into_options(self) -> Result<Options> {
        let Self { port, factory_stage, database_url } = self;
        if let Some(url) = &database_url {
            url.parse::<DatabaseUrl>().context("--database-url")?;
        }
        Ok(Options { port, factory_stage, database_url, ..Options::default() })
    }
}
