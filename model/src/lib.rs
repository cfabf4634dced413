//! A model of the protocol of purchases and restocks. `stateright` checks it exhaustively: every order of
//! events, and every fault at every moment, up to a small number of faults on one path.
//!
//! # Where to start
//!
//! A module uses only modules that stand before it in this list.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `ids`, `step`, `fault`, `action` | identifiers and messages; the [`Step`]s and [`Fault`]s that can happen next |
//! | `guards`, `situation`, `scenario` | what a check covers: a small shop, its faults and its guards |
//! | `database` | the tables, and each transaction of the crate `warehouse` |
//! | `executions`, `state` | executions of the state machines; the [`State`] of the whole system |
//! | `transitions` | the effect of each step and each fault, one module for each state machine |
//! | `protocol`, [`properties`], `coverage` | the invariants, and the rare situations that a check must reach |
//!
//! # What the model covers
//!
//! * The database, row by row. A transaction that holds the lock it needs is one step. A transaction that
//!   reads without a lock is two steps, and other transactions can run between them.
//! * The stock of the product in one bucket or several. The transactions of a purchase are a step each: one for each
//!   attempt to sell, and the claim of a crossing of the reorder point. Operators change the number of buckets meanwhile.
//!   `OpenRestock` reads the stock while purchases can go on, because they do not lock the product. That is the same as
//!   if it had committed when it read, so it is one step.
//! * The four state machines `purchase`, `restock`, `completion` and `sweep`, with the names of their states.
//!   `tests/definitions` compares them with the deployed definitions.
//! * The function `start-restock` and the names of the executions that it starts.
//! * A queue that delivers each message at least once.
//! * The factory, which calls back once or not at all.
//! * Customers who send a purchase twice.
//! * Faults: responses lost after a commit, steps that fail, executions that stop, messages and callbacks that
//!   are lost or repeated, waits that end too early, a factory that crashes or delivers less than was ordered.
//!
//! The model does what the code does, even where the code could do better.
//!
//! # What the model leaves out
//!
//! * Time. A wait can end at any moment (a fault, if the callback is still to come). The sweep runs when no
//!   execution is going to handle what it would find.
//! * An execution of `completion` that ends before `RecordArrival` has committed. The callback then exists
//!   only in the input of that execution. The execution reports the failure, and operations must send the
//!   callback again.
//! * Batches of messages, and mails that report good news.
//! * Forged and malformed callbacks, more than one product, stock counts, changes of the reorder point.
//! * An invocation that continues after its caller has given up. The model repeats transactions instead, which
//!   is nearly the same, but the repetition never overtakes the first one.
//! * The locks and deadlocks of InnoDB. A deadlock is rolled back and repeated, which changes nothing here.
//!
//! # How to read a counterexample
//!
//! A counterexample is a list of [`Action`]s after which a property does not hold. With one thread it is close
//! to the shortest one, but it can continue for a few steps after the property broke. The numbers are
//! indexes into the lists of [`State`]: `OpenRestock(1)` is a step of the second execution of `restock`.
//! `ResponseLost(OpenRestock(1))` is the same step, whose response is lost. `RecordArrival(0)`
//! appears twice: first it reads, then it writes. `DecrementStock(0)` appears once for each transaction of the
//! procedure `sell`. The example prints a counterexample step by step:
//!
//! ```sh
//! cargo run -p model --example story -- open_restock_key
//! ```
//!
//! # Limits
//!
//! Faults are counted regardless of their kinds, so "at most two" covers every pair of faults at every two
//! moments. [`properties`] explains why the "eventually" properties can be trusted.

mod action;
mod coverage;
mod database;
mod executions;
mod fault;
mod guards;
mod ids;
pub mod properties;
mod protocol;
mod scenario;
mod situation;
mod state;
mod step;
mod transitions;

pub use action::Action;
pub use database::{
    Attempt, Bucket, CallbackClass, Database, OpenDecision, OpenOutcome, OpenRequest,
    ProductionOrder, Restock, RestockStatus, SaleMovement,
};
pub use executions::{
    CompletionExecution, CompletionPosition, PurchaseExecution, PurchaseOutcome, RestockExecution,
    RestockOutcome, RestockPosition,
};
pub use fault::{Fault, FaultKind};
pub use guards::{BucketGuards, Guards, SecondaryGuards};
pub use ids::{Cycle, Depletion, ExecutionId, OrderId, Reason, Token};
pub use protocol::Protocol;
pub use scenario::{Checkout, Scenario};
pub use situation::Situation;
pub use state::State;
use stateright::{Model, Property};
pub use step::{Caller, Finding, Response, Step};

impl Model for Protocol {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State::new(&self.0)]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        let steps = state.steps(&self.0);
        let faults = state.faults(&self.0, &steps);
        actions.extend(steps.into_iter().map(Action::Step));
        actions.extend(faults.into_iter().map(Action::Fault));
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = last.clone();
        match action {
            Action::Step(step) => state.take_step(&self.0, step, Response::Received),
            Action::Fault(fault) => state.apply_fault(&self.0, fault),
        }
        state.note_low_stock(&self.0);
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut asked = properties::invariants();
        asked.extend(self.0.check_reports.then(properties::reports));
        asked.extend(self.0.must_reach.iter().copied().map(coverage::is_reached));
        asked
    }
}
