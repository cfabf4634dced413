-- One order to the factory. The row is inserted before the order is sent, so that each callback finds its order.
CREATE TABLE production_order (
    -- A UUID. It is part of the callback URL, and the name of the execution that handles the callback.
    id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    cycle INT UNSIGNED NOT NULL,
    -- Attempt number within the restock, starting at 1. The restock waits for the order with the highest number.
    attempt INT UNSIGNED NOT NULL,
    -- Units ordered.
    quantity INT NOT NULL,
    -- Step Functions task token that resumes the execution waiting for this order. Several hundred characters.
    task_token TEXT NULL,
    -- Whether a token is stored. Operators may know that, and must never see the token.
    has_task_token TINYINT(1) GENERATED ALWAYS AS (task_token IS NOT NULL) VIRTUAL,
    ordered_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    -- Units reported by the first valid callback, and its time. The units are in stock only when the ledger
    -- (stock_movement) has an arrival for this order.
    arrived_quantity INT NULL,
    arrived_at DATETIME(6) NULL,
    PRIMARY KEY (id),
    CONSTRAINT one_order_per_attempt UNIQUE (sku, cycle, attempt),
    CONSTRAINT production_order_restock FOREIGN KEY (sku, cycle) REFERENCES restock (sku, cycle),
    CONSTRAINT order_id_form CHECK (
        id REGEXP '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
    ),
    CONSTRAINT attempt_from_one CHECK (attempt >= 1),
    CONSTRAINT ordered_quantity_in_range CHECK (quantity BETWEEN 1 AND 1000000),
    CONSTRAINT arrived_with_a_time CHECK ((arrived_quantity IS NULL) = (arrived_at IS NULL)),
    CONSTRAINT arrived_within_order CHECK (arrived_quantity BETWEEN 1 AND quantity)
);
