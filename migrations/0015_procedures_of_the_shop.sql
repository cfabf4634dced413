-- Returns the procedures of this database with their text. A server shows the text only to the definer and to users with
-- privileges on all databases; the audit, whose user has none, compares it with the migrations.
CREATE PROCEDURE procedures_of_the_shop ()
READS SQL DATA
BEGIN
    SELECT CONVERT(routine_name USING utf8mb4), CONVERT(routine_definition USING utf8mb4),
           security_type = 'DEFINER'
        FROM information_schema.routines
        WHERE routine_schema = DATABASE() AND routine_type = 'PROCEDURE';
END
