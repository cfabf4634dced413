use crate::{
    database::OpenDecision,
    ids::{Cycle, OrderId, Reason},
};

/// An execution of `restock`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RestockExecution {
    /// The restock cycle in the name of the execution.
    pub name_cycle: Cycle,
    /// Number of earlier executions for that cycle. If it is not 0, the name has a suffix.
    pub name_suffix: u8,
    /// Who published the depletion.
    pub reason: Reason,
    /// The variable `$restock_cycle`.
    pub cycle: Cycle,
    /// The variable `$attempt`.
    pub attempt: u8,
    /// The variable `$order`. `None` before the first order.
    pub order: Option<OrderId>,
    /// Number of task tokens that the execution has received.
    pub tokens: u8,
    /// The current position.
    pub position: RestockPosition,
}

/// The position of an execution of `restock`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RestockPosition {
    /// Before `OpenRestock`.
    OpenRestock,
    /// In `OpenRestock`: has read, without a lock, and is about to write.
    Opening(OpenDecision),
    /// Before `PlaceOrder`.
    PlaceOrder,
    /// In `AwaitCompletion`, before the task token is stored.
    AwaitCompletion,
    /// In `AwaitCompletion`: the task token is stored, and the execution waits for the callback.
    Waiting,
    /// Before `IncrementStock`.
    IncrementStock,
    /// In `IncrementStock`: has read, without a lock, that the goods are not credited.
    Crediting,
    /// Before `CloseRestock`, which first credits goods that have arrived.
    CloseRestock,
    /// In `CloseRestock`: about to close the restock as failed.
    Closing,
    /// Before `ReportFailure`, whose dead letter asks for this cycle.
    ReportFailure(Cycle),
    /// The execution has ended.
    Ended(RestockOutcome),
}

/// How an execution of `restock` ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RestockOutcome {
    /// `Restocked`.
    Restocked,
    /// `CompletedAfterAll`.
    CompletedAfterAll,
    /// `NothingToDo` with the outcome `not_needed`.
    NotNeeded,
    /// `NothingToDo` with the outcome `superseded`.
    Superseded,
    /// `NothingToDo` with the outcome `under_way`.
    UnderWay,
    /// `RestockFailed`.
    Failed,
    /// Stopped or timed out.
    Stopped,
}

impl RestockExecution {
    /// An execution that has just started.
    pub fn new(name_cycle: Cycle, name_suffix: u8, reason: Reason) -> Self {
        let (cycle, position) = (name_cycle, RestockPosition::OpenRestock);
        Self {
            name_cycle,
            name_suffix,
            reason,
            cycle,
            attempt: 1,
            order: None,
            tokens: 0,
            position,
        }
    }

    /// Whether the execution has not ended.
    pub fn runs(&self) -> bool {
        !matches!(self.position, RestockPosition::Ended(_))
    }

    /// Ends the execution. Forgets everything but its name and its outcome, which makes more states equal.
    pub fn end(&mut self, outcome: RestockOutcome) {
        let ended = Self::new(self.name_cycle, self.name_suffix, self.reason);
        *self = Self { position: RestockPosition::Ended(outcome), ..ended };
    }
}
