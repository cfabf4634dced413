-- Takes units of a product from its buckets and writes the ledger. The fullest buckets are emptied first, so as few as possible
-- are used. Part of a transaction that has locked all buckets of the product and has seen that they suffice.
CREATE PROCEDURE take_from_buckets (
    IN the_sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin,
    IN the_quantity INT,
    IN the_kind VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin,
    IN the_reference VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin
)
MODIFIES SQL DATA
BEGIN
    INSERT INTO stock_movement (sku, bucket, kind, part, quantity, reference, stock_after)
        SELECT the_sku, bucket, the_kind, place - 1, -LEAST(stock, the_quantity - fuller), the_reference,
               stock - LEAST(stock, the_quantity - fuller)
            FROM (
                SELECT bucket, stock, ROW_NUMBER() OVER fullest_first AS place,
                       -- Units in the buckets that are emptied before this one.
                       SUM(stock) OVER fullest_first - stock AS fuller
                    FROM stock_bucket WHERE sku = the_sku
                    WINDOW fullest_first AS (ORDER BY stock DESC, bucket)
            ) AS ordered
            WHERE stock > 0 AND fuller < the_quantity;
    UPDATE stock_movement AS taken
        STRAIGHT_JOIN stock_bucket ON stock_bucket.sku = taken.sku AND stock_bucket.bucket = taken.bucket
        SET stock_bucket.stock = taken.stock_after
        WHERE taken.kind = the_kind AND taken.reference = the_reference;
END
