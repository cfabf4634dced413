-- Records the sale that took the stock to the reorder point, unless another sale is recorded already. Returns the recorded sale,
-- if there is one, and the restock cycle that it asks for. Called by `sell`.
--
-- The product is locked before the stock and the cycle are read: goods that are added at the same time are seen here, or remove
-- the record.
CREATE PROCEDURE claim_crossing (
    IN purchase_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN the_sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin,
    OUT claimed_by VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    OUT the_cycle INT UNSIGNED
)
MODIFIES SQL DATA
BEGIN
    DECLARE the_reorder_point INT;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    START TRANSACTION;
    SELECT crossed_by, reorder_point, restock_cycle INTO claimed_by, the_reorder_point, the_cycle
        FROM product WHERE sku = the_sku FOR UPDATE;
    IF claimed_by IS NULL
        AND the_reorder_point >= (SELECT COALESCE(SUM(stock), 0) FROM stock_bucket WHERE sku = the_sku)
    THEN
        UPDATE product SET crossed_by = purchase_id WHERE sku = the_sku;
        SET claimed_by = purchase_id;
    END IF;
    COMMIT;
END
