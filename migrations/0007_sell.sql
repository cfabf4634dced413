-- Decides a purchase in one round trip, so that a bucket is locked only while the server works. Idempotent: a second call with
-- the same purchase_id changes nothing.
--
-- 1. The purchase tries the bucket that its id chooses, in a transaction that locks no other row of a product.
-- 2. If that bucket does not suffice, the purchase tries another one that seems to suffice, in a second such transaction.
-- 3. If that fails too, `sell_from_all_buckets` decides under the lock of all buckets. Only there is a purchase refused.
-- 4. After the commit, the purchase looks whether it has to publish a depletion.
--
-- Depletions: the sale that takes the stock to the reorder point writes its id to `crossed_by` and publishes the depletion. No
-- crossing is missed, because `crossed_by` is empty while the stock is above the reorder point: it is written only under the lock of the
-- product, after the stock was read again, and whatever adds goods or changes the reorder point empties it under the same lock.
-- So a sale that reads the stock after its commit, at or below the reorder point, finds a sale recorded since, or records
-- itself. A sale that leaves more than the reorder point in its bucket has left more in all buckets. If the reorder point was raised
-- meanwhile, the next sale records itself.
--
-- Deadlocks: everything locks in the order production_order, product, stock_bucket by number, restock. A sale holds no bucket
-- while it locks the product, and not one bucket while it locks another, except in `sell_from_all_buckets`. Only calls with the
-- same purchase_id can deadlock, on its key, if one of them is rolled back. The caller tries again.
--
-- Returns one row: the product, and the sale recorded for this purchase_id, if any. The caller compares the sale with the
-- request. If there is no sale, the stock was too low, or the product does not exist or is retired.
--
-- Parameters and variables start with the_ where a column has the same name.
CREATE PROCEDURE sell (
    IN purchase_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN the_sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin,
    IN the_quantity INT
)
MODIFIES SQL DATA
BEGIN
    DECLARE sold BOOLEAN DEFAULT FALSE;
    DECLARE the_buckets, own_bucket, the_bucket TINYINT UNSIGNED;
    DECLARE sold_sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE sold_quantity, left_in_bucket, the_reorder_point INT;
    DECLARE the_stock BIGINT;
    DECLARE the_cycle INT UNSIGNED;
    DECLARE claimed_by VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin;

    sale: BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN
            ROLLBACK;
            RESIGNAL;
        END;
        -- Duplicate key: the same purchase was recorded before (one_movement_per_reference). Without such a sale, another
        -- key has refused it, and nothing is decided.
        DECLARE EXIT HANDLER FOR 1062 BEGIN
            ROLLBACK;
            SET sold = FALSE;
            IF NOT EXISTS (SELECT 1 FROM stock_movement WHERE kind = 'sale' AND reference = purchase_id) THEN
                RESIGNAL;
            END IF;
        END;

        -- Without a lock: a purchase that began before the product was retired may be sold, and a bucket that is not in use
        -- any more is empty.
        SELECT buckets, CRC32(purchase_id) MOD buckets, reorder_point, restock_cycle
            INTO the_buckets, own_bucket, the_reorder_point, the_cycle
            FROM product WHERE sku = the_sku AND retired_at IS NULL;
        SET the_bucket = own_bucket;
        WHILE the_bucket IS NOT NULL DO
            START TRANSACTION;
            UPDATE stock_bucket SET stock = LAST_INSERT_ID(stock - the_quantity)
                WHERE sku = the_sku AND bucket = the_bucket AND stock >= the_quantity;
            -- A separate statement: within another one, MySQL 9.7 treats ROW_COUNT() as a constant and returns the value
            -- of an earlier call.
            SET sold = ROW_COUNT() = 1;
            IF sold THEN
                SET left_in_bucket = LAST_INSERT_ID();
                INSERT INTO stock_movement (sku, bucket, kind, part, quantity, reference, stock_after)
                    VALUES (the_sku, the_bucket, 'sale', 0, -the_quantity, purchase_id, left_in_bucket);
            END IF;
            COMMIT;
            IF sold THEN
                LEAVE sale;
            END IF;
            IF EXISTS (SELECT 1 FROM stock_movement WHERE kind = 'sale' AND reference = purchase_id) THEN
                LEAVE sale;
            END IF;
            -- Each purchase begins the search after its own bucket, so that purchases spread.
            SET the_bucket = IF(the_bucket <> own_bucket, NULL, (
                SELECT bucket FROM stock_bucket
                WHERE sku = the_sku AND bucket <> own_bucket AND stock >= the_quantity
                ORDER BY bucket < own_bucket, bucket LIMIT 1
            ));
        END WHILE;
        IF own_bucket IS NOT NULL THEN
            CALL sell_from_all_buckets(purchase_id, the_sku, the_quantity);
        END IF;
    END;

    IF sold THEN
        SET sold_sku = the_sku, sold_quantity = the_quantity, the_stock = left_in_bucket;
    ELSE
        SELECT MAX(sku), -SUM(quantity), MAX(stock_after) INTO sold_sku, sold_quantity, left_in_bucket
            FROM stock_movement WHERE kind = 'sale' AND reference = purchase_id;
    END IF;
    -- Most sales of a product with one bucket know the stock, and that they have nothing to publish. If the number of buckets
    -- has changed meanwhile, the returned stock is that of the bucket.
    IF NOT (sold AND the_buckets = 1 AND left_in_bucket > the_reorder_point) THEN
        SELECT buckets, reorder_point, restock_cycle, crossed_by,
               (SELECT COALESCE(SUM(stock), 0) FROM stock_bucket WHERE stock_bucket.sku = product.sku)
            INTO the_buckets, the_reorder_point, the_cycle, claimed_by, the_stock
            FROM product
            -- A purchase that was made before the product was retired keeps its answer.
            WHERE sku = the_sku AND (retired_at IS NULL OR sold_sku IS NOT NULL);
        IF sold_sku = the_sku AND sold_quantity = the_quantity
            AND claimed_by IS NULL AND the_stock <= the_reorder_point
        THEN
            CALL claim_crossing(purchase_id, the_sku, claimed_by, the_cycle);
        END IF;
    END IF;

    SELECT the_stock AS stock, the_reorder_point AS reorder_point, the_cycle AS restock_cycle,
           sold_sku, sold_quantity, IF(the_buckets = 1, left_in_bucket, the_stock) AS stock_after,
           claimed_by <=> purchase_id AS crossed;
END
