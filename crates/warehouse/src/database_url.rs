//! Where the database is, and how one logs in.

use std::{str::FromStr, sync::Arc, time::Duration};

use sqlx::{
    ConnectOptions, Executor, MySqlConnection,
    mysql::{MySqlConnectOptions, MySqlSslMode},
};
use tokio::time::timeout;
use url::Url;

use crate::{Error, MigrationError, Result, UrlError};

/// A server that does not answer by then will not do so within the step's time either.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// For who has no step waiting: a server that was just made may take its time.
pub(crate) const UNHURRIED: Duration = Duration::from_secs(10);

/// A transaction waits for a lock no longer than a step can, and sees what others have committed: it
/// decides by rows that it has locked, so a snapshot would only show it what is no longer so. The locks
/// of a function that vanished without a word are freed when its connection has been idle too long.
const SESSION: &str = "SET SESSION innodb_lock_wait_timeout = 1, SESSION wait_timeout = 900; \
     SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";

/// Gives passwords that do not last, such as signed tokens.
pub trait Passwords: Send + Sync {
    /// One that is good now. Asked for each connection.
    fn password(&self) -> std::result::Result<String, Box<dyn std::error::Error + Send + Sync>>;
}

/// Who logs in, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The server's name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The database user.
    pub user: String,
}

/// Where the database is, and who asks: `mysql://user:password@host:port/database`. Without
/// a password where [`Passwords`] give it. Its `Debug` shows nothing of it.
#[derive(Clone)]
pub struct DatabaseUrl {
    options: MySqlConnectOptions,
    has_password: bool,
    names_authorities: bool,
    passwords: Option<Arc<dyn Passwords>>,
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DatabaseUrl(…)")
    }
}

impl FromStr for DatabaseUrl {
    type Err = UrlError;

    fn from_str(url: &str) -> Result<Self, UrlError> {
        let url = Url::parse(url).map_err(|_| UrlError::Malformed)?;
        let options = MySqlConnectOptions::from_url(&url).map_err(|_| UrlError::Malformed)?;
        Ok(Self {
            options: options.disable_statement_logging(),
            has_password: url.password().is_some(),
            names_authorities: url.query_pairs().any(|(name, _)| name == "ssl-ca"),
            passwords: None,
        })
    }
}

impl DatabaseUrl {
    /// Whether the password is in the URL.
    pub fn has_password(&self) -> bool {
        self.has_password
    }

    /// Whether the URL asks for TLS; without that, a server may do without.
    pub fn asks_for_tls(&self) -> bool {
        use MySqlSslMode::{Disabled, Preferred};
        !matches!(self.options.get_ssl_mode(), Disabled | Preferred)
    }

    /// Who logs in, and where.
    pub fn login(&self) -> Login {
        Login {
            host: self.options.get_host().to_owned(),
            port: self.options.get_port(),
            user: self.options.get_username().to_owned(),
        }
    }

    /// The same database for another user.
    #[must_use]
    pub fn log_in_as(self, user: &str, password: &str) -> Self {
        let options = self.options.username(user).password(password);
        Self { options, has_password: true, passwords: None, ..self }
    }

    /// Takes a server's certificate for good if one of these (PEM) has signed it, unless the URL names
    /// others: `?ssl-ca=file`.
    #[must_use]
    pub fn trusting(self, authorities: &[u8]) -> Self {
        if self.names_authorities {
            return self;
        }
        let options = self.options.ssl_ca_from_pem(authorities.to_vec());
        Self { options, ..self }
    }

    /// Logs in with these passwords. The server is sent them as they are, so it must have proved that
    /// it is the server.
    pub fn with_passwords(self, passwords: Arc<dyn Passwords>) -> Result<Self, UrlError> {
        if !matches!(self.options.get_ssl_mode(), MySqlSslMode::VerifyIdentity) {
            return Err(UrlError::UnverifiedServer);
        }
        let options = self.options.enable_cleartext_plugin(true);
        Ok(Self { options, passwords: Some(passwords), ..self })
    }

    /// A connection, with the settings that the operations count on.
    pub(crate) async fn connect(&self) -> Result<MySqlConnection> {
        self.connect_within(CONNECT_TIMEOUT).await
    }

    /// The same, for who has more time than a function, and perhaps a longer way.
    pub(crate) async fn connect_within(&self, time: Duration) -> Result<MySqlConnection> {
        connect(&self.options()?, time).await
    }

    /// A connection to the server, in no database, and the name of the database.
    pub(crate) async fn connect_to_server(
        &self,
    ) -> Result<(MySqlConnection, &str), MigrationError> {
        let database = self.options.get_database();
        let database = database.ok_or(MigrationError::Url(UrlError::Malformed))?;
        // sqlx takes an empty name for none.
        let options = self.options()?.database("");
        Ok((connect(&options, UNHURRIED).await?, database))
    }

    fn options(&self) -> Result<MySqlConnectOptions> {
        let options = self.options.clone();
        match &self.passwords {
            None => Ok(options),
            Some(passwords) => {
                Ok(options.password(&passwords.password().map_err(Error::Password)?))
            }
        }
    }
}

async fn connect(options: &MySqlConnectOptions, time: Duration) -> Result<MySqlConnection> {
    let connect = async {
        let mut connection = options.connect().await?;
        connection.execute(SESSION).await?;
        Ok(connection)
    };
    timeout(time, connect).await.unwrap_or_else(|_| Err(no_answer()))
}

fn no_answer() -> Error {
    Error::Unavailable(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()))
}
