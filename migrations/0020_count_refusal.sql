-- Adds to the count of refused purchases. A procedure, because the servers disagree about the rights that
-- ON DUPLICATE KEY UPDATE needs.
CREATE PROCEDURE count_refusal (
    IN the_sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin,
    IN the_shard TINYINT UNSIGNED,
    IN more_requests INT UNSIGNED,
    IN more_units INT UNSIGNED
)
MODIFIES SQL DATA
BEGIN
    INSERT INTO refusal (sku, hour, shard, requests, units)
        VALUES (the_sku, UNIX_TIMESTAMP() DIV 3600, the_shard, more_requests, more_units)
        ON DUPLICATE KEY UPDATE requests = requests + more_requests, units = units + more_units;
END
