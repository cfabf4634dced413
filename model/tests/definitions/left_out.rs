//! What the definitions have and the model leaves out, each with the reason.

/// Deployed states that the model leaves out.
pub const STATES: [(&str, &str); 41] = [
    ("restock/IsDepletion", REJECTED_MESSAGES),
    ("restock/Begin", "it only assigns variables, as the model does when an execution starts"),
    ("restock/ReportRejection", REJECTED_MESSAGES),
    ("restock/MessageRejected", REJECTED_MESSAGES),
    ("restock/ReportFailed", REJECTED_MESSAGES),
    ("restock/LeaveRejectedMessage", REJECTED_MESSAGES),
    ("restock/LeaveDeadLetter", TOLD_AT_ONCE),
    ("restock/RecordReport", TOLD_AT_ONCE),
    ("restock/HadFailed", GOOD_NEWS),
    ("restock/ReportRecovery", GOOD_NEWS),
    ("completion/HadFailed", GOOD_NEWS),
    ("completion/ReportArrival", GOOD_NEWS),
    ("completion/ReportLateArrival", GOOD_NEWS),
    ("completion/LeaveDeadLetter", "the model has no malformed callbacks"),
    ("completion/ReportRefusal", "the model has no malformed callbacks"),
    ("completion/Refused", "the model has no malformed callbacks"),
    ("completion/ReportFailure", COMPLETION_STOPS),
    ("completion/Failed", COMPLETION_STOPS),
    ("sweep/CreditForgotten/HadFailed", GOOD_NEWS),
    ("sweep/CreditForgotten/ReportArrival", GOOD_NEWS),
    ("sweep/CreditForgotten/ReportLateArrival", GOOD_NEWS),
    ("sweep/CreditForgotten/ArrivalUnheard", GOOD_NEWS),
    ("sweep/CreditForgotten/Credited", "it only ends one item of the Map state"),
    ("sweep/CreditForgotten/ArrivalLeftToTheNextSweep", NEXT_SWEEP),
    ("sweep/CloseAbandoned/IsFailed", ONE_STEP),
    ("sweep/CloseAbandoned/HasEnded", ONE_STEP),
    ("sweep/CloseAbandoned/CheckExecution", ONE_STEP),
    ("sweep/CloseAbandoned/IsRunning", ONE_STEP),
    ("sweep/CloseAbandoned/UnderWay", ONE_STEP),
    ("sweep/CloseAbandoned/NothingToReport", ONE_STEP),
    ("sweep/CloseAbandoned/LeaveDeadLetter", TOLD_AT_ONCE),
    ("sweep/CloseAbandoned/RecordReport", TOLD_AT_ONCE),
    ("sweep/CloseAbandoned/AbandonmentUnheard", "a report of the model's sweep never fails"),
    ("sweep/CloseAbandoned/RestockLeftToTheNextSweep", NEXT_SWEEP),
    ("sweep/PublishAll/LeftToTheNextSweep", NEXT_SWEEP),
    ("sweep/IsScheduled", "the model's sweep looks for one thing at a time"),
    ("sweep/IsAllReadable", UNREADABLE_ROWS),
    ("sweep/ReportUnreadable", UNREADABLE_ROWS),
    ("sweep/RecordUnreadable", UNREADABLE_ROWS),
    ("sweep/Swept", "it only ends the sweep"),
    ("sweep/SweepFailed", NEXT_SWEEP),
];

/// Ways between two states of the model, in one state machine, that no execution of the model takes.
pub const WAYS: [(&str, &str, &str); 1] = [(
    "purchase/CheckStock",
    "purchase/PublishReorderPoint",
    "`Decided` is reached from both steps, and `CheckStock` never returns `sold`",
)];

/// Steps of the model that are not named after a deployed state.
pub const STEPS: [(&str, &str); 5] = [
    ("StartRestock", "the function start-restock, which starts an execution"),
    ("ReceiveCompletion", "the function receive-completion, which starts an execution"),
    ("AwaitTimedOut", "the timeout of AwaitCompletion"),
    ("Sweep", "a whole execution of the sweep for one thing that it finds"),
    ("SetBuckets", "the command of an operator, `restock product buckets`"),
];

const REJECTED_MESSAGES: &str = "the model has no malformed messages";
const GOOD_NEWS: &str = "it is about a mail with good news, which no invariant needs";
const TOLD_AT_ONCE: &str = "a report of the model leaves the dead letter and is recorded at once";
const UNREADABLE_ROWS: &str = "the model has no damaged rows";
const COMPLETION_STOPS: &str =
    "an execution of `completion` that fails is one that stops: somebody repeats the callback";
const NEXT_SWEEP: &str = "a step of the sweep that fails is one that a later sweep takes";
const ONE_STEP: &str =
    "the model's sweep finds and closes a restock in one step: no other execution can complete it";
