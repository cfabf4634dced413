//! `restock stress`: concurrent purchases and restocks with injected faults, and a check of every answer.
//!
//! Many customers buy through real `decrement-stock` processes on a real database server, while goods arrive through
//! the real functions of a restock, and operators change the number of buckets that hold them. Idempotency keys are repeated, also concurrently and with other quantities;
//! processes are killed, answers are lost, the database server crashes, and requests are repeated as the state
//! machines do. Afterwards the history checker compares every answer with the ledger.
//!
//! - `plan`: what a round does, from one seed. `workload`: carries out the plan.
//! - `function`, `functions`: run functions as Lambda does, as separate processes, with the crate `runtime_api`.
//! - `history`: every call and its answer. `history_checker`: compares the history with the ledger.
//!   `linearizability`: a second, independent check of each round in which the history checker finds nothing.
//! - `round`: puts these together. Start here. `figures`: how much a round has done.
//!
//! The seed determines who does what and which faults are injected. It does not determine how the requests interleave
//! in the database, so a seed that has failed once may pass the next time.
//!
//! Uses `warehouse` to prepare and read the database, and no AWS client.

mod figures;
mod function;
mod functions;
mod history;
mod history_checker;
mod linearizability;
mod plan;
mod round;
mod workload;

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

/// Runs rounds for the given time, or one round. Fails at the first round with a violation. Each round uses the next
/// seed.
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
        let Self { buyers, products, purchases, buckets } = self;
        let buckets = buckets.map(|buckets| format!(" --buckets {buckets}")).unwrap_or_default();
        format!(
            "cargo run -- stress --seed {seed} --buyers {buyers} --products {products} \
             --purchases {purchases}{buckets}"
        )
    }
}
