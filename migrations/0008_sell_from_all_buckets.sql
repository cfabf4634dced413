-- Decides a purchase under the lock of all buckets: takes the goods if they suffice together. Called by `sell` for a purchase
-- that found no bucket that suffices.
--
-- The fullest buckets are emptied first, so a purchase takes from as few buckets as possible. Goods are never moved while all
-- buckets are locked by another transaction, so a purchase is refused only if the stock is too low at this moment.
CREATE PROCEDURE sell_from_all_buckets (
    IN purchase_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN the_sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin,
    IN the_quantity INT
)
MODIFIES SQL DATA
BEGIN
    DECLARE the_stock INT;

    START TRANSACTION;
    SELECT SUM(stock) INTO the_stock FROM stock_bucket WHERE sku = the_sku FOR UPDATE;
    IF the_stock >= the_quantity THEN
        CALL take_from_buckets(the_sku, the_quantity, 'sale', purchase_id);
    END IF;
    COMMIT;
END
