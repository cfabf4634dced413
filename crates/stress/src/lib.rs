//! `restock stress`: a concurrent proof of the stock.
//!
//! Many customers buy through real `decrement-stock` processes on a real database server, while goods
//! come through the real functions of a restock. Keys are sent again, by several at once and with other
//! bodies; processes are killed, the database server crashes, answers are lost, and the requests are sent
//! again, as the machines do. Afterwards everything that was answered is held against the ledger.
//!
//! Who does what, and what is lost when, comes from one seed. In which order the requests meet in the
//! database does not: a seed that has failed once fails again only as often as its race is lost.

mod actors;
mod figures;
mod function;
mod history;
mod history_checker;
mod plan;
mod round;
mod runtime_api;
mod stage;

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use database_server::DatabaseServer;
use local_programs::console::Console;
use tokio::time::Instant;

pub use self::{
    figures::Figures,
    history_checker::{Rule, Violation},
    plan::Scale,
    round::{Round, Verdict},
};

/// How many violations are shown.
const SHOWN: usize = 20;

/// Plays round after round for the given time, or one round, and fails with the first that shows a violation. Each
/// round takes the next seed.
pub async fn run(seed: u64, time: Option<Duration>, scale: Scale) -> Result<()> {
    let console = Console::on_stdout();
    let server = DatabaseServer::start(console).await?;
    let begin = Instant::now();
    let mut seed = seed;
    loop {
        let again = || format!("to play it again: {}", scale.command(seed));
        let verdict = play(&server, seed, scale).await.with_context(again)?;
        console.say(format_args!("seed {seed}: {}", verdict.figures));
        let violations = &verdict.violations;
        violations.iter().take(SHOWN).for_each(|violation| console.note(violation));
        ensure!(violations.is_empty(), "{} violations; {}", violations.len(), again());
        if time.is_none_or(|time| begin.elapsed() >= time) {
            break;
        }
        seed = seed.wrapping_add(1);
    }
    console.say("every answer is explained by the ledger");
    server.stop().await;
    Ok(())
}

async fn play(server: &DatabaseServer, seed: u64, scale: Scale) -> Result<Verdict> {
    Round::prepare(server, seed, scale).await?.run().await
}

impl Scale {
    /// What plays a round of a seed.
    pub fn command(&self, seed: u64) -> String {
        let Self { buyers, products, purchases } = self;
        format!(
            "cargo run -- stress --seed {seed} --buyers {buyers} --products {products} \
             --purchases {purchases}"
        )
    }
}
