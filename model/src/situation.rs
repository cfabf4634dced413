//! Situations that are rare.

/// A rare situation. A check that says a guard is not needed must reach the situation in which the guard acts;
/// see [`Scenario::must_reach`](crate::Scenario::must_reach).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Situation {
    /// An execution waits for the callback.
    CallbackAwaited,
    /// A callback arrives before an execution waits for it.
    CallbackEarly,
    /// A callback arrives after its restock was closed or another order was placed.
    CallbackLate,
    /// A callback arrives whose goods are credited already.
    CallbackDuplicate,
    /// `CompleteTask` is about to use a task token that is closed.
    TokenClosed,
    /// `AwaitCompletion` is about to run although the goods have arrived.
    ArrivedBeforeWait,
    /// `AwaitCompletion` found that the goods have arrived.
    ArrivalSeenByAwait,
    /// `OpenRestock` is about to run for the next attempt although the goods have arrived.
    ArrivedBeforeNextOrder,
    /// `OpenRestock` found that the goods of the previous attempt have arrived.
    ArrivalSeenByOpen,
    /// `CloseRestock` is about to run although the goods have arrived.
    ArrivedBeforeClosing,
    /// No attempt is left.
    AttemptsExhausted,
    /// A purchase asks `OpenRestock` for a cycle that is over.
    RequestOutdated,
    /// An execution ended with the outcome `superseded`.
    RestockSuperseded,
    /// An execution ended with the outcome `under_way`.
    RestockUnderWay,
    /// An execution ended with the outcome `not_needed`.
    RestockNotNeeded,
    /// An execution that was about to fail ended because the goods were credited.
    RestockCompletedAfterAll,
    /// A second execution was started for one cycle.
    NameReused,
    /// The sweep closed the restock of an execution that was stopped.
    RestockAbandoned,
    /// Goods were credited after their restock had failed.
    ArrivedAfterFailure,
    /// The goods of two orders of one restock were credited.
    BothOrdersArrived,
    /// Two executions are about to credit one order.
    CreditsRace,
    /// Two executions are about to open a restock.
    OpeningsRace,
    /// A purchase is about to sell although the stock has become too low.
    StockTooLowToSell,
    /// A purchase is about to sell from another bucket than its own.
    AnotherBucketTried,
    /// A purchase is about to lock all buckets.
    AllBucketsTried,
    /// A purchase is about to take goods from a bucket that is not in use any more.
    UnusedBucketTried,
    /// A purchase that was sold is about to sell again, from another bucket.
    RepeatedInAnotherBucket,
    /// A sale has taken goods from several buckets.
    SoldFromSeveralBuckets,
    /// A sale has left the stock at the reorder point and has not yet claimed the crossing.
    CrossingToClaim,
}

impl Situation {
    /// Every situation that a restock can reach with the one purchase that starts it.
    pub const OF_RESTOCKS: [Self; 22] = [
        Self::CallbackAwaited,
        Self::CallbackEarly,
        Self::CallbackLate,
        Self::CallbackDuplicate,
        Self::TokenClosed,
        Self::ArrivedBeforeWait,
        Self::ArrivalSeenByAwait,
        Self::ArrivedBeforeNextOrder,
        Self::ArrivalSeenByOpen,
        Self::ArrivedBeforeClosing,
        Self::AttemptsExhausted,
        Self::RequestOutdated,
        Self::RestockSuperseded,
        Self::RestockUnderWay,
        Self::RestockNotNeeded,
        Self::RestockCompletedAfterAll,
        Self::NameReused,
        Self::RestockAbandoned,
        Self::ArrivedAfterFailure,
        Self::BothOrdersArrived,
        Self::CreditsRace,
        Self::OpeningsRace,
    ];

    /// The name that a failed check prints.
    pub fn name(self) -> &'static str {
        match self {
            Self::CallbackAwaited => "a callback is awaited",
            Self::CallbackEarly => "a callback is early",
            Self::CallbackLate => "a callback is late",
            Self::CallbackDuplicate => "a callback is a duplicate",
            Self::TokenClosed => "a task token is closed before `CompleteTask`",
            Self::ArrivedBeforeWait => "goods arrive before `AwaitCompletion`",
            Self::ArrivalSeenByAwait => "`AwaitCompletion` finds goods that have arrived",
            Self::ArrivedBeforeNextOrder => "goods arrive before the next order",
            Self::ArrivalSeenByOpen => "`OpenRestock` finds goods that have arrived",
            Self::ArrivedBeforeClosing => "goods arrive before `CloseRestock`",
            Self::AttemptsExhausted => "the attempts are exhausted",
            Self::RequestOutdated => "a request is outdated",
            Self::RestockSuperseded => "a restock is superseded",
            Self::RestockUnderWay => "a restock is under way",
            Self::RestockNotNeeded => "a restock is not needed",
            Self::RestockCompletedAfterAll => "a restock is completed after all",
            Self::NameReused => "an execution name is reused",
            Self::RestockAbandoned => "the sweep closes an abandoned restock",
            Self::ArrivedAfterFailure => "goods arrive after their restock failed",
            Self::BothOrdersArrived => "both orders of a restock arrive",
            Self::CreditsRace => "two executions are about to credit one order",
            Self::OpeningsRace => "two executions are about to open a restock",
            Self::StockTooLowToSell => "the stock becomes too low to sell",
            Self::AnotherBucketTried => "a purchase tries another bucket",
            Self::AllBucketsTried => "a purchase locks all buckets",
            Self::UnusedBucketTried => "a purchase tries a bucket that is not in use any more",
            Self::RepeatedInAnotherBucket => "a purchase is repeated in another bucket",
            Self::SoldFromSeveralBuckets => "a sale takes goods from several buckets",
            Self::CrossingToClaim => "a sale is about to claim a crossing",
        }
    }
}
