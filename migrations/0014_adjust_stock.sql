-- Corrects the stock of a product by a number of units, after people have counted or moved goods, and writes the ledger. Part
-- of the caller's transaction, which also records who changes it and why.
--
-- Returns one row with the stock afterwards, or none if the product does not exist. The stock cannot become negative: the
-- constraint stock_not_negative refuses it.
CREATE PROCEDURE adjust_stock (
    IN the_sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin,
    IN the_quantity INT,
    IN the_reference VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin
)
MODIFIES SQL DATA
BEGIN
    UPDATE product SET stock = stock + the_quantity WHERE sku = the_sku;
    INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after)
        SELECT sku, 'count', the_quantity, the_reference, stock FROM product WHERE sku = the_sku;
    SELECT stock FROM product WHERE sku = the_sku;
END
