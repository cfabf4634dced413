-- The ledger: each change of stock. Rows are only inserted, never changed or deleted. A purchase, arrival or count that takes
-- goods from several buckets, or adds goods to several, has a row for each.
CREATE TABLE stock_movement (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    bucket TINYINT UNSIGNED NOT NULL DEFAULT 0,
    -- sale: sold to a customer. arrival: delivered by the factory. count: corrected after counting the goods.
    -- move: goods moved between the buckets of the product; the quantities of one reference add up to 0.
    kind ENUM ('sale', 'arrival', 'count', 'move') NOT NULL,
    -- Number of the row among those of its kind and reference, starting at 0.
    part TINYINT UNSIGNED NOT NULL DEFAULT 0,
    -- Change of the bucket in units: positive if units were added, negative if units were removed.
    quantity INT NOT NULL,
    -- The purchase_id of a sale, the id of the production order of an arrival, the name of a count, or the id of the
    -- operator's change that moved goods.
    reference VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- Stock of the bucket after this movement.
    stock_after INT NOT NULL,
    moved_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    PRIMARY KEY (id),
    -- No purchase is sold twice and no arrival is credited twice: there always is a part 0, so two transactions of one
    -- reference collide, whatever buckets they use.
    CONSTRAINT one_movement_per_reference UNIQUE (kind, reference, part),
    CONSTRAINT stock_movement_bucket FOREIGN KEY (sku, bucket) REFERENCES stock_bucket (sku, bucket),
    CONSTRAINT movement_moves CHECK (quantity <> 0),
    CONSTRAINT sales_go_arrivals_come CHECK (
        (kind = 'sale' AND quantity BETWEEN -100 AND -1)
        OR (kind = 'arrival' AND quantity BETWEEN 1 AND 1000000)
        OR kind IN ('count', 'move')
    ),
    -- A sale: visible ASCII characters other than a comma, as the domain type PurchaseId. From ! to + and from . to ~, and -.
    CONSTRAINT reference_form CHECK (
        (kind = 'sale' AND reference <> '' AND reference NOT REGEXP '[^-!-+.-~]')
        OR (kind = 'arrival'
            AND reference REGEXP '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
            AND CHAR_LENGTH(reference) = 36)
        OR kind IN ('count', 'move')
    ),
    CONSTRAINT stock_after_not_negative CHECK (stock_after >= 0)
);
