use model::{BucketGuards, FaultKind, Guards, Scenario, properties};

/// A scenario that lacks a guard.
pub struct Case {
    /// The guard, as it is named in `Guards`.
    pub name: &'static str,
    pub scenario: Scenario,
    /// The property that breaks.
    pub property: &'static str,
}

pub fn cases() -> Vec<Case> {
    let (keys, all) = (Guards::KEYS_ALONE, Guards::ALL);
    vec![
        restock(
            "unique_arrival_key",
            Guards { unique_arrival_key: false, ..keys },
            properties::ONE_CREDIT,
        ),
        purchases(
            "open_restock_key",
            Guards { open_restock_key: false, ..keys },
            properties::ONE_RESTOCK,
        ),
        purchases(
            "conditional_update",
            Guards { conditional_update: false, ..keys },
            properties::NO_OVERSELL,
        ),
        restock("one_transaction", Guards { one_transaction: false, ..all }, properties::LEDGER),
        restock(
            "restock_execution_owner",
            Guards { restock_execution_owner: false, ..all },
            properties::ORDERED_ONCE,
        ),
        restock("sweep", Guards { sweep: false, ..all }, properties::NOT_FORGOTTEN),
        restock(
            "ended_execution_restarts",
            Guards { ended_execution_restarts: false, ..all },
            properties::NOT_FORGOTTEN,
        ),
        unreported_stops(),
        buckets("lock_of_all", |guards| guards.lock_of_all = false, properties::REFUSED_RIGHTLY),
        buckets(
            "claim_reads_again",
            |guards| guards.claim_reads_again = false,
            properties::CLAIM_IS_TRUE,
        ),
    ]
}

fn purchases(name: &'static str, guards: Guards, property: &'static str) -> Case {
    Case { name, scenario: Scenario::two_customers().guarded_by(guards), property }
}

fn restock(name: &'static str, guards: Guards, property: &'static str) -> Case {
    let scenario = Scenario::one_restock().with_faults(1).guarded_by(guards);
    Case { name, scenario, property }
}

fn buckets(name: &'static str, remove: fn(&mut BucketGuards), property: &'static str) -> Case {
    let mut guards = Guards::ALL;
    remove(&mut guards.buckets);
    Case { name, scenario: Scenario::changing_buckets().guarded_by(guards), property }
}

fn unreported_stops() -> Case {
    let guards = Guards { stopped_executions_reported: false, ..Guards::ALL };
    let failures = [FaultKind::StepFails, FaultKind::ExecutionStops];
    let scenario = Scenario::one_restock().with_only(&failures, 2).with_reports();
    Case {
        name: "stopped_executions_reported",
        scenario: scenario.guarded_by(guards),
        property: properties::NOT_SILENT,
    }
}
