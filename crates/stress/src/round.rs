//! One round: prepares a database, runs the plan, and checks the result.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::{Context, Result};
use database_server::DatabaseServer;
use local_programs::build;
use tokio::{sync::watch, task::JoinSet, time::Instant};
use warehouse::{NewProduct, Warehouse};

use super::{
    figures::Figures,
    functions::Functions,
    history::History,
    history_checker::{self, FinalState, Violation},
    plan::{Plan, PlannedProduct, Scale},
    workload,
};

/// A prepared round.
pub struct Round<'a> {
    server: &'a DatabaseServer,
    database_url: String,
    plan: Plan,
    openings: BTreeMap<domain::Sku, (String, i64)>,
}

/// The result of a round.
#[derive(Debug)]
pub struct RoundResult {
    /// The violations; none if the system is correct.
    pub violations: Vec<Violation>,
    /// How much the round has done.
    pub figures: Figures,
}

impl<'a> Round<'a> {
    /// Creates a database on the server, with the products and stocks that follow from the seed.
    pub async fn prepare(server: &'a DatabaseServer, seed: u64, scale: Scale) -> Result<Self> {
        // Before the clock starts: the build may take minutes.
        build::functions().await?;
        let plan = Plan::of(seed, scale)?;
        let name = format!("stress_{}", uuid::Uuid::new_v4().simple());
        let database_url = server.create_database(&name).await?;
        warehouse::migrate(&database_url.parse()?).await.context("the migrations cannot be run")?;
        let warehouse = Warehouse::open(database_url.parse()?).await;
        let mut openings = BTreeMap::new();
        for product in &plan.products {
            let reference = format!("opening-of-{}", product.sku);
            warehouse.add_product(&new_product(product)?).await?;
            warehouse.count_stock(&product.sku, product.opening_stock, &reference).await?;
            let counted = i64::from(product.opening_stock);
            openings.insert(product.sku.clone(), (reference, counted));
        }
        Ok(Self { server, database_url, plan, openings })
    }

    /// The URL of the database, for tests that remove a guard before they run the round.
    pub fn database_url(&self) -> &str {
        &self.database_url
    }

    /// Runs the plan and checks the history.
    ///
    /// The server crashes once more before the database is read: everything that was answered must survive, and no
    /// transaction of a killed process may still be under way.
    pub async fn run(self) -> Result<RoundResult> {
        let skus: Vec<_> = self.openings.keys().cloned().collect();
        let began = Instant::now();
        let mut history = carry_out(self.plan, self.server, &self.database_url).await?;
        let took = began.elapsed();
        history.openings = self.openings;
        crash(self.server).await?;
        let state = final_state(&self.database_url, skus).await?;
        let figures = Figures::of(&history, &state, took);
        Ok(RoundResult { violations: history_checker::violations(&history, &state), figures })
    }
}

fn new_product(planned: &PlannedProduct) -> Result<NewProduct> {
    Ok(NewProduct {
        sku: planned.sku.clone(),
        name: planned.sku.to_string(),
        price: 19_900,
        reorder_point: planned.reorder_point,
        target_stock: planned.target_stock,
        factory: "FF-500293".parse()?,
    })
}

/// Runs all buyers and restocks at the same time, until the last purchase is answered and the last goods have arrived.
async fn carry_out(plan: Plan, server: &DatabaseServer, database_url: &str) -> Result<History> {
    let functions = Arc::new(Functions::new(database_url).await?);
    let (close, closed) = watch::channel(false);
    let mut restocking = JoinSet::new();
    for product in plan.products {
        let functions = Arc::clone(&functions);
        restocking.spawn(workload::keep_stocked(functions, product, closed.clone()));
    }
    let mut buying = JoinSet::new();
    for purchases in plan.buyers {
        buying.spawn(workload::buy(Arc::clone(&functions), purchases));
    }
    let crash = async {
        tokio::time::sleep(plan.crash).await;
        crash(server).await
    };
    let (history, crashed) = tokio::join!(workload::joined(buying), crash);
    let mut history = history?;
    crashed?;
    close.send_replace(true);
    history.extend(workload::joined(restocking).await?);
    Ok(history)
}

async fn crash(server: &DatabaseServer) -> Result<()> {
    server.kill().await;
    server.restart().await
}

async fn final_state(database_url: &str, skus: Vec<domain::Sku>) -> Result<FinalState> {
    let warehouse = Warehouse::open(database_url.parse()?).await;
    let mut state = FinalState { movements: warehouse.movements().await?, ..FinalState::default() };
    for sku in skus {
        let stock = warehouse.books(&sku).await?.stock;
        state.stocks.insert(sku, stock);
    }
    Ok(state)
}
