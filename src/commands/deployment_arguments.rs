//! Arguments that name a deployment and its database, shared by `audit` and `why`.

use std::path::PathBuf;

use anyhow::{Result, anyhow};
use clap::Args;
use deployment::outputs::Outputs;
use operations::access::WarehouseAccess;
use tokio::net::TcpStream;
use warehouse::DatabaseUrl;

/// A deployment.
#[derive(Debug, Clone, Args)]
pub struct OutputsArguments {
    /// The outputs of the deployment, written by `restock up` or `terraform output`.
    #[arg(
        long = "deployment",
        visible_alias = "outputs",
        global = true,
        value_name = "FILE",
        default_value = ".restock/outputs.json"
    )]
    pub outputs: PathBuf,
}

impl OutputsArguments {
    /// Reads the outputs. Fails if nothing answers there.
    pub async fn read(&self) -> Result<Outputs> {
        let outputs = Outputs::read(&self.outputs)?;
        reached(&outputs).await?;
        Ok(outputs)
    }
}

/// A deployment and its database.
#[derive(Debug, Clone, Args)]
pub struct DeploymentArguments {
    /// The outputs of the deployment, written by `restock up` or `terraform output`.
    #[arg(
        long = "deployment",
        visible_alias = "outputs",
        value_name = "FILE",
        default_value = ".restock/outputs.json"
    )]
    pub outputs: PathBuf,
    /// A URL of the database: mysql://user:password@host:port/database. Without it, the URL in the outputs is used; without
    /// that, the environment variable DATABASE_URL; without that, the functions for operators.
    #[arg(long)]
    database_url: Option<String>,
}

impl DeploymentArguments {
    /// Reads the outputs and finds the way to the database. Fails if nothing answers there.
    pub async fn read(&self) -> Result<(Outputs, WarehouseAccess)> {
        let outputs = Outputs::read(&self.outputs)?;
        reached(&outputs).await?;
        // The outputs come before the environment, which may belong to another deployment.
        let url = self.database_url.clone().or_else(|| outputs.database_url.clone());
        let url = url.or_else(|| std::env::var("DATABASE_URL").ok());
        let url = url.map(|url| url.parse::<DatabaseUrl>()).transpose()?;
        let warehouse = WarehouseAccess::of(&outputs, url).await;
        Ok((outputs, warehouse))
    }
}

/// Fails if nothing listens where the deployment on this machine was. Its outputs file stays behind if it is killed.
pub async fn reached(outputs: &Outputs) -> Result<()> {
    let Some(endpoint) = &outputs.endpoint_url else { return Ok(()) };
    let address = endpoint.split("://").nth(1).unwrap_or(endpoint).trim_end_matches('/');
    match TcpStream::connect(address).await {
        Ok(_) => Ok(()),
        Err(error) => {
            Err(anyhow!("nothing answers at {endpoint} ({error}): is `restock up` running?"))
        }
    }
}
