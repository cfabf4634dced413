-- Returns the procedures of this database with their text, their parameters, and whether their definer exists. A server shows the
-- text only to the definer and to users with privileges on all databases; the audit, whose user has none, compares it with the
-- migrations.
CREATE PROCEDURE procedures_of_the_shop ()
READS SQL DATA
BEGIN
    SELECT CONVERT(routine_name USING utf8mb4), CONVERT(routine_definition USING utf8mb4),
           security_type = 'DEFINER'
           AND EXISTS (SELECT 1 FROM mysql.user WHERE CONCAT(User, '@', Host) = routines.definer),
           (SELECT CONVERT(GROUP_CONCAT(
                        parameter_mode, ' ', parameter_name, ' ', dtd_identifier,
                        IF(character_set_name = 'ascii', CONCAT(' COLLATE ', collation_name), '')
                        ORDER BY ordinal_position SEPARATOR ', ') USING utf8mb4)
            FROM information_schema.parameters
            WHERE specific_schema = routine_schema AND specific_name = routine_name
            AND parameters.routine_type = 'PROCEDURE' AND ordinal_position > 0)
        FROM information_schema.routines
        WHERE routine_schema = DATABASE() AND routine_type = 'PROCEDURE';
END
