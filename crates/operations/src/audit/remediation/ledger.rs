//! Findings in stock and ledger.

use warehouse::audit::{DuplicateMovement, UnexplainedArrival};

use super::{Remediation, buckets::Bucket, duration, quoted};

pub(super) fn broken(
    bucket: &Bucket,
    movement: u64,
    after: (i64, i64),
    breaks: i64,
    lowest: i64,
) -> Remediation {
    let (explained, stock_after) = after;
    let what = format!(
        "{bucket}: the ledger contradicts itself. The first wrong row is stock movement {movement}: its \
         `stock_after` is {stock_after}, but the movement before it and its own quantity give {explained}. \
         Number of wrong rows: {breaks}."
    );
    let repair = if lowest < 0 {
        let quantity = (stock_after - explained).max(-lowest);
        format!(
            "A movement before this row was deleted: without it, the ledger falls to {lowest}. Write a count of \
             {quantity} in its place. Then run the audit once more: it may find that the stock has to be repaired as \
             well.\n\n{}",
            count_before(bucket, movement, &quantity.to_string(), "")
        )
    } else {
        format!(
            "Someone changed the ledger, or the stock before a sale, by hand. If you know the changed row, change \
             it back. Otherwise compute `stock_after` of all rows again. Then run the audit once more: it may \
             find that the stock has to be repaired as well.\n\n{}",
            sums(bucket)
        )
    };
    Remediation::new(what, repair)
}

/// Computes `stock_after` of all rows of a bucket.
fn sums(bucket: &Bucket) -> String {
    format!(
        "UPDATE stock_movement JOIN (SELECT id, SUM(quantity) OVER (ORDER BY id) AS explained\n    \
         FROM stock_movement WHERE {}) AS sums ON sums.id = stock_movement.id\n    \
         SET stock_after = explained WHERE stock_after <> explained;",
        bucket.sql()
    )
}

/// Inserts a count before a movement. The ids are the order of the ledger, so this movement and all later ones of the
/// bucket get new ids. `stock_after` must never be below zero, so it is computed last.
fn count_before(bucket: &Bucket, movement: u64, quantity: &str, then: &str) -> String {
    let (row, values) = (bucket.sql(), bucket.values());
    format!(
        "START TRANSACTION;\n\
         SELECT stock FROM stock_bucket WHERE {row} FOR UPDATE;\n\
         CREATE TEMPORARY TABLE later_movement AS\n    \
         SELECT * FROM stock_movement WHERE {row} AND id >= {movement};\n\
         DELETE FROM stock_movement WHERE {row} AND id >= {movement};\n\
         INSERT INTO stock_movement (sku, bucket, kind, quantity, reference, stock_after, moved_at)\n    \
         SELECT {values}, 'count', {quantity}, CONCAT('audit ', UUID()), 0, MIN(moved_at) FROM later_movement;\n\
         INSERT INTO stock_movement (sku, bucket, kind, part, quantity, reference, stock_after, moved_at)\n    \
         SELECT sku, bucket, kind, part, quantity, reference, 0, moved_at FROM later_movement ORDER BY id;\n\
         DROP TEMPORARY TABLE later_movement;\n\
         {then}{}\n\
         COMMIT;",
        sums(bucket)
    )
}

pub(super) fn duplicate(duplicate: &DuplicateMovement) -> Remediation {
    let DuplicateMovement { sku, bucket, kind, reference, quantity, movement, first } = duplicate;
    let what = format!(
        "{sku}: the {kind} {reference} has two movements, {first} and {movement}. The second moved {quantity} units \
         that were moved before."
    );
    let row = Bucket { sku, number: *bucket }.sql();
    let repair = format!(
        "The key that allows one movement is missing. The statements below mark the second movement as a count and \
         take it back with another count, as far as the stock allows. Then count the goods.\n\n\
         START TRANSACTION;\n\
         SET @before = (SELECT stock FROM stock_bucket WHERE {row} FOR UPDATE);\n\
         SET @after = GREATEST(@before - ({quantity}), 0);\n\
         UPDATE stock_movement SET kind = 'count', part = 0, reference = CONCAT('audit ', UUID()) WHERE id = {movement};\n\
         INSERT INTO stock_movement (sku, bucket, kind, quantity, reference, stock_after)\n    \
         SELECT sku, bucket, 'count', @after - @before, CONCAT('audit ', UUID()), @after FROM stock_bucket\n    \
         WHERE {row} AND @after <> @before;\n\
         UPDATE stock_bucket SET stock = @after WHERE {row};\n\
         COMMIT;"
    );
    Remediation::new(what, repair)
}

