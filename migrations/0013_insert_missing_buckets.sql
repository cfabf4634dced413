-- Inserts the buckets of a product that are in use and missing, without stock. Part of a transaction that has locked the product.
CREATE PROCEDURE insert_missing_buckets (
    IN the_sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin
)
MODIFIES SQL DATA
BEGIN
    DECLARE the_buckets, number INT DEFAULT 0;

    SELECT buckets INTO the_buckets FROM product WHERE sku = the_sku;
    IF (SELECT COUNT(*) FROM stock_bucket WHERE sku = the_sku AND bucket < the_buckets) < the_buckets THEN
        WHILE number < the_buckets DO
            INSERT INTO stock_bucket (sku, bucket)
                SELECT the_sku, number FROM DUAL
                WHERE NOT EXISTS (SELECT 1 FROM stock_bucket WHERE sku = the_sku AND bucket = number);
            SET number = number + 1;
        END WHILE;
    END IF;
END
