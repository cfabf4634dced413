//! Why an operation failed. Each operation returns the smallest type that holds its errors.

use std::time::Duration;

use domain::{FactoryId, ProductionOrderId, Sku};
use errors::{ErrorName, NamedError};
use sqlx::mysql::MySqlDatabaseError;
use thiserror::Error;

use crate::transient::{self, Effect};

/// The database did not do its work. Every operation can fail in these ways.
#[derive(Debug, Error)]
pub enum Error {
    /// The connection or the login failed, or the connection was lost or is of no use. Worth a retry.
    #[error("the database cannot be reached: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// The server could not run the statement now, for example because of a lock. Worth a retry.
    #[error("the database is busy: {0}")]
    Busy(#[source] sqlx::Error),
    /// Goods came after each refusal of a purchase, so no refusal was right any more when it was answered. Worth a retry.
    #[error(
        "the stock changes too fast to decide the purchase: nothing was sold, so send it again"
    )]
    StockChanges,
    /// The work took longer than the caller can wait. Worth a retry.
    #[error("the database did not finish within {0:?}")]
    Slow(Duration),
    /// The database rejected the statement: a defect of the code or of the data.
    #[error("the database rejected a statement: {0}")]
    Failed(#[source] sqlx::Error),
    /// A row holds a value that the types of the shop do not allow.
    #[error("the database holds an invalid value: {0}")]
    Corrupt(#[from] domain::Error),
    /// The login token could not be signed.
    #[error("the login token for the database cannot be signed: {0}")]
    Password(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl NamedError for Error {
    const NAMES: &'static [ErrorName] = &[
        ErrorName::DatabaseUnavailable,
        ErrorName::DatabaseBusy,
        ErrorName::DatabaseFailed,
        ErrorName::DatabaseCorrupt,
        ErrorName::DatabasePassword,
    ];

    fn name(&self) -> ErrorName {
        match self {
            Self::Unavailable(_) => ErrorName::DatabaseUnavailable,
            Self::Busy(_) | Self::StockChanges | Self::Slow(_) => ErrorName::DatabaseBusy,
            Self::Failed(_) => ErrorName::DatabaseFailed,
            Self::Corrupt(_) => ErrorName::DatabaseCorrupt,
            Self::Password(_) => ErrorName::DatabasePassword,
        }
    }
}

/// Defines the error of an operation: the errors of the database, and some of its own.
macro_rules! operation_error {
    ($(#[$doc:meta])* $error:ident { $($(#[$about:meta])* $variant:ident($value:ty) = $name:ident,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Error)]
        pub enum $error {
            /// The database did not do its work.
            #[error(transparent)]
            Database(#[from] Error),
            $($(#[$about])* $variant($value),)*
        }

        impl NamedError for $error {
            const NAMES: &'static [ErrorName] = &[
                ErrorName::DatabaseUnavailable,
                ErrorName::DatabaseBusy,
                ErrorName::DatabaseFailed,
                ErrorName::DatabaseCorrupt,
                ErrorName::DatabasePassword,
                $(ErrorName::$name,)*
            ];

            fn name(&self) -> ErrorName {
                match self {
                    Self::Database(error) => error.name(),
                    $(Self::$variant(_) => ErrorName::$name,)*
                }
            }
        }
    };
}

operation_error! {
    /// Why an operation on one product failed.
    ProductError {
        /// No product has this SKU.
        #[error("there is no product {0}")]
        Unknown(Sku) = ProductUnknown,
    }
}

operation_error! {
    /// Why a factory could not be added or changed.
    FactoryError {
        /// No factory has this id.
        #[error("there is no factory {0}: add it first")]
        Unknown(FactoryId) = FactoryUnknown,
        /// Another factory has this id.
        #[error("there is a factory {0} already, with other values: change it instead")]
        Exists(FactoryId) = FactoryExists,
        /// The URL does not suit the network.
        #[error("{0}")]
        Url(domain::Error) = FactoryUrl,
    }
}

operation_error! {
    /// Why a production order could not be waited for.
    AwaitError {
        /// No production order has this id.
        #[error("there is no production order {0}")]
        UnknownOrder(ProductionOrderId) = ProductionOrderUnknown,
        /// The arrival is recorded, so no callback will come.
        #[error("the goods of production order {0} have already arrived")]
        AlreadyArrived(ProductionOrderId) = CompletionAlreadyArrived,
    }
}

operation_error! {
    /// Why an arrival could not be recorded or looked up.
    ArrivalError {
        /// No production order has this id.
        #[error("there is no production order {0}")]
        UnknownOrder(ProductionOrderId) = ProductionOrderUnknown,
    }
}

operation_error! {
    /// Why an arrival could not be credited.
    CreditError {
        /// No production order has this id.
        #[error("there is no production order {0}")]
        UnknownOrder(ProductionOrderId) = ProductionOrderUnknown,
        /// The order has no recorded arrival.
        #[error("no arrival is recorded for production order {0}")]
        NotArrived(ProductionOrderId) = CompletionNotArrived,
    }
}

operation_error! {
    /// Why a change by an operator was not made.
    ChangeError {
        /// No product has this SKU.
        #[error("there is no product {0}")]
        Unknown(Sku) = ProductUnknown,
        /// A rule of the shop refuses the change; the value says which and what to do.
        #[error("{0}")]
        Refused(String) = ChangeRefused,
    }
}

operation_error! {
    /// Why the tables or the users could not be created.
    MigrationError {
        /// A migration failed.
        #[error("the migrations cannot be run: {0}")]
        Migration(sqlx::migrate::MigrateError) = DatabaseMigration,
        /// Another migration holds the lock; the value is the number of seconds that this one waited.
        #[error("another migration has been running for {0} seconds")]
        UnderWay(u32) = DatabaseMigrationUnderWay,
        /// The URL names no database.
        #[error("{0}")]
        Url(UrlError) = DatabaseUrl,
        /// The users are not those of the functions that use the database; the value is the wrong or missing one.
        #[error("there must be one user for each function that uses the database, and no other: {0}")]
        Users(String) = DatabaseUsers,
    }
}

impl From<sqlx::Error> for MigrationError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

impl From<sqlx::migrate::MigrateError> for MigrationError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        Self::Migration(error)
    }
}

/// Why a database URL cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UrlError {
    /// Not a URL of a MySQL database.
    #[error("the database URL must be mysql://user:password@host:port/database")]
    Malformed,
    /// A URL of another kind of server.
    #[error(
        "the database URL must begin with mysql://: the database must be MySQL or MariaDB \
         (mysql://user:password@host:port/database)"
    )]
    Scheme,
    /// A token would be sent to a server whose identity is not verified.
    #[error(
        "without a password, the database URL must end with ?ssl-mode=VERIFY_IDENTITY: the login token \
         is sent in clear text inside TLS, so the server must prove its identity"
    )]
    UnverifiedServer,
}

/// Why the login of a database user is not valid. Neither can be bound as a parameter, so neither may hold a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LoginError {
    /// Not a name.
    #[error("the name of a database user must be 1 to 32 characters of a-z, 0-9 and _")]
    Name,
    /// Not a password.
    #[error("the password of a database user must consist of letters and digits")]
    Password,
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let number = error.as_database_error();
        let number = number.map(|e| e.downcast_ref::<MySqlDatabaseError>().number());
        match number.map(transient::effect) {
            Some(Some(Effect::ConnectionLost)) => Self::Unavailable(error),
            Some(Some(Effect::TryAgain)) => Self::Busy(error),
            Some(None) => Self::Failed(error),
            None if is_connection_lost(&error) => Self::Unavailable(error),
            None => Self::Failed(error),
        }
    }
}

fn is_connection_lost(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_))
}
