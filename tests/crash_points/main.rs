//! A function's process may crash after any await of any function: nothing is lost, and nothing is counted twice.
//!
//! Nobody lists the crash points by hand. The functions are built once more from their sources, with a crash point after
//! each `.await` (`awaits`, `workspace`). A pool of workers runs every scenario and records which function passes which
//! crash point. Then the pool runs, for each function and crash point, the first scenario in which the function passed it, and
//! the process is killed there with SIGKILL.
#![allow(clippy::expect_used, clippy::panic, reason = "a failed expectation fails the test")]

mod awaits;
mod callbacks;
#[allow(dead_code, reason = "`passed` is called by the instrumented functions")]
mod crash_point;
mod processes;
mod scenarios;
mod worker;
mod workspace;

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use futures::future::join_all;
use tokio::sync::OnceCell;

use scenarios::{SCENARIOS, Scenario};
use worker::Worker;
use workspace::Functions;

/// Crash points that no function passes, by a part of their names, with the reason.
const UNPASSED: [(&str, &str); 38] = [
    ("/tests.rs ", "only unit tests use it"),
    (" lambda_support::run", "a function serves events until its process ends"),
    (" lambda_runtime::run", "a function serves events until its process ends"),
    (" aws_of_person ", "only the commands use it"),
    ("warehouse/ledger.rs totals ", "only tests and the demo add up a product"),
    ("warehouse/ledger.rs has_movements ", "only `restock up` asks for it"),
    ("warehouse/ledger.rs count_stock ", "operators count the stock, and no function does"),
    ("warehouse/ledger.rs lock_buckets ", "the same"),
    ("warehouse/ledger.rs stock ", "the same"),
    ("warehouse/ledger.rs adjust ", "the same"),
    ("aws/callback_keys.rs previous ", "there is a previous key only after a rotation"),
    ("aws/secrets.rs find ", "the same"),
    ("aws/readiness.rs when_ready ", "only migrations and operators invoke functions of the VPC"),
    ("migration/", "crates/warehouse/tests/warehouse/migrations.rs interrupts each migration"),
    ("warehouse/migrations.rs ", "crates/warehouse/tests/warehouse/migrations.rs does the same"),
    (" connect_to_server ", "only a deployment creates a database"),
    ("warehouse/users.rs ", "only a deployment creates database users"),
    ("warehouse/audit/", "only `restock audit` and `restock why` use it"),
    (" in_transaction 4 rollback", "a transaction is rolled back only if the database fails"),
    ("warehouse/catalog.rs ", "only the stress run creates products"),
    ("warehouse/bench_support.rs ", "only the bench uses it"),
    ("warehouse/movements.rs ", "only the stress run reads the whole ledger"),
    (
        "access/",
        "a change by an operator is one transaction and is repeated with its id: warehouse/change.rs tests that",
    ),
    ("warehouse/change", "the same"),
    ("warehouse/session.rs long_transaction ", "only changes by operators use it"),
    ("warehouse/session.rs forget_lost_connection ", "the same"),
    ("warehouse/factory.rs factories ", "only operators list, add and change factories"),
    ("warehouse/factory.rs add_factory ", "only operators list, add and change factories"),
    ("warehouse/factory.rs change_factory ", "only operators list, add and change factories"),
    ("warehouse/factory.rs factory ", "only operators list, add and change factories"),
    ("warehouse/factory.rs insert ", "only operators list, add and change factories"),
    ("warehouse/factory.rs update ", "only operators list, add and change factories"),
    ("warehouse/factory.rs all ", "only operators list, add and change factories"),
    ("warehouse/factory.rs add ", "only operators list, add and change factories"),
    ("warehouse/factory.rs apply ", "only operators list, add and change factories"),
    ("warehouse/factory.rs locate_first_factory ", "only a deployment sets the first URL"),
    (
        "warehouse/session.rs run_once 2 connect",
        "refusals are counted on the connection of the purchase",
    ),
    (
        "restock/factory/resolver.rs ",
        "the factory simulator has an IP address, so no name is resolved",
    ),
];

