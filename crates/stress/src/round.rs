//! One round: a database, a plan, everyone at once, and the books afterwards.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use tokio::{sync::watch, task::JoinSet, time::Instant};
use warehouse::{NewProduct, Warehouse};

use super::{
    actors,
    figures::Figures,
    history::History,
    history_checker::{self, Books, Violation},
    plan::{Plan, Scale, Stand},
    stage::Stage,
};
use database_server::DatabaseServer;
use local_programs::build;

/// A round that can begin.
pub struct Round<'a> {
    server: &'a DatabaseServer,
    database_url: String,
    plan: Plan,
    openings: BTreeMap<domain::Sku, (String, i64)>,
}

/// What a round has shown.
#[derive(Debug)]
pub struct Verdict {
    /// What is wrong: nothing, where all is well.
    pub violations: Vec<Violation>,
    /// How much was done.
    pub figures: Figures,
}

impl<'a> Round<'a> {
    /// Makes a database on the server, and stocks it as the seed has it.
    pub async fn prepare(server: &'a DatabaseServer, seed: u64, scale: Scale) -> Result<Self> {
        // Before the clock runs: it may take minutes.
        build::functions().await?;
        let plan = Plan::of(seed, scale)?;
        let name = format!("proof_{}", uuid::Uuid::new_v4().simple());
        let database_url = server.create_database(&name).await?;
        warehouse::migrate(&database_url.parse()?).await.context("the migrations cannot be run")?;
        let warehouse = Warehouse::open(database_url.parse()?).await;
        let mut openings = BTreeMap::new();
        for stand in &plan.products {
            let name = format!("opening of {}", stand.sku).replace(' ', "-");
            warehouse.add_product(&stand.product()?).await?;
            warehouse.count_stock(&stand.sku, stand.opening, &name).await?;
            openings.insert(stand.sku.clone(), (name, i64::from(stand.opening)));
        }
        Ok(Self { server, database_url, plan, openings })
    }

    /// Where its database is, for whoever wants to see what happens when a guard is taken out.
    pub fn database_url(&self) -> &str {
        &self.database_url
    }

    /// Plays it, and looks at what is left when the server has crashed: what was answered must be there, and
    /// nothing of what was killed is still under way.
    pub async fn run(self) -> Result<Verdict> {
        let skus: Vec<_> = self.openings.keys().cloned().collect();
        let began = Instant::now();
        let mut history = play(self.plan, self.server, &self.database_url).await?;
        let took: Duration = began.elapsed();
        history.openings = self.openings;
        crash(self.server).await?;
        let warehouse = Warehouse::open(self.database_url.parse()?).await;
        let mut books = Books { movements: warehouse.movements().await?, ..Books::default() };
        for sku in skus {
            let stock = warehouse.books(&sku).await?.stock;
            books.stocks.insert(sku, stock);
        }
        let figures = Figures::of(&history, &books, took);
        Ok(Verdict { violations: history_checker::violations(&history, &books), figures })
    }
}

impl Stand {
    fn product(&self) -> Result<NewProduct> {
        Ok(NewProduct {
            sku: self.sku.clone(),
            name: self.sku.to_string(),
            price: 19_900,
            reorder_point: self.reorder_point,
            target_stock: self.target_stock,
            factory: "FF-500293".parse()?,
        })
    }
}

/// Everyone at once, until the last customer is gone and the goods under way have come.
async fn play(plan: Plan, server: &DatabaseServer, database_url: &str) -> Result<History> {
    let stage = Arc::new(Stage::set(database_url).await?);
    let (close, closed) = watch::channel(false);
    let mut restocking = JoinSet::new();
    for stand in plan.products {
        restocking.spawn(actors::keep_stocked(Arc::clone(&stage), stand, closed.clone()));
    }
    let mut buying = JoinSet::new();
    for wishes in plan.buyers {
        buying.spawn(actors::buy(Arc::clone(&stage), wishes));
    }
    let crash = async {
        tokio::time::sleep(plan.crash).await;
        crash(server).await
    };
    let (history, crashed) = tokio::join!(actors::gathered(buying), crash);
    let mut history = history?;
    crashed?;
    close.send_replace(true);
    history.extend(actors::gathered(restocking).await?);
    Ok(history)
}

async fn crash(server: &DatabaseServer) -> Result<()> {
    server.kill().await;
    server.restart().await
}
