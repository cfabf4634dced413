//! The sequential specification of a product: what it does, and which responses are correct in which state.

use std::collections::BTreeMap;

use domain::{Purchase, PurchaseOutcome};
use todc_utils::specifications::Specification;

use crate::history::Decided;

/// A movement of the ledger, without its reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Moved {
    /// Negative for a sale.
    pub quantity: i64,
    pub stock_after: i64,
}

/// A movement, or an observation of the product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Operation {
    /// A movement. `number` is its position in the product's ledger, starting at 0.
    Move { number: usize, reference: String, moved: Moved },
    /// The purchase was sold, and the sale left `stock_after` units.
    Sold { reference: String, quantity: i64, stock_after: i64 },
    /// The purchase was not sold, because the stock was below `quantity`.
    SoldOut { reference: String, quantity: i64 },
    /// Another quantity was sold under this purchase id.
    KeyReused { reference: String, quantity: i64 },
    /// The arrival was credited with this quantity.
    Credited { reference: String, quantity: i64 },
    /// The stock was read.
    Stock(i64),
    /// A response that is wrong in every state, such as `unknown_product`.
    Impossible,
}

impl Operation {
    /// Converts the response to a purchase.
    pub fn of_purchase(purchase: &Purchase, result: &Decided) -> Self {
        let reference = purchase.purchase_id.to_string();
        let quantity = purchase.quantity.get().into();
        match (result.outcome, result.stock) {
            (PurchaseOutcome::Sold, Some(stock)) => {
                Self::Sold { reference, quantity, stock_after: stock.get().into() }
            }
            (PurchaseOutcome::SoldOut, _) => Self::SoldOut { reference, quantity },
            (PurchaseOutcome::KeyReused, _) => Self::KeyReused { reference, quantity },
            _ => Self::Impossible,
        }
    }
}

/// The state of a product: its stock, and the movements that were made, by reference.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct State {
    stock: i64,
    moved: BTreeMap<String, Moved>,
}

impl State {
    fn is_true(&self, observation: &Operation) -> bool {
        let moved = |reference: &str| self.moved.get(reference);
        match observation {
            Operation::Sold { reference, quantity, stock_after } => moved(reference)
                .is_some_and(|it| it.quantity == -quantity && it.stock_after == *stock_after),
            Operation::SoldOut { reference, quantity } => {
                moved(reference).is_none() && self.stock < *quantity
            }
            Operation::KeyReused { reference, quantity } => {
                moved(reference).is_some_and(|it| it.quantity != -quantity)
            }
            Operation::Credited { reference, quantity } => {
                moved(reference).is_some_and(|it| it.quantity == *quantity)
            }
            Operation::Stock(stock) => self.stock == *stock,
            Operation::Move { .. } | Operation::Impossible => false,
        }
    }

    /// Makes a movement. Returns `None` if the movement is not the next one, if its reference was used before, or if it
    /// leaves a negative stock or not the recorded one.
    fn make(&self, number: usize, reference: &str, moved: Moved) -> Option<Self> {
        let stock = self.stock + moved.quantity;
        let is_next = self.moved.len() == number && !self.moved.contains_key(reference);
        if !is_next || stock < 0 || stock != moved.stock_after {
            return None;
        }
        let mut next = Self { stock, moved: self.moved.clone() };
        next.moved.insert(reference.to_owned(), moved);
        Some(next)
    }
}

/// The specification of a product, for `todc-utils`.
pub(super) struct Product;

impl Specification for Product {
    type State = State;
    type Operation = Operation;

    fn init() -> State {
        State::default()
    }

    fn apply(operation: &Operation, state: &State) -> (bool, State) {
        match operation {
            Operation::Move { number, reference, moved } => {
                let made = state.make(*number, reference, *moved);
                (made.is_some(), made.unwrap_or_else(|| state.clone()))
            }
            observation => (state.is_true(observation), state.clone()),
        }
    }
}
