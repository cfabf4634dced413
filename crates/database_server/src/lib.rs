//! A private MySQL or MariaDB server for the local cloud and for tests.
//!
//! Each server has a data folder and a port of its own and never uses the machine's server. It may use `local_programs`
//! and no other crate of this workspace. Start with [`DatabaseServer::start`].

mod data_folder;
mod server_program;
mod slow_flushes;
#[cfg(test)]
mod tests;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Error, Result, anyhow, bail};
use sqlx::{Connection, Executor, MySqlConnection};
use tokio::{sync::Mutex, time::Instant};
use uuid::Uuid;

pub use data_folder::DataFolder;
use local_programs::{
    console::Console,
    prerequisites::{Mysqld, mysqld},
    process::{Invocation, Program, RunFolder, free_port},
};
use server_program::{BINARY_LOG, SAFE_SETTINGS, ServerProgram, copy_folder};
use slow_flushes::SlowFlushes;

/// How long a start may take, recovery after a crash included.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// How often to try: another program may take the free port before the server does.
const START_ATTEMPTS: u32 = 3;

/// A server that runs until it is stopped or dropped, or until this process ends.
#[derive(Debug)]
pub struct DatabaseServer {
    program: Mutex<Option<Arc<Program>>>,
    server_program: ServerProgram,
    folder: RunFolder,
    data: PathBuf,
    port: u16,
    password: String,
    special: Special,
    slow_flushes: Option<SlowFlushes>,
}

/// What is special about a server.
#[derive(Debug, Clone, Default)]
struct Special {
    tls: Option<Tls>,
    /// Keeps the data.
    kept: Option<DataFolder>,
    /// Commits as RDS does, and each flush takes this long.
    flush: Option<Duration>,
}

/// The certificate of a server, as PEM files.
#[derive(Debug, Clone)]
pub struct Tls {
    /// The certificate.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

impl DatabaseServer {
    /// Starts MySQL or MariaDB, whichever is installed. If neither is, MariaDB from packages in the cache.
    pub async fn start(console: Console) -> Result<Self> {
        Self::start_program(mysqld(console).await?, console).await
    }

    /// Starts a server with these programs.
    pub async fn start_program(mysqld: Mysqld, console: Console) -> Result<Self> {
        Self::start_with(mysqld, console, Special::default()).await
    }

    /// Starts a server whose data stays in a folder.
    pub async fn start_in(folder: DataFolder, console: Console) -> Result<Self> {
        let special = Special { kept: Some(folder), ..Special::default() };
        Self::start_with(mysqld(console).await?, console, special).await
    }

    /// Starts a server that also accepts TLS connections.
    pub async fn start_with_tls(console: Console, tls: Tls) -> Result<Self> {
        let special = Special { tls: Some(tls), ..Special::default() };
        Self::start_with(mysqld(console).await?, console, special).await
    }

    /// Starts a server that commits as RDS does, with flushes of its logs that take this long. Its data survives a crash of
    /// the server, but not a power failure.
    pub async fn start_with_slow_flushes(console: Console, flush: Duration) -> Result<Self> {
        let special = Special { flush: Some(flush), ..Special::default() };
        Self::start_with(mysqld(console).await?, console, special).await
    }

    async fn start_with(mysqld: Mysqld, console: Console, special: Special) -> Result<Self> {
        let server_program = ServerProgram::of(mysqld).await?;
        let template = server_program.template(console).await?;
        let mut last = None;
        for _ in 0..START_ATTEMPTS {
            match Self::start_from(&server_program, &template, special.clone()).await {
                Ok(server) => return Ok(server),
                Err(error) => last = Some(error),
            }
        }
        Err(last.context("no server was started")?)
    }

    async fn start_from(
        server_program: &ServerProgram,
        template: &Path,
        special: Special,
    ) -> Result<Self> {
        let folder = RunFolder::create("database")?;
        let data = match &special.kept {
            Some(kept) => kept.data(server_program, template).await?,
            None => {
                let data = folder.path().join("data");
                copy_folder(template, &data).await?;
                data
            }
        };
        let slow_flushes = match special.flush {
            Some(flush) => Some(SlowFlushes::compile(folder.path(), flush).await?),
            None => None,
        };
        let server = Self {
            program: Mutex::new(None),
            server_program: server_program.clone(),
            folder,
            data,
            port: free_port().await?,
            password: Uuid::new_v4().simple().to_string(),
            special,
            slow_flushes,
        };
        server.write_account()?;
        std::fs::create_dir(server.temporary_files())?;
        server.run().await?;
        Ok(server)
    }

    /// The [name](Self::name) of the server that [`start`](Self::start) starts.
    pub async fn installed(console: Console) -> Result<String> {
        Ok(ServerProgram::of(mysqld(console).await?).await?.name())
    }

