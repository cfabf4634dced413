-- Returns the rights of the functions' database users in this database. Only users with rights on the database `mysql` may
-- read them; the audit, whose user has none, calls this procedure. A user without any right has one row without an object.
CREATE PROCEDURE rights_of_functions ()
READS SQL DATA
BEGIN
    SELECT CONVERT(function_user.user_name USING utf8mb4), CONVERT(granted.object USING utf8mb4),
           CONVERT(granted.column_name USING utf8mb4), CONVERT(granted.rights USING utf8mb4)
        FROM function_user
        JOIN mysql.user AS login ON login.User = function_user.user_name AND login.Host = '%'
        LEFT JOIN (
            SELECT User AS user_name, CONCAT('PROCEDURE ', Routine_name) AS object, '' AS column_name, Proc_priv AS rights
                FROM mysql.procs_priv WHERE Db = DATABASE() AND Host = '%'
            UNION ALL
            SELECT User, Table_name, '', Table_priv FROM mysql.tables_priv WHERE Db = DATABASE() AND Host = '%'
            UNION ALL
            SELECT User, Table_name, Column_name, Column_priv FROM mysql.columns_priv
                WHERE Db = DATABASE() AND Host = '%'
        ) AS granted ON granted.user_name = function_user.user_name;
END
