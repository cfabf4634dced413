-- What is sold, and how much of it there is. The row of the donut that everyone wants is the hottest
-- of the shop: it is locked for one round trip and no longer (see `sell` and `increment_stock`).
CREATE TABLE product (
    -- The name that customers, messages and the factory use. Compared byte for byte.
    sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- For people.
    name VARCHAR(200) NOT NULL,
    -- In won, which has no smaller unit.
    price INT UNSIGNED NOT NULL,
    -- Goods on hand. Always the sum of the product's stock movements.
    stock INT NOT NULL DEFAULT 0,
    -- At or below this stock the product is depleted.
    reorder_point INT NOT NULL,
    -- A restock orders what is missing to this stock.
    target_stock INT NOT NULL,
    -- The restock that is under way or comes next. Moves on whenever a restock is closed, so that a
    -- message about an earlier one is known to be old.
    restock_cycle INT UNSIGNED NOT NULL DEFAULT 1,
    -- Who makes it.
    factory VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    PRIMARY KEY (sku),
    CONSTRAINT product_factory FOREIGN KEY (factory) REFERENCES factory (id),
    CONSTRAINT stock_not_negative CHECK (stock >= 0),
    CONSTRAINT reorder_point_not_negative CHECK (reorder_point >= 0),
    CONSTRAINT target_above_reorder_point CHECK (target_stock > reorder_point)
);
