//! `restock advise`: the reorder point and the target stock that would have kept a wanted service level.

use std::fmt::Write;

use anyhow::Result;
use domain::{Sku, Stock, Units};
use replenishment::{
    Advice, Formula, History, NoAdvice, Policy, Refusals, Sales, ServiceLevel, Week, advise,
};
use serde::Serialize;
use terminal::{
    table::Table,
    tone::{Tone, Toned},
    zone::Zone,
};
use warehouse::{ProductUpdate, audit::ProductDemand};

use crate::access::WarehouseAccess;

/// Fewer measured lead times deserve a word of caution.
const ENOUGH_LEAD_TIMES: usize = 5;

/// The advice for one product.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProductAdvice {
    pub sku: Sku,
    /// Why there is none, if there is none.
    pub result: Result<Advice, NoAdvice>,
}

/// The advice for a product, from its last weeks.
///
/// # Errors
/// If the product is unknown, or its history cannot be read.
pub async fn advice(
    warehouse: &WarehouseAccess,
    sku: &Sku,
    weeks: u32,
    level: ServiceLevel,
) -> Result<ProductAdvice> {
    let demand = warehouse.demand(sku, weeks).await?;
    Ok(ProductAdvice { sku: sku.clone(), result: advise(&history(demand), level) })
}

fn history(demand: ProductDemand) -> History {
    let units = |number: i64| u64::try_from(number).unwrap_or_default();
    let sales = demand.sales.into_iter();
    let refusals = demand.refusals.into_iter();
    let lead_times = demand.lead_times.into_iter();
    History {
        from_minute: demand.from_minute,
        to_minute: demand.to_minute,
        sales: sales.map(|(minute, sold)| Sales { minute, units: units(sold) }).collect(),
        refusals: refusals
            .map(|(hour, refused)| Refusals { hour, units: units(refused) })
            .collect(),
        lead_times: lead_times.map(|seconds| u32::try_from(seconds).unwrap_or_default()).collect(),
        policy: Policy {
            reorder_point: units(demand.reorder_point),
            target_stock: units(demand.target_stock),
        },
    }
}

impl ProductAdvice {
    /// The change that follows the advice. `None` without advice, or if nothing changes.
    ///
    /// # Errors
    /// If the advice is no valid reorder point or target stock.
    pub fn update(&self) -> Result<Option<ProductUpdate>> {
        let Ok(advice) = &self.result else { return Ok(None) };
        if advice.policy == advice.today {
            return Ok(None);
        }
        let number = |units: u64| Ok::<u32, anyhow::Error>(u32::try_from(units)?);
        Ok(Some(ProductUpdate {
            sku: self.sku.clone(),
            name: None,
            price: None,
            reorder_point: Some(Stock::new(number(advice.policy.reorder_point)?)),
            target_stock: Some(Units::try_from(number(advice.policy.target_stock)?)?),
            factory: None,
        }))
    }

    /// The advice for people.
    pub fn text(&self, level: ServiceLevel, zone: &Zone) -> String {
        let title = Tone::Title.paint(&self.sku);
        match &self.result {
            Err(reason) => format!("{title}: no advice: {reason}.\n"),
            Ok(advice) => format!("{title}\n{}", advice_text(advice, level, zone)),
        }
    }
}

fn advice_text(advice: &Advice, level: ServiceLevel, zone: &Zone) -> String {
    let Advice { policy, today, formula, .. } = advice;
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = writeln!(
        text,
        "  reorder point  {} (today {})\n  target stock   {} (today {})\n  served         {:.1} % of the units with \
         the advice, {:.1} % without\n",
        policy.reorder_point,
        today.reorder_point,
        policy.target_stock,
        today.target_stock,
        advice.fill_rate_with_advice * 100.0,
        advice.fill_rate * 100.0
    );
    text + &formula_text(formula, advice.lead_times, level)
        + "\n"
        + &weeks_table(&advice.weeks, zone)
}

fn formula_text(formula: &Formula, lead_times: usize, level: ServiceLevel) -> String {
    let Formula { lead_time, mean, deviation, z, reorder_point } = formula;
    format!(
        "  First guess: mean demand over the lead time + z x its standard deviation\n    \
         = {mean:.1} + {z:.2} x {deviation:.1} = {reorder_point}, for {:.1} % and a mean lead time of {lead_time:.0} \
         min\n    (measured on {lead_times} restocks). Source: Silver, Pyke, Thomas, Inventory and\n    Production \
         Management in Supply Chains, 2017, chapter 6.\n  Then the demand was replayed, and the reorder point halved or \
         doubled, to find\n  the lowest one that keeps the service level with orders of today's size.\n{}",
        level.share() * 100.0,
        caution(lead_times)
    )
}

/// Few lead times say little about the next one.
fn caution(lead_times: usize) -> String {
    if lead_times >= ENOUGH_LEAD_TIMES {
        return String::new();
    }
    Tone::Warning.paint("  Caution: so few restocks say little about the next one.\n")
}

fn weeks_table(weeks: &[Week], zone: &Zone) -> String {
    let headings = ["week from", "wanted", "refused", "with the advice"];
    let mut table = Table::new(&headings).with_numbers(&[1, 2, 3]);
    for week in weeks {
        let from = zone.time(week.from_minute * 60_000);
        let tone = if week.refused > 0 { Tone::Bad } else { Tone::Plain };
        table.row([
            from.into(),
            week.wanted.into(),
            Toned::new(week.refused, tone),
            week.refused_with_advice.into(),
        ]);
    }
    table.text()
}
