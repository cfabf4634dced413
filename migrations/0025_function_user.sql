-- The database user of each function, written by the migration function. The audit compares the rights of these users with
-- those that the functions need. Empty if the functions log in with a database URL of their own.
CREATE TABLE function_user (
    function_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    user_name VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    PRIMARY KEY (function_name)
);
