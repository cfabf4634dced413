//! `restock adjust`, `restock product` and `restock stop-restock`: changes that are recorded with who and why.

use anyhow::{Context, Result, anyhow, ensure};
use clap::{Args, Subcommand};
use domain::{Buckets, DisplayName, Error, FactoryId, Sku, Stock, Units};
use operations::{
    access::{is_refused, operator},
    executions::Executions,
    text::error_line,
};
use terminal::{print, print_json, table::Table, tone::Tone};
use uuid::Uuid;
use warehouse::{Change, ChangeRequest, Changed, NewProduct, ProductUpdate, Reason};

use super::deployment_arguments::DeploymentArguments;

/// No count of goods differs from the stock by more: a larger number is a slip of the finger.
const MOST_UNITS: u32 = 1_000_000;

/// What every change needs.
#[derive(Debug, Args)]
pub struct ChangeArguments {
    /// Why. It is recorded with the change.
    #[arg(long)]
    reason: Reason,
    /// The id of the change, a UUID. If no answer came, repeat the command with the same id: the change is made once.
    #[arg(id = "change-id", long = "id", value_parser = parse_id)]
    id: Option<Uuid>,
    /// Print the result as one JSON object, for programs.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    pub(super) deployment: DeploymentArguments,
}

/// Arguments of `restock adjust`.
#[derive(Debug, Args)]
pub struct AdjustArguments {
    /// The SKU of the product.
    sku: Sku,
    /// Units to add, or to remove if negative: +5 or -3.
    #[arg(allow_negative_numbers = true, value_parser = parse_adjustment)]
    units: i32,
    #[command(flatten)]
    change: ChangeArguments,
}

/// Arguments of `restock stop-restock`.
#[derive(Debug, Args)]
pub struct StopArguments {
    /// The SKU of the product.
    sku: Sku,
    #[command(flatten)]
    change: ChangeArguments,
}

/// Arguments of `restock product`.
#[derive(Debug, Args)]
pub struct ProductArguments {
    #[command(subcommand)]
    action: ProductAction,
}

#[derive(Debug, Subcommand)]
enum ProductAction {
    /// List all products.
    List {
        /// Print one JSON array, for programs.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        deployment: DeploymentArguments,
    },
    /// Add a product. It has no stock, so the next sweep orders its first stock.
    Add {
        /// The SKU: A-Z, 0-9 and hyphens.
        sku: Sku,
        /// The name for customers.
        #[arg(long)]
        name: DisplayName,
        /// The price of one unit in won.
        #[arg(long)]
        price: u32,
        /// At or below this stock, the product is restocked.
        #[arg(long, allow_negative_numbers = true, value_parser = parse_stock)]
        reorder_point: Stock,
        /// A restock orders up to this stock.
        #[arg(long, allow_negative_numbers = true, value_parser = parse_units)]
        target_stock: Units,
        /// The factory that makes the product.
        #[arg(long)]
        factory: FactoryId,
        #[command(flatten)]
        change: ChangeArguments,
    },
    /// Change a product. What is not named stays as it is.
    Change {
        /// The SKU of the product.
        sku: Sku,
        /// The new name.
        #[arg(long)]
        name: Option<DisplayName>,
        /// The new price of one unit in won.
        #[arg(long)]
        price: Option<u32>,
        /// The new reorder point.
        #[arg(long, allow_negative_numbers = true, value_parser = parse_stock)]
        reorder_point: Option<Stock>,
        /// The new target stock.
        #[arg(long, allow_negative_numbers = true, value_parser = parse_units)]
        target_stock: Option<Units>,
        /// The new factory.
        #[arg(long)]
        factory: Option<FactoryId>,
        #[command(flatten)]
        change: ChangeArguments,
    },
    /// Set the number of buckets that hold the stock of a product, and spread its goods evenly. Purchases from different
    /// buckets do not wait for each other. The product may sell meanwhile.
    Buckets {
        /// The SKU of the product.
        sku: Sku,
        /// The number of buckets, 1 to 64.
        #[arg(allow_negative_numbers = true, value_parser = parse_buckets)]
        buckets: Buckets,
        #[command(flatten)]
        change: ChangeArguments,
    },
    /// Retire a product: it is neither sold nor restocked any more. Goods that still arrive are credited.
    Retire {
        /// The SKU of the product.
        sku: Sku,
        #[command(flatten)]
        change: ChangeArguments,
    },
    /// Sell and restock a retired product again.
    Return {
        /// The SKU of the product.
        sku: Sku,
        #[command(flatten)]
        change: ChangeArguments,
    },
}

fn parse_id(text: &str) -> Result<Uuid> {
    text.parse().context("the id must be a UUID, such as 6f9619ff-8b86-4d01-b42d-00cf4fc964ff")
}

fn parse_adjustment(text: &str) -> Result<i32> {
    let units =
        text.parse().ok().filter(|units: &i32| (1..=MOST_UNITS).contains(&units.unsigned_abs()));
    units.context("the units must be a whole number from -1000000 to 1000000, other than 0")
}

pub(super) fn parse_stock(text: &str) -> Result<Stock> {
    Ok(text.parse().map_err(|_| Error::Stock).and_then(|number: u32| number.try_into())?)
}

