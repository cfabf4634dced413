//! The steps of the state machines, the queue and the factory.

use crate::ids::{Depletion, ExecutionId, OrderId};

/// A step of a state machine, named after its state, or a step of the queue, the factory or a timeout.
///
/// `usize` is the index of the purchase in [`State::purchases`](crate::State::purchases).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// `purchase` reads the stock.
    CheckStock(usize),
    /// `purchase` reads the number of buckets, sells in one or more transactions, and claims a crossing of the reorder
    /// point. Each of these is one step. With one bucket that stays the only one, it sells at once.
    DecrementStock(usize),
    /// `purchase` publishes a depletion (`PublishSoldOut` or `PublishReorderPoint`).
    PublishDepletion(usize),
    /// The function `start-restock` receives a message from `stock_queue`.
    StartRestock(Depletion),
    /// `restock` opens a restock or continues its own.
    OpenRestock(ExecutionId),
    /// `restock` sends the production order, and the factory accepts it.
    PlaceOrder(ExecutionId),
    /// `restock` stores its task token with the production order.
    AwaitCompletion(ExecutionId),
    /// `AwaitCompletion` of `restock` times out.
    AwaitTimedOut(ExecutionId),
    /// Adds the goods of an order to stock.
    IncrementStock(Caller),
    /// `restock` closes its restock as failed.
    CloseRestock(ExecutionId),
    /// `restock` sends a dead letter and a mail.
    ReportFailure(ExecutionId),
    /// The factory calls back, and the function `receive-completion` starts `completion`.
    ReceiveCompletion(OrderId),
    /// `completion` classifies the callback (first half), then records the arrival (second half).
    RecordArrival(OrderId),
    /// `completion` sends task success to the execution that waits.
    CompleteTask(OrderId),
    /// `sweep` repairs one thing that it found.
    Sweep(Finding),
    /// An operator sets the number of buckets.
    SetBuckets(u8),
}

/// Which state machine runs `IncrementStock`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// An execution of `restock`.
    Restock(ExecutionId),
    /// The execution of `completion` for this order.
    Completion(OrderId),
}

/// What the sweep finds. The code handles each of the three in transactions of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// The product is at its reorder point and has no open restock. The sweep publishes a depletion.
    Depletion,
    /// The execution of an open restock has ended. The sweep closes the restock.
    AbandonedRestock,
    /// Goods have arrived and no execution is going to credit them. The sweep credits them.
    UncreditedArrival(OrderId),
}

/// Whether the caller of a step receives its response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Response {
    /// The caller continues.
    Received,
    /// The caller repeats the step.
    Lost,
}
