-- Adds units of a product to its buckets in use, to each the same share, and writes the ledger. The first buckets get one unit
-- more if the shares cannot be equal. Part of a transaction that holds no lock of a bucket yet.
--
-- The goods may end a depletion, so the next sale at the reorder point publishes a new one: see `sell`.
CREATE PROCEDURE add_to_buckets (
    IN the_sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin,
    IN the_quantity INT,
    IN the_kind VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin,
    IN the_reference VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin
)
MODIFIES SQL DATA
BEGIN
    DECLARE the_buckets INT;

    UPDATE product SET crossed_by = NULL WHERE sku = the_sku;
    -- Normally none is missing. A missing one is locked out of order, so this may deadlock with a sale; then the caller tries
    -- again.
    CALL insert_missing_buckets(the_sku);
    SET the_buckets = (SELECT buckets FROM product WHERE sku = the_sku);
    -- Bucket 0 always gets a share, so that the ledger refuses to add nothing.
    UPDATE stock_bucket SET stock = stock + the_quantity DIV the_buckets + (bucket < the_quantity MOD the_buckets)
        WHERE sku = the_sku AND bucket < the_buckets AND (bucket = 0 OR bucket < the_quantity);
    INSERT INTO stock_movement (sku, bucket, kind, part, quantity, reference, stock_after)
        SELECT sku, bucket, the_kind, bucket, the_quantity DIV the_buckets + (bucket < the_quantity MOD the_buckets),
               the_reference, stock
            FROM stock_bucket
            WHERE sku = the_sku AND bucket < the_buckets AND (bucket = 0 OR bucket < the_quantity);
END