pub(super) fn parse_buckets(text: &str) -> Result<Buckets> {
    Ok(text.parse().map_err(|_| Error::Buckets).and_then(|number: u32| number.try_into())?)
}

fn parse_units(text: &str) -> Result<Units> {
    Ok(text.parse().map_err(|_| Error::Units).and_then(|number: u32| number.try_into())?)
}

/// Adds units to a stock, or removes them.
pub async fn adjust(AdjustArguments { sku, units, change }: AdjustArguments) -> Result<()> {
    change.make(Change::AdjustStock { sku, units }, &format!("adjusted by {units:+}")).await
}

/// Lists, adds, changes or retires products.
pub async fn product(ProductArguments { action }: ProductArguments) -> Result<()> {
    match action {
        ProductAction::List { json, deployment } => list(json, &deployment).await,
        ProductAction::Add { sku, name, price, reorder_point, target_stock, factory, change } => {
            let product = NewProduct { sku, name, price, reorder_point, target_stock, factory };
            change.make(Change::AddProduct(product), "added").await
        }
        ProductAction::Change {
            sku,
            name,
            price,
            reorder_point,
            target_stock,
            factory,
            change,
        } => {
            let update = ProductUpdate { sku, name, price, reorder_point, target_stock, factory };
            ensure!(
                !update.is_empty(),
                "nothing to change: give at least one of --name, --price, --reorder-point, --target-stock and --factory"
            );
            change.make(Change::ChangeProduct(update), "changed").await
        }
        ProductAction::Buckets { sku, buckets, change } => {
            let done = format!("buckets: {buckets}");
            change.make(Change::SetBuckets { sku, buckets }, &done).await
        }
        ProductAction::Retire { sku, change } => {
            change.make(Change::RetireProduct { sku }, "retired").await
        }
        ProductAction::Return { sku, change } => {
            change.make(Change::ReturnProduct { sku }, "sold and restocked again").await
        }
    }
}

async fn list(json: bool, deployment: &DeploymentArguments) -> Result<()> {
    let (_, warehouse) = deployment.read().await?;
    let products = warehouse.overview().await?.products;
    if json {
        return Ok(print_json(&products)?);
    }
    let headings = ["product", "name", "stock", "reorder", "target", "factory", "buckets", ""];
    let mut table = Table::new(&headings).with_numbers(&[2, 3, 4]);
    for product in products {
        let retired = if product.is_retired { "retired" } else { "" };
        table.row([
            product.sku.into(),
            product.name.into(),
            product.stock.into(),
            product.reorder_point.into(),
            product.target_stock.into(),
            product.factory.into(),
            several(product.buckets).into(),
            retired.into(),
        ]);
    }
    Ok(print(&table.text())?)
}

/// The number of buckets, unless it is 1 as for most products.
fn several(buckets: u8) -> String {
    if buckets == 1 { String::new() } else { buckets.to_string() }
}

/// Stops the execution of a product's open restock, after the change was recorded.
pub async fn stop_restock(StopArguments { sku, change }: StopArguments) -> Result<()> {
    let (outputs, warehouse) = change.deployment.read().await?;
    let open = warehouse.open_restocks().await?.into_iter().find(|open| open.sku == sku.as_str());
    let open = open.with_context(|| format!("no restock of {sku} is open"))?;
    let execution = open.execution.clone();
    let stop = Change::StopRestock { sku, execution: execution.clone() };
    change.make(stop, &format!("restock {} is stopped", open.cycle)).await?;
    let machines = outputs.clients().await.machines;
    Executions::of(machines, &outputs.restock_machine_arn).stop(&execution).await?;
    Ok(print(
        "The sweep closes the restock. While the product is at its reorder point, the next sweep orders again: to \
         prevent that, retire the product or lower its reorder point.\n",
    )?)
}

impl ChangeArguments {
    /// Makes the change and prints the result.
    pub(super) async fn make(&self, change: Change, done: &str) -> Result<()> {
        let (outputs, warehouse) = self.deployment.read().await?;
        let by = operator(&outputs).await?;
        let id = self.id.unwrap_or_else(Uuid::new_v4);
        let about = change.about();
        let request = ChangeRequest { id, by, reason: self.reason.clone(), change };
        let changed = warehouse.change(&request).await.map_err(|error| explained(error, id))?;
        if self.json {
            return Ok(print_json(&changed)?);
        }
        Ok(print(&sentence(&about, &changed, done))?)
    }
}

/// A refusal is final. After another error, the change may have been made.
fn explained(error: anyhow::Error, id: Uuid) -> anyhow::Error {
    if is_refused(&error) {
        return error;
    }
    anyhow!(
        "{}. The change may not have been made: repeat the command with --id {id}, which makes it once",
        error_line(&error)
    )
}

fn sentence(about: &str, Changed { stock, repeated, .. }: &Changed, done: &str) -> String {
    let about = Tone::Title.paint(about);
    let stock = stock.map_or_else(String::new, |stock| format!(" Stock now: {stock}."));
    let repeated = if *repeated { " The same change was made before." } else { "" };
    format!("{about}: {done}.{stock}{repeated}\n")
}
