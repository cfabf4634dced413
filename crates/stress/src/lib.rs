//! `restock stress`: a concurrent test of the stock.
//!
//! Many customers buy through real `decrement-stock` processes on a real database server, while the real functions of a
//! restock credit arrivals. Purchases are repeated, also concurrently and with another quantity. Processes are killed, the
//! database server crashes, responses are lost, and requests are retried as the state machines do. Afterwards the history
//! checker compares every response with the ledger.
//!
//! The requests and the faults are generated from one seed. The order in which requests reach the database is not: a seed
//! that failed once may succeed in another run.

mod actors;
mod figures;
mod function;
mod functions;
mod history;
mod history_checker;
mod plan;
mod round;
mod runtime_api;

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use database_server::DatabaseServer;
use local_programs::console::Console;
use tokio::time::Instant;

pub use self::{
    figures::Figures,
    history_checker::{Rule, Violation},
    plan::Scale,
    round::{Round, RoundResult},
};

/// Maximum number of violations that are printed.
const SHOWN: usize = 20;

/// Runs rounds for the given time, or one round. Fails at the first round with a violation. Each round uses the next seed.
pub async fn run(seed: u64, time: Option<Duration>, scale: Scale) -> Result<()> {
    let console = Console::on_stdout();
    let server = DatabaseServer::start(console).await?;
    let begin = Instant::now();
    let mut seed = seed;
    loop {
        let again = || format!("to repeat this round: {}", scale.command(seed));
        let result = run_round(&server, seed, scale).await.with_context(again)?;
        console.say(format_args!("seed {seed}: {}", result.figures));
        let violations = &result.violations;
        violations.iter().take(SHOWN).for_each(|violation| console.note(violation));
        ensure!(violations.is_empty(), "{} violations; {}", violations.len(), again());
        if time.is_none_or(|time| begin.elapsed() >= time) {
            break;
        }
        seed = seed.wrapping_add(1);
    }
    console.say("every response agrees with the ledger");
    server.stop().await;
    Ok(())
}

async fn run_round(server: &DatabaseServer, seed: u64, scale: Scale) -> Result<RoundResult> {
    Round::prepare(server, seed, scale).await?.run().await
}

impl Scale {
    /// Returns the command that runs a round with this seed.
    pub fn command(&self, seed: u64) -> String {
        let Self { buyers, products, purchases } = self;
        format!(
            "cargo run -- stress --seed {seed} --buyers {buyers} --products {products} \
             --purchases {purchases}"
        )
    }
}
