//! The privileges that the functions need.

/// A privilege, and the table or procedure that it applies to.
pub(crate) type Grant = (&'static str, &'static str);

/// Privileges to lock the row of a product and to move the product to its next cycle.
const LOCK_PRODUCT: &str = "SELECT (sku, reorder_point, target_stock, restock_cycle, retired_at, factory), \
     UPDATE (restock_cycle)";

/// Reads the stock of a product.
const READ_STOCK: Grant = ("SELECT (sku, stock)", "stock_bucket");

/// Adds to the count of refused purchases.
const COUNT_REFUSALS: Grant = ("EXECUTE", "PROCEDURE count_refusal");

/// The privileges of each function.
pub(crate) const GRANTS: [(&str, &[Grant]); 13] = [
    (
        "check-stock",
        &[
            ("SELECT (sku, reorder_point, restock_cycle, retired_at)", "product"),
            READ_STOCK,
            ("SELECT (id, kind, reference)", "stock_movement"),
            COUNT_REFUSALS,
        ],
    ),
    ("decrement-stock", &[("EXECUTE", "PROCEDURE sell"), COUNT_REFUSALS]),
    (
        "show-product",
        &[
            ("SELECT (sku, name, price, retired_at)", "product"),
            READ_STOCK,
            ("SELECT (sku, cycle, open_sku)", "restock"),
            ("SELECT (sku, cycle, attempt, quantity, ordered_at)", "production_order"),
        ],
    ),
    (
        "list-products",
        &[
            ("SELECT (sku, name, price, retired_at)", "product"),
            READ_STOCK,
            ("SELECT (sku, cycle, open_sku)", "restock"),
            ("SELECT (sku, cycle, attempt, quantity, ordered_at)", "production_order"),
        ],
    ),
    (
        "open-restock",
        &[
            (LOCK_PRODUCT, "product"),
            READ_STOCK,
            ("SELECT (id, url, network, contact, secret)", "factory"),
            ("SELECT (cycle, open_sku, execution)", "restock"),
            ("INSERT (sku, cycle, execution), UPDATE (status, closed_at)", "restock"),
            ("SELECT (id, sku, cycle, attempt, quantity, arrived_at)", "production_order"),
            ("INSERT (id, sku, cycle, attempt, quantity), UPDATE (task_token)", "production_order"),
        ],
    ),
    ("await-completion", &[("SELECT (id, arrived_at), UPDATE (task_token)", "production_order")]),
    ("increment-stock", &[("EXECUTE", "PROCEDURE increment_stock")]),
    (
        "close-restock",
        &[
            ("EXECUTE", "PROCEDURE increment_stock"),
            ("SELECT (sku, restock_cycle), UPDATE (restock_cycle)", "product"),
            READ_STOCK,
            ("SELECT (sku, cycle, status, execution, open_sku, failure, reported_at)", "restock"),
            ("INSERT (sku, cycle, status, execution, failure, closed_at)", "restock"),
            ("UPDATE (status, failure, closed_at)", "restock"),
            (
                "SELECT (id, sku, cycle, attempt, arrived_at), UPDATE (task_token)",
                "production_order",
            ),
            ("SELECT (kind, reference)", "stock_movement"),
        ],
    ),
    (
        "record-arrival",
        &[
            ("SELECT (id, sku, cycle, attempt, task_token, arrived_at)", "production_order"),
            ("UPDATE (arrived_quantity, arrived_at)", "production_order"),
            ("SELECT (sku, cycle, status)", "restock"),
            ("SELECT (kind, reference)", "stock_movement"),
            READ_STOCK,
        ],
    ),
    (
        "find-depleted",
        &[
            ("SELECT (sku, reorder_point, restock_cycle, retired_at)", "product"),
            READ_STOCK,
            (
                "SELECT (sku, cycle, status, execution, open_sku, opened_at, failure, reported_at)",
                "restock",
            ),
            ("SELECT (id, arrived_at)", "production_order"),
            ("SELECT (kind, reference)", "stock_movement"),
            ("SELECT (name, reported_at)", "unreadable_row"),
        ],
    ),
    (
        "inspect-warehouse",
        &[
            ("SELECT", "factory"),
            ("SELECT", "product"),
            ("SELECT", "stock_bucket"),
            ("SELECT", "restock"),
            (
                "SELECT (id, sku, cycle, attempt, quantity, has_task_token, ordered_at, arrived_quantity, \
                 arrived_at)",
                "production_order",
            ),
            ("SELECT", "stock_movement"),
            ("SELECT", "unreadable_row"),
            ("SELECT", "operator_change"),
            ("SELECT", "refusal"),
            ("SELECT", "_sqlx_migrations"),
            ("EXECUTE", "PROCEDURE procedures_of_the_shop"),
            ("EXECUTE", "PROCEDURE definition_of_production_order"),
            ("SELECT", "function_user"),
            ("EXECUTE", "PROCEDURE rights_of_functions"),
            ("EXECUTE", "PROCEDURE triggers_of_the_shop"),
        ],
    ),
    (
        "change-warehouse",
        &[
            ("EXECUTE", "PROCEDURE adjust_stock"),
            ("EXECUTE", "PROCEDURE set_buckets"),
            ("EXECUTE", "PROCEDURE insert_missing_buckets"),
            READ_STOCK,
            (
                "SELECT (sku, name, price, reorder_point, target_stock, restock_cycle, crossed_by, factory, \
                 retired_at)",
                "product",
            ),
            ("INSERT (sku, name, price, reorder_point, target_stock, factory)", "product"),
            (
                "UPDATE (name, price, reorder_point, target_stock, restock_cycle, crossed_by, factory, \
                 retired_at)",
                "product",
            ),
            ("SELECT (sku, cycle, execution, open_sku)", "restock"),
            ("INSERT (sku, cycle, execution, status, closed_at)", "restock"),
            ("SELECT (id)", "production_order"),
            ("INSERT (id, sku, cycle, attempt, quantity)", "production_order"),
            ("SELECT (id, content)", "operator_change"),
            ("INSERT (id, sku, content, changed_by, reason)", "operator_change"),
            ("SELECT (id, name, url, network, lead_time_seconds, contact, secret)", "factory"),
            ("INSERT (id, name, url, network, lead_time_seconds, contact, secret)", "factory"),
            ("UPDATE (name, url, network, lead_time_seconds, contact, secret)", "factory"),
        ],
    ),
    (
        "record-report",
        &[
            ("SELECT (sku, execution, status, reported_at), UPDATE (reported_at)", "restock"),
            ("SELECT (name), INSERT (name), UPDATE (reported_at)", "unreadable_row"),
        ],
    ),
];
