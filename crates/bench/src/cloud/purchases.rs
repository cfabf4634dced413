//! Rate and latency of whole purchases.

use std::time::{Duration, Instant};

use anyhow::Result;
use deployment::api_client::ApiClient;
use domain::{PurchaseOutcome, Sku};
use futures::future::try_join_all;
use local_cloud::LocalCloud;
use uuid::Uuid;

use crate::{
    Scale,
    report::{Purchases, spread},
    statistics::{Latencies, Median},
};

/// The number of clients, each of which makes one purchase after the other.
const CLIENTS: [usize; 3] = [1, 16, 64];

/// What the clients of one measurement have seen, and what the ledger says about it.
struct Measurement {
    per_s: f64,
    p50: f64,
    p99: f64,
    errors: u32,
    oversold: u32,
}

pub(super) async fn measure(
    cloud: &LocalCloud,
    api: &ApiClient,
    sku: &Sku,
    scale: Scale,
) -> Result<Vec<Purchases>> {
    let most = CLIENTS.into_iter().max().unwrap_or_default();
    // The local AWS starts an environment of each function for each client.
    measure_once(cloud, api, sku, (most, scale.purchases)).await?;
    let mut measured = CLIENTS.map(|clients| (clients, Vec::new()));
    for _ in 0..scale.repeats {
        for (clients, repeats) in &mut measured {
            repeats.push(measure_once(cloud, api, sku, (*clients, scale.purchases)).await?);
        }
    }
    Ok(measured.iter().map(|(clients, repeats)| Purchases::new(*clients, repeats)).collect())
}

async fn measure_once(
    cloud: &LocalCloud,
    api: &ApiClient,
    sku: &Sku,
    (clients, slice): (usize, Duration),
) -> Result<Measurement> {
    let before = cloud.warehouse.totals(sku).await?;
    let began = Instant::now();
    let buying = (0..clients).map(|_| buy(api, sku, began, slice));
    let answers: Vec<(Duration, bool)> = try_join_all(buying).await?.concat();
    let took = began.elapsed();
    let after = cloud.warehouse.totals(sku).await?;
    let sold = answers.iter().filter(|(_, is_sold)| *is_sold).count();
    let mut latencies = Latencies::new()?;
    answers.iter().for_each(|(latency, _)| latencies.record(*latency));
    let unexplained = i64::try_from(sold)? - (after.sold - before.sold);
    Ok(Measurement {
        per_s: f64::from(u32::try_from(sold)?) / took.as_secs_f64(),
        p50: latencies.percentile(50.0),
        p99: latencies.percentile(99.0),
        errors: u32::try_from(answers.len() - sold)?,
        oversold: u32::try_from(unexplained.max(-after.stock).max(0))?,
    })
}

/// One client. Returns the latency of each purchase, and whether it was sold.
async fn buy(
    api: &ApiClient,
    sku: &Sku,
    began: Instant,
    slice: Duration,
) -> Result<Vec<(Duration, bool)>> {
    let mut answers = Vec::new();
    while began.elapsed() < slice {
        let sent = Instant::now();
        let answer = api.buy(&Uuid::new_v4().to_string(), sku.as_str(), 1).await;
        let outcome = answer.ok().and_then(|answer| answer.purchase_outcome());
        answers.push((sent.elapsed(), outcome == Some(PurchaseOutcome::Sold)));
    }
    Ok(answers)
}

impl Purchases {
    fn new(clients: usize, repeats: &[Measurement]) -> Self {
        let median = |figure: fn(&Measurement) -> f64| Median::of(repeats.iter().map(figure));
        let per_s = median(|one| one.per_s);
        let (p50, p99) = (median(|one| one.p50), median(|one| one.p99));
        Self {
            clients,
            per_s: per_s.value,
            p50_ms: p50.value,
            p99_ms: p99.value,
            errors: repeats.iter().map(|one| one.errors).sum(),
            oversold: repeats.iter().map(|one| one.oversold).sum(),
            spread: spread([("per_s", per_s), ("p50_ms", p50), ("p99_ms", p99)]),
        }
    }
}
