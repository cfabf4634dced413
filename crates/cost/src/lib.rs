//! `restock cost`: the cost of the system on AWS, computed from the definitions and `terraform/prices.json`.
//!
//! - `prices`: the price list and the measured or assumed figures.
//! - `path`: the states that an execution passes. `usage`: what AWS charges for each scenario.
//! - `tables`: the tables of `docs/cost.md`. Start with [`tables()`]. `volume`: a month with a volume of one's own.
//! - `summary`: the figures for programs. `budget.json` is what they may be.
//!
//! Uses `system` for the definitions, and no AWS client.

mod path;
mod prices;
mod summary;
mod tables;
mod usage;
mod volume;

use anyhow::Result;

pub use summary::{PerMillion, Summary};
use usage::Calculator;

/// The tables of `docs/cost.md`, in Markdown.
pub fn tables() -> Result<String> {
    tables::all(&Calculator::read()?)
}

/// The cost of a month in which so many purchases are sold, in Markdown, and what one product can sell.
pub fn volume(sold: u32) -> Result<String> {
    volume::table(&Calculator::read()?, sold)
}

/// The figures for programs.
pub fn summary() -> Result<Summary> {
    Summary::of(&Calculator::read()?)
}

/// The bytes that functions log in one run of a scenario, as the price list assumes: `sold`, `sold_out`, `product_request`,
/// `restock` or `sweep`.
pub fn log_bytes(scenario: &str) -> Result<f64> {
    prices::Prices::read()?.log_bytes(scenario)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_about_cost_shows_what_the_definitions_and_prices_say_now() -> Result<()> {
        let (page, tables) = (include_str!("../../../docs/cost.md"), tables()?);
        assert!(
            page.contains(&tables),
            "put the output of `cargo run -- cost` into docs/cost.md:\n{tables}"
        );
        Ok(())
    }

    /// A change that costs more must say so by a changed line in the budget. One that costs less lowers the budget, or a later
    /// change could use what is left.
    #[test]
    fn no_figure_is_above_its_budget_or_far_below_it() -> Result<()> {
        let budget: Summary = serde_json::from_str(include_str!("../budget.json"))?;
        for ((name, cost), (_, allowed)) in summary()?.figures().into_iter().zip(budget.figures()) {
            assert!(
                cost <= allowed,
                "{name}: {cost} USD is above {allowed} in crates/cost/budget.json"
            );
            assert!(
                cost >= allowed * 0.98,
                "{name}: lower the budget from {allowed} to {cost} USD"
            );
        }
        Ok(())
    }
}
