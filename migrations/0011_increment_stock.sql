-- Credits an arrival, closes the restock that waits for it, and starts the next restock cycle of the product. One
-- transaction in one round trip, for the same reason as `sell`. Idempotent: a second call changes nothing.
--
-- Only the latest order of a restock closes it. An arrival of an earlier order is credited too, but the restock stays open,
-- because the goods of the latest order are still expected.
--
-- Locks rows in the order production_order, product, stock_bucket, restock. Returns one row, or none if the order does not exist.
CREATE PROCEDURE increment_stock (
    IN the_order CHAR(36) CHARACTER SET ascii COLLATE ascii_bin
)
MODIFIES SQL DATA
BEGIN
    DECLARE the_sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE the_cycle, the_attempt INT UNSIGNED;
    DECLARE arrived INT;
    DECLARE credited_here, closed_here, came_late BOOLEAN DEFAULT FALSE;
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
        CALL add_to_buckets(the_sku, arrived, 'arrival', the_order);
        UPDATE restock SET status = 'completed', closed_at = CURRENT_TIMESTAMP(6)
            WHERE sku = the_sku AND cycle = the_cycle AND status = 'open'
            AND NOT EXISTS (
                SELECT 1 FROM production_order
                WHERE sku = the_sku AND cycle = the_cycle AND attempt > the_attempt
            );
        -- A separate statement, for the reason given in `sell`.
        SET closed_here = ROW_COUNT() = 1;
        IF closed_here THEN
            UPDATE product SET restock_cycle = restock_cycle + 1 WHERE sku = the_sku;
        END IF;
    END IF;
    COMMIT;

    -- Late: the restock had sent another order, or was closed, before the arrival was credited. Derived from the rows, so
    -- that a repeated call returns the same.
    SET came_late = EXISTS (
        SELECT 1 FROM production_order
        WHERE sku = the_sku AND cycle = the_cycle AND attempt > the_attempt
    ) OR EXISTS (
        SELECT 1 FROM restock
        JOIN stock_movement ON stock_movement.kind = 'arrival' AND stock_movement.reference = the_order
        WHERE restock.sku = the_sku AND restock.cycle = the_cycle
        AND restock.closed_at < stock_movement.moved_at
    );
    SELECT production_order.sku, production_order.cycle, production_order.attempt,
           production_order.arrived_quantity, credited_here, closed_here, came_late,
           (SELECT CAST(SUM(stock) AS SIGNED) FROM stock_bucket WHERE stock_bucket.sku = product.sku) AS stock,
           product.target_stock, restock.status AS restock_status,
           -- Seconds from the order to the arrival.
           TIMESTAMPDIFF(SECOND, production_order.ordered_at, production_order.arrived_at)
               AS lead_time_seconds,
           -- Number of failed restocks since the last completed one. If it is not 0, operations get a mail that the product
           -- is restocked again.
           (SELECT COUNT(*) FROM restock AS failed
            WHERE failed.sku = restock.sku AND failed.cycle < restock.cycle
            AND failed.status = 'failed'
            AND failed.cycle > (SELECT COALESCE(MAX(completed.cycle), 0) FROM restock AS completed
                                WHERE completed.sku = restock.sku AND completed.cycle < restock.cycle
                                AND completed.status = 'completed')) AS failures_before
        FROM production_order
        JOIN product ON product.sku = production_order.sku
        JOIN restock ON restock.sku = production_order.sku AND restock.cycle = production_order.cycle
        WHERE production_order.id = the_order;
END
