//! The tables of `docs/cost.md`, in Markdown.

use anyhow::Result;

use super::{
    prices::{Deployed, Item, Usage},
    usage::{Calculator, SWEEP},
};

/// Hours per month, as in AWS price examples.
pub(crate) const HOURS: f64 = 730.0;
pub(crate) const MILLION: f64 = 1e6;

/// The columns of the table of costs by use.
const COLUMNS: [(&str, &[Item]); 5] = [
    ("functions", &[Item::LambdaRequest, Item::LambdaGbSecond]),
    ("state machines", &[Item::ExpressRequest, Item::ExpressGbSecond, Item::Transition]),
    ("API and messages", &[Item::ApiRequest, Item::SqsRequest, Item::SnsRequest]),
    ("logs", &[Item::LogGb, Item::LogGbMonth]),
    ("traces", &[Item::Trace]),
];

/// The items that depend on use.
pub(crate) fn items_of_use() -> Vec<Item> {
    COLUMNS.into_iter().flat_map(|(_, items)| items.iter().copied()).collect()
}

pub(crate) fn all(calculator: &Calculator) -> Result<String> {
    let prices = &calculator.prices;
    Ok(format!(
        "{}\n{}\n{}\nUSD, prices of {} on {}, without free tiers, tax and data transfer.\n",
        month(calculator)?,
        by_use(calculator)?,
        settings(calculator)?,
        prices.region,
        prices.date
    ))
}

/// The table of monthly costs, which do not depend on use.
fn month(calculator: &Calculator) -> Result<String> {
    let mut lines = "| every month | USD |\n| --- | ---: |\n".to_owned();
    for (name, usage, items) in fixed(calculator)? {
        let cost = calculator.prices.cost(&usage, &items)?;
        lines += &format!("| {name} | {cost:.2} |\n");
    }
    Ok(lines + &format!("| **total** | **{:.2}** |\n", per_month(calculator)?))
}

/// The cost of a month without any use.
pub(crate) fn per_month(calculator: &Calculator) -> Result<f64> {
    let rows = fixed(calculator)?.into_iter();
    rows.map(|(_, usage, items)| calculator.prices.cost(&usage, &items)).sum()
}

/// A row of that table: its name, its usage and its price items.
type Row = (String, Usage, Vec<Item>);

fn fixed(calculator: &Calculator) -> Result<Vec<Row>> {
    let mut rows = resources(&calculator.prices.deployed);
    rows.push(sweeps(calculator)?);
    rows.push(polls(calculator)?);
    Ok(rows)
}

fn resources(deployed: &Deployed) -> Vec<Row> {
    let disk = format!("the disk of the database, {} GB", deployed.disk_gb);
    let secrets = "secrets: the master user's password, the callback key";
    vec![
        one(format!("the database, {}", deployed.database_class), Item::DatabaseHour, HOURS),
        one(disk, Item::DiskGbMonth, deployed.disk_gb),
        several(deployed.metrics, "metrics", Item::Metric),
        several(deployed.alarms, "alarms", Item::Alarm),
        several(deployed.composite_alarms, "composite alarms", Item::CompositeAlarm),
        one("the dashboard", Item::Dashboard, deployed.dashboards),
        several(deployed.secrets, secrets, Item::Secret),
    ]
}

fn one(name: impl Into<String>, item: Item, amount: f64) -> Row {
    (name.into(), Usage::of(item, amount), vec![item])
}

fn several(amount: f64, what: &str, item: Item) -> Row {
    one(format!("{amount} {what}"), item, amount)
}

fn sweeps(calculator: &Calculator) -> Result<Row> {
    let mut times = 0.0;
    for schedule in calculator.system.schedules.values() {
        times += HOURS * 3600.0 / schedule.every()?.as_secs_f64();
    }
    let mut usage = calculator.usage(&SWEEP)?;
    usage += Usage::of(Item::ScheduledStart, 1.0);
    let items = items_of_use().into_iter().chain([Item::ScheduledStart]).collect();
    Ok((format!("{times} sweeps"), usage * times, items))
}

fn polls(calculator: &Calculator) -> Result<Row> {
    let consumed = calculator.system.queues.values().filter(|queue| queue.consumer.is_some());
    let each = calculator.prices.figures.polls_per_queue.is;
    let all = each * f64::from(u32::try_from(consumed.count())?);
    Ok(one("polling of the queues by Lambda", Item::SqsRequest, all))
}

/// The table of costs by use: a million of each scenario, and a million purchases with the other scenarios that they cause.
fn by_use(calculator: &Calculator) -> Result<String> {
    let names: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
    let mut lines = format!("| a million | {} | USD |\n", names.join(" | "));
    lines += &format!("| --- |{}\n", " ---: |".repeat(COLUMNS.len() + 1));
    for (name, scenario, _) in calculator.scenarios() {
        lines += &row(calculator, name, &(calculator.usage(scenario)? * MILLION))?;
    }
    let figures = &calculator.prices.figures;
    let mix = format!(
        "**purchases sold; for each, {} refused and {} requests for a product; one restock for {} sold**",
        figures.refused_per_sold.is,
        figures.product_requests_per_sold.is,
        figures.sold_per_restock()
    );
    Ok(lines + &row(calculator, &mix, &(calculator.mix()? * MILLION))?)
}

/// The table of the settings that log and trace everything.
fn settings(calculator: &Calculator) -> Result<String> {
    let mut lines =
        "| setting | USD more for a million purchases sold |\n| --- | ---: |\n".to_owned();
    for (setting, usage) in calculator.settings()? {
        let cost = calculator.prices.cost(&(usage * MILLION), &items_of_use())?;
        lines += &format!("| `{setting}` | {cost:.2} |\n");
    }
    Ok(lines)
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
