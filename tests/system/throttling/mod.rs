//! Steps that cannot be run: each is tried again, and then given up for what its machine has in store. What
//! keeps them from running is mostly that Lambda lets nobody invoke them (`Lambda.TooManyRequestsException`),
//! as it would with a concurrency that is used up.

mod completion;
mod purchase;
mod restock;
mod sweep;

use factory_simulator::Fault;
use system::Settings;

use system_testkit::{callback::Callback, cloud::QUICK, cloud::System, observe::FIRST};

/// What a task fails with whose function nobody may invoke.
const THROTTLED: &str = "Lambda.TooManyRequestsException";

/// One attempt, and next to no wait for the goods.
const ONE_ATTEMPT: Settings =
    Settings { restock_attempts: 1, await_completion_seconds: 1, ..QUICK };

/// A restock that has failed and was reported, and the callback that brings its goods after all.
async fn failed() -> (System, Callback) {
    let system = System::with(0, ONE_ATTEMPT).await;
    system.factory_misbehaves(Fault::HoldsCallback).await;
    system.find_sold_out().await;
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "FAILED");
    system.operations_are_told("Restock.Exhausted", 2, "restock CP-502101_1 failed").await;
    let callback = system.callback(1).await;
    (system, callback)
}
