-- Credits an arrival, closes the restock that awaited it and begins the product's next cycle: one
-- transaction in one round trip, for the reason that `sell` has. Called again it changes nothing.
--
-- A restock is closed by its latest order. Goods of an earlier one are credited all the same, but the
-- restock goes on: the latest order was sent and its goods are coming.
--
-- Rows are locked in the order production order, product, restock. Answers one row, or none if there
-- is no such order.
CREATE PROCEDURE increment_stock (
    IN the_order CHAR(36) CHARACTER SET ascii COLLATE ascii_bin
)
MODIFIES SQL DATA
BEGIN
    DECLARE the_sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE the_cycle, the_attempt INT UNSIGNED;
    DECLARE arrived INT;
    DECLARE credited_here, closed_here BOOLEAN DEFAULT FALSE;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    START TRANSACTION;
    SELECT sku, cycle, attempt, arrived_quantity
        INTO the_sku, the_cycle, the_attempt, arrived
        FROM production_order WHERE id = the_order FOR UPDATE;
    IF arrived IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM stock_movement WHERE kind = 'arrival' AND reference = the_order)
    THEN
        SET credited_here = TRUE;
        UPDATE product SET stock = stock + arrived WHERE sku = the_sku;
        INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after)
            SELECT sku, 'arrival', arrived, the_order, stock FROM product WHERE sku = the_sku;
        UPDATE restock SET status = 'completed', closed_at = CURRENT_TIMESTAMP(6)
            WHERE sku = the_sku AND cycle = the_cycle AND status = 'open'
            AND NOT EXISTS (
                SELECT 1 FROM production_order
                WHERE sku = the_sku AND cycle = the_cycle AND attempt > the_attempt
            );
        -- In a statement of its own, for the reason that `sell` gives.
        SET closed_here = ROW_COUNT() = 1;
        IF closed_here THEN
            UPDATE product SET restock_cycle = restock_cycle + 1 WHERE sku = the_sku;
        END IF;
    END IF;
    COMMIT;

    SELECT production_order.sku, production_order.cycle, production_order.attempt,
           production_order.arrived_quantity, credited_here, product.stock,
           restock.status AS restock_status,
           -- How long the product waited for the goods that closed its restock here.
           IF(closed_here, TIMESTAMPDIFF(SECOND, restock.opened_at, restock.closed_at), NULL)
               AS lead_time_seconds,
           -- Restocks that failed since the last good one before this: operations were told of them.
           (SELECT COUNT(*) FROM restock AS failed
            WHERE failed.sku = restock.sku AND failed.cycle < restock.cycle
            AND failed.status = 'failed'
            AND failed.cycle > (SELECT COALESCE(MAX(good.cycle), 0) FROM restock AS good
                                WHERE good.sku = restock.sku AND good.cycle < restock.cycle
                                AND good.status = 'completed')) AS failures_before
        FROM production_order
        JOIN product ON product.sku = production_order.sku
        JOIN restock ON restock.sku = production_order.sku AND restock.cycle = production_order.cycle
        WHERE production_order.id = the_order;
END
