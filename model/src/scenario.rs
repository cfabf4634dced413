//! What a check covers: a small shop, the faults that can occur, and the guards that are in place.

use crate::{fault::FaultKind, guards::Guards, situation::Situation};

/// A small shop and what can happen to it. Everything is bounded, so the number of states is finite and
/// every path ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// Initial stock.
    pub stock: i8,
    /// Number of buckets that the initial stock is spread over.
    pub buckets: u8,
    /// The numbers of buckets that operators set, one after the other, at any time.
    pub bucket_changes: Vec<u8>,
    /// A product with this stock or less needs a restock.
    pub reorder_point: i8,
    /// A restock orders the difference between this level and the stock.
    pub target_stock: i8,
    /// The requests that customers send. Two requests with one `purchase_id` are a purchase that a customer
    /// sent twice.
    pub purchases: Vec<Checkout>,
    /// Maximum number of orders in one restock.
    pub attempts_allowed: u8,
    /// The kinds of faults that can occur.
    pub faults: Vec<FaultKind>,
    /// Maximum number of faults on one path, of any kinds and in any order.
    pub faults_at_most: u8,
    /// The guards that are in place.
    pub guards: Guards,
    /// Also check invariant 7: no failure is silent.
    pub check_reports: bool,
    /// Situations that the check must reach. The check fails if it does not reach one of them.
    pub must_reach: Vec<Situation>,
}

/// A `POST /checkout`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkout {
    /// The `Idempotency-Key`.
    pub purchase_id: u8,
    /// Number of items.
    pub quantity: i8,
}

impl Scenario {
    /// Two customers, one item in stock, no faults. The first customer sends the purchase twice; one of the
    /// customers finds the product sold out.
    pub fn repeated_purchase() -> Self {
        Self {
            stock: 1,
            buckets: 1,
            bucket_changes: Vec::new(),
            reorder_point: 0,
            target_stock: 2,
            purchases: vec![one_item(1), one_item(1), one_item(2)],
            attempts_allowed: 2,
            faults: Vec::new(),
            faults_at_most: 0,
            guards: Guards::ALL,
            check_reports: false,
            must_reach: Vec::new(),
        }
    }

    /// Two customers, one item in stock, no faults.
    pub fn two_customers() -> Self {
        let purchases = vec![one_item(1), one_item(2)];
        Self { purchases, ..Self::repeated_purchase() }
    }

    /// One customer, no stock, no faults. The customer finds the product sold out, which starts a restock.
    pub fn one_restock() -> Self {
        let purchases = vec![one_item(1)];
        Self { stock: 0, reorder_point: 1, target_stock: 3, purchases, ..Self::repeated_purchase() }
    }

    /// Five items in two buckets, no faults. A customer buys more than a bucket holds, and sends the purchase twice;
    /// another customer buys one item.
    pub fn two_buckets() -> Self {
        let large = Checkout { purchase_id: 1, quantity: 4 };
        Self {
            stock: 5,
            buckets: 2,
            reorder_point: 1,
            target_stock: 8,
            purchases: vec![large, large, one_item(2)],
            ..Self::repeated_purchase()
        }
    }

    /// Like [`Self::two_buckets`], but the goods are in one bucket. Operators spread them over two buckets, and put them
    /// back into one.
    pub fn changing_buckets() -> Self {
        Self { buckets: 1, bucket_changes: vec![2, 1], ..Self::two_buckets() }
    }

    /// The purchases of [`Self::two_buckets`], with the goods in four buckets.
    pub fn four_buckets() -> Self {
        Self { buckets: 4, ..Self::two_buckets() }
    }

    /// Faults of all kinds, at most this many on one path.
    pub fn with_faults(self, at_most: u8) -> Self {
        self.with_only(&FaultKind::ALL, at_most)
    }

    /// Faults of these kinds only, at most this many on one path.
    pub fn with_only(self, faults: &[FaultKind], at_most: u8) -> Self {
        Self { faults: faults.to_vec(), faults_at_most: at_most, ..self }
    }

    /// The same scenario with other guards.
    pub fn guarded_by(self, guards: Guards) -> Self {
        Self { guards, ..self }
    }

    /// The check must reach these situations.
    pub fn reaching(self, situations: &[Situation]) -> Self {
        Self { must_reach: situations.to_vec(), ..self }
    }

    /// Also checks invariant 7: no failure is silent.
    pub fn with_reports(self) -> Self {
        Self { check_reports: true, ..self }
    }
}

impl Scenario {
    /// Whether the stock is in one bucket all the time. Then every attempt of a purchase would use the same bucket, so
    /// the first one decides.
    pub fn has_one_bucket(&self) -> bool {
        self.buckets == 1 && self.bucket_changes.is_empty()
    }
}

fn one_item(purchase_id: u8) -> Checkout {
    Checkout { purchase_id, quantity: 1 }
}
