//! A database with products to sell, and the rows of the plainest client beside them.

use std::{path::Path, time::Duration};

use anyhow::Result;
use database_server::DatabaseServer;
use domain::{PurchaseOutcome, Sku, Stock};
use futures::future::try_join_all;
use local_programs::process::{Invocation, RunFolder};
use runtime_api::Environment;
use warehouse::{
    Warehouse,
    bench_support::{self, CeilingClient},
};

use crate::{network, products, seller::Function};

/// A database with products, and the way to it.
pub(crate) struct Shop {
    /// The URL of the database, without the network.
    pub database_url: String,
    /// The URL that functions get.
    url: String,
    pub skus: Vec<Sku>,
    logs: RunFolder,
}

impl Shop {
    /// Creates a database with this number of products, each with this stock, behind a network.
    pub async fn open(
        server: &DatabaseServer,
        round_trip: Duration,
        (products, stock): (u32, Stock),
    ) -> Result<Self> {
        let database_url = products::create_database(server).await?;
        let skus = products::skus(products)?;
        let warehouse = Warehouse::open(database_url.parse()?).await;
        for sku in &skus {
            products::add(&warehouse, sku, stock).await?;
        }
        bench_support::create_ceiling(&database_url.parse()?, products).await?;
        let url = match round_trip {
            Duration::ZERO => database_url.clone(),
            round_trip => network::before(&database_url, round_trip)?,
        };
        Ok(Self { database_url, url, skus, logs: RunFolder::create("bench")? })
    }

    /// Environments of a function that have started. Each purchase must have the expected outcome.
    pub async fn environments(
        &self,
        name: &str,
        binary: &Path,
        (number, expected): (usize, PurchaseOutcome),
    ) -> Result<Vec<Function>> {
        let invocation = runtime_api::invocation(name, binary.to_owned())
            .env("DATABASE_URL", &self.url)
            .env("METRICS_NAMESPACE", "bench");
        let start = async |_| {
            let environment = self.environment(name, &invocation).await?;
            Ok(Function { environment, skus: self.skus.clone(), expected })
        };
        try_join_all((0..number).map(start)).await
    }

    async fn environment(&self, name: &str, invocation: &Invocation) -> Result<Environment> {
        let mut environment = Environment::start(name, invocation, self.logs.path()).await?;
        environment.first_poll().await?;
        Ok(environment)
    }

    /// The plainest clients.
    pub async fn plain_clients(&self, number: usize) -> Result<Vec<CeilingClient>> {
        let url = self.url.parse()?;
        Ok(try_join_all((0..number).map(|_| CeilingClient::connect(&url))).await?)
    }
}