/// How many systems run scenarios at the same time.
const WORKERS: usize = 6;

/// One crash: of a function, at a crash point, in a scenario.
struct Crash {
    scenario: &'static Scenario,
    function: String,
    crash_point: String,
}

async fn functions() -> &'static Functions {
    static FUNCTIONS: OnceCell<Functions> = OnceCell::const_new();
    FUNCTIONS.get_or_init(Functions::with_crash_points).await
}

/// One crash for each function and each crash point that it passes, in the first scenario in which it does.
async fn crashes() -> &'static [Crash] {
    static CRASHES: OnceCell<Vec<Crash>> = OnceCell::const_new();
    CRASHES.get_or_init(find_crashes).await
}

async fn find_crashes() -> Vec<Crash> {
    let passed = in_workers(SCENARIOS.iter(), run_and_record).await;
    let mut known = BTreeSet::new();
    let mut crashes = Vec::new();
    for (scenario, passed) in SCENARIOS.iter().zip(passed) {
        for (function, crash_point) in passed {
            if known.insert((function.clone(), crash_point.clone())) {
                crashes.push(Crash { scenario, function, crash_point });
            }
        }
    }
    crashes
}

/// Runs a scenario with new processes. Returns each function and each crash point that it passes.
async fn run_and_record(worker: &Worker, scenario: &Scenario) -> Vec<(String, String)> {
    let functions = system::System::read().expect("system.json").functions;
    functions.keys().for_each(|function| worker.processes.kill(function));
    worker.run(scenario).await;
    let passed = functions.into_keys().map(|function| {
        let crash_points = worker.processes.passed(&function).into_iter();
        crash_points.map(move |crash_point| (function.clone(), crash_point))
    });
    passed.flatten().collect()
}

/// Each worker takes one item after the other, until none is left. Returns the results in the order of the items.
async fn in_workers<T, R>(
    items: impl Iterator<Item = T>,
    work: impl AsyncFn(&Worker, T) -> R,
) -> Vec<R> {
    let items = RefCell::new(items.enumerate());
    let workers = (0..WORKERS).map(async |_| {
        let worker = Worker::start(functions().await).await;
        let mut results = Vec::new();
        loop {
            let next = items.borrow_mut().next();
            let Some((place, item)) = next else { break };
            results.push((place, work(&worker, item).await));
        }
        worker.finish().await;
        results
    });
    let results = join_all(workers).await.into_iter().flatten();
    BTreeMap::from_iter(results).into_values().collect()
}

#[tokio::test]
async fn every_crash_point_is_passed_in_a_scenario_or_has_a_reason_why_not() {
    let passed: BTreeSet<&String> = crashes().await.iter().map(|c| &c.crash_point).collect();
    let all = &functions().await.crash_points;
    let has_reason = |name: &String| UNPASSED.iter().any(|(part, _)| name.contains(part));
    let (passed, unpassed): (Vec<_>, Vec<_>) = all.iter().partition(|name| passed.contains(name));
    let unexplained = Vec::from_iter(unpassed.into_iter().filter(|name| !has_reason(name)));
    let refuted = Vec::from_iter(passed.into_iter().filter(|name| has_reason(name)));
    assert!(
        unexplained.is_empty() && refuted.is_empty(),
        "not passed, without a reason: {unexplained:#?}; passed, with a reason why not: {refuted:#?}"
    );
    for (part, reason) in UNPASSED {
        let is_used = all.iter().any(|crash_point| crash_point.contains(part));
        assert!(is_used, "no crash point has the name {part:?}: {reason}");
    }
}

#[tokio::test]
async fn wherever_a_process_crashes_nothing_is_lost_and_nothing_is_counted_twice() {
    let crashes = crashes().await;
    assert!(!crashes.is_empty(), "no crash point was passed");
    in_workers(crashes.iter(), async |worker, Crash { scenario, function, crash_point }| {
        eprintln!("{}: {function} crashes at {crash_point}", scenario.name);
        worker.run_with_crash(scenario, function, crash_point).await;
    })
    .await;
}
