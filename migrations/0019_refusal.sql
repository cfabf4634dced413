-- Purchases that were refused because the stock was too low, counted for each product and hour. Functions add up refusals
-- and write them at most once a second, each to a shard of its own choice, so that a crowd does not wait for one row.
CREATE TABLE refusal (
    sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- Hours since 1970, UTC.
    hour INT UNSIGNED NOT NULL,
    -- 0 to 15. Readers add up the shards.
    shard TINYINT UNSIGNED NOT NULL,
    requests INT UNSIGNED NOT NULL,
    units INT UNSIGNED NOT NULL,
    -- No foreign key: its check would lock the row of the product, for which all purchases contend.
    PRIMARY KEY (sku, hour, shard)
);
