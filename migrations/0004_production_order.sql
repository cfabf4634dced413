-- One order to the factory. It is written down before anything is sent.
CREATE TABLE production_order (
    -- A UUID: the callback URL names it, and so does the execution that takes the callback.
    id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    cycle INT UNSIGNED NOT NULL,
    -- The how-manieth order of its restock, from 1. The one with the highest is awaited.
    attempt INT UNSIGNED NOT NULL,
    -- How many were ordered.
    quantity INT NOT NULL,
    -- What the waiting execution is told with that the goods are there. Hundreds of characters.
    task_token TEXT NULL,
    ordered_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    -- What the first good callback said, and when it came. Credited by a stock movement, not by this.
    arrived_quantity INT NULL,
    arrived_at DATETIME(6) NULL,
    PRIMARY KEY (id),
    CONSTRAINT one_order_per_attempt UNIQUE (sku, cycle, attempt),
    CONSTRAINT production_order_restock FOREIGN KEY (sku, cycle) REFERENCES restock (sku, cycle),
    CONSTRAINT ordered_quantity_positive CHECK (quantity > 0),
    CONSTRAINT arrived_with_a_time CHECK ((arrived_quantity IS NULL) = (arrived_at IS NULL)),
    CONSTRAINT arrived_within_order CHECK (arrived_quantity BETWEEN 1 AND quantity)
);
