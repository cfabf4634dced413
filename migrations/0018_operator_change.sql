-- What operators have changed, by whom and why. Rows are only inserted, in the transaction of the change.
CREATE TABLE operator_change (
    -- A UUID that the operator's command has chosen. A repeated command changes nothing more.
    id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- The product that was changed, NULL for a factory.
    sku VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL,
    -- The change as JSON, as the command has sent it.
    content TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    -- On AWS the ARN of the caller, on a developer's machine the name of the user.
    changed_by VARCHAR(400) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    reason VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    changed_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    PRIMARY KEY (id),
    CONSTRAINT change_by_somebody CHECK (changed_by <> ''),
    CONSTRAINT change_for_a_reason CHECK (reason <> '')
);
