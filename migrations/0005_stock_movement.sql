-- The ledger: each change of stock. Rows are only inserted, never changed or deleted.
CREATE TABLE stock_movement (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- sale: sold to a customer. arrival: delivered by the factory. count: corrected after counting the goods.
    kind ENUM ('sale', 'arrival', 'count') NOT NULL,
    -- Change of the stock in units: positive if units were added, negative if units were removed.
    quantity INT NOT NULL,
    -- The purchase_id of a sale, the id of the production order of an arrival, or the name of a count. Unique for each
    -- kind, so that no purchase is sold twice and no arrival is credited twice.
    reference VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- Stock of the product after this movement.
    stock_after INT NOT NULL,
    moved_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    PRIMARY KEY (id),
    CONSTRAINT one_movement_per_reference UNIQUE (kind, reference),
    CONSTRAINT stock_movement_product FOREIGN KEY (sku) REFERENCES product (sku),
    CONSTRAINT movement_moves CHECK (quantity <> 0),
    CONSTRAINT sales_go_arrivals_come CHECK (
        (kind = 'sale' AND quantity BETWEEN -100 AND -1)
        OR (kind = 'arrival' AND quantity BETWEEN 1 AND 1000000)
        OR kind = 'count'
    ),
    -- A sale: visible ASCII characters other than a comma, as the domain type PurchaseId. From ! to + and from . to ~, and -.
    CONSTRAINT reference_form CHECK (
        (kind = 'sale' AND reference <> '' AND reference NOT REGEXP '[^-!-+.-~]')
        OR (kind = 'arrival'
            AND reference REGEXP '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
            AND CHAR_LENGTH(reference) = 36)
        OR kind = 'count'
    ),
    CONSTRAINT stock_after_not_negative CHECK (stock_after >= 0)
);
