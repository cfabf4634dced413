//! Steps that cannot run: each is retried, and then handled as its state machine says. Most of these tests throttle a
//! function: Lambda refuses to invoke it with `Lambda.TooManyRequestsException`, as when its concurrency is used up.

mod completion;
mod purchase;
mod restock;
mod sweep;
mod told;

use factory_simulator::Fault;
use system::Settings;

use system_testkit::{Callback, FIRST_RESTOCK, Orders, QUICK, System};

/// The error of a task whose function is throttled.
const THROTTLED: &str = "Lambda.TooManyRequestsException";

/// One attempt, and the shortest wait for its goods.
const ONE_ATTEMPT: Settings =
    Settings { restock_attempts: 1, await_completion_seconds: 1, ..QUICK };

/// Why a test that throttles `report` does not check that failures were mailed.
const REPORT_COULD_NOT_RUN: &str = "report could not run";

/// A system whose first restock failed and was reported, and the callback for its goods.
async fn with_a_failed_restock() -> (System, Callback) {
    let system = System::with(0, ONE_ATTEMPT).await;
    system.set_fault(Fault::HoldsCallback, Orders::All).await;
    system.buy_sold_out().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "FAILED");
    system.assert_reported("Restock.Exhausted", 2, "restock CP-502101_1 failed").await;
    let callback = system.callback(1).await;
    (system, callback)
}
