-- Inserts the buckets of a product that are in use and missing, without stock. Part of a transaction that has locked the product.
CREATE PROCEDURE insert_missing_buckets (
    IN the_sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin
)
MODIFIES SQL DATA
BEGIN
    INSERT INTO stock_bucket (sku, bucket)
        WITH RECURSIVE numbers AS (
            SELECT 0 AS number UNION ALL SELECT number + 1 FROM numbers WHERE number < 63
        )
        SELECT product.sku, numbers.number
            FROM product JOIN numbers ON numbers.number < product.buckets
            LEFT JOIN stock_bucket ON stock_bucket.sku = product.sku AND stock_bucket.bucket = numbers.number
            WHERE product.sku = the_sku AND stock_bucket.sku IS NULL;
END
