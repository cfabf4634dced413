//! Sales of one product whose stock is in several buckets, through 32 environments of `decrement-stock`, against the ceiling of
//! as many rows.

use std::{path::Path, time::Duration};

use anyhow::{Context, Result};
use database_server::DatabaseServer;
use domain::PurchaseOutcome;
use uuid::Uuid;
use warehouse::{Change, ChangeRequest, Warehouse};

use crate::{
    Scale,
    products::PLENTY,
    report::{BucketSales, Conditions, RowSales},
    rows::FUNCTION,
    seller::{Function, rate},
    shop::Shop,
};

/// The number of buckets of each product.
const BUCKETS: [u32; 3] = [1, 4, 16];
const ENVIRONMENTS: usize = 32;

/// Sells each product in turn, so that a disturbance of the machine does not fall on one of them.
pub(crate) async fn measure(
    server: &DatabaseServer,
    conditions: Conditions,
    binary: &Path,
    scale: Scale,
) -> Result<Vec<BucketSales>> {
    let shop = opened(server).await?;
    let mut ours =
        shop.environments(FUNCTION, binary, (ENVIRONMENTS, PurchaseOutcome::Sold)).await?;
    let mut plain = shop.plain_clients(ENVIRONMENTS).await?;
    let mut measured = BUCKETS.map(|buckets| (buckets, Vec::new()));
    for product in 0..measured.len() {
        sell(&mut ours, &shop, product, scale.warm_up).await?;
    }
    for _ in 0..scale.repeats {
        for (product, (buckets, repeats)) in measured.iter_mut().enumerate() {
            let sales = sell(&mut ours, &shop, product, scale.slice).await?;
            let ceiling = rate(&mut plain, *buckets, scale.slice).await?;
            repeats.push((sales, ceiling));
        }
    }
    let environments = u32::try_from(ENVIRONMENTS)?;
    let figures = measured.into_iter().map(|(buckets, repeats)| BucketSales {
        buckets,
        sales: RowSales::new(environments, conditions, &repeats),
    });
    Ok(figures.collect())
}

/// A shop with one product for each number of buckets, and with a row of the ceiling for each bucket.
async fn opened(server: &DatabaseServer) -> Result<Shop> {
    let rows = BUCKETS.into_iter().max().unwrap_or_default();
    let shop = Shop::open(server, Duration::ZERO, (rows, PLENTY)).await?;
    let warehouse = Warehouse::open(shop.database_url.parse()?).await;
    for (sku, buckets) in shop.skus.iter().zip(BUCKETS) {
        let change = Change::SetBuckets { sku: sku.clone(), buckets: buckets.try_into()? };
        let (by, reason) = (text("restock bench")?, text("measured")?);
        warehouse.change(&ChangeRequest { id: Uuid::new_v4(), by, reason, change }).await?;
    }
    Ok(shop)
}

fn text<T: TryFrom<String, Error = &'static str>>(text: &str) -> Result<T> {
    text.to_owned().try_into().map_err(anyhow::Error::msg)
}

async fn sell(ours: &mut [Function], shop: &Shop, product: usize, slice: Duration) -> Result<f64> {
    let sku = shop.skus.get(product).context("a product is missing")?;
    for function in &mut *ours {
        function.skus = vec![sku.clone()];
    }
    rate(ours, 1, slice).await
}
