use crate::{
    database::CallbackClass,
    ids::{OrderId, Token},
};

/// An execution of `completion`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CompletionExecution {
    /// The production order. The execution is named after it.
    pub order: OrderId,
    /// Number of items that the callback reports.
    pub delivered: i8,
    /// The current position.
    pub position: CompletionPosition,
}

/// The position of an execution of `completion`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CompletionPosition {
    /// Before `RecordArrival`.
    RecordArrival,
    /// In `RecordArrival`: has classified the callback, and is about to commit.
    Recording(CallbackClass),
    /// Before `CompleteTask`.
    CompleteTask(Token),
    /// Before `IncrementStock`.
    IncrementStock,
    /// In `IncrementStock`: has read, without a lock, that the goods are not credited.
    Crediting,
    /// Ended normally.
    Ended(CallbackClass),
    /// Ended after it found the task token closed, without crediting the goods. Possible only without the
    /// guard `closed_token_credits`.
    EndedAfterTokenClosed,
    /// Stopped, or failed after its retries. If the callback is repeated, a new execution replaces it.
    Stopped,
}

impl CompletionExecution {
    /// Whether the execution has not ended.
    pub fn runs(&self) -> bool {
        use CompletionPosition::{Ended, EndedAfterTokenClosed, Stopped};
        !matches!(self.position, Ended(_) | EndedAfterTokenClosed | Stopped)
    }
}
