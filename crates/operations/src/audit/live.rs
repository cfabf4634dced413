//! What is compared with the executions and the queues, which the database knows nothing of.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::Result;
use aws_sdk_sfn::{
    primitives::DateTime,
    types::{ExecutionListItem, ExecutionStatus},
};
use serde::Serialize;
use warehouse::audit::{Audited, Open, Snapshot};

use super::Auditor;
use crate::dead_letters::DeadLetter;

/// The state of a restock in which operations are told.
const TELLS: &str = "ReportFailure";

/// What disagrees between the database and what runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub enum LiveFinding {
    /// A restock is open and its execution does not run: nobody goes on with it.
    RestockWithoutExecution(Orphan),
    /// A restock is open for longer than an execution lives, and the execution runs all the same.
    RestockTooOld {
        /// The product.
        sku: String,
        /// The restock.
        cycle: u32,
        /// The execution that opened it.
        execution: String,
        /// How long ago.
        seconds: i64,
    },
    /// An execution runs, and has no open restock.
    ExecutionWithoutRestock {
        /// Its name.
        execution: String,
        /// For how long it runs.
        seconds: i64,
    },
    /// A restock failed, and operations were not told.
    UntoldFailure {
        /// The product.
        sku: String,
        /// The restock.
        cycle: u32,
        /// The execution that gave up.
        execution: String,
        /// The name of the error.
        failure: String,
    },
    /// The factory called back, and what it said is not recorded.
    UndealtCallback {
        /// The order that it called back for.
        production_order: String,
        /// The execution that failed.
        execution: String,
        /// What it was given.
        input: String,
    },
    /// Something failed, and waits for an operator.
    DeadLetters {
        /// The product; nothing for messages that are no depletion.
        sku: Option<String>,
        /// How many.
        letters: usize,
        /// How long the oldest has been there.
        oldest_seconds: u64,
        /// What the latest died of.
        error: String,
    },
    /// The sweep does not look, or fails each time.
    LateSweep {
        /// How long ago it last did; nothing, if it is not known to have ever.
        seconds: Option<i64>,
    },
}

/// An open restock that nobody goes on with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Orphan {
    /// The product.
    pub sku: String,
    /// The restock.
    pub cycle: u32,
    /// The execution that opened it.
    pub execution: String,
    /// How it ended; nothing, if there is none of that name, or no more.
    pub status: Option<String>,
    /// How long ago the restock was opened.
    pub seconds: i64,
    /// In how many seconds the sweep closes it. Zero or less: it should have.
    pub closed_in: i64,
}

/// An open restock, and how its execution has ended, if there is one.
type Suspect<'a> = (&'a Open, Option<String>);

impl Auditor {
    /// The restocks that run.
    pub(super) async fn running(&self) -> Result<Vec<ExecutionListItem>> {
        self.restocks.with_status(ExecutionStatus::Running).await
    }

    /// Open restocks that nobody goes on with.
    pub(super) async fn without_executions(
        &self,
        audited: &Audited,
        running: &[ExecutionListItem],
    ) -> Result<Vec<LiveFinding>> {
        let (mut found, mut suspects) = (Vec::new(), Vec::new());
        for open in &audited.open {
            if running.iter().any(|execution| execution.name() == open.execution) {
                found.extend(self.too_old(open));
                continue;
            }
            // It may have begun since they were listed.
            let execution = self.restocks.describe(&open.execution).await?;
            let status = execution.map(|execution| execution.status);
            if status != Some(ExecutionStatus::Running) {
                suspects.push((open, status.map(|status| status.as_str().to_owned())));
            }
        }
        let confirmed = self.still_open(suspects).await?;
        found.extend(confirmed.into_iter().map(|suspect| self.without_execution(suspect)));
        Ok(found)
    }

