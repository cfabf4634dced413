//! Address of the database, and how to log in.

use std::{str::FromStr, sync::Arc, time::Duration};

use sqlx::{
    ConnectOptions, Executor, MySqlConnection,
    mysql::{MySqlConnectOptions, MySqlSslMode},
};
use tokio::time::timeout;
use url::Url;

use crate::{Error, MigrationError, Result, UrlError, nodelay::without_delay};

/// Shorter than the time-out of a function, so that a server that does not answer is reported as an error.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// For setup, which has no function's time-out. A server that was just created may be slow.
pub(crate) const SETUP_TIMEOUT: Duration = Duration::from_secs(10);

/// Lock waits end before the time-out of a function. Transactions read committed rows: they decide by rows that they
/// have locked, and a snapshot would show outdated ones. A connection that is idle for 900 s is closed, which releases
/// the locks of a function that disappeared.
const SESSION: &str = "SET SESSION innodb_lock_wait_timeout = 1, SESSION wait_timeout = 900; \
     SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";

/// Provides passwords that expire, such as signed tokens.
pub trait PasswordProvider: Send + Sync {
    /// Returns a password that is valid now. Called for each connection.
    fn password(&self) -> std::result::Result<String, Box<dyn std::error::Error + Send + Sync>>;
}

/// The server and the database user of a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// Name or address of the server.
    pub host: String,
    pub port: u16,
    pub user: String,
}

/// `mysql://user:password@host:port/database`. The password is missing if a [`PasswordProvider`] provides it. `Debug`
/// shows nothing, because the URL may contain a password.
#[derive(Clone)]
pub struct DatabaseUrl {
    options: MySqlConnectOptions,
    has_password: bool,
    names_authorities: bool,
    passwords: Option<Arc<dyn PasswordProvider>>,
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
        // sqlx reads the URL of any other server as one of MySQL.
        if !matches!(url.scheme(), "mysql" | "mariadb") {
            return Err(UrlError::Scheme);
        }
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
    /// Whether the URL contains a password.
    pub fn has_password(&self) -> bool {
        self.has_password
    }

    /// Whether the URL requires TLS. Otherwise TLS is used only if the server offers it.
    pub fn asks_for_tls(&self) -> bool {
        use MySqlSslMode::{Disabled, Preferred};
        !matches!(self.options.get_ssl_mode(), Disabled | Preferred)
    }

    pub fn login(&self) -> Login {
        Login {
            host: self.options.get_host().to_owned(),
            port: self.options.get_port(),
            user: self.options.get_username().to_owned(),
        }
    }

    /// Returns the same database with another user.
    #[must_use]
    pub fn log_in_as(self, user: &str, password: &str) -> Self {
        let options = self.options.username(user).password(password);
        Self { options, has_password: true, passwords: None, ..self }
    }

    /// Trusts server certificates that are signed by one of these authorities (PEM), unless the URL names authorities
    /// itself: `?ssl-ca=file`.
    #[must_use]
    pub fn trusting(self, authorities: &[u8]) -> Self {
        if self.names_authorities {
            return self;
        }
        let options = self.options.ssl_ca_from_pem(authorities.to_vec());
        Self { options, ..self }
    }

    /// Logs in with passwords of this provider. They are sent in clear text inside TLS, so the URL must require that
    /// the identity of the server is verified. Otherwise returns [`UrlError::UnverifiedServer`].
    pub fn with_passwords(self, passwords: Arc<dyn PasswordProvider>) -> Result<Self, UrlError> {
        if !matches!(self.options.get_ssl_mode(), MySqlSslMode::VerifyIdentity) {
            return Err(UrlError::UnverifiedServer);
        }
        let options = self.options.enable_cleartext_plugin(true);
        Ok(Self { options, passwords: Some(passwords), ..self })
    }

    /// Opens a connection with the session settings that the operations rely on.
    pub(crate) async fn connect(&self) -> Result<MySqlConnection> {
        self.connect_within(CONNECT_TIMEOUT).await
    }

    /// Like [`connect`](Self::connect), with a time-out for callers that are not functions.
    pub(crate) async fn connect_within(&self, limit: Duration) -> Result<MySqlConnection> {
        connect(&self.options()?, limit).await
    }

    /// Opens a connection to the server without selecting a database. Also returns the name of the database.
    pub(crate) async fn connect_to_server(
        &self,
    ) -> Result<(MySqlConnection, &str), MigrationError> {
        let database = self.options.get_database();
        let database = database.ok_or(MigrationError::Url(UrlError::Malformed))?;
        // sqlx treats an empty name as no database.
        let options = self.options()?.database("");
        Ok((connect(&options, SETUP_TIMEOUT).await?, database))
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

async fn connect(options: &MySqlConnectOptions, limit: Duration) -> Result<MySqlConnection> {
    let connect = async {
        let mut connection = without_delay(options.get_port(), options.connect()).await?;
        connection.execute(SESSION).await?;
        Ok(connection)
    };
    timeout(limit, connect).await.unwrap_or_else(|_| Err(no_answer()))
}

fn no_answer() -> Error {
    Error::Unavailable(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()))
}
