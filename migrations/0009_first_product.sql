-- The first product. It begins with nothing on hand, so its first restock is its first stock.
INSERT INTO product (sku, name, price, reorder_point, target_stock, factory)
VALUES ('CP-502101', '부산도너츠', 19900, 10, 50, 'FF-500293');
