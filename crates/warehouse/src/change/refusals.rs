//! What the database's refusal of a change means to an operator.

use sqlx::mysql::MySqlDatabaseError;
use uuid::Uuid;

use super::Change;
use crate::{ChangeError, Error, constraint};

/// ER_WARN_DATA_OUT_OF_RANGE.
const OUT_OF_RANGE: u16 = 1264;

pub(super) fn is_duplicate(error: &ChangeError) -> bool {
    let ChangeError::Database(Error::Failed(error)) = error else { return false };
    error.as_database_error().is_some_and(|error| error.is_unique_violation())
}

/// Also after a duplicate key: another call with the same id may have made the change since this one began.
pub(super) fn is_worth_another_try(error: &ChangeError) -> bool {
    is_duplicate(error)
        || matches!(error, ChangeError::Database(Error::Busy(_) | Error::Unavailable(_)))
}

/// Why a change of a known product found no row that it could change.
pub(super) fn not_found(change: &Change) -> ChangeError {
    let was = match change {
        Change::RetireProduct { .. } => "was retired already",
        _ => "is not retired",
    };
    ChangeError::Refused(format!("{} {was}. Nothing was changed", change.about()))
}

pub(super) fn exists(change: &Change) -> ChangeError {
    if let Change::RecordSentOrders(sent) = change {
        return ChangeError::Refused(format!(
            "the restock of {} has another order of the same attempt. Nothing was changed",
            sent.execution
        ));
    }
    let kind = if change.sku().is_some() { "product" } else { "factory" };
    ChangeError::Refused(format!("the {kind} {} exists: change it instead", change.about()))
}

pub(super) fn reused(id: Uuid) -> ChangeError {
    ChangeError::Refused(format!(
        "the id {id} belongs to another change. Send this one with a new id"
    ))
}

/// What a constraint that refuses a change means to an operator.
pub(super) fn refusal(error: &sqlx::Error) -> Option<ChangeError> {
    if is_out_of_range(error) {
        let most = "the stock would be above 2,147,483,647. Nothing was changed";
        return Some(ChangeError::Refused(most.to_owned()));
    }
    let sentence = constraint::of_check(error).and_then(|name| match name {
        constraint::STOCK_NOT_NEGATIVE => Some("the stock would be below zero"),
        constraint::TARGET_ABOVE_REORDER_POINT => {
            Some("the target stock must be above the reorder point")
        }
        constraint::TARGET_AT_MOST_ONE_ORDER => Some("the target stock must be 1 to 1,000,000"),
        constraint::PRODUCT_FACTORY => Some("there is no such factory: add it first"),
        constraint::MOVEMENT_MOVES => Some("an adjustment by 0 units changes nothing"),
        _ => None,
    });
    Some(ChangeError::Refused(format!("{}. Nothing was changed", sentence?)))
}

/// Only an adjustment computes a number that a column may not hold.
fn is_out_of_range(error: &sqlx::Error) -> bool {
    let error = error.as_database_error();
    let error = error.and_then(|error| error.try_downcast_ref::<MySqlDatabaseError>());
    error.is_some_and(|error| error.number() == OUT_OF_RANGE)
}
