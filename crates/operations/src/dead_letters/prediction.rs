//! What a redrive of a dead letter would do now.

use std::fmt::{self, Display};

use serde::Serialize;
use warehouse::audit::{FailureOverview, Overview, ProductOverview};

use super::{DeadLetter, SourceQueue};

/// What a redrive of a letter would do now. Advisory: the shop goes on meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "prediction", rename_all = "snake_case")]
pub enum Prediction {
    /// A restock starts and orders so many units.
    Restocks { units: i64 },
    /// A restock starts, and its order probably fails like the last one of the same factory.
    FailsAgain {
        units: i64,
        error: String,
        /// UTC.
        failed_at: String,
    },
    /// Nothing is ordered: an older letter of the same product orders.
    OrderedByOlder,
    /// Nothing is ordered: the stock is above the reorder point.
    NotNeeded { stock: i64, reorder_point: i64 },
    /// Nothing is ordered: a restock is open.
    UnderWay { cycle: u32 },
    /// Nothing is ordered: the product is retired.
    Retired,
    /// The restock fails: there is no such product.
    UnknownProduct,
    /// The callback is handled again. Goods that were credited are not credited again.
    HandlesCallback,
    /// The letter stays: its message is not valid, or comes from a queue that this version does not know.
    Stays,
}

impl Prediction {
    /// What becomes of a letter if the database has this overview.
    pub fn of(letter: &DeadLetter, overview: &Overview) -> Self {
        match (letter.redriven_to(), &letter.depletion) {
            (Some(SourceQueue::Completion), _) => Self::HandlesCallback,
            (Some(SourceQueue::Stock), Some(depletion)) => {
                let sku = depletion.sku.as_str();
                match overview.products.iter().find(|product| product.sku == sku) {
                    Some(product) => Self::of_product(product, overview),
                    None => Self::UnknownProduct,
                }
            }
            _ => Self::Stays,
        }
    }

    fn of_product(product: &ProductOverview, overview: &Overview) -> Self {
        let ProductOverview { stock, reorder_point, target_stock, .. } = product;
        if product.is_retired {
            return Self::Retired;
        }
        if let Some(restock) = &product.restock {
            return Self::UnderWay { cycle: restock.cycle };
        }
        if stock > reorder_point {
            return Self::NotNeeded { stock: *stock, reorder_point: *reorder_point };
        }
        let units = target_stock - stock;
        match factory_failure(product, overview) {
            Some(FailureOverview { failure, closed_at, .. }) => {
                Self::FailsAgain { units, error: failure.clone(), failed_at: closed_at.clone() }
            }
            None => Self::Restocks { units },
        }
    }

    /// Whether a restock of the product starts.
    pub(super) fn orders(&self) -> bool {
        matches!(self, Self::Restocks { .. } | Self::FailsAgain { .. })
    }

    /// Whether a redrive would be of no use now.
    pub fn is_useless(&self) -> bool {
        !matches!(self, Self::Restocks { .. } | Self::HandlesCallback)
    }
}

/// The latest failure of a product of the same factory, if the factory caused it and no restock has succeeded since.
fn factory_failure<'a>(
    product: &ProductOverview,
    overview: &'a Overview,
) -> Option<&'a FailureOverview> {
    let makes = |failure: &&FailureOverview| {
        let of_failure = overview.products.iter().find(|other| other.sku == failure.sku);
        of_failure.is_some_and(|other| other.factory == product.factory)
    };
    let latest = overview.failures.iter().find(makes)?;
    let by_factory =
        latest.failure.starts_with("Factory.") || latest.failure == "Restock.Exhausted";
    (by_factory && !latest.is_over).then_some(latest)
}

impl Display for Prediction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Restocks { units } => write!(f, "orders {units} units"),
            Self::FailsAgain { units, error, .. } => {
                write!(f, "orders {units} units; fails again if {error} still holds")
            }
            Self::OrderedByOlder => {
                f.write_str("orders nothing: the first letter of this product does")
            }
            Self::NotNeeded { stock, reorder_point } => write!(
                f,
                "orders nothing: {stock} in stock is above the reorder point of {reorder_point}"
            ),
            Self::UnderWay { cycle } => write!(f, "orders nothing: restock {cycle} is open"),
            Self::Retired => f.write_str("orders nothing: the product is retired"),
            Self::UnknownProduct => f.write_str("fails again: there is no such product"),
            Self::HandlesCallback => f.write_str("handles the callback again"),
            Self::Stays => f.write_str("nothing: its message is not valid, so it stays"),
        }
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by ending")]
mod tests {
    use aws_sdk_sqs::types::Message;
    use serde_json::json;

    use super::*;

    fn letter(sku: &str) -> DeadLetter {
        let body =
            json!({"sku": sku, "restock_cycle": 2, "stock": 0, "reason": "redrive"}).to_string();
        DeadLetter::read(Message::builder().body(body).build())
    }

    fn overview(product: serde_json::Value, failures: serde_json::Value) -> Overview {
        let mut all = json!({"sku": "CP-1", "name": "", "stock": 3, "reorder_point": 10, "target_stock": 50,
                             "factory": "FF-1", "buckets": 1, "is_retired": false, "restock": null});
        let all_fields = all.as_object_mut().expect("an object");
        all_fields.extend(product.as_object().expect("an object").clone());
        serde_json::from_value(json!({"products": [all], "failures": failures}))
            .expect("an overview")
    }

    fn failure(error: &str, is_over: bool) -> serde_json::Value {
        json!([{"sku": "CP-1", "cycle": 1, "execution": "CP-1_1", "failure": error,
                "closed_at": "2026-11-26 10:00:00", "is_over": is_over, "in_a_row": 1}])
    }

    #[test]
    fn a_redrive_orders_what_is_missing_to_the_target() {
        let predicted = Prediction::of(&letter("CP-1"), &overview(json!({}), json!([])));
        assert_eq!(predicted, Prediction::Restocks { units: 47 });
        assert!(!predicted.is_useless());
    }

    #[test]
    fn a_redrive_is_useless_while_a_restock_is_open_or_nothing_is_missing() {
        let open =
            json!({"restock": {"cycle": 4, "execution": "x", "open_seconds": 1, "order": null}});
        for (product, predicted) in [
            (open, Prediction::UnderWay { cycle: 4 }),
            (json!({"stock": 11}), Prediction::NotNeeded { stock: 11, reorder_point: 10 }),
            (json!({"is_retired": true}), Prediction::Retired),
            (json!({"sku": "CP-2"}), Prediction::UnknownProduct),
        ] {
            let found = Prediction::of(&letter("CP-1"), &overview(product, json!([])));
            assert!(found.is_useless());
            assert_eq!(found, predicted);
        }
    }

    #[test]
    fn an_order_probably_fails_again_only_if_its_factory_caused_the_last_failure_and_that_is_not_over()
     {
        let fails = |error, over| {
            let found = Prediction::of(&letter("CP-1"), &overview(json!({}), failure(error, over)));
            matches!(found, Prediction::FailsAgain { .. })
        };
        assert!(fails("Factory.Unavailable", false));
        assert!(!fails("Factory.Unavailable", true));
        assert!(!fails("Database.Unavailable", false));
    }
}
