//! Who does what the plan says: the customers, and those who see to it that there is something to sell.

use std::sync::Arc;

use anyhow::Result;
use domain::{Arrival, ProductionOrder, Reason, Sku, Units};
use tokio::{sync::watch, task::JoinSet, time::timeout};
use warehouse::OpenRestock;

use super::{
    history::{Credit, History},
    plan::{Delivery, Fates, Report, Stand, Wish},
    stage::Stage,
};

/// One customer: one wish after the other, each sent as often as is planned.
pub(super) async fn buy(stage: Arc<Stage>, wishes: Vec<Wish>) -> Result<History> {
    let mut history = History::default();
    for Wish { purchase, senders } in wishes {
        let mut asking = JoinSet::new();
        for fates in senders {
            let (stage, purchase) = (Arc::clone(&stage), purchase.clone());
            asking.spawn(async move { stage.decrement_stock.ask(&purchase, &fates).await });
        }
        while let Some(asked) = asking.join_next().await {
            history.purchases.extend(asked??);
        }
    }
    Ok(history)
}

/// One product's restocks, until the shop closes.
pub(super) async fn keep_stocked(
    stage: Arc<Stage>,
    stand: Stand,
    mut closed: watch::Receiver<bool>,
) -> Result<History> {
    let mut history = History::default();
    for (number, delivery) in stand.deliveries.iter().cycle().enumerate() {
        if timeout(delivery.pause, closed.wait_for(|closed| *closed)).await.is_ok() {
            break;
        }
        let opened = open(&stage, &stand.sku, number, delivery).await?;
        history.extend(deliver(&stage, &opened, &delivery.reports).await?);
        history.extend(opened);
    }
    Ok(history)
}

/// A restock that several executions want to open at once.
async fn open(
    stage: &Arc<Stage>,
    sku: &Sku,
    number: usize,
    delivery: &Delivery,
) -> Result<History> {
    let attempts = 1 + u32::from(delivery.second_attempt);
    let mut opening = JoinSet::new();
    for (rival, fates) in delivery.executions.iter().cloned().enumerate() {
        let question = OpenRestock {
            sku: sku.clone(),
            restock_cycle: 1.try_into()?,
            reason: Reason::Sweep,
            execution: format!("{sku}_{number}_{rival}"),
            attempt: 1,
            attempts_allowed: attempts,
        };
        opening.spawn(order(Arc::clone(stage), question, fates));
    }
    gathered(opening).await
}

/// What one execution does that hears of no goods: it makes every attempt that it may.
async fn order(stage: Arc<Stage>, question: OpenRestock, fates: Fates) -> Result<History> {
    let mut history = History::default();
    for attempt in 1..=question.attempts_allowed {
        let question = OpenRestock { attempt, ..question.clone() };
        history.restocks.extend(stage.open_restock.ask(&question, &fates).await?);
    }
    Ok(history)
}

/// The factory's callbacks for what was ordered, and what the `completion` machine does for each: all at
/// once.
async fn deliver(stage: &Arc<Stage>, opened: &History, reports: &[Report]) -> Result<History> {
    let mut arriving = JoinSet::new();
    for order in opened.orders() {
        for report in reports.iter().cloned() {
            arriving.spawn(arrive(Arc::clone(stage), order.clone(), report));
        }
    }
    gathered(arriving).await
}

async fn arrive(stage: Arc<Stage>, order: ProductionOrder, report: Report) -> Result<History> {
    let production_order = order.production_order;
    let delivered = Units::try_from((order.quantity.get() * report.percent / 100).max(1))?;
    let arrival = Arrival { production_order, delivered };
    let arrivals = stage.record_arrival.ask(&arrival, &report.fates).await?;
    let credits = stage.increment_stock.ask(&Credit { production_order }, &report.fates).await?;
    Ok(History { arrivals, credits, ..History::default() })
}

/// What all of them did, when the last has ended.
pub(super) async fn gathered(mut acting: JoinSet<Result<History>>) -> Result<History> {
    let mut history = History::default();
    while let Some(acted) = acting.join_next().await {
        history.extend(acted??);
    }
    Ok(history)
}
