//! Processes that hang for seconds and then continue, while customers buy. Afterwards nothing may be stuck.

mod customers;
mod plan;

use std::{cell::Cell, time::Duration};

use factory_simulator::Fault;
use fastrand::Rng;
use futures::future::join_all;
use local_cloud::Options;
use system::Settings;
use tokio::time::sleep;

use customers::{Purchase, assert_answers_agree_with_the_ledger, buy_until};
use plan::{Plan, PlannedPause, Service};
use system_testkit::{Orders, Process, QUICK, System, eventually};

/// What was forgotten is found during the test. A restock fails with its only order, so that there are dead letters.
const SETTINGS: Settings = Settings {
    restock_attempts: 1,
    restock_abandoned_seconds: 5,
    arrival_forgotten_seconds: 5,
    ..QUICK
};

/// Longer than any pause, so that a pause alone does not have a message delivered again.
const VISIBILITY_TIMEOUT_SECONDS: u32 = 10;

const CUSTOMERS: usize = 4;

/// With its own database server, because the server is paused.
async fn start(retry_delay_scale: f64) -> System {
    let options = Options {
        factory_stage: Duration::from_millis(50),
        stock: Some(20),
        settings: Some(SETTINGS),
        ..Options::default()
    };
    let system = System::start(options).await;
    system.scale_retry_delays(retry_delay_scale).await;
    let outputs = &system.cloud.outputs;
    let reports = system.operations_queue_url().await;
    for queue in [&outputs.stock_queue_url, &outputs.completion_queue_url, &reports] {
        system.set_visibility_timeout(queue, VISIBILITY_TIMEOUT_SECONDS).await;
    }
    system
}

/// `RESTOCK_SEED`, or a random seed.
fn seed() -> u64 {
    let given = std::env::var("RESTOCK_SEED").ok();
    let seed = given.map_or_else(|| fastrand::u64(..), |text| text.parse().expect("a number"));
    println!("to repeat: RESTOCK_SEED={seed} cargo test --test system whatever_was_paused");
    seed
}

#[tokio::test]
async fn whatever_was_paused_the_product_is_restocked_and_the_answers_agree_with_the_ledger() {
    let mut rng = Rng::with_seed(seed());
    let plan = Plan::random(&mut rng);
    let system = start(plan.retry_delay_scale).await;
    let purchases = buy_during_pauses(&system, plan, &mut rng).await;

    // From here on there are no faults, so the system must reach its normal state.
    system.wait_until_restocked().await;
    system.settle().await;
    assert!(system.is_restocked().await, "{:?}", system.totals().await);
    assert_dead_letters_are_explained(&system).await;
    assert_answers_agree_with_the_ledger(&system, &purchases).await;
    system.finish().await;
}

/// Customers buy until all pauses are over and every outcome is known.
async fn buy_during_pauses(system: &System, plan: Plan, rng: &mut Rng) -> Vec<Purchase> {
    let is_over = Cell::new(false);
    let numbers = 0..CUSTOMERS;
    let customers = numbers.map(|number| buy_until(&is_over, system, number, rng.fork()));
    let customers = join_all(customers.collect::<Vec<_>>());
    let pauses = async {
        tokio::join!(
            pause_services(system, &plan.services),
            pause_functions(system, &plan.functions, rng)
        );
        is_over.set(true);
    };
    let (purchases, ()) = tokio::join!(customers, pauses);
    purchases.into_iter().flatten().collect()
}

async fn pause_services(system: &System, pauses: &[(Service, PlannedPause)]) {
    for (service, pause) in pauses {
        sleep(pause.after).await;
        println!("{service:?} for {:?}", pause.length);
        match service {
            Service::Database => hold(&system.database_process(), pause.length).await,
            Service::Emulator => hold(&system.emulator_process(), pause.length).await,
            // The simulator is part of this process.
            Service::SlowFactory => {
                set_fault_for(system, Fault::AnswersAfter(pause.length), pause.length).await;
            }
            Service::LosingFactory => set_fault_for(system, Fault::Crashes, pause.length).await,
        }
    }
}

async fn hold(service: &Process, length: Duration) {
    let paused = service.pause().await.expect("the service runs");
    sleep(length).await;
    drop(paused);
}

async fn set_fault_for(system: &System, fault: Fault, length: Duration) {
    system.set_fault(fault, Orders::All).await;
    sleep(length).await;
    system.clear_fault().await;
}

async fn pause_functions(system: &System, pauses: &[PlannedPause], rng: &mut Rng) {
    for pause in pauses {
        sleep(pause.after).await;
        let choice = rng.u32(..);
        let paused = eventually("a function is paused", async || {
            let mut running = system.function_processes();
            running.sort_by(|one, other| one.name.cmp(&other.name));
            running.dedup_by(|one, other| one.name == other.name);
            let index = choice as usize % running.len().max(1);
            let process = running.get(index)?;
            println!("{} is paused for {:?}", process.name, pause.length);
            process.pause().await
        });
        let paused = paused.await;
        sleep(pause.length).await;
        drop(paused);
    }
}

/// Each dead letter says which execution failed and why, and can be redriven. `finish` checks the mails.
async fn assert_dead_letters_are_explained(system: &System) {
    let letters = system.dead_letters().await;
    println!("{} dead letters", letters.len());
    for letter in &letters {
        let is_explained = letter.error.contains('.') && letter.execution.is_some();
        assert!(is_explained && letter.depletion.is_some(), "{letter:?}");
    }
    assert!(letters.is_empty() || !system.mails().await.is_empty(), "{letters:?}");
}