    /// The execution may have closed its restock and ended after the database was looked at. If that is
    /// still open now, it will stay so.
    async fn still_open<'a>(&self, suspects: Vec<Suspect<'a>>) -> Result<Vec<Suspect<'a>>> {
        if suspects.is_empty() {
            return Ok(suspects);
        }
        let now = Snapshot::take(&self.database).await?.open_restocks().await?;
        let is_open = |one: &Open| {
            now.iter().any(|other| {
                (&one.sku, one.cycle, &one.execution) == (&other.sku, other.cycle, &other.execution)
            })
        };
        Ok(suspects.into_iter().filter(|(open, _)| is_open(open)).collect())
    }

    fn without_execution(&self, (open, status): Suspect<'_>) -> LiveFinding {
        LiveFinding::RestockWithoutExecution(Orphan {
            sku: open.sku.clone(),
            cycle: open.cycle,
            execution: open.execution.clone(),
            status,
            seconds: open.seconds,
            closed_in: self.lifetime() - open.seconds,
        })
    }

    fn too_old(&self, open: &Open) -> Option<LiveFinding> {
        (open.seconds > self.lifetime()).then(|| LiveFinding::RestockTooOld {
            sku: open.sku.clone(),
            cycle: open.cycle,
            execution: open.execution.clone(),
            seconds: open.seconds,
        })
    }

    /// What no execution outlives.
    fn lifetime(&self) -> i64 {
        self.thresholds.settings.restock_abandoned_seconds.into()
    }

    /// Executions that have nothing to go on with, and should have ended by now.
    pub(super) fn without_restocks(
        &self,
        audited: &Audited,
        running: &[ExecutionListItem],
    ) -> Vec<LiveFinding> {
        let has_one = |name: &str| {
            audited.open.iter().any(|open| open.execution == name)
                || audited.closed_lately.iter().any(|closed| closed == name)
        };
        let idle = running.iter().filter(|execution| !has_one(execution.name()));
        let idle = idle.map(|execution| LiveFinding::ExecutionWithoutRestock {
            execution: execution.name().to_owned(),
            seconds: age(execution.start_date()),
        });
        let closing = whole_seconds(self.thresholds.closing);
        idle.filter(|found| {
            matches!(found, LiveFinding::ExecutionWithoutRestock { seconds, .. } if *seconds >= closing)
        })
        .collect()
    }

    /// Failures that the database knows and nobody was told of.
    pub(super) async fn untold_failures(&self, audited: &Audited) -> Result<Vec<LiveFinding>> {
        let mut found = Vec::new();
        for failed in &audited.failed {
            let Some(execution) = self.restocks.describe(&failed.execution).await? else {
                continue;
            };
            let is_over = *execution.status() != ExecutionStatus::Running;
            if is_over && !self.restocks.has_done(&failed.execution, TELLS).await? {
                found.push(LiveFinding::UntoldFailure {
                    sku: failed.sku.clone(),
                    cycle: failed.cycle,
                    execution: failed.execution.clone(),
                    failure: failed.failure.clone(),
                });
            }
        }
        Ok(found)
    }

    /// Callbacks that were taken, and whose execution failed before it recorded the goods.
    pub(super) async fn undealt_callbacks(&self, audited: &Audited) -> Result<Vec<LiveFinding>> {
        use ExecutionStatus::{Aborted, Failed, TimedOut};
        let mut failed = BTreeMap::new();
        for status in [Failed, TimedOut, Aborted] {
            for execution in self.completions.with_status(status).await? {
                // It is named after its order, perhaps with a suffix.
                let order = execution.name().split('_').next().unwrap_or_default();
                if audited.unreported.iter().any(|unreported| unreported == order) {
                    failed.insert(order.to_owned(), execution.name().to_owned());
                }
            }
        }
        let mut found = Vec::new();
        for (production_order, execution) in failed {
            let described = self.completions.describe(&execution).await?;
            let input = described.and_then(|described| described.input).unwrap_or_default();
            found.push(LiveFinding::UndealtCallback { production_order, execution, input });
        }
        Ok(found)
    }

    /// What waits for an operator, for each product.
    pub(super) async fn dead_letters(&self) -> Result<Vec<LiveFinding>> {
        let mut letters = self.queues.look().await?;
        letters.sort_by_key(|letter| letter.sent_at);
        let mut by_product: BTreeMap<Option<String>, Vec<DeadLetter>> = BTreeMap::new();
        for letter in letters {
            let sku = letter.depletion.as_ref().map(|depletion| depletion.sku.to_string());
            by_product.entry(sku).or_default().push(letter);
        }
        let found = by_product.into_iter().map(|(sku, letters)| LiveFinding::DeadLetters {
            sku,
            letters: letters.len(),
            oldest_seconds: letters.first().map(waited).unwrap_or_default().as_secs(),
            error: letters.last().map(|letter| letter.error.clone()).unwrap_or_default(),
        });
        Ok(found.collect())
    }

    /// Whether the sweep has looked within its time. One that failed has not.
    pub(super) async fn late_sweep(&self) -> Result<Vec<LiveFinding>> {
        let latest = self.sweeps.latest().await?;
        let looked = latest.iter().filter(|sweep| {
            matches!(sweep.status(), ExecutionStatus::Running | ExecutionStatus::Succeeded)
        });
        let seconds = looked.map(|sweep| age(sweep.start_date())).min();
        let since = match seconds {
            Some(seconds) => seconds,
            // It may not have had the time yet.
            None => age(&self.sweeps.made_at().await?),
        };
        let patience = 2 * self.thresholds.sweep_every + self.thresholds.starting;
        let late = since > whole_seconds(patience);
        Ok(late.then_some(LiveFinding::LateSweep { seconds }).into_iter().collect())
    }
}

fn waited(letter: &DeadLetter) -> Duration {
    letter.sent_at.map_or(Duration::ZERO, |sent| now().saturating_sub(Duration::from_millis(sent)))
}

/// For how many seconds it has been.
fn age(moment: &DateTime) -> i64 {
    whole_seconds(now()).saturating_sub(moment.secs())
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn whole_seconds(duration: Duration) -> i64 {
    duration.as_secs().try_into().unwrap_or(i64::MAX)
}
