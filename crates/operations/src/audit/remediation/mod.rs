//! Findings in plain words, each with its repair. SQL is for the deployment's database; whatever it
//! changes, it changes also while the shop sells.

mod ledger;
mod live;
mod restocks;

use std::{path::Path, time::Duration};

use deployment::outputs::Outputs;
use system::REGION;
use warehouse::audit::Discrepancy;

use super::LiveFinding;

/// What disagrees, and what to do.
#[derive(Debug)]
pub(super) struct Remediation {
    pub what: String,
    pub repair: String,
}

impl Remediation {
    fn new(what: String, repair: String) -> Self {
        Self { what, repair }
    }

    pub(super) fn of_books(found: &Discrepancy, commands: &Commands) -> Self {
        match found {
            Discrepancy::BrokenLedger { sku, movement, explained, stock_after, breaks } => {
                ledger::broken(sku, *movement, (*explained, *stock_after), *breaks)
            }
            Discrepancy::UnexplainedStock { sku, stock, ledger } => {
                ledger::unexplained(sku, *stock, *ledger)
            }
            Discrepancy::NegativeStock { sku, stock } => ledger::negative(sku, *stock),
            Discrepancy::UnexplainedArrival(arrival) => ledger::unexplained_arrival(arrival),
            Discrepancy::ForgottenArrival { production_order, sku, quantity, seconds } => {
                ledger::forgotten_arrival(production_order, sku, *quantity, *seconds)
            }
            Discrepancy::SeveralOpenRestocks { sku, open, latest_cycle } => {
                restocks::several(sku, *open, *latest_cycle)
            }
            Discrepancy::WrongCycle { sku, cycle, expected } => {
                restocks::wrong_cycle(sku, *cycle, *expected)
            }
            Discrepancy::OrderAboveTarget { production_order, sku, quantity, target_stock } => {
                restocks::above_target(production_order, sku, *quantity, *target_stock)
            }
            Discrepancy::MissingFactory { sku, factory } => restocks::no_factory(sku, factory),
            Discrepancy::ForgottenDepletion { sku, stock, reorder_point, seconds } => {
                restocks::forgotten(sku, (*stock, *reorder_point), *seconds, commands)
            }
        }
    }

    pub(super) fn of_live(found: &LiveFinding, commands: &Commands) -> Self {
        match found {
            LiveFinding::RestockWithoutExecution(orphan) => live::no_execution(orphan, commands),
            LiveFinding::RestockTooOld { sku, cycle, execution, seconds } => {
                live::too_old(sku, *cycle, execution, *seconds, commands)
            }
            LiveFinding::ExecutionWithoutRestock { execution, seconds } => {
                live::idle(execution, *seconds, commands)
            }
            LiveFinding::UntoldFailure { sku, cycle, execution, failure } => {
                live::untold(sku, *cycle, execution, failure, commands)
            }
            LiveFinding::UndealtCallback { production_order, execution, input } => {
                live::undealt(production_order, execution, input, commands)
            }
            LiveFinding::DeadLetters { sku, letters, oldest_seconds, error } => {
                live::letters(sku.as_deref(), *letters, *oldest_seconds, error, commands)
            }
            LiveFinding::LateSweep { seconds } => live::late_sweep(*seconds, commands),
        }
    }
}

/// The command lines that repairs are made with, for one deployment.
#[derive(Debug, Clone)]
pub struct Commands {
    aws: String,
    redrive: String,
    restock_machine: String,
    completion_machine: String,
    sweep_machine: String,
}

impl Commands {
    /// Those for a deployment whose outputs are in that file.
    pub fn of(outputs: &Outputs, file: &Path) -> Self {
        let aws = match &outputs.endpoint_url {
            Some(endpoint) => format!(
                "AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test aws --endpoint-url {endpoint} \
                 --region {REGION} stepfunctions"
            ),
            None => format!("aws --region {} stepfunctions", outputs.region),
        };
        Self {
            aws,
            redrive: format!("cargo run -- redrive --outputs {}", file.display()),
            restock_machine: outputs.restock_machine_arn.clone(),
            completion_machine: outputs.completion_machine_arn.clone(),
            sweep_machine: outputs.sweep_machine_arn.clone(),
        }
    }

    /// Has the sweep look now.
    fn sweep(&self) -> String {
        format!("{} start-execution --state-machine-arn {}", self.aws, self.sweep_machine)
    }

    /// Shows how the latest sweeps ended.
    fn sweeps(&self) -> String {
        let (aws, machine) = (&self.aws, &self.sweep_machine);
        format!("{aws} list-executions --max-items 5 --state-machine-arn {machine}")
    }

    /// Stops an execution of `restock`.
    fn stop(&self, execution: &str) -> String {
        let machine = self.restock_machine.replacen(":stateMachine:", ":execution:", 1);
        format!("{} stop-execution --execution-arn {machine}:{execution}", self.aws)
    }

    /// Deals with a callback once more.
    fn complete(&self, order: &str, input: &str) -> String {
        format!(
            "{} start-execution --state-machine-arn {} --name {order}_$(date +%s) --input '{input}'",
            self.aws, self.completion_machine
        )
    }
}

/// A text as SQL has it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A time that people can grasp: `3h 20m`.
fn time(seconds: impl TryInto<u64>) -> String {
    let seconds = seconds.try_into().unwrap_or_default();
    let whole = if seconds < 600 { seconds } else { seconds - seconds % 60 };
    humantime::format_duration(Duration::from_secs(whole)).to_string()
}
