-- Returns the definition of the table, for the audit: its user may not read every column (task_token), and a server shows the
-- definition only to users who may.
CREATE PROCEDURE definition_of_production_order ()
READS SQL DATA
BEGIN
    SHOW CREATE TABLE production_order;
END
