//! Errors of the database server that can go away without a change of the code, the data or the privileges.
//!
//! Not listed, because a retry cannot help: errors of the statement or the data, a full disk (1021, 1114: space is not
//! freed while a step is retried), a packet that is too large (1153), errors of replicas (1189, 1190), and the numbers
//! 2006 and 2013, which client libraries give to a lost connection (sqlx reports an I/O error).

/// What to do after a transient error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// The connection or its session cannot be used any more. A new connection may work.
    ConnectionLost,
    /// The connection works. The same statement may work in a moment.
    TryAgain,
}

/// What to do after the server error with this number. `None` if a retry cannot help.
pub(crate) fn effect(number: u16) -> Option<Effect> {
    if is_connection_lost(number) {
        Some(Effect::ConnectionLost)
    } else {
        is_worth_another_try(number).then_some(Effect::TryAgain)
    }
}

fn is_connection_lost(number: u16) -> bool {
    match number {
        // No connection could be opened: the server has too many (in all, of this user, or by a limit of the account),
        // or lacks memory or threads, or blocks this host after broken connections, or the handshake broke.
        1040 | 1203 | 1226 | 1037 | 1041 | 1135 | 1129 | 1042 | 1043 => true,
        // Login rejected. RDS rejects valid tokens while it has too many to check.
        1045 => true,
        // The server stops, or is offline or not available.
        1053 | 1077..=1080 | 3032 | 3168 => true,
        // The connection broke while the server read or wrote, or the server gave it up.
        1152 | 1154..=1161 | 1184 => true,
        // The statement or the session was killed (1927: MariaDB), or the session was idle for too long.
        1317 | 1927 | 3169 | 4031 => true,
        // Read-only: this server is no longer the primary after a failover, as a whole or for this session.
        1290 | 1792 | 1836 => true,
        // A prepared statement of this connection must be prepared again, after a change of a table or because the
        // server's cache of table definitions is too small. A new connection has no prepared statements.
        1615 => true,
        _ => false,
    }
}

fn is_worth_another_try(number: u16) -> bool {
    match number {
        // A lock: wait timed out, deadlock, no more locks, wait aborted, not granted at once, deadlock of named locks.
        1205 | 1213 | 1206 | 1689 | 3572 | 3058 => true,
        // The commit failed, or was rolled back by replication, or replication was not ready.
        1180 | 3100 | 3101 => true,
        // Too many transactions at once.
        1637 => true,
        // A table has changed since the transaction began; or a row has (1020: MariaDB 11.6 and newer).
        1412 | 1020 => true,
        // The statement ran for too long (1969: MariaDB).
        3024 | 1969 => true,
        // The procedure does not exist, or may not be executed: a deployment is replacing it. If it is missing for
        // another reason, the step fails after its retries.
        1305 | 1370 => true,
        _ => false,
    }
}
