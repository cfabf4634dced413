-- The one transaction that decides a purchase, in one round trip: the product's row stays locked while
-- the server works, not while answers travel. Called again for the same purchase it changes nothing.
--
-- Answers one row: the product as it is now, and the sale that stands under the purchase's key, if
-- any. The caller compares it with what was asked for; a sale that is not there was not possible.
CREATE PROCEDURE sell (
    IN the_purchase VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN the_sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin,
    IN the_quantity INT
)
MODIFIES SQL DATA
BEGIN
    DECLARE enough BOOLEAN;

    sale: BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN
            ROLLBACK;
            RESIGNAL;
        END;
        -- The same purchase, at the same time, was faster (one_movement_per_reference).
        DECLARE EXIT HANDLER FOR 1062 ROLLBACK;

        IF EXISTS (SELECT 1 FROM stock_movement WHERE kind = 'sale' AND reference = the_purchase) THEN
            LEAVE sale;
        END IF;
        START TRANSACTION;
        UPDATE product SET stock = stock - the_quantity
            WHERE sku = the_sku AND stock >= the_quantity;
        -- Asked in a statement of its own: within one, MySQL 9.7 takes ROW_COUNT() for a constant and
        -- keeps the answer of an earlier call.
        SET enough = ROW_COUNT() = 1;
        IF enough THEN
            INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after)
                SELECT sku, 'sale', -the_quantity, the_purchase, stock
                FROM product WHERE sku = the_sku;
        END IF;
        COMMIT;
    END;

    SELECT product.stock, product.reorder_point, product.restock_cycle,
           movement.sku AS sold_sku, -movement.quantity AS sold_quantity, movement.stock_after
        FROM (SELECT 1 AS one) AS always
        LEFT JOIN product ON product.sku = the_sku
        LEFT JOIN stock_movement AS movement
            ON movement.kind = 'sale' AND movement.reference = the_purchase;
END
