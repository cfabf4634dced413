-- Corrects the stock of a product by a number of units, after people have counted or moved goods, and writes the ledger. Part
-- of the caller's transaction, which also records who changes it and why.
--
-- Returns one row with the stock afterwards, or none if the product does not exist. The stock cannot become negative: the
-- constraint stock_not_negative refuses it.
CREATE PROCEDURE adjust_stock (
    IN the_sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin,
    IN the_quantity INT,
    IN the_reference VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin
)
MODIFIES SQL DATA
BEGIN
    DECLARE the_stock BIGINT;

    -- Locks the product before its buckets. The next sale at the reorder point publishes a depletion.
    UPDATE product SET crossed_by = NULL WHERE sku = the_sku;
    SELECT SUM(stock) + the_quantity INTO the_stock FROM stock_bucket WHERE sku = the_sku FOR UPDATE;
    IF the_stock NOT BETWEEN 0 AND 2147483647 THEN
        -- Fails: no bucket may hold this stock. So the stock of all buckets has the limits of one.
        UPDATE stock_bucket SET stock = the_stock WHERE sku = the_sku AND bucket = 0;
    ELSEIF the_quantity < 0 THEN
        CALL take_from_buckets(the_sku, -the_quantity, 'count', the_reference);
    ELSE
        CALL add_to_buckets(the_sku, the_quantity, 'count', the_reference);
    END IF;
    SELECT (SELECT CAST(SUM(stock) AS SIGNED) FROM stock_bucket WHERE stock_bucket.sku = product.sku) AS stock
        FROM product WHERE sku = the_sku;
END
