//! The description and the repair of each finding.
//!
//! A repair contains SQL for the deployment's database or shell commands. Each SQL statement is a paragraph of its own,
//! can be copied as it stands, and is safe while the shop sells.

mod buckets;
mod guards;
mod ledger;
mod lost;
mod restocks;
mod rows;
mod runtime;
mod values;

use std::time::Duration;

use warehouse::audit::Discrepancy;

use buckets::Bucket;

use super::{repair_commands::RepairCommands, runtime_finding::RuntimeFinding};

/// The text of a finding.
#[derive(Debug)]
pub(super) struct Remediation {
    /// What disagrees.
    pub what: String,
    /// What to do.
    pub repair: String,
}

impl Remediation {
    fn new(what: String, repair: String) -> Self {
        Self { what, repair }
    }

    pub(super) fn of_discrepancy(found: &Discrepancy, commands: &RepairCommands) -> Self {
        match found {
            Discrepancy::BrokenLedger {
                sku,
                bucket,
                movement,
                explained,
                stock_after,
                breaks,
                lowest,
            } => {
                let (bucket, after) = (Bucket { sku, number: *bucket }, (*explained, *stock_after));
                ledger::broken(&bucket, *movement, after, *breaks, *lowest)
            }
            Discrepancy::DuplicateMovement(duplicate) => ledger::duplicate(duplicate),
            Discrepancy::UnexplainedStock { sku, bucket, stock, ledger } => {
                ledger::unexplained(&Bucket { sku, number: *bucket }, *stock, *ledger)
            }
            Discrepancy::NegativeStock { sku, bucket, stock, lowest, movement } => {
                ledger::negative(&Bucket { sku, number: *bucket }, *stock, *lowest, *movement)
            }
            Discrepancy::MissingBuckets { sku, buckets, found } => {
                buckets::missing(sku, *buckets, *found)
            }
            Discrepancy::UnusedBucket { sku, bucket, stock, buckets } => {
                buckets::unused(&Bucket { sku, number: *bucket }, *stock, *buckets)
            }
            Discrepancy::UnbalancedMove { sku, reference, sum } => {
                buckets::unbalanced(sku, reference, *sum)
            }
            Discrepancy::MissingPart { sku, kind, reference, movement } => {
                buckets::without_first_part(sku, kind, reference, *movement)
            }
            Discrepancy::OutdatedCrossing { sku, purchase_id, stock, reorder_point } => {
                restocks::outdated_crossing(sku, purchase_id, *stock, *reorder_point)
            }
            Discrepancy::UnexplainedArrival(arrival) => ledger::unexplained_arrival(arrival),
            Discrepancy::ForgottenArrival { production_order, sku, quantity, seconds } => {
                ledger::forgotten_arrival(production_order, sku, *quantity, *seconds)
            }
            Discrepancy::SeveralOpenRestocks { sku, open, latest_cycle } => {
                restocks::several_open(sku, *open, *latest_cycle)
            }
            Discrepancy::WrongCycle { sku, cycle, expected } => {
                restocks::wrong_cycle(sku, *cycle, *expected)
            }
            Discrepancy::OrderAboveTarget { production_order, sku, quantity, target_stock } => {
                restocks::order_above_target(production_order, sku, *quantity, *target_stock)
            }
            Discrepancy::MissingFactory { sku, factory } => restocks::missing_factory(sku, factory),
            Discrepancy::ForgottenDepletion { sku, stock, reorder_point, seconds } => {
                restocks::forgotten_depletion(sku, (*stock, *reorder_point), *seconds, commands)
            }
            Discrepancy::InvalidRow(row) => rows::invalid(row),
            Discrepancy::UnreadableValue(value) => values::unreadable(value),
            Discrepancy::LateArrivals(late) => values::late(late),
            Discrepancy::MissingGuard { guard, changed, grants } => {
                guards::missing(guard, *changed, grants)
            }
            Discrepancy::UnexpectedGuard { guard } => guards::unexpected(guard),
            Discrepancy::UnexpectedTrigger { trigger, table } => guards::trigger(trigger, table),
            Discrepancy::MissingRights { function, user, grants } => {
                guards::rights(function, user, grants)
            }
        }
    }

    pub(super) fn of_runtime(found: &RuntimeFinding, commands: &RepairCommands) -> Self {
        match found {
            RuntimeFinding::RestockWithoutExecution(stalled) => {
                runtime::restock_without_execution(stalled, commands)
            }
            RuntimeFinding::RestockTooOld { sku, cycle, execution, seconds } => {
                runtime::restock_too_old(sku, *cycle, execution, *seconds, commands)
            }
            RuntimeFinding::ExecutionWithoutRestock { execution, seconds } => {
                runtime::execution_without_restock(execution, *seconds, commands)
            }
            RuntimeFinding::UnreportedFailure { sku, cycle, execution, failure } => {
                runtime::unreported_failure(sku, *cycle, execution, failure, commands)
            }
            RuntimeFinding::UnprocessedCallback { production_order, execution, input } => {
                runtime::unprocessed_callback(production_order, execution, input, commands)
            }
            RuntimeFinding::DeadLetters { sku: Some(sku), count, oldest_seconds, error } => {
                runtime::dead_letters(sku, (*count, *oldest_seconds), error, commands)
            }
            RuntimeFinding::DeadLetters { sku: None, count, oldest_seconds, error } => {
                runtime::malformed_dead_letters((*count, *oldest_seconds), error, commands)
            }
            RuntimeFinding::DeadLettersInFlight { hidden, .. } => {
                runtime::in_flight(hidden, commands)
            }
            RuntimeFinding::OrderMissing { execution, order } => {
                lost::order(execution, order, commands)
            }
            RuntimeFinding::TokenMissing { sku, cycle, execution, production_order } => {
                lost::token(sku, *cycle, execution, production_order)
            }
            RuntimeFinding::LostRestock(restock) => lost::restock(restock, commands),
            RuntimeFinding::UnknownCallback { production_order, execution, seconds } => {
                lost::callback(production_order, execution, *seconds)
            }
            RuntimeFinding::LateSweep { seconds } => runtime::late_sweep(*seconds, commands),
        }
    }
}

/// A text as an SQL literal.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A duration for people: `3h 20m`. From ten minutes on without seconds.
fn duration(seconds: impl TryInto<u64>) -> String {
    let seconds = seconds.try_into().unwrap_or_default();
    let whole = if seconds < 600 { seconds } else { seconds - seconds % 60 };
    humantime::format_duration(Duration::from_secs(whole)).to_string()
}
