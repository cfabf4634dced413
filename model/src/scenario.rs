//! What is checked: a small shop, the faults that may befall it, and the guards that are in place.

use crate::Kind;

/// A small shop and what may happen to it. Everything in it is bounded, so that the states are finitely
/// many and no path is endless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// Goods on hand in the beginning.
    pub stock: i8,
    /// At or below this the product is depleted.
    pub reorder_point: i8,
    /// What a restock orders up to.
    pub target_stock: i8,
    /// What customers send. The same key twice is a customer who sends a purchase again.
    pub purchases: Vec<Checkout>,
    /// How many orders a restock may have.
    pub attempts_allowed: u8,
    /// What may go wrong.
    pub faults: Vec<Kind>,
    /// How many things go wrong on one path, of whatever kinds, in whatever order.
    pub faults_at_most: u8,
    /// What keeps things right.
    pub guards: Guards,
    /// Whether to ask also for invariant 7: no failure is silent.
    pub ask_for_reports: bool,
    /// Whether to ask also that the rare is reached at all.
    pub ask_for_rarities: bool,
}

/// A `POST /checkout`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkout {
    /// The `Idempotency-Key`.
    pub key: u8,
    /// How many are wanted.
    pub quantity: i8,
}

/// What keeps things right. Taken out one at a time, they show what they are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guards {
    /// `one_movement_per_reference` for arrivals: a production order is credited once.
    pub unique_arrival_key: bool,
    /// `one_movement_per_reference` for sales: a purchase is made once.
    pub unique_purchase_key: bool,
    /// `one_open_restock`: a product has one open restock.
    pub open_restock_key: bool,
    /// `UPDATE product … WHERE stock >= the_quantity`.
    pub conditional_update: bool,
    /// A movement and the stock change in one transaction.
    pub one_transaction: bool,
    /// `OpenRestock` goes on with a restock only for the execution that opened it.
    pub restock_execution_owner: bool,
    /// `OpenRestock` answers `superseded` to who asks for a cycle that is over.
    pub superseded_by_cycle: bool,
    /// `AwaitCompletion` fails with `Completion.AlreadyArrived` where the goods are there.
    pub arrival_seen_by_await: bool,
    /// `OpenRestock` answers `arrived` where the goods of the last order are there.
    pub arrival_seen_by_open: bool,
    /// `CompleteTask` credits the goods itself where the token is closed.
    pub closed_token_credits: bool,
    /// What the sweep or an operator asks for is started anew if the execution of that name has ended.
    pub sweep_starts_anew: bool,
    /// `CloseRestock` credits goods that have come, before it closes.
    pub close_credits: bool,
    /// The sweep reports the restocks that it closes.
    pub abandoned_are_reported: bool,
    /// Operations hear of an execution of `restock` that was stopped or ran out of time.
    pub executions_are_watched: bool,
    /// `FindDepleted`, every five minutes.
    pub sweep: bool,
    /// What stands behind the keys.
    pub second_line: SecondLine,
}

/// What stands before and behind the keys. It spares the losers of a race an error or a second order, and
/// is more than the invariants need: with all of it the keys are never put to the test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondLine {
    /// `increment_stock`, `RecordArrival` and `AwaitCompletion` lock the production order.
    pub order_lock: bool,
    /// `OpenRestock` and `CloseRestock` lock the product.
    pub product_lock: bool,
    /// The primary key of `restock`: a product has one restock for each cycle.
    pub cycle_key: bool,
    /// `CHECK (stock >= 0)`.
    pub stock_check: bool,
    /// `start-restock` names executions after their cycle.
    pub names_coalesce: bool,
}

impl Guards {
    /// As the code is.
    pub const ALL: Self = Self {
        unique_arrival_key: true,
        unique_purchase_key: true,
        open_restock_key: true,
        conditional_update: true,
        one_transaction: true,
        restock_execution_owner: true,
        superseded_by_cycle: true,
        arrival_seen_by_await: true,
        arrival_seen_by_open: true,
        closed_token_credits: true,
        sweep_starts_anew: true,
        close_credits: true,
        abandoned_are_reported: true,
        executions_are_watched: true,
        sweep: true,
        second_line: SecondLine {
            order_lock: true,
            product_lock: true,
            cycle_key: true,
            stock_check: true,
            names_coalesce: true,
        },
    };

    /// Without what stands before and behind the keys: the keys alone carry the invariants.
    pub const KEYS_ALONE: Self = Self {
        second_line: SecondLine {
            order_lock: false,
            product_lock: false,
            cycle_key: false,
            stock_check: false,
            names_coalesce: false,
        },
        ..Self::ALL
    };
}

impl Scenario {
    /// One thing for sale and two customers, one of whom sends the purchase twice. The second finds it
    /// sold out. Nothing goes wrong.
    pub fn quiet() -> Self {
        let checkout = |key| Checkout { key, quantity: 1 };
        Self {
            stock: 1,
            reorder_point: 0,
            target_stock: 2,
            purchases: vec![checkout(1), checkout(1), checkout(2)],
            attempts_allowed: 2,
            faults: Vec::new(),
            faults_at_most: 0,
            guards: Guards::ALL,
            ask_for_reports: false,
            ask_for_rarities: false,
        }
    }

    /// One thing for sale and two customers who want it. Nothing goes wrong.
    pub fn two_customers() -> Self {
        let purchases = [1, 2].map(|key| Checkout { key, quantity: 1 });
        Self { purchases: purchases.to_vec(), ..Self::quiet() }
    }

    /// The factory and the restock alone: nothing on hand, and one customer, who finds it sold out.
    pub fn restock_alone() -> Self {
        let purchases = vec![Checkout { key: 1, quantity: 1 }];
        Self { stock: 0, reorder_point: 1, target_stock: 3, purchases, ..Self::quiet() }
    }

    /// Whatever goes wrong, up to so many times.
    pub fn with_faults(self, at_most: u8) -> Self {
        Self { faults: Kind::ALL.to_vec(), faults_at_most: at_most, ..self }
    }

    /// Only faults of these kinds go wrong.
    pub fn with_only(self, faults: &[Kind], at_most: u8) -> Self {
        Self { faults: faults.to_vec(), faults_at_most: at_most, ..self }
    }

    /// With other guards.
    pub fn guarded_by(self, guards: Guards) -> Self {
        Self { guards, ..self }
    }
}
