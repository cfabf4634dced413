//! `restock cost`: what the system costs on AWS, from its definitions and `terraform/prices.json`.

mod prices;
mod story;
mod walk;

use anyhow::Result;

use prices::{Deployed, Figures, Item, Usage};
use story::{LOOK, REFUSED, RESTOCK, Reckoning, SOLD, SWEEP, Story};

/// What AWS takes for a month.
const HOURS: f64 = 730.0;
const MILLION: f64 = 1e6;

/// The columns of what is charged by use.
const COLUMNS: [(&str, &[Item]); 5] = [
    ("functions", &[Item::LambdaRequest, Item::LambdaGbSecond]),
    ("state machines", &[Item::ExpressRequest, Item::ExpressGbSecond, Item::Transition]),
    ("API and messages", &[Item::ApiRequest, Item::SqsRequest, Item::SnsRequest]),
    ("logs", &[Item::LogGb, Item::LogGbMonth]),
    ("traces", &[Item::Trace]),
];

/// The two tables of `docs/cost.md`, in Markdown.
pub fn tables() -> Result<String> {
    let reckoning = Reckoning::read()?;
    let prices = &reckoning.prices;
    Ok(format!(
        "{}\n{}\nUSD, prices of {} on {}, without free tiers, tax and data transfer.\n",
        month(&reckoning)?,
        by_use(&reckoning)?,
        prices.region,
        prices.date
    ))
}

/// What each month costs, also one in which nobody buys.
fn month(reckoning: &Reckoning) -> Result<String> {
    let mut lines = "| every month | USD |\n| --- | ---: |\n".to_owned();
    let mut sum = 0.0;
    for (name, usage, items) in fixed(reckoning)? {
        let cost = reckoning.prices.cost(&usage, &items)?;
        sum += cost;
        lines += &format!("| {name} | {cost:.2} |\n");
    }
    Ok(lines + &format!("| **together** | **{sum:.2}** |\n"))
}

/// What is paid for whether it is used or not.
fn fixed(reckoning: &Reckoning) -> Result<Vec<(String, Usage, Vec<Item>)>> {
    let Deployed { database_class, disk_gb, alarms, metrics, dashboards, secrets, .. } =
        &reckoning.prices.deployed;
    let one = |name: String, item, amount| (name, Usage::of(item, amount), vec![item]);
    let polls = reckoning.prices.figures.polls_per_month.is;
    Ok(vec![
        one(format!("the database, {database_class}"), Item::DatabaseHour, HOURS),
        one(format!("its disk, {disk_gb} GB"), Item::DiskGbMonth, *disk_gb),
        one(format!("{metrics} metrics"), Item::Metric, *metrics),
        one(format!("{alarms} alarms"), Item::Alarm, *alarms),
        one("the dashboard".to_owned(), Item::Dashboard, *dashboards),
        one("the secret with the master user's password".to_owned(), Item::Secret, *secrets),
        sweeps(reckoning)?,
        one("Lambda asks the queue for messages".to_owned(), Item::SqsRequest, polls),
    ])
}

fn sweeps(reckoning: &Reckoning) -> Result<(String, Usage, Vec<Item>)> {
    let mut times = 0.0;
    for schedule in reckoning.system.schedules.values() {
        times += HOURS * 3600.0 / schedule.every()?.as_secs_f64();
    }
    let mut usage = reckoning.usage(&SWEEP)?;
    usage += Usage::of(Item::ScheduledStart, 1.0);
    let items = COLUMNS.into_iter().flat_map(|(_, items)| items.iter().copied());
    let items = items.chain([Item::ScheduledStart]).collect();
    Ok((format!("{times} sweeps"), usage * times, items))
}

/// What a million of each story costs, and a million purchases with all that comes with them.
fn by_use(reckoning: &Reckoning) -> Result<String> {
    let names: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
    let mut lines = format!("| a million | {} | USD |\n", names.join(" | "));
    lines += &format!("| --- |{}\n", " ---: |".repeat(COLUMNS.len() + 1));
    let Figures { sold_per_restock, refused_per_sold, looks_per_sold, .. } =
        &reckoning.prices.figures;
    let mut all = Usage::default();
    let stories: [(&str, &Story, f64); 4] = [
        ("purchases that are sold", &SOLD, 1.0),
        ("purchases of what is sold out", &REFUSED, refused_per_sold.is),
        ("looks at a product", &LOOK, looks_per_sold.is),
        ("restocks", &RESTOCK, 1.0 / sold_per_restock.is),
    ];
    for (name, story, per_sold) in stories {
        let usage = reckoning.usage(story)?;
        lines += &row(reckoning, name, &(usage.clone() * MILLION))?;
        all += usage * per_sold;
    }
    let mix = format!(
        "**purchases sold, with {} refused and {} looks at a product each, and a restock for {}**",
        refused_per_sold.is, looks_per_sold.is, sold_per_restock.is
    );
    Ok(lines + &row(reckoning, &mix, &(all * MILLION))?)
}

fn row(reckoning: &Reckoning, name: &str, usage: &Usage) -> Result<String> {
    let mut cells = format!("| {name} |");
    let mut sum = 0.0;
    for (_, items) in COLUMNS {
        let cost = reckoning.prices.cost(usage, items)?;
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
