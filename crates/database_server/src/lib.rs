//! A database server of our own: its own data folder and port, never the machine's.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use sqlx::{Connection, Executor, MySqlConnection};
use tokio::{sync::Mutex, time::Instant};
use uuid::Uuid;

use local_programs::{
    console::Console,
    prerequisites::{Cache, mysqld},
    process::{Invocation, Program, RunFolder, free_port},
};

/// How long a server may take until one can log in. It recovers a crash in less.
const STARTING: Duration = Duration::from_secs(60);

/// Another program may take the port between our looking for a free one and the server's taking it.
const STARTS: u32 = 3;

/// Small and quick: what is in it need not outlive a power cut, only a crash of the server.
const SETTINGS: [&str; 11] = [
    "--bind-address=127.0.0.1",
    "--skip-name-resolve",
    "--skip-log-bin",
    "--character-set-server=utf8mb4",
    "--max-connections=1000",
    "--innodb-buffer-pool-size=64M",
    "--innodb-flush-log-at-trx-commit=2",
    "--innodb-doublewrite=0",
    "--performance-schema=OFF",
    "--default-time-zone=+00:00",
    "--table-open-cache=400",
];

/// A server that runs until it is stopped, or until we end.
#[derive(Debug)]
pub struct DatabaseServer {
    program: Mutex<Option<Program>>,
    product: Product,
    folder: RunFolder,
    port: u16,
    password: String,
    tls: Option<Tls>,
}

/// What a server proves with who it is: files of PEM.
#[derive(Debug, Clone)]
pub struct Tls {
    /// Its certificate.
    pub certificate: PathBuf,
    /// The key of it.
    pub key: PathBuf,
}

/// A server's program, and what sort it is.
#[derive(Debug, Clone)]
struct Product {
    program: PathBuf,
    version: String,
}

impl DatabaseServer {
    /// Starts a server of whichever product is there, or installs one.
    pub async fn start(console: Console) -> Result<Self> {
        Self::start_with(console, None).await
    }

    /// The same, but it also takes connections over TLS.
    pub async fn start_with_tls(console: Console, tls: Tls) -> Result<Self> {
        Self::start_with(console, Some(tls)).await
    }

    async fn start_with(console: Console, tls: Option<Tls>) -> Result<Self> {
        let product = Product::of(mysqld(console).await?).await?;
        let template = product.template(console).await?;
        let mut last = None;
        for _ in 0..STARTS {
            match Self::start_from(&product, &template, tls.clone()).await {
                Ok(server) => return Ok(server),
                Err(error) => last = Some(error),
            }
        }
        Err(last.context("no server was started")?)
    }

    async fn start_from(product: &Product, template: &Path, tls: Option<Tls>) -> Result<Self> {
        let folder = RunFolder::create("database")?;
        let data = folder.path().join("data");
        copy(template, &data).await?;
        let server = Self {
            program: Mutex::new(None),
            product: product.clone(),
            folder,
            port: free_port().await?,
            password: Uuid::new_v4().simple().to_string(),
            tls,
        };
        server.write_account()?;
        server.run().await?;
        Ok(server)
    }

    /// `MariaDB 10.11.14`, or `MySQL 9.7.0`.
    pub fn name(&self) -> String {
        self.product.name()
    }

    /// Where a database on it is: `mysql://user:password@127.0.0.1:port/name`.
    pub fn url(&self, database: &str) -> String {
        let Self { port, password, .. } = self;
        format!("mysql://restock:{password}@127.0.0.1:{port}/{database}?ssl-mode=disabled")
    }

    /// Makes a database and answers its URL.
    pub async fn create_database(&self, name: &str) -> Result<String> {
        let mut connection = self.connect().await?;
        let create = format!("CREATE DATABASE `{name}` CHARACTER SET utf8mb4");
        connection.execute(sqlx::query(sqlx::AssertSqlSafe(create))).await?;
        connection.close().await?;
        Ok(self.url(name))
    }

    /// Ends it, and removes its data: so nothing is lost by not letting it shut down (MySQL: 1.5 s).
    pub async fn stop(self) {
        self.kill().await;
    }

    /// Kills it at once, as a crash would. Its data stay for [`Self::restart`].
    pub async fn kill(&self) {
        if let Some(program) = self.program.lock().await.take() {
            program.kill().await;
        }
    }

    /// Starts it again on the same port, with the same data.
    pub async fn restart(&self) -> Result<()> {
        self.run().await
    }

