//! What can go wrong.

use crate::{
    ids::{Cycle, Depletion, ExecutionId, OrderId},
    step::{Finding, Step},
};

/// Something that goes wrong. Each fault counts towards
/// [`Scenario::faults_at_most`](crate::Scenario::faults_at_most).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The step is done, but its response is lost, so the caller repeats the step.
    ResponseLost(Step),
    /// The step is not done, and its retries are used up.
    StepFails(Step),
    /// The execution is stopped, or times out, before this step.
    ExecutionStops(Step),
    /// An execution of `restock` is stopped while it waits for the callback.
    WaitingExecutionStops(ExecutionId),
    /// An execution of `purchase` ends in `DecrementStock`. The customer learns that the outcome is unknown.
    PurchaseStops(usize),
    /// A depletion is not published.
    MessageLost(usize),
    /// A message is delivered, and will be delivered again.
    MessageRepeated(Depletion),
    /// `PlaceOrder` cannot tell whether the factory accepted the order, and the factory did not.
    OrderLost(ExecutionId),
    /// A callback does not arrive. The factory calls only once.
    CallbackLost(OrderId),
    /// A callback arrives, and will arrive again.
    CallbackRepeated(OrderId),
    /// The factory loses all its orders in production.
    FactoryCrashes,
    /// The factory delivers one item although more were ordered.
    FewerDelivered(OrderId),
    /// `AwaitCompletion` times out although the callback is still to come.
    TimesOutEarly(ExecutionId),
    /// The sweep runs while executions are still working on what it finds.
    SweepsEarly(Finding),
    /// An operator moves a dead letter back to `stock_queue`.
    DeadLetterRedriven(Cycle),
}

/// The kind of a [`Fault`], without what it applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the variants are documented at `Fault`")]
pub enum FaultKind {
    ResponseLost,
    StepFails,
    ExecutionStops,
    MessageLost,
    MessageRepeated,
    OrderLost,
    CallbackLost,
    CallbackRepeated,
    FactoryCrashes,
    FewerDelivered,
    TimesOutEarly,
    SweepsEarly,
    DeadLetterRedriven,
}

impl FaultKind {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::ResponseLost,
        Self::StepFails,
        Self::ExecutionStops,
        Self::MessageLost,
        Self::MessageRepeated,
        Self::OrderLost,
        Self::CallbackLost,
        Self::CallbackRepeated,
        Self::FactoryCrashes,
        Self::FewerDelivered,
        Self::TimesOutEarly,
        Self::SweepsEarly,
        Self::DeadLetterRedriven,
    ];
}

impl Fault {
    /// The kind of the fault. A purchase or a waiting execution that stops counts as `ExecutionStops`.
    pub fn kind(&self) -> FaultKind {
        match self {
            Self::ResponseLost(_) => FaultKind::ResponseLost,
            Self::StepFails(_) => FaultKind::StepFails,
            Self::ExecutionStops(_) | Self::WaitingExecutionStops(_) | Self::PurchaseStops(_) => {
                FaultKind::ExecutionStops
            }
            Self::MessageLost(_) => FaultKind::MessageLost,
            Self::MessageRepeated(_) => FaultKind::MessageRepeated,
            Self::OrderLost(_) => FaultKind::OrderLost,
            Self::CallbackLost(_) => FaultKind::CallbackLost,
            Self::CallbackRepeated(_) => FaultKind::CallbackRepeated,
            Self::FactoryCrashes => FaultKind::FactoryCrashes,
            Self::FewerDelivered(_) => FaultKind::FewerDelivered,
            Self::TimesOutEarly(_) => FaultKind::TimesOutEarly,
            Self::SweepsEarly(_) => FaultKind::SweepsEarly,
            Self::DeadLetterRedriven(_) => FaultKind::DeadLetterRedriven,
        }
    }
}
