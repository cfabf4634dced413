//! Findings in the buckets of a product.

use std::fmt::{self, Display};

use super::{Remediation, quoted};

/// A bucket that a finding is about.
pub(super) struct Bucket<'a> {
    pub sku: &'a str,
    pub number: u8,
}

impl Display for Bucket<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, bucket {}", self.sku, self.number)
    }
}

impl Bucket<'_> {
    /// The condition for its row, and for its movements.
    pub(super) fn sql(&self) -> String {
        format!("sku = {} AND bucket = {}", quoted(self.sku), self.number)
    }

    /// The values of the columns `sku` and `bucket`.
    pub(super) fn values(&self) -> String {
        format!("{}, {}", quoted(self.sku), self.number)
    }
}

pub(super) fn missing(sku: &str, buckets: u8, found: i64) -> Remediation {
    let what = format!("{sku}: the product has {buckets} buckets, but rows for {found} of them.");
    let repair = format!(
        "Somebody deleted rows. Insert them without stock. If the ledger has movements of these buckets, the next audit \
         finds their stock.\n\n\
         START TRANSACTION;\n\
         SELECT buckets FROM product WHERE sku = {sku} FOR UPDATE;\n\
         CALL insert_missing_buckets({sku});\n\
         COMMIT;",
        sku = quoted(sku)
    );
    Remediation::new(what, repair)
}

pub(super) fn unused(bucket: &Bucket, stock: i64, buckets: u8) -> Remediation {
    let what = format!(
        "{bucket}: {stock} units are in a bucket that is not in use. The product has {buckets} buckets."
    );
    let repair = format!(
        "Somebody changed the number of buckets by hand. The goods are sold only to purchases that find no other. Level the \
         buckets:\n\n\
         START TRANSACTION;\n\
         CALL set_buckets({}, {buckets}, UUID());\n\
         COMMIT;",
        quoted(bucket.sku)
    );
    Remediation::new(what, repair)
}

pub(super) fn unbalanced(sku: &str, reference: &str, sum: i64) -> Remediation {
    let what = format!(
        "{sku}: the movements of {reference} between buckets add up to {sum:+}. They must add up to 0."
    );
    let repair = format!(
        "Someone changed the ledger by hand. Mark the movements as a count. Then count the goods.\n\n\
         UPDATE stock_movement SET kind = 'count' WHERE kind = 'move' AND reference = {};",
        quoted(reference)
    );
    Remediation::new(what, repair)
}

pub(super) fn without_first_part(
    sku: &str,
    kind: &str,
    reference: &str,
    movement: u64,
) -> Remediation {
    let what = format!(
        "{sku}: the {kind} {reference} has no movement with part 0. It could be recorded a second time."
    );
    let repair = format!(
        "Someone changed the ledger by hand. Number the movement again. If a movement was deleted, another finding says \
         so.\n\n\
         UPDATE stock_movement SET part = 0 WHERE id = {movement};"
    );
    Remediation::new(what, repair)
}
