-- One replenishment cycle of one product.
CREATE TABLE restock (
    sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- Counts the restocks of the product, from 1.
    cycle INT UNSIGNED NOT NULL,
    status ENUM ('open', 'completed', 'failed') NOT NULL DEFAULT 'open',
    -- The execution that opened it. No other may go on with it.
    execution VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- The name of the error that it failed with.
    failure VARCHAR(256) NULL,
    opened_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    closed_at DATETIME(6) NULL,
    -- The product while the restock is open, else nothing: a unique key over it lets a product have
    -- any number of closed restocks and one open one.
    open_sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin
        GENERATED ALWAYS AS (CASE WHEN status = 'open' THEN sku END) STORED,
    PRIMARY KEY (sku, cycle),
    CONSTRAINT one_open_restock UNIQUE (open_sku),
    CONSTRAINT restock_product FOREIGN KEY (sku) REFERENCES product (sku),
    CONSTRAINT closed_when_not_open CHECK ((status = 'open') = (closed_at IS NULL)),
    CONSTRAINT failure_when_failed CHECK ((status = 'failed') = (failure IS NOT NULL))
);