    /// The product and version: `MariaDB 10.11.14` or `MySQL 9.7.0`.
    pub fn name(&self) -> String {
        self.server_program.name()
    }

    /// The URL of a database: `mysql://user:password@127.0.0.1:port/name`.
    pub fn url(&self, database: &str) -> String {
        let Self { port, password, .. } = self;
        format!("mysql://restock:{password}@127.0.0.1:{port}/{database}?ssl-mode=disabled")
    }

    /// Creates a database unless it exists, and returns its URL.
    pub async fn create_database(&self, name: &str) -> Result<String> {
        let mut connection = self.connect().await?;
        let create = format!("CREATE DATABASE IF NOT EXISTS `{name}` CHARACTER SET utf8mb4");
        connection.execute(sqlx::query(sqlx::AssertSqlSafe(create))).await?;
        connection.close().await?;
        Ok(self.url(name))
    }

    /// Stops the server and removes its data, unless the data is kept.
    ///
    /// An orderly shutdown takes time (MySQL: 1.5 s) and only protects the data: a server whose data is removed is killed.
    pub async fn stop(self) {
        if self.special.kept.is_some()
            && let Some(program) = self.program.lock().await.take()
        {
            program.stop().await;
        }
        self.kill().await;
    }

    /// Kills the server, as in a crash. The data stays for [`Self::restart`].
    pub async fn kill(&self) {
        if let Some(program) = self.program.lock().await.take() {
            program.kill().await;
        }
    }

    /// Waits until the server ends although nobody has stopped it. The error says how, with the last lines of its log.
    /// Waits for ever if the server does not run.
    pub async fn ended(&self) -> Error {
        let program = self.program.lock().await.clone();
        let Some(program) = program else { return std::future::pending().await };
        program.ended().await;
        anyhow!("the database server has ended {}", program.status_and_log())
    }

    /// Starts the server again with the same port and the same data.
    pub async fn restart(&self) -> Result<()> {
        self.run().await
    }

    /// Starts the program and waits until a login succeeds.
    async fn run(&self) -> Result<()> {
        let program = Program::start("database", self.folder.path(), &self.invocation()).await?;
        let deadline = Instant::now() + START_TIMEOUT;
        while let Err(error) = self.connect().await {
            if program.has_ended() || Instant::now() > deadline {
                bail!("{} did not start: {error:#}\n{}", self.name(), program.status_and_log());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        *self.program.lock().await = Some(Arc::new(program));
        Ok(())
    }

    fn invocation(&self) -> Invocation {
        let server = match &self.special.tls {
            None => self.server_program.without_tls(),
            Some(Tls { certificate, key }) => self
                .server_program
                .invocation()
                .option("ssl-cert", certificate)
                .option("ssl-key", key),
        };
        let server = self.settings().iter().fold(server, Invocation::arg);
        let server = self.slow_flushes.iter().fold(server, |server, slow| slow.add_to(server));
        // Relative to the data: the path of a socket has a greatest length, and a folder of the user may be deep.
        // MariaDB deletes the temporary tables in this folder when it starts, also those of other servers.
        let server = if self.server_program.is_mariadb() {
            server.option("tmpdir", self.temporary_files())
        } else {
            server
        };
        server
            .option("datadir", &self.data)
            .option("init-file", self.account_file())
            .option("socket", "mysqld.sock")
            .option("pid-file", "mysqld.pid")
            .option("port", self.port.to_string())
    }

    /// The settings with which committed data survives a power failure, where that matters.
    fn settings(&self) -> Vec<&'static str> {
        match (&self.special.kept, &self.slow_flushes) {
            (None, None) => Vec::new(),
            (Some(_), None) => SAFE_SETTINGS.to_vec(),
            (_, Some(_)) => [&SAFE_SETTINGS[..], &BINARY_LOG[..]].concat(),
        }
    }

    fn temporary_files(&self) -> PathBuf {
        self.folder.path().join("temporary")
    }

    fn account_file(&self) -> PathBuf {
        self.data.join("account.sql")
    }

    /// Writes the statements that the server runs at each start. They create the account of [`Self::url`], give it the
    /// password of this run, and give the account `root`, which anyone on this machine could use, a password as well.
    fn write_account(&self) -> Result<()> {
        let password = &self.password;
        let account = format!(
            "CREATE USER IF NOT EXISTS 'restock'@'%' IDENTIFIED BY '{password}';\n\
             ALTER USER 'restock'@'%' IDENTIFIED BY '{password}';\n\
             GRANT ALL ON *.* TO 'restock'@'%' WITH GRANT OPTION;\n\
             ALTER USER 'root'@'localhost' IDENTIFIED BY '{password}';\n"
        );
        Ok(std::fs::write(self.account_file(), account)?)
    }

    async fn connect(&self) -> Result<MySqlConnection> {
        Ok(MySqlConnection::connect(&self.url("")).await?)
    }
}
