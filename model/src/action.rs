//! What may happen next: a step that bears the name it has in the state machines, or a fault.

use crate::{Cycle, ExecutionId, OrderId};

/// What happens between one state and the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// As it should.
    Step(Step),
    /// As it should not.
    Fault(Fault),
}

/// Steps of the state machines, by the names of their states; and what the queue, the factory and the
/// schedule do. Numbers say which purchase, execution or order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// `purchase` looks at the stock.
    CheckStock(usize),
    /// `purchase` decides: first it looks for a sale under the key, then it sells.
    DecrementStock(usize),
    /// `purchase` tells of a depletion (`PublishSoldOut`, `PublishReorderPoint`).
    PublishDepletion(usize),
    /// `start-restock` takes a message from the queue.
    StartRestock(Depletion),
    /// `restock` opens a restock, or goes on with it.
    OpenRestock(ExecutionId),
    /// `restock` asks the factory, which takes the order.
    PlaceOrder(ExecutionId),
    /// `restock` leaves its token beside the order.
    AwaitCompletion(ExecutionId),
    /// `restock` has waited long enough.
    AwaitTimedOut(ExecutionId),
    /// Goods are credited.
    IncrementStock(By),
    /// `restock` closes as failed what it opened.
    CloseRestock(ExecutionId),
    /// `restock` leaves a dead letter.
    ReportFailure(ExecutionId),
    /// The factory calls back, and `receive-completion` starts `completion`.
    ReceiveCompletion(OrderId),
    /// `completion` judges the callback, then commits that the goods have come.
    RecordArrival(OrderId),
    /// `completion` tells the execution that waits.
    CompleteTask(OrderId),
    /// `sweep` finds something.
    FindDepleted(Found),
}

/// Which machine credits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// An execution of `restock`.
    Restock(ExecutionId),
    /// The execution of `completion` for this order.
    Completion(OrderId),
}

/// What the sweep finds. The code looks for all three, each in transactions of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// A depleted product without an open restock: published.
    Depleted,
    /// An open restock whose execution is no more: closed.
    Abandoned,
    /// Goods that have come and that nobody credits: credited.
    Forgotten(OrderId),
}

/// A message in `stock_queue`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Depletion {
    /// The restock that it asks for.
    pub cycle: Cycle,
    /// What noticed it.
    pub reason: Reason,
}

/// What noticed a depletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// A purchase: it found the product sold out, or crossed the reorder point.
    Purchase,
    /// The sweep.
    Sweep,
    /// An operator who moved a dead letter back.
    Redrive,
}

/// What goes wrong. Each spends one of the scenario's faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The step is done, but who asked does not hear of it, and asks again.
    AnswerLost(Step),
    /// The step is not done, and not tried again.
    StepFails(Step),
    /// An execution is stopped, or times out, before this step.
    ExecutionDies(Step),
    /// An execution dies while it waits.
    WaiterDies(ExecutionId),
    /// The customer is told that it is not known.
    NotKnown(usize),
    /// A depletion is not published.
    MessageLost(usize),
    /// A message is delivered, and will be again.
    MessageRepeated(Depletion),
    /// The factory perhaps has the order, and has not.
    OrderLost(ExecutionId),
    /// A callback does not get through. The factory calls once.
    CallbackLost(OrderId),
    /// A callback comes, and will come again.
    CallbackRepeated(OrderId),
    /// The factory forgets what it makes.
    FactoryCrashes,
    /// The factory delivers one, and more were ordered.
    FewerDelivered(OrderId),
    /// The wait is over although the callback is still to come.
    TimesOutEarly(ExecutionId),
    /// The sweep comes while others are at it.
    SweepsEarly(Found),
    /// An operator moves a dead letter back.
    Redriven(Cycle),
}

/// The kinds of faults, without what they befall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    AnswerLost,
    StepFails,
    ExecutionDies,
    MessageLost,
    MessageRepeated,
    OrderLost,
    CallbackLost,
    CallbackRepeated,
    FactoryCrashes,
    FewerDelivered,
    TimesOutEarly,
    SweepsEarly,
    Redriven,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::AnswerLost,
        Self::StepFails,
        Self::ExecutionDies,
        Self::MessageLost,
        Self::MessageRepeated,
        Self::OrderLost,
        Self::CallbackLost,
        Self::CallbackRepeated,
        Self::FactoryCrashes,
        Self::FewerDelivered,
        Self::TimesOutEarly,
        Self::SweepsEarly,
        Self::Redriven,
    ];
}

impl Fault {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::AnswerLost(_) => Kind::AnswerLost,
            Self::StepFails(_) => Kind::StepFails,
            Self::ExecutionDies(_) | Self::WaiterDies(_) | Self::NotKnown(_) => Kind::ExecutionDies,
            Self::MessageLost(_) => Kind::MessageLost,
            Self::MessageRepeated(_) => Kind::MessageRepeated,
            Self::OrderLost(_) => Kind::OrderLost,
            Self::CallbackLost(_) => Kind::CallbackLost,
            Self::CallbackRepeated(_) => Kind::CallbackRepeated,
            Self::FactoryCrashes => Kind::FactoryCrashes,
            Self::FewerDelivered(_) => Kind::FewerDelivered,
            Self::TimesOutEarly(_) => Kind::TimesOutEarly,
            Self::SweepsEarly(_) => Kind::SweepsEarly,
            Self::Redriven(_) => Kind::Redriven,
        }
    }
}
