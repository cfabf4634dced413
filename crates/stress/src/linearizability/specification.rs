//! The product as an object that does one thing after the other.

use std::collections::BTreeMap;

use domain::{Purchase, PurchaseOutcome, PurchaseResult};
use todc_utils::specifications::Specification;

/// A movement of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Moved {
    pub reference: String,
    /// Negative for a sale.
    pub quantity: i64,
    pub stock_after: i64,
}

/// Something that a product does, or that is observed about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Operation {
    /// The movement with this number in the ledger, starting at 0.
    Move { number: usize, moved: Moved },
    /// The purchase is sold, and the sale left this stock.
    Sold { reference: String, quantity: i64, stock_after: i64 },
    /// The purchase is not sold, and the stock is below this quantity.
    SoldOut { reference: String, quantity: i64 },
    /// Another quantity was sold under this purchase id.
    KeyReused { reference: String, quantity: i64 },
    /// The arrival is credited with this quantity.
    Credited { reference: String, quantity: i64 },
    /// The stock.
    Stock(i64),
    /// A response that no product gives.
    Impossible,
}

impl Operation {
    /// What the response to a purchase says about the product.
    pub fn of_purchase(purchase: &Purchase, result: &PurchaseResult) -> Self {
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

/// The stock, and the movements so far by reference.
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

    /// Makes a movement. Returns `None` if it is not the next one, was made before, or leaves another or a negative stock.
    fn make(&self, number: usize, moved: &Moved) -> Option<Self> {
        let stock = self.stock + moved.quantity;
        let is_next = self.moved.len() == number && !self.moved.contains_key(&moved.reference);
        if !is_next || stock < 0 || stock != moved.stock_after {
            return None;
        }
        let mut next = Self { stock, moved: self.moved.clone() };
        next.moved.insert(moved.reference.clone(), moved.clone());
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
            Operation::Move { number, moved } => match state.make(*number, moved) {
                Some(next) => (true, next),
                None => (false, state.clone()),
            },
            observation => (state.is_true(observation), state.clone()),
        }
    }
}
