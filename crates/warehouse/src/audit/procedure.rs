//! Procedures that show a database user more than its own rights.

use sqlx::mysql::MySqlDatabaseError;

/// ER_SP_DOES_NOT_EXIST, ER_PROCACCESS_DENIED_ERROR
const CANNOT_BE_CALLED: [u16; 2] = [1305, 1370];

/// Whether the procedure does not exist, or this user may not call it.
pub(super) fn cannot_be_called(error: &sqlx::Error) -> bool {
    number(error).is_some_and(|number| CANNOT_BE_CALLED.contains(&number))
}

pub(super) fn number(error: &sqlx::Error) -> Option<u16> {
    Some(error.as_database_error()?.downcast_ref::<MySqlDatabaseError>().number())
}
