-- One replenishment cycle of one product.
CREATE TABLE restock (
    sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- Number of the restock, counted for each product, starting at 1.
    cycle INT UNSIGNED NOT NULL,
    status ENUM ('open', 'completed', 'failed') NOT NULL DEFAULT 'open',
    -- Name of the Step Functions execution that opened the restock. Only this execution may continue the restock.
    execution VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- Name of the error, if the restock failed.
    failure VARCHAR(256) NULL,
    opened_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    closed_at DATETIME(6) NULL,
    -- When operations were told that the restock failed. NULL if they were not, so that the sweep tells them.
    reported_at DATETIME(6) NULL,
    -- The SKU while the restock is open, otherwise NULL. The unique key on this column allows at most one open restock for
    -- each product, and any number of closed ones.
    open_sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin
        GENERATED ALWAYS AS (CASE WHEN status = 'open' THEN sku END) STORED,
    PRIMARY KEY (sku, cycle),
    CONSTRAINT one_open_restock UNIQUE (open_sku),
    CONSTRAINT restock_product FOREIGN KEY (sku) REFERENCES product (sku),
    CONSTRAINT restock_cycle_in_range CHECK (cycle BETWEEN 1 AND 1000000000),
    CONSTRAINT closed_when_not_open CHECK ((status = 'open') = (closed_at IS NULL)),
    CONSTRAINT failure_when_failed CHECK ((status = 'failed') = (failure IS NOT NULL))
);
