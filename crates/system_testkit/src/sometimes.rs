//! Rare states that the suite `system` must reach at least once. `finish` looks for them in the database of each test, and
//! `tests/transitions.rs` fails if no test has reached one.

use testkit::transitions::record_state;

use crate::System;

/// Rare states: each query counts where the database shows one.
pub const SOMETIMES: [(&str, &str); 8] = [
    (
        "two orders of one restock have arrived",
        "SELECT COUNT(*) FROM production_order AS first
         JOIN production_order AS second USING (sku, cycle)
         WHERE first.attempt < second.attempt
         AND first.arrived_at IS NOT NULL AND second.arrived_at IS NOT NULL",
    ),
    (
        "only the first of two orders has arrived",
        "SELECT COUNT(*) FROM production_order AS first
         JOIN production_order AS second USING (sku, cycle)
         WHERE first.attempt < second.attempt
         AND first.arrived_at IS NOT NULL AND second.arrived_at IS NULL",
    ),
    (
        "the goods of the second order have come before those of the first",
        "SELECT COUNT(*) FROM production_order AS first
         JOIN production_order AS second USING (sku, cycle)
         WHERE first.attempt < second.attempt AND first.arrived_at > second.arrived_at",
    ),
    (
        "goods have come after their restock was closed as failed",
        "SELECT COUNT(*) FROM restock JOIN production_order USING (sku, cycle)
         WHERE status = 'failed' AND arrived_at > closed_at",
    ),
    (
        "goods of an earlier restock have come while the next one was open",
        "SELECT COUNT(*) FROM production_order AS late
         JOIN restock AS next ON next.sku = late.sku AND next.cycle > late.cycle
         WHERE late.arrived_at > next.opened_at
         AND (next.closed_at IS NULL OR late.arrived_at < next.closed_at)",
    ),
    (
        "fewer units have come than were ordered",
        "SELECT COUNT(*) FROM production_order WHERE arrived_quantity < quantity",
    ),
    (
        "a restock has failed, and operations were told later",
        "SELECT COUNT(*) FROM restock WHERE status = 'failed' AND reported_at > closed_at",
    ),
    (
        "a restock has failed, and the next one was completed",
        "SELECT COUNT(*) FROM restock AS failed
         JOIN restock AS next ON next.sku = failed.sku AND next.cycle = failed.cycle + 1
         WHERE failed.status = 'failed' AND next.status = 'completed'",
    ),
];

impl System {
    /// Records which rare states this test has reached.
    pub(crate) async fn record_rare_states(&self) {
        for (state, query) in SOMETIMES {
            if self.count(query).await > 0 {
                record_state(state);
            }
        }
    }
}
