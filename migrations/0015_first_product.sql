-- The first product. Its stock starts at 0, so the first sweep starts its first restock.
INSERT INTO product (sku, name, price, reorder_point, target_stock, factory)
VALUES ('CP-502101', '부산도너츠', 19900, 10, 50, 'FF-500293');