pub(super) fn unexplained(bucket: &Bucket, stock: i64, ledger: i64) -> Remediation {
    let what = format!("{bucket}: the stock is {stock}, but the ledger adds up to {ledger}.");
    let row = bucket.sql();
    let sum = format!("(SELECT COALESCE(SUM(quantity), 0) FROM stock_movement WHERE {row})");
    if stock < 0 {
        let repair = format!(
            "Someone changed the stock by hand. A stock below zero cannot be right. Set the stock:\n\n\
             UPDATE stock_bucket SET stock = {sum} WHERE {row};"
        );
        return Remediation::new(what, repair);
    }
    let repair = format!(
        "Someone changed the stock or the ledger by hand. Count the goods. If the ledger is right, set the \
         stock:\n\n\
         UPDATE stock_bucket SET stock = {sum} WHERE {row};\n\n\
         If the stock is right, add a count to the ledger:\n\n\
         INSERT INTO stock_movement (sku, bucket, kind, quantity, reference, stock_after)\n    \
         SELECT sku, bucket, 'count', stock - {sum},\n    \
         CONCAT('audit ', UUID()), stock FROM stock_bucket WHERE {row};"
    );
    Remediation::new(what, repair)
}

/// The goods that were sold and did not exist are counted in before the first such sale, and counted out again at the
/// end as far as the stock has recovered since.
pub(super) fn negative(bucket: &Bucket, stock: i64, lowest: i64, movement: u64) -> Remediation {
    let what = format!(
        "{bucket}: more was sold than was in stock. The ledger falls to {lowest}; the stock is {stock} now."
    );
    let (row, missing, now) = (bucket.sql(), -lowest, stock.max(0));
    let out = missing + stock - now;
    let count_out = format!(
        "INSERT INTO stock_movement (sku, bucket, kind, quantity, reference, stock_after)\n    \
         SELECT sku, bucket, 'count', -{out}, CONCAT('audit ', UUID()), 0 FROM stock_bucket WHERE {row} AND {out} > 0;\n\
         UPDATE stock_bucket SET stock = (SELECT SUM(quantity) FROM stock_movement WHERE {row}) WHERE {row};\n"
    );
    let repair = format!(
        "The constraint that prevents a negative stock is missing. The statements below count in the {missing} units \
         that did not exist, so that the constraint can be restored. Afterwards, find the customers whose purchases \
         cannot be delivered yet.\n\n{}",
        count_before(bucket, movement, &missing.to_string(), &count_out)
    );
    Remediation::new(what, repair)
}

pub(super) fn unexplained_arrival(arrival: &UnexplainedArrival) -> Remediation {
    let UnexplainedArrival { movement, sku, quantity, production_order, ordered, arrived } =
        arrival;
    let known = match (ordered, arrived) {
        (false, _) => format!("{sku} has no such production order"),
        (true, None) => "no callback has reported an arrival for it".to_owned(),
        (true, Some(arrived)) => format!("the callback reported {arrived}"),
    };
    let what = format!(
        "{sku}: stock movement {movement} credits {quantity} for production order {production_order}, but \
         {known}."
    );
    let repair = if *ordered {
        as_credited(production_order, *quantity)
    } else {
        as_counted(sku, production_order)
    };
    Remediation::new(what, repair)
}

/// Keeps the credit: customers may have bought the goods.
fn as_credited(order: &str, quantity: i64) -> String {
    let order = quoted(order);
    format!(
        "Record the credited quantity in the production order. Then count the goods.\n\n\
         UPDATE production_order SET quantity = GREATEST(quantity, {quantity}),\n    \
         arrived_quantity = {quantity}, arrived_at = COALESCE(arrived_at, CURRENT_TIMESTAMP(6))\n    \
         WHERE id = {order};"
    )
}

fn as_counted(sku: &str, order: &str) -> String {
    format!(
        "Someone inserted this movement by hand. Mark the movement as a count. Then count the goods.\n\n\
         UPDATE stock_movement SET kind = 'count' WHERE sku = {} AND kind = 'arrival' AND reference = {};",
        quoted(sku),
        quoted(order)
    )
}

pub(super) fn forgotten_arrival(
    order: &str,
    sku: &str,
    quantity: i32,
    seconds: i64,
) -> Remediation {
    let what = format!(
        "{sku}: {quantity} arrived {} ago for production order {order}, but are not in stock.",
        duration(seconds)
    );
    let repair = format!(
        "The next sweep credits the arrival. If the goods are not in stock after five minutes, the sweep does \
         not run. To credit the arrival now (a second call changes nothing):\n\nCALL increment_stock({});",
        quoted(order)
    );
    Remediation::new(what, repair)
}
