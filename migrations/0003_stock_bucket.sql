-- A part of the stock of a product. The stock is the sum of the product's buckets. Each sale locks one bucket, so sales from
-- different buckets do not wait for each other. Rows are never deleted.
CREATE TABLE stock_bucket (
    sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- 0 to 63. A bucket that is not in use (product.buckets) is empty.
    bucket TINYINT UNSIGNED NOT NULL,
    -- Units in the bucket. Always the sum of the quantities of its stock movements.
    stock INT NOT NULL DEFAULT 0,
    PRIMARY KEY (sku, bucket),
    CONSTRAINT stock_bucket_product FOREIGN KEY (sku) REFERENCES product (sku),
    CONSTRAINT bucket_in_range CHECK (bucket BETWEEN 0 AND 63),
    CONSTRAINT stock_not_negative CHECK (stock >= 0)
);
