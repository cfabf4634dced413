-- Sets the number of buckets of a product, and gives each the same share of the stock. The first buckets get one unit more if
-- the shares cannot be equal. Writes the moved goods into the ledger. Part of the caller's transaction, which also records who
-- changes it and why. The product may sell meanwhile.
--
-- With the number that the product has, it levels the buckets.
CREATE PROCEDURE set_buckets (
    IN the_sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin,
    IN the_buckets INT,
    IN the_reference VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin
)
MODIFIES SQL DATA
BEGIN
    DECLARE the_stock INT;

    -- Locks the product before its buckets.
    UPDATE product SET buckets = the_buckets WHERE sku = the_sku;
    SELECT COALESCE(SUM(stock), 0) INTO the_stock FROM stock_bucket WHERE sku = the_sku FOR UPDATE;
    CALL insert_missing_buckets(the_sku);
    INSERT INTO stock_movement (sku, bucket, kind, part, quantity, reference, stock_after)
        SELECT the_sku, bucket, 'move', ROW_NUMBER() OVER (ORDER BY bucket) - 1, share - stock, the_reference, share
            FROM (
                SELECT bucket, stock,
                       IF(bucket < the_buckets, the_stock DIV the_buckets + (bucket < the_stock MOD the_buckets), 0)
                       AS share
                    FROM stock_bucket WHERE sku = the_sku
            ) AS leveled
            WHERE share <> stock;
    UPDATE stock_bucket
        SET stock = IF(bucket < the_buckets, the_stock DIV the_buckets + (bucket < the_stock MOD the_buckets), 0)
        WHERE sku = the_sku;
END
