//! Arguments about the backing services, shared by `up` and `sandbox`.

use std::time::Duration;

use clap::Args;
use local_cloud::Options;

/// How to start the backing services.
#[derive(Debug, Args)]
pub struct BackingServicesArguments {
    /// The port of the local AWS. Without it, a free port is chosen.
    #[arg(long)]
    port: Option<u16>,
    /// How long each of the factory simulator's four stages takes.
    #[arg(long, default_value = "10s", value_parser = humantime::parse_duration)]
    factory_stage: Duration,
    /// The URL of an existing MySQL database: mysql://user:password@host:port/database. Without it, a database server is
    /// started.
    #[arg(long)]
    database_url: Option<String>,
}

impl From<BackingServicesArguments> for Options {
    fn from(arguments: BackingServicesArguments) -> Self {
        let BackingServicesArguments { port, factory_stage, database_url } = arguments;
        Self { port, factory_stage, database_url, ..Self::default() }
    }
}
