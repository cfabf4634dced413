//! The rows of the ledger that were written together.

use std::collections::HashMap;

use domain::{MovementKind, Sku};
use warehouse::StockMovement;

/// A sale, an arrival, a count, or a move between buckets. It has a row for each bucket that it touched.
#[derive(Debug)]
pub(super) struct Transaction<'a> {
    pub kind: MovementKind,
    pub reference: &'a str,
    pub sku: &'a Sku,
    /// Whether the kind and reference were used before, which is an error.
    pub is_repeated: bool,
    pub parts: Vec<&'a StockMovement>,
}

impl Transaction<'_> {
    /// Change of the product's stock.
    pub fn quantity(&self) -> i64 {
        self.parts.iter().map(|part| part.quantity).sum()
    }
}

/// The transactions of a ledger.
#[derive(Debug, Default)]
pub(super) struct Transactions<'a> {
    pub all: Vec<Transaction<'a>>,
    /// The number of the transaction of each movement, in the order of the ledger.
    pub of_movements: Vec<usize>,
}

impl<'a> Transactions<'a> {
    /// Puts the movements together. A part that was seen before belongs to another transaction.
    pub fn of(movements: &'a [StockMovement]) -> Self {
        let mut transactions = Self::default();
        let mut times_seen: HashMap<_, usize> = HashMap::new();
        let mut numbers = HashMap::new();
        for movement in movements {
            let reference = (movement.kind, movement.reference.as_str());
            let earlier = times_seen.entry((reference, movement.part)).or_default();
            let number = *numbers
                .entry((reference, *earlier))
                .or_insert_with(|| transactions.add(movement, *earlier > 0));
            *earlier += 1;
            transactions.all[number].parts.push(movement);
            transactions.of_movements.push(number);
        }
        transactions
    }

    fn add(&mut self, movement: &'a StockMovement, is_repeated: bool) -> usize {
        let StockMovement { kind, reference, sku, .. } = movement;
        let parts = Vec::new();
        self.all.push(Transaction { kind: *kind, reference, sku, is_repeated, parts });
        self.all.len() - 1
    }
}
