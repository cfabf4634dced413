//! How fast a product that is sold out is ordered and sold again.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use deployment::api_client::ApiClient;
use domain::{PurchaseOutcome, Sku, Stock};
use factory_simulator::Event;
use futures::{StreamExt, stream};
use local_cloud::LocalCloud;
use tokio::{sync::broadcast::Receiver, time::timeout};
use uuid::Uuid;

use crate::{
    Scale,
    report::{Restocks, spread},
    statistics::{Median, milliseconds},
};

/// The longest time that a restock may take.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// More units than the factory makes for one restock, so the purchase is refused also when the goods have arrived.
const TOO_MANY: u32 = 100;

/// The number of clients that are refused at the same time.
const CLIENTS: usize = 16;

pub(super) async fn measure(cloud: &LocalCloud, api: &ApiClient, scale: Scale) -> Result<Restocks> {
    let (mut to_order, mut to_sale, mut orders) = (Vec::new(), Vec::new(), 0);
    for number in 0..scale.repeats {
        let name = format!("BENCH-RESTOCK-{number}");
        let sku = super::product(cloud, &name, Stock::new(0)).await?;
        let restock = restock(cloud, api, &sku);
        let (order, sale) = timeout(TIME_LIMIT, restock).await.context("no restock in time")??;
        to_order.push(milliseconds(order));
        to_sale.push(milliseconds(sale));
        if number == 0 {
            refuse(api, &sku, scale.refusals).await?;
            orders = cloud.warehouse.totals(&sku).await?.production_orders;
        }
    }
    let (to_order, to_sale) = (Median::of(to_order), Median::of(to_sale));
    Ok(Restocks {
        refusal_to_order_ms: to_order.value,
        callback_to_sale_ms: to_sale.value,
        refusals: scale.refusals,
        production_orders: orders,
        spread: spread([("refusal_to_order_ms", to_order), ("callback_to_sale_ms", to_sale)]),
    })
}

/// One restock: the time from the first refusal to the order, and from the callback to the first sale.
async fn restock(cloud: &LocalCloud, api: &ApiClient, sku: &Sku) -> Result<(Duration, Duration)> {
    let factory = cloud.backing_services.factory.as_ref().context("there is no factory")?;
    let mut events = factory.events();
    let refused = Instant::now();
    buy(api, sku, 1, PurchaseOutcome::SoldOut).await?;
    until(&mut events, |event| matches!(event, Event::Ordered { .. })).await?;
    let ordered = refused.elapsed();
    until(&mut events, |event| matches!(event, Event::CalledBack { .. })).await?;
    let called_back = Instant::now();
    // A refusal is tried again at once: the time between two tries is the accuracy of the figure.
    while buy(api, sku, 1, PurchaseOutcome::Sold).await.is_err() {}
    Ok((ordered, called_back.elapsed()))
}

async fn until(events: &mut Receiver<Event>, is_it: impl Fn(&Event) -> bool) -> Result<()> {
    while !is_it(&events.recv().await?) {}
    Ok(())
}

/// Buys more than there is, many times.
async fn refuse(api: &ApiClient, sku: &Sku, refusals: u32) -> Result<()> {
    let all = stream::iter(0..refusals).map(|_| buy(api, sku, TOO_MANY, PurchaseOutcome::SoldOut));
    let mut answers = all.buffer_unordered(CLIENTS);
    while let Some(answer) = answers.next().await {
        answer?;
    }
    Ok(())
}

async fn buy(api: &ApiClient, sku: &Sku, quantity: u32, expected: PurchaseOutcome) -> Result<()> {
    let answer = api.buy(&Uuid::new_v4().to_string(), sku.as_str(), quantity).await?;
    let outcome = answer.purchase_outcome();
    ensure!(outcome == Some(expected), "a purchase was answered {}", answer.outcome());
    Ok(())
}
