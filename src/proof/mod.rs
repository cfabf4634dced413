//! `restock prove`: a concurrent proof of the stock.
//!
//! Many customers buy through real `decrement-stock` processes on a real database server, while goods
//! come through the real functions of a restock. Keys are sent again, by several at once and with other
//! bodies; processes are killed, the database server crashes, answers are lost, and the requests are sent
//! again, as the machines do. Afterwards everything that was answered is held against the ledger.
//!
//! Who does what, and what is lost when, comes from one seed. In which order the requests meet in the
//! database does not: a seed that has failed once fails again only as often as its race is lost.

mod actors;
mod check;
mod figures;
mod function;
mod history;
mod plan;
mod round;
mod runtime_api;
mod stage;

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Args;
use tokio::time::Instant;

pub use self::{
    check::{Rule, Violation},
    figures::Figures,
    plan::Scale,
    round::{Round, Verdict},
};
use crate::{cloud::database_server::DatabaseServer, narrator::Narrator};

/// How much is to be proven.
#[derive(Debug, Args)]
pub struct Prove {
    /// What everything that is chosen is chosen by; any, if none is given. Each round takes the next one.
    #[arg(long)]
    seed: Option<u64>,
    /// Round after round for so long; without it, one round.
    #[arg(long = "for", value_parser = humantime::parse_duration)]
    time: Option<Duration>,
    #[command(flatten)]
    scale: Scale,
}

/// How many violations are shown.
const SHOWN: usize = 20;

/// Plays round after round, and fails with the first that shows something wrong.
pub async fn run(options: Prove) -> Result<()> {
    let narrator = Narrator::on_stdout();
    let server = DatabaseServer::start(narrator).await?;
    let begin = Instant::now();
    let mut seed = options.seed.unwrap_or_else(|| fastrand::u64(..));
    loop {
        let again = || format!("to play it again: {}", options.scale.command(seed));
        let verdict = play(&server, seed, options.scale).await.with_context(again)?;
        narrator.say(format_args!("seed {seed}: {}", verdict.figures));
        let violations = &verdict.violations;
        violations.iter().take(SHOWN).for_each(|violation| narrator.note(violation));
        ensure!(violations.is_empty(), "{} violations; {}", violations.len(), again());
        if options.time.is_none_or(|time| begin.elapsed() >= time) {
            break;
        }
        seed = seed.wrapping_add(1);
    }
    narrator.say("every answer is explained by the ledger");
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
            "cargo run -- prove --seed {seed} --buyers {buyers} --products {products} \
             --purchases {purchases}"
        )
    }
}
