//! `restock cost`

use anyhow::Result;

/// Prints the tables of `docs/cost.md`.
pub fn run() -> Result<()> {
    Ok(terminal::print(&cost::tables()?)?)
}
