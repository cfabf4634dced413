//! A database with products to sell, and the rows of the plainest client beside them.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Result;
use database_server::DatabaseServer;
use domain::Sku;
use futures::future::try_join_all;
use local_programs::process::RunFolder;
use runtime_api::Environment;
use warehouse::{
    Warehouse,
    ceiling::{self, CeilingClient},
};

use super::{MANY, seller::Function};
use crate::{network, products};

/// A database with products, and the way to it.
pub(super) struct Shop {
    url: String,
    skus: Vec<Sku>,
    binary: PathBuf,
    logs: RunFolder,
}

impl Shop {
    /// Creates a database on the server, behind a network.
    pub async fn open(
        server: &DatabaseServer,
        round_trip: Duration,
        binary: &Path,
    ) -> Result<Self> {
        let url = products::create_database(server).await?;
        let skus = products::skus(MANY)?;
        let warehouse = Warehouse::open(url.parse()?).await;
        for sku in &skus {
            products::add(&warehouse, sku, products::PLENTY).await?;
        }
        ceiling::create(&url.parse()?, MANY).await?;
        let url = if round_trip.is_zero() { url } else { network::before(&url, round_trip)? };
        let logs = RunFolder::create("bench")?;
        Ok(Self { url, skus, binary: binary.to_owned(), logs })
    }

    /// Environments of `decrement-stock` that have started.
    pub async fn environments(&self, number: usize) -> Result<Vec<Function>> {
        try_join_all((0..number).map(|_| self.environment())).await
    }

    async fn environment(&self) -> Result<Function> {
        let name = "decrement-stock";
        let invocation = runtime_api::invocation(name, self.binary.clone())
            .env("DATABASE_URL", &self.url)
            .env("METRICS_NAMESPACE", "bench");
        let mut environment = Environment::start(name, &invocation, self.logs.path()).await?;
        environment.first_poll().await?;
        Ok(Function { environment, skus: self.skus.clone() })
    }

    pub async fn plain_clients(&self, number: usize) -> Result<Vec<CeilingClient>> {
        let url = self.url.parse()?;
        Ok(try_join_all((0..number).map(|_| CeilingClient::connect(&url))).await?)
    }
}
