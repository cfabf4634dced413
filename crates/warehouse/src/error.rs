use sqlx::mysql::MySqlDatabaseError;
use thiserror::Error;

/// Why the warehouse did not do what it was asked for. The names are matched by the state machines.
#[derive(Debug, Error)]
pub enum Error {
    /// The database cannot be reached, lets nobody in, or was lost on the way. Worth a retry.
    #[error("the database cannot be reached: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// A lock was not to be had in time, or two transactions blocked each other. Worth a retry.
    #[error("the database is busy: {0}")]
    Busy(#[source] sqlx::Error),
    /// The database refused: a defect of ours, or of the data.
    #[error("the database refused: {0}")]
    Failed(#[source] sqlx::Error),
    /// No such product.
    #[error("there is no product {0}")]
    UnknownProduct(domain::Sku),
    /// No such production order.
    #[error("there is no production order {0}")]
    UnknownProductionOrder(domain::ProductionOrderId),
    /// The goods of the order that was to be waited for are there already.
    #[error("the goods of production order {0} have arrived already")]
    AlreadyArrived(domain::ProductionOrderId),
    /// Goods were to be credited of which no arrival is recorded.
    #[error("no arrival is recorded for production order {0}")]
    NotArrived(domain::ProductionOrderId),
    /// A row holds what the types of the shop do not allow.
    #[error("the database holds a value that cannot be: {0}")]
    Corrupt(#[from] domain::Error),
    /// The settings say nothing that could be connected to.
    #[error("the database URL must read mysql://user:password@host:port/database")]
    Url,
    /// A password that does not last was to be sent to who knows whom.
    #[error(
        "without a password the database URL must end with ?ssl-mode=VERIFY_IDENTITY: the server is \
         sent a token, and must be the right one"
    )]
    UnprovenServer,
    /// There is no password to log in with.
    #[error("no password for the database is to be had: {0}")]
    Password(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The database could not be brought to its shape.
    #[error("the migrations cannot be run: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// Somebody else migrates, and takes long.
    #[error("another migration is under way")]
    MigrationUnderWay,
    /// Not a name that a user can have.
    #[error("a user's name must be 1 to 32 of a-z, 0-9 and _")]
    UserName,
    /// The users are not those of the functions.
    #[error("there must be a user for each function of the warehouse and no other: {0}")]
    Users(String),
    /// Not a password that a user can have.
    #[error("a user's password must be of letters and digits")]
    UserPassword,
}

impl Error {
    /// The fixed name of the error.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "Database.Unavailable",
            Self::Busy(_) => "Database.Busy",
            Self::Failed(_) => "Database.Failed",
            Self::UnknownProduct(_) => "Product.Unknown",
            Self::UnknownProductionOrder(_) => "ProductionOrder.Unknown",
            Self::AlreadyArrived(_) => "Completion.AlreadyArrived",
            Self::NotArrived(_) => "Completion.NotArrived",
            Self::Corrupt(_) => "Database.Corrupt",
            Self::Url => "Database.Url",
            Self::UnprovenServer => "Database.UnprovenServer",
            Self::Password(_) => "Database.Password",
            Self::Migration(_) => "Database.Migration",
            Self::MigrationUnderWay => "Database.MigrationUnderWay",
            Self::UserName => "Database.UserName",
            Self::Users(_) => "Database.Users",
            Self::UserPassword => "Database.UserPassword",
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error().map(|e| e.downcast_ref::<MySqlDatabaseError>().number()) {
            // ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK
            Some(1205 | 1213) => Self::Busy(error),
            Some(number) if is_server_lost(number) => Self::Unavailable(error),
            Some(_) => Self::Failed(error),
            None if is_connection_lost(&error) => Self::Unavailable(error),
            None => Self::Failed(error),
        }
    }
}

/// Whether the server says that it, or this connection to it, is of no more use: too many connections,
/// shutting down, killed (also MariaDB's number), read-only after a failover, idle for too long. Or that
/// the login is wrong: RDS also says so of a token while too many are to be checked at once.
fn is_server_lost(number: u16) -> bool {
    matches!(number, 1040 | 1045 | 1053 | 1077 | 1290 | 1317 | 1836 | 1927 | 3169 | 4031)
}

fn is_connection_lost(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_))
}
