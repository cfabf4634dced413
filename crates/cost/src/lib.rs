//! `restock cost`: the cost of the system on AWS, computed from the definitions and `terraform/prices.json`.
//!
//! - `prices`: the price list and the measured or assumed figures.
//! - `path`: the states that an execution passes. `usage`: what AWS charges for each scenario.
//! - This file formats the tables of `docs/cost.md`. Start with [`tables`].
//!
//! Uses `system` for the definitions, and no AWS client.

mod path;
mod prices;
mod usage;

use anyhow::Result;

use prices::{Figures, Item, Usage};
use usage::{Calculator, PRODUCT_REQUEST, REFUSED, RESTOCK, SOLD, SWEEP, Scenario};

/// Hours per month, as in AWS price examples.
const HOURS: f64 = 730.0;
const MILLION: f64 = 1e6;

/// The columns of the table of costs by use.
const COLUMNS: [(&str, &[Item]); 5] = [
    ("functions", &[Item::LambdaRequest, Item::LambdaGbSecond]),
    ("state machines", &[Item::ExpressRequest, Item::ExpressGbSecond, Item::Transition]),
    ("API and messages", &[Item::ApiRequest, Item::SqsRequest, Item::SnsRequest]),
    ("logs", &[Item::LogGb, Item::LogGbMonth]),
    ("traces", &[Item::Trace]),
];

/// The two tables of `docs/cost.md`, in Markdown.
pub fn tables() -> Result<String> {
    let calculator = Calculator::read()?;
    let prices = &calculator.prices;
    Ok(format!(
        "{}\n{}\nUSD, prices of {} on {}, without free tiers, tax and data transfer.\n",
        month(&calculator)?,
        by_use(&calculator)?,
        prices.region,
        prices.date
    ))
}

/// The table of monthly costs, which do not depend on use.
fn month(calculator: &Calculator) -> Result<String> {
    let mut lines = "| every month | USD |\n| --- | ---: |\n".to_owned();
    let mut sum = 0.0;
    for (name, usage, items) in fixed(calculator)? {
        let cost = calculator.prices.cost(&usage, &items)?;
        sum += cost;
        lines += &format!("| {name} | {cost:.2} |\n");
    }
    Ok(lines + &format!("| **total** | **{sum:.2}** |\n"))
}

/// The name, usage and price items of each row of that table.
fn fixed(calculator: &Calculator) -> Result<Vec<(String, Usage, Vec<Item>)>> {
    let deployed = &calculator.prices.deployed;
    let one = |name: String, item, amount| (name, Usage::of(item, amount), vec![item]);
    let consumed = calculator.system.queues.values().filter(|queue| queue.consumer.is_some());
    let polls =
        calculator.prices.figures.polls_per_queue.is * f64::from(u32::try_from(consumed.count())?);
    let count = |amount, what, item| one(format!("{amount} {what}"), item, amount);
    Ok(vec![
        one(format!("the database, {}", deployed.database_class), Item::DatabaseHour, HOURS),
        one(
            format!("the disk of the database, {} GB", deployed.disk_gb),
            Item::DiskGbMonth,
            deployed.disk_gb,
        ),
        count(deployed.metrics, "metrics", Item::Metric),
        count(deployed.alarms, "alarms", Item::Alarm),
        count(deployed.composite_alarms, "composite alarms", Item::CompositeAlarm),
        one("the dashboard".to_owned(), Item::Dashboard, deployed.dashboards),
        count(
            deployed.secrets,
            "secrets: the master user's password, the callback key",
            Item::Secret,
        ),
        sweeps(calculator)?,
        one("polling of the queues by Lambda".to_owned(), Item::SqsRequest, polls),
    ])
}

fn sweeps(calculator: &Calculator) -> Result<(String, Usage, Vec<Item>)> {
    let mut times = 0.0;
    for schedule in calculator.system.schedules.values() {
        times += HOURS * 3600.0 / schedule.every()?.as_secs_f64();
    }
    let mut usage = calculator.usage(&SWEEP)?;
    usage += Usage::of(Item::ScheduledStart, 1.0);
    let items = COLUMNS.into_iter().flat_map(|(_, items)| items.iter().copied());
    let items = items.chain([Item::ScheduledStart]).collect();
    Ok((format!("{times} sweeps"), usage * times, items))
}

/// The table of costs by use: a million of each scenario, and a million purchases with the other scenarios that they cause.
fn by_use(calculator: &Calculator) -> Result<String> {
    let names: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
    let mut lines = format!("| a million | {} | USD |\n", names.join(" | "));
    lines += &format!("| --- |{}\n", " ---: |".repeat(COLUMNS.len() + 1));
    let Figures { sold_per_restock, refused_per_sold, product_requests_per_sold, .. } =
        &calculator.prices.figures;
    let mut all = Usage::default();
    let scenarios: [(&str, &Scenario, f64); 4] = [
        ("purchases, sold", &SOLD, 1.0),
        ("purchases, refused because sold out", &REFUSED, refused_per_sold.is),
        ("requests for a product", &PRODUCT_REQUEST, product_requests_per_sold.is),
        ("restocks", &RESTOCK, 1.0 / sold_per_restock.is),
    ];
    for (name, scenario, per_sold) in scenarios {
        let usage = calculator.usage(scenario)?;
        lines += &row(calculator, name, &(usage.clone() * MILLION))?;
        all += usage * per_sold;
    }
    let mix = format!(
        "**purchases sold; for each, {} refused and {} requests for a product; one restock for {} sold**",
        refused_per_sold.is, product_requests_per_sold.is, sold_per_restock.is
    );
    Ok(lines + &row(calculator, &mix, &(all * MILLION))?)
}

fn row(calculator: &Calculator, name: &str, usage: &Usage) -> Result<String> {
    let mut cells = format!("| {name} |");
    let mut sum = 0.0;
    for (_, items) in COLUMNS {
        let cost = calculator.prices.cost(usage, items)?;
        sum += cost;
        cells += &format!(" {cost:.2} |");
    }
    Ok(format!("{cells} **{sum:.2}** |\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_about_cost_shows_what_the_definitions_and_prices_say_now() -> Result<()> {
        let page = include_str!("../../../docs/cost.md");
        assert!(
            page.contains(&tables()?),
            "put the output of `cargo run -- cost` into docs/cost.md"
        );
        Ok(())
    }
}
