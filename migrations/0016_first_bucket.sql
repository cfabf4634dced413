-- The bucket of the first product.
INSERT INTO stock_bucket (sku, bucket) VALUES ('CP-502101', 0);
