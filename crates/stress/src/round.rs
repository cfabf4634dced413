//! One round: prepares a database, runs all workload of the plan, and checks the history.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use domain::{Buckets, Sku, Stock};
use tokio::{sync::watch, task::JoinSet, time::Instant};
use warehouse::{NewProduct, Warehouse};

use super::{
    figures::Figures,
    functions::Functions,
    history::History,
    history_checker::{self, FinalState, Violation},
    linearizability,
    plan::{Plan, PlannedProduct, Scale},
    workload,
};
use database_server::DatabaseServer;
use local_programs::build;

/// A round that is ready to run.
pub struct Round<'a> {
    server: &'a DatabaseServer,
    database_url: String,
    plan: Plan,
    openings: BTreeMap<Sku, (String, Stock)>,
}

#[derive(Debug)]
pub struct RoundResult {
    pub violations: Vec<Violation>,
    pub figures: Figures,
}

impl<'a> Round<'a> {
    /// Creates a database on the server and stocks it as planned for the seed.
    pub async fn prepare(server: &'a DatabaseServer, seed: u64, scale: Scale) -> Result<Self> {
        Self::of(server, Plan::of(seed, scale)?).await
    }

    /// A round in which the factory makes each callback twice.
    pub async fn with_repeated_callbacks(
        server: &'a DatabaseServer,
        seed: u64,
        scale: Scale,
    ) -> Result<Self> {
        Self::of(server, Plan::with_repeated_callbacks(seed, scale)?).await
    }

    /// A round in which 64 buyers buy 200 units in so many buckets, which change meanwhile, and nothing arrives.
    pub async fn sell_out(server: &'a DatabaseServer, seed: u64, buckets: Buckets) -> Result<Self> {
        Self::of(server, Plan::of_sell_out(seed, buckets)?).await
    }

    async fn of(server: &'a DatabaseServer, plan: Plan) -> Result<Self> {
        // The build may take minutes, so it must end before the round starts.
        build::functions().await?;
        let name = format!("stress_{}", uuid::Uuid::new_v4().simple());
        let database_url = server.create_database(&name).await?;
        warehouse::migrate(&database_url.parse()?).await.context("the migrations cannot be run")?;
        let warehouse = Warehouse::open(database_url.parse()?).await;
        let mut openings = BTreeMap::new();
        for product in &plan.products {
            let (sku, stock) = (&product.sku, product.opening_stock);
            let name = format!("opening-of-{sku}");
            warehouse.add_product(&product.new_product()?).await?;
            warehouse.change(&workload::set_buckets(sku, product.buckets)?).await?;
            warehouse.count_stock(sku, stock, &name).await?;
            openings.insert(sku.clone(), (name, stock));
        }
        Ok(Self { server, database_url, plan, openings })
    }

    /// URL of the database, for tests that remove a guard before the round.
    pub fn database_url(&self) -> &str {
        &self.database_url
    }

    /// Runs the round, then kills and restarts the database server before the check: everything that was confirmed
    /// must have survived, and no transaction of a killed process may still run.
    pub async fn run(self) -> Result<RoundResult> {
        let skus: Vec<_> = self.openings.keys().cloned().collect();
        let began = Instant::now();
        let mut history = run_actors(self.plan, self.server, &self.database_url).await?;
        let took: Duration = began.elapsed();
        history.openings = self.openings;
        crash(self.server).await?;
        let warehouse = Warehouse::open(self.database_url.parse()?).await;
        let movements = warehouse.movements().await?;
        let mut state = FinalState { movements, ..FinalState::default() };
        for sku in skus {
            let stock = warehouse.totals(&sku).await?.stock;
            state.stocks.insert(sku, stock);
        }
        let figures = Figures::of(&history, &state, took);
        Ok(RoundResult { violations: violations(&history, &state), figures })
    }
}

/// Runs the second check only if the first one finds nothing, because a search without a result takes long.
fn violations(history: &History, state: &FinalState) -> Vec<Violation> {
    let found = history_checker::violations(history, state);
    if found.is_empty() { linearizability::violations(history, state) } else { found }
}

impl PlannedProduct {
    fn new_product(&self) -> Result<NewProduct> {
        Ok(NewProduct {
            sku: self.sku.clone(),
            name: self.sku.to_string().parse()?,
            price: 19_900,
            reorder_point: self.reorder_point,
            target_stock: self.target_stock.get().try_into()?,
            factory: "FF-500293".parse()?,
        })
    }
}

/// Runs all workload at once, until the last purchase is made and the last goods have arrived.
async fn run_actors(plan: Plan, server: &DatabaseServer, database_url: &str) -> Result<History> {
    let functions = Arc::new(Functions::new(database_url).await?);
    let levelled = workload::level_buckets(&functions, &plan.products).await?;
    let (close, closed) = watch::channel(false);
    let mut restocking = JoinSet::new();
    for product in plan.products {
        let (functions, again) = (Arc::clone(&functions), product.clone());
        restocking.spawn(workload::change_buckets(Arc::clone(&functions), again, closed.clone()));
        restocking.spawn(workload::keep_stocked(functions, product, closed.clone()));
    }
    let mut buying = JoinSet::new();
    for purchases in plan.buyers {
        buying.spawn(workload::buy(Arc::clone(&functions), purchases));
    }
    let crash = async {
        let Some(crash_at) = plan.crash else { return Ok(()) };
        tokio::time::sleep(crash_at).await;
        crash(server).await
    };
    let (history, crashed) = tokio::join!(workload::gathered(buying), crash);
    let mut history = history?;
    history.extend(levelled);
    crashed?;
    close.send_replace(true);
    history.extend(workload::gathered(restocking).await?);
    Ok(history)
}

async fn crash(server: &DatabaseServer) -> Result<()> {
    server.kill().await;
    server.restart().await
}
