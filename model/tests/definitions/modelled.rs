//! The deployed states that the model names.

use std::collections::BTreeSet;

use model::{
    Action, CallbackClass, CompletionExecution, CompletionPosition, Finding, PurchaseExecution,
    PurchaseOutcome, RestockExecution, RestockOutcome, RestockPosition, State, Step,
};

/// Choice states that the model decides itself, each in the function of this name.
pub const CHOICES: [(&str, &str); 5] = [
    ("purchase/IsAvailable", "check_stock"),
    ("purchase/Decided", "decided"),
    ("restock/WhatToDo", "what_to_do"),
    ("restock/IsFailed", "is_failed"),
    ("completion/WhatIsIt", "what_is_it"),
];

/// The states of `sweep` that a step of the sweep runs through.
pub fn of_sweep(finding: Finding) -> &'static [&'static str] {
    match finding {
        Finding::UncreditedArrival(_) => &[
            "sweep/FindLeftBehind",
            "sweep/CreditForgotten",
            "sweep/CreditForgotten/IncrementStock",
        ],
        Finding::AbandonedRestock => &[
            "sweep/FindLeftBehind",
            "sweep/CloseAbandoned",
            "sweep/CloseAbandoned/CloseRestock",
            "sweep/CloseAbandoned/ReportAbandonment",
        ],
        Finding::Depletion => {
            &["sweep/FindDepleted", "sweep/PublishAll", "sweep/PublishAll/PublishDepletion"]
        }
    }
}

/// The states that an action of the sweep runs through.
pub fn of_action(action: Action) -> &'static [&'static str] {
    match action {
        Action::Step(Step::Sweep(finding)) => of_sweep(finding),
        _ => &[],
    }
}

/// The deployed states that a position stands for: one, or one of two, or none if the model alone has the
/// position.
pub type Names = &'static [&'static str];

pub fn of_purchase(purchase: &PurchaseExecution) -> Names {
    use PurchaseOutcome::{NotKnown, Sold, SoldOut};
    match purchase {
        PurchaseExecution::CheckStock => &["purchase/CheckStock"],
        PurchaseExecution::DecrementStock
        | PurchaseExecution::Selling { .. }
        | PurchaseExecution::Sold
        | PurchaseExecution::Claiming(_) => &["purchase/DecrementStock"],
        PurchaseExecution::PublishDepletion(_, Sold) => &["purchase/PublishReorderPoint"],
        PurchaseExecution::PublishDepletion(_, SoldOut) => &["purchase/PublishSoldOut"],
        PurchaseExecution::Ended(Sold | SoldOut) => &["purchase/Answer", "purchase/Published"],
        PurchaseExecution::Ended(NotKnown) => &["purchase/NotKnown"],
        PurchaseExecution::PublishDepletion(_, NotKnown) => &[],
    }
}

pub fn of_restock(execution: &RestockExecution) -> Names {
    match execution.position {
        RestockPosition::OpenRestock | RestockPosition::Opening(_) => &["restock/OpenRestock"],
        RestockPosition::PlaceOrder => &["restock/PlaceOrder", "restock/PlacePrivateOrder"],
        RestockPosition::AwaitCompletion | RestockPosition::Waiting => &["restock/AwaitCompletion"],
        RestockPosition::IncrementStock | RestockPosition::Crediting => &["restock/IncrementStock"],
        RestockPosition::CloseRestock | RestockPosition::Closing => &["restock/CloseRestock"],
        RestockPosition::ReportFailure(_) => &["restock/ReportFailure"],
        RestockPosition::Ended(outcome) => of_restock_outcome(outcome),
    }
}

fn of_restock_outcome(outcome: RestockOutcome) -> Names {
    match outcome {
        RestockOutcome::Restocked => &["restock/Restocked"],
        RestockOutcome::CompletedAfterAll => &["restock/CompletedAfterAll"],
        RestockOutcome::NotNeeded | RestockOutcome::Superseded | RestockOutcome::UnderWay => {
            &["restock/NothingToDo"]
        }
        RestockOutcome::Failed => &["restock/RestockFailed"],
        RestockOutcome::Stopped => &[],
    }
}

pub fn of_completion(execution: &CompletionExecution) -> Names {
    use CallbackClass::{Awaited, Duplicate, Early, Late};
    match execution.position {
        CompletionPosition::RecordArrival | CompletionPosition::Recording(_) => {
            &["completion/RecordArrival"]
        }
        CompletionPosition::CompleteTask(_) => &["completion/CompleteTask"],
        CompletionPosition::IncrementStock | CompletionPosition::Crediting => {
            &["completion/IncrementStock"]
        }
        CompletionPosition::Ended(Awaited(_)) => &["completion/Completed"],
        CompletionPosition::Ended(Early | Duplicate) => &["completion/NothingToDo"],
        CompletionPosition::Ended(Late) => &["completion/Credited"],
        CompletionPosition::EndedAfterTokenClosed | CompletionPosition::Stopped => &[],
    }
}

/// The position of each execution of a state.
pub fn of_state(state: &State) -> BTreeSet<&'static str> {
    let purchases = state.purchases.iter().flat_map(of_purchase);
    let restocks = state.restocks.iter().flat_map(of_restock);
    let completions = state.completions.iter().flat_map(of_completion);
    purchases.chain(restocks).chain(completions).copied().collect()
}
