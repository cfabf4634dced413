//! The deployment that an operator means, and its database.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use deployment::outputs::Outputs;
use warehouse::DatabaseUrl;

/// What names a deployment whose database is to be read.
#[derive(Debug, Clone, Args)]
pub struct Deployed {
    /// The deployment: what `restock up` or `terraform output` wrote.
    #[arg(long, default_value = ".restock/outputs.json")]
    pub outputs: PathBuf,
    /// Its database (mysql://user:password@host:port/database), where the outputs do not say: on AWS the
    /// end of a tunnel. DATABASE_URL in the environment does as well, and keeps the password out of `ps`.
    #[arg(long)]
    database_url: Option<String>,
}

impl Deployed {
    /// Where everything is, and the database with it.
    pub fn read(&self) -> Result<(Outputs, DatabaseUrl)> {
        let outputs = Outputs::read(&self.outputs)?;
        // What the deployment says comes before the environment, which may be about another one.
        let url = self.database_url.clone().or_else(|| outputs.database_url.clone());
        let url = url.or_else(|| std::env::var("DATABASE_URL").ok()).with_context(|| {
            format!(
                "{} names no database: on AWS it is in a private subnet. Open a tunnel to it, and name \
                 that with --database-url or DATABASE_URL",
                self.outputs.display()
            )
        })?;
        Ok((outputs, url.parse()?))
    }
}
