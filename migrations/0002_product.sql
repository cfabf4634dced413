-- A product. Its stock is in stock_bucket. A sale never writes this row, except the one sale that crosses the reorder point:
-- purchases of one product must not contend for it.
CREATE TABLE product (
    -- The name of the product in requests, messages and orders. Compared byte for byte.
    sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- Display name.
    name VARCHAR(200) NOT NULL,
    -- Price of one unit in won, which has no smaller currency unit.
    price INT UNSIGNED NOT NULL,
    -- Number of buckets in use: those with the numbers 0 to buckets - 1.
    buckets TINYINT UNSIGNED NOT NULL DEFAULT 1,
    -- If the stock is at or below this number, a restock starts.
    reorder_point INT NOT NULL,
    -- A restock orders target_stock - stock units. At most 1,000,000, the largest order.
    target_stock INT NOT NULL,
    -- Number of the open restock, or of the next one if none is open. Incremented when a restock is closed, so that
    -- messages about earlier restocks are recognized as outdated.
    restock_cycle INT UNSIGNED NOT NULL DEFAULT 1,
    -- The purchase_id of the sale that took the stock to the reorder point. NULL if none has since goods were added or the
    -- reorder point was changed. The sale that writes it publishes the depletion: see `sell`.
    crossed_by VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    -- A retired product is neither sold nor restocked. It keeps its ledger, and goods that still arrive are credited.
    retired_at DATETIME(6) NULL,
    -- The factory that makes the product.
    factory VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    PRIMARY KEY (sku),
    CONSTRAINT sku_form CHECK (sku <> '' AND sku NOT REGEXP '[^A-Z0-9-]'),
    CONSTRAINT product_factory FOREIGN KEY (factory) REFERENCES factory (id),
    CONSTRAINT buckets_in_range CHECK (buckets BETWEEN 1 AND 64),
    CONSTRAINT reorder_point_not_negative CHECK (reorder_point >= 0),
    CONSTRAINT target_above_reorder_point CHECK (target_stock > reorder_point),
    CONSTRAINT target_at_most_one_order CHECK (target_stock BETWEEN 1 AND 1000000),
    CONSTRAINT product_cycle_in_range CHECK (restock_cycle BETWEEN 1 AND 1000000000)
);
