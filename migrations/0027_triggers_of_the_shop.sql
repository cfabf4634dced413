-- Returns the triggers of this database. A server shows a trigger only to users with the right to create triggers; the audit,
-- whose user has not, calls this procedure.
CREATE PROCEDURE triggers_of_the_shop ()
READS SQL DATA
BEGIN
    SELECT CONVERT(trigger_name USING utf8mb4), CONVERT(event_object_table USING utf8mb4)
        FROM information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY trigger_name;
END
