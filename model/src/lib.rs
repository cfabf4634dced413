//! The protocol of sales and restocks, checked exhaustively: every order of events, and every fault at
//! every moment, up to a small number of faults on one path.
//!
//! # What is modelled
//!
//! The database row by row (`database`), where a transaction that holds the lock it decides by is one
//! step, and one that reads without a lock is two, between which others may come. The four state machines
//! with the names of their states (`purchase`, `restock`, `completion`, `sweep`), `start-restock` and its
//! names, a queue that delivers at least once, the factory, which calls back once or not at all, customers
//! who send a purchase again, and what may go wrong (`faults`): answers lost after a commit, steps that
//! fail for good, executions that die, messages and callbacks lost or repeated, waits that end too early,
//! a factory that crashes or delivers less. The model does what the code does, not what it should do.
//!
//! # What is not
//!
//! * Time. A wait may end at any moment (as a fault, while the callback may still come); the sweep finds
//!   whatever nobody else is going to see to.
//! * An execution of `completion` that ends before `RecordArrival` has committed. The callback is then in
//!   its input alone; it reports, and somebody must send the callback again.
//! * Batches of messages, and mails that bring good news.
//! * Forged and malformed callbacks, more than one product, people who count the stock.
//! * An invocation that goes on after its caller has given up: every transaction may be repeated, which is
//!   nearly the same, but the second is never overtaken by the first.
//! * What InnoDB itself does with locks and deadlocks: a deadlock is rolled back and repeated, which changes
//!   nothing here.
//!
//! # How to read a counterexample
//!
//! It is a list of [`Action`]s, close to the shortest (with one thread), after which a property is broken;
//! what `stateright` lists may run on a few steps longer. Numbers in them are places in the lists of [`State`]: `OpenRestock(1)` is a step of the second execution of
//! `restock`; `AnswerLost(OpenRestock(1))` is the same step, of whose success the execution does not hear;
//! `RecordArrival(0)` and `DecrementStock(0)` come twice, once to read and once to write. The
//! example tells one as a story:
//!
//! ```sh
//! cargo run -p model --example story -- open_restock_key
//! ```
//!
//! # How far it goes
//!
//! Faults are counted, whatever their kinds, so "at most two" is every pair of faults at every two moments.
//! [`properties`] says how "eventually" is made sound.

mod action;
mod completion;
mod credit;
mod database;
mod faults;
pub mod properties;
mod purchase;
mod rarities;
mod restock;
mod scenario;
mod state;
mod sweep;

pub use action::{Action, By, Depletion, Fault, Found, Kind, Reason, Step};
pub use completion::Completion;
pub use database::{
    Cycle, Database, ExecutionId, Opened, Opening, Order, OrderId, Request, Restock, Sale, Status,
    Token, Verdict,
};
pub use purchase::{Purchase, Told};
pub use restock::Execution;
pub use scenario::{Checkout, Guards, Scenario, SecondLine};
pub use state::{Answer, State};
use stateright::{Model, Property};

/// The protocol in a scenario.
#[derive(Debug, Clone)]
pub struct Protocol(pub Scenario);

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
            Action::Step(step) => state.take_step(&self.0, step, Answer::Heard),
            Action::Fault(fault) => state.suffer(&self.0, fault),
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        self.asked()
    }
}

impl State {
    /// The steps that may be taken.
    fn steps(&self, scenario: &Scenario) -> Vec<Step> {
        let mut steps = Vec::new();
        self.purchase_steps(&mut steps);
        let mut messages = self.queue.clone();
        messages.dedup();
        steps.extend(messages.into_iter().map(Step::StartRestock));
        self.restock_steps(scenario, &mut steps);
        self.factory_steps(&mut steps);
        self.completion_steps(scenario, &mut steps);
        steps.extend(self.sweep_steps(scenario));
        steps
    }

    fn take_step(&mut self, scenario: &Scenario, step: Step, answer: Answer) {
        match step {
            Step::CheckStock(number) => self.check_stock(scenario, number),
            Step::DecrementStock(number) => self.decrement_stock(scenario, number, answer),
            Step::PublishDepletion(number) => self.publish_depletion(number, true),
            Step::StartRestock(depletion) => self.start_restock(scenario, depletion),
            Step::OpenRestock(id) => self.open_restock(scenario, id, answer),
            Step::PlaceOrder(id) => self.place_order(id, true),
            Step::AwaitCompletion(id) => self.await_completion(scenario, id, answer),
            Step::AwaitTimedOut(id) => self.await_timed_out(id),
            Step::IncrementStock(by) => self.increment_stock(scenario, by, answer),
            Step::CloseRestock(id) => self.close_restock(scenario, id, answer),
            Step::ReportFailure(id) => self.report_failure(id),
            Step::ReceiveCompletion(order) => self.receive_completion(order, false),
            Step::RecordArrival(order) => self.record_arrival(order, answer),
            Step::CompleteTask(order) => self.complete_task(scenario, order, answer),
            Step::FindDepleted(found) => self.find_depleted(scenario, found),
        }
    }
}
