-- The ledger: why the stock is what it is. Rows are added and never changed.
CREATE TABLE stock_movement (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- sale: goods to a customer. arrival: goods from the factory. count: what people counted.
    kind ENUM ('sale', 'arrival', 'count') NOT NULL,
    -- Goods that came (above zero) or went (below).
    quantity INT NOT NULL,
    -- What it was for: the purchase's idempotency key, the production order, or the count's name.
    -- Unique for each kind, so that nothing is sold or credited twice.
    reference VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- The product's stock right after.
    stock_after INT NOT NULL,
    moved_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    PRIMARY KEY (id),
    CONSTRAINT one_movement_per_reference UNIQUE (kind, reference),
    CONSTRAINT stock_movement_product FOREIGN KEY (sku) REFERENCES product (sku),
    CONSTRAINT movement_moves CHECK (quantity <> 0),
    CONSTRAINT sales_go_arrivals_come CHECK (
        (kind = 'sale' AND quantity < 0) OR (kind = 'arrival' AND quantity > 0) OR kind = 'count'
    ),
    CONSTRAINT stock_after_not_negative CHECK (stock_after >= 0)
);