    /// Runs the program, until one can log in.
    async fn run(&self) -> Result<()> {
        let program = Program::start("database", self.folder.path(), &self.invocation()).await?;
        let deadline = Instant::now() + STARTING;
        while let Err(error) = self.connect().await {
            if program.has_ended() || Instant::now() > deadline {
                bail!("{} did not start: {error:#}\n{}", self.name(), program.last_words());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        *self.program.lock().await = Some(program);
        Ok(())
    }

    fn invocation(&self) -> Invocation {
        let server = match &self.tls {
            None => self.product.without_tls(),
            Some(Tls { certificate, key }) => {
                self.product.invocation().option("ssl-cert", certificate).option("ssl-key", key)
            }
        };
        server
            .option("datadir", self.folder.path().join("data"))
            .option("init-file", self.account_file())
            .option("socket", self.folder.path().join("data/mysqld.sock"))
            .option("pid-file", self.folder.path().join("data/mysqld.pid"))
            .option("port", self.port.to_string())
    }

    fn account_file(&self) -> PathBuf {
        self.folder.path().join("data/account.sql")
    }

    /// The server makes our account while it starts, and gives its own, that anyone on this machine could
    /// use, a password too.
    fn write_account(&self) -> Result<()> {
        let password = &self.password;
        let account = format!(
            "CREATE USER IF NOT EXISTS 'restock'@'%' IDENTIFIED BY '{password}';\n\
             GRANT ALL ON *.* TO 'restock'@'%' WITH GRANT OPTION;\n\
             ALTER USER 'root'@'localhost' IDENTIFIED BY '{password}';\n"
        );
        Ok(std::fs::write(self.account_file(), account)?)
    }

    async fn connect(&self) -> Result<MySqlConnection> {
        Ok(MySqlConnection::connect(&self.url("")).await?)
    }
}

async fn copy(from: &Path, to: &Path) -> Result<()> {
    let copy = Invocation::new("cp").arg("-a").arg("--reflink=auto").arg(from).arg(to);
    copy.run("the database's files cannot be copied").await.map(drop)
}

impl Product {
    async fn of(program: PathBuf) -> Result<Self> {
        let ask = Invocation::new(&program).arg("--no-defaults").arg("--version");
        let version = ask.run("the database server does not say what it is").await?;
        Ok(Self { program, version })
    }

    fn is_mariadb(&self) -> bool {
        self.version.contains("MariaDB")
    }

    fn name(&self) -> String {
        let after = self.version.split("Ver ").nth(1).unwrap_or(&self.version);
        let number = after.split(['-', ' ']).next().unwrap_or_default();
        format!("{} {number}", if self.is_mariadb() { "MariaDB" } else { "MySQL" })
    }

    fn invocation(&self) -> Invocation {
        let server = Invocation::new(&self.program).arg("--no-defaults");
        let server = SETTINGS.into_iter().fold(server, Invocation::arg);
        let server = self.as_user(server);
        if self.is_mariadb() { server } else { server.arg("--mysqlx=OFF") }
    }

    fn without_tls(&self) -> Invocation {
        self.invocation().arg(if self.is_mariadb() { "--skip-ssl" } else { "--tls-version=" })
    }

    /// Neither server runs as root unless it is told so.
    fn as_user(&self, server: Invocation) -> Invocation {
        if nix::unistd::Uid::effective().is_root() { server.arg("--user=root") } else { server }
    }

    /// An empty data folder, made once for each product: a server takes seconds to make one.
    async fn template(&self, console: Console) -> Result<PathBuf> {
        let mut hasher = DefaultHasher::new();
        (&self.version, self.initialiser(Path::new("")).words()).hash(&mut hasher);
        let name = format!("database-{:016x}", hasher.finish());
        let cache = Cache::open()?;
        let folder = cache.folder(&name, async |folder| {
            console.note(format_args!("making an empty database for {}: once", self.name()));
            // Not in the cache itself: a server that changes its user cannot reach into our home.
            let draft = RunFolder::create("template")?;
            self.initialise(&draft.path().join("data")).await?;
            copy(&draft.path().join("data"), &folder.join("data")).await
        });
        Ok(folder.await?.join("data"))
    }

    async fn initialise(&self, data: &Path) -> Result<()> {
        std::fs::create_dir(data)?;
        self.initialiser(data).run("an empty database cannot be made").await.map(drop)
    }

    /// What makes an empty data folder.
    fn initialiser(&self, data: &Path) -> Invocation {
        if self.is_mariadb() {
            let install = Invocation::new("mariadb-install-db").arg("--no-defaults");
            let install =
                install.arg("--auth-root-authentication-method=socket").arg("--skip-test-db");
            self.as_user(install).option("datadir", data)
        } else {
            self.without_tls().option("datadir", data).arg("--initialize-insecure")
        }
    }
}

#[cfg(test)]
mod tests;
