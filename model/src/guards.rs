//! The guards that protect the invariants. A test removes one at a time to show what it is for.

/// The guards that are in place. Every field is `true` in the deployed system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guards {
    /// Unique key `one_movement_per_reference` for arrivals: a production order is credited once.
    pub unique_arrival_key: bool,
    /// Unique key `one_movement_per_reference` for sales: a `purchase_id` has one sale.
    pub unique_purchase_key: bool,
    /// Unique key `one_open_restock`: a product has at most one open restock.
    pub open_restock_key: bool,
    /// `UPDATE stock_bucket … WHERE stock >= the_quantity` in the procedure `sell`.
    pub conditional_update: bool,
    /// A stock movement and the change of the stock are one transaction.
    pub one_transaction: bool,
    /// `OpenRestock` continues a restock only for the execution that opened it.
    pub restock_execution_owner: bool,
    /// `OpenRestock` returns `superseded` if the requested cycle is over.
    pub superseded_by_cycle: bool,
    /// `AwaitCompletion` fails with `Completion.AlreadyArrived` if the goods have arrived.
    pub arrival_seen_by_await: bool,
    /// `OpenRestock` returns `arrived` if the goods of the latest order have arrived.
    pub arrival_seen_by_open: bool,
    /// `completion` credits the goods itself if `CompleteTask` finds the task token closed.
    pub closed_token_credits: bool,
    /// `start-restock` starts an execution of its own for each message of the sweep or an operator, and another one
    /// for a purchase if the execution with that name has ended and restocked nothing.
    pub ended_execution_restarts: bool,
    /// `CloseRestock` credits goods that have arrived before it closes the restock.
    pub close_credits: bool,
    /// The sweep reports the restocks that it closes.
    pub abandoned_restocks_reported: bool,
    /// An EventBridge rule starts a sweep when an execution of `restock` was stopped or timed out. The sweep tells
    /// operations of the failure that the execution has not told them of.
    pub stopped_executions_reported: bool,
    /// The sweep runs.
    pub sweep: bool,
    /// Guards of a product whose stock is in several buckets.
    pub buckets: BucketGuards,
    /// Guards that the invariants do not need.
    pub secondary: SecondaryGuards,
}

/// Guards without which customers or restocks would notice that the stock is not one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BucketGuards {
    /// `sell` tries other buckets if the one of the purchase id holds too little.
    pub other_buckets: bool,
    /// `sell` refuses a purchase, and takes goods from several buckets, only while it holds the locks of all of them.
    pub lock_of_all: bool,
    /// Each sale has a movement with the part 0, and the unique key is over the part, not over the bucket.
    pub part_zero: bool,
    /// The claim of a crossing reads the stock and the cycle again while it holds the lock of the product.
    pub claim_reads_again: bool,
    /// A credit resets `product.crossed_by`.
    pub arrival_resets_claim: bool,
}

/// Locks, names and a check that act before the unique keys and the conditional update. They save the loser
/// of a race an error or a second order. With all of them in place, the keys are never violated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondaryGuards {
    /// `increment_stock`, `RecordArrival` and `AwaitCompletion` lock the production order.
    pub order_lock: bool,
    /// `OpenRestock` and `CloseRestock` lock the product.
    pub product_lock: bool,
    /// Primary key of `restock`: a product has one restock for each cycle.
    pub cycle_key: bool,
    /// `CHECK (stock >= 0)`.
    pub stock_check: bool,
    /// `start-restock` names executions after their cycle, so duplicates start one execution.
    pub names_by_cycle: bool,
}

impl Guards {
    /// All guards: the deployed system.
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
        ended_execution_restarts: true,
        close_credits: true,
        abandoned_restocks_reported: true,
        stopped_executions_reported: true,
        sweep: true,
        buckets: BucketGuards {
            other_buckets: true,
            lock_of_all: true,
            part_zero: true,
            claim_reads_again: true,
            arrival_resets_claim: true,
        },
        secondary: SecondaryGuards {
            order_lock: true,
            product_lock: true,
            cycle_key: true,
            stock_check: true,
            names_by_cycle: true,
        },
    };

    /// No secondary guards: the unique keys and the conditional update alone protect the invariants.
    pub const KEYS_ALONE: Self = Self {
        secondary: SecondaryGuards {
            order_lock: false,
            product_lock: false,
            cycle_key: false,
            stock_check: false,
            names_by_cycle: false,
        },
        ..Self::ALL
    };
}
