//! `restock cost`

use anyhow::Result;
use clap::Args;

/// Arguments of `restock cost`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Print one JSON object for programs: USD for a million purchases sold, sold out and of the mix, and for a month without use.
    #[arg(long)]
    json: bool,
    /// Print the cost of a month with this many purchases sold, and the most that one product can sell.
    #[arg(long, value_name = "PURCHASES", conflicts_with = "json")]
    sold: Option<u32>,
}

/// Prints the tables of `docs/cost.md`, or what the arguments ask for.
pub fn run(arguments: &Arguments) -> Result<()> {
    if arguments.json {
        return Ok(terminal::print_json(&cost::summary()?)?);
    }
    let text = arguments.sold.map_or_else(cost::tables, cost::volume);
    Ok(terminal::print(&text?)?)
}
