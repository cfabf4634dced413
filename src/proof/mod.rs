//! `restock prove`: a concurrent proof of the stock.
//!
//! Many customers buy through real `decrement-stock` processes on a real database server, while goods
//! come through the real functions of a restock. Keys are sent again, by several at once and with other
//! bodies; processes are killed and answers lost, and the requests sent again, as the machines do.
//! Afterwards everything that was answered is held against the ledger.
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

use anyhow::{Result, bail};
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

/// Plays round after round, and fails with the first that shows something wrong.
pub async fn run(options: Prove) -> Result<()> {
    let narrator = Narrator::on_stdout();
    let server = DatabaseServer::start(narrator).await?;
    let begin = Instant::now();
    let mut seed = options.seed.unwrap_or_else(|| fastrand::u64(..));
    loop {
        let round = Round::prepare(&server, seed, options.scale).await?;
        let Verdict { violations, figures } = round.run().await?;
        narrator.say(format_args!("seed {seed}: {figures}"));
        if !violations.is_empty() {
            violations.iter().for_each(|violation| narrator.note(violation));
            bail!(
                "{} violations: to play it again, {}",
                violations.len(),
                options.scale.command(seed)
            );
        }
        if options.time.is_none_or(|time| begin.elapsed() >= time) {
            narrator.say("every answer is explained by the ledger");
            return Ok(());
        }
        seed = seed.wrapping_add(1);
    }
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
