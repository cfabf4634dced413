-- Rows that hold a value that the types of the shop do not allow, and that operations were told of. The sweep skips such a
-- row, and tells operations of it once a day.
CREATE TABLE unreadable_row (
    -- Table and key, such as `product cp-9`.
    name VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    reported_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    PRIMARY KEY (name)
);
