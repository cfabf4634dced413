//! `restock advise`

use anyhow::{Result, anyhow, ensure};
use clap::Args;
use domain::Sku;
use operations::{
    access::{WarehouseAccess, operator},
    advise::{ProductAdvice, advice},
};
use replenishment::ServiceLevel;
use terminal::{print, print_json};
use uuid::Uuid;
use warehouse::{Change, ChangeRequest, Operator, Reason};

use super::{deployment_arguments::DeploymentArguments, zone_argument::ZoneArgument};

/// Arguments of `restock advise`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The SKU of the product. Without it, all products that are not retired.
    sku: Option<Sku>,
    /// The share of the demanded units to serve, in percent.
    #[arg(long, default_value = "95", value_parser = parse_level)]
    service_level: ServiceLevel,
    /// How many weeks to look back, at most 12.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=12))]
    weeks: u32,
    /// Set the reorder point and the target stock as advised.
    #[arg(long)]
    apply: bool,
    /// Print one JSON array, for programs.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    zone: ZoneArgument,
    #[command(flatten)]
    deployment: DeploymentArguments,
}

fn parse_level(text: &str) -> Result<ServiceLevel> {
    let percent = text.trim_end_matches('%').parse()?;
    ServiceLevel::percent(percent).ok_or_else(|| anyhow!("it must be between 1 and 99.99"))
}

/// Prints the advice for each product, and follows it if asked to.
pub async fn run(arguments: Arguments) -> Result<()> {
    let (outputs, warehouse) = arguments.deployment.read().await?;
    let mut all = Vec::new();
    for sku in skus(&warehouse, arguments.sku.as_ref()).await? {
        all.push(advice(&warehouse, &sku, arguments.weeks, arguments.service_level).await?);
    }
    if arguments.json {
        print_json(&all)?;
    } else {
        let zone = arguments.zone.zone();
        let texts: Vec<_> =
            all.iter().map(|one| one.text(arguments.service_level, &zone)).collect();
        print(&texts.join("\n"))?;
    }
    if arguments.apply {
        let by = operator(&outputs).await?;
        for one in &all {
            let done = apply(&warehouse, one, &by, arguments.service_level).await?;
            if !arguments.json {
                print(&done)?;
            }
        }
    }
    Ok(())
}

async fn skus(warehouse: &WarehouseAccess, sku: Option<&Sku>) -> Result<Vec<Sku>> {
    if let Some(sku) = sku {
        return Ok(vec![sku.clone()]);
    }
    let products = warehouse.overview().await?.products.into_iter();
    let skus = products.filter(|product| !product.is_retired).map(|product| product.sku.parse());
    let skus = skus.collect::<Result<Vec<Sku>, _>>()?;
    ensure!(!skus.is_empty(), "there is no product. Add one with `restock product add`");
    Ok(skus)
}

async fn apply(
    warehouse: &WarehouseAccess,
    advice: &ProductAdvice,
    by: &Operator,
    level: ServiceLevel,
) -> Result<String> {
    let Some(update) = advice.update()? else {
        return Ok(format!("{}: nothing to change\n", advice.sku));
    };
    let reason = format!("advice for a service level of {:.2} %", level.share() * 100.0);
    let reason = Reason::try_from(reason).map_err(anyhow::Error::msg)?;
    let change = Change::ChangeProduct(update);
    let request = ChangeRequest { id: Uuid::new_v4(), by: by.clone(), reason, change };
    warehouse.change(&request).await?;
    Ok(format!("{}: changed as advised\n", advice.sku))
}
