-- Decides a purchase in one transaction and one round trip, so that the row of the product is locked only while the server
-- works. Idempotent: a second call with the same purchase_id changes nothing.
--
-- Returns one row: the current product, and the sale recorded for this purchase_id, if any. The caller compares the sale
-- with the request. If there is no sale, the stock was too low, or the product does not exist or is retired.
--
-- Parameters start with the_ where a column has the same name.
CREATE PROCEDURE sell (
    IN purchase_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
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
        -- Duplicate key: a concurrent call recorded the same purchase first (one_movement_per_reference). Without such a
        -- sale, another key has refused it, and nothing is decided.
        DECLARE EXIT HANDLER FOR 1062 BEGIN
            ROLLBACK;
            IF NOT EXISTS (SELECT 1 FROM stock_movement WHERE kind = 'sale' AND reference = purchase_id) THEN
                RESIGNAL;
            END IF;
        END;

        IF EXISTS (SELECT 1 FROM stock_movement WHERE kind = 'sale' AND reference = purchase_id) THEN
            LEAVE sale;
        END IF;
        START TRANSACTION;
        UPDATE product SET stock = stock - the_quantity
            WHERE sku = the_sku AND stock >= the_quantity AND retired_at IS NULL;
        -- A separate statement: within another one, MySQL 9.7 treats ROW_COUNT() as a constant and returns the value of an
        -- earlier call.
        SET enough = ROW_COUNT() = 1;
        IF enough THEN
            INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after)
                SELECT sku, 'sale', -the_quantity, purchase_id, stock
                FROM product WHERE sku = the_sku;
        END IF;
        COMMIT;
    END;

    SELECT product.stock, product.reorder_point, product.restock_cycle,
           movement.sku AS sold_sku, -movement.quantity AS sold_quantity, movement.stock_after
        FROM (SELECT 1 AS one) AS always
        LEFT JOIN stock_movement AS movement
            ON movement.kind = 'sale' AND movement.reference = purchase_id
        -- A purchase that was made before the product was retired keeps its answer.
        LEFT JOIN product
            ON product.sku = the_sku AND (product.retired_at IS NULL OR movement.id IS NOT NULL);
END
