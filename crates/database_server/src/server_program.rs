//! The program of a database server: MySQL or MariaDB, with the arguments that each needs.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Result, ensure};
use local_programs::{
    console::Console,
    prerequisites::{Cache, Mysqld},
    process::{Invocation, RunFolder},
};

/// Small and fast. Committed data survives a crash of the server, but not a power failure.
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

/// For data that is kept: it also survives a power failure. Later settings take precedence.
pub(super) const SAFE_SETTINGS: [&str; 2] =
    ["--innodb-flush-log-at-trx-commit=1", "--innodb-doublewrite=1"];

/// As RDS commits while it keeps backups: a transaction is written to the binary log and flushed before its locks are
/// released.
pub(super) const BINARY_LOG: [&str; 4] =
    ["--log-bin=binlog", "--server-id=1", "--binlog-format=ROW", "--sync-binlog=1"];

/// The program of a database server and its version.
#[derive(Debug, Clone)]
pub(super) struct ServerProgram {
    mysqld: Mysqld,
    version: String,
}

pub(super) async fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    let copy = Invocation::new("cp").arg("-a").arg("--reflink=auto").arg(from).arg(to);
    copy.run("the files of the database cannot be copied").await.map(drop)
}

impl ServerProgram {
    pub(super) async fn of(mysqld: Mysqld) -> Result<Self> {
        let ask = mysqld.server().arg("--version");
        let version = ask.run("the version of the database server cannot be read").await?;
        let program = Self { mysqld, version };
        ensure!(
            program.is_supported(),
            "the database server is {}, which is too old: install MariaDB 10.11 or MySQL 8.4, or later, or set \
             RESTOCK_MYSQLD=/path/to/mysqld",
            program.name()
        );
        Ok(program)
    }

    /// Whether this version or a later one is tested.
    fn is_supported(&self) -> bool {
        self.number() >= if self.is_mariadb() { vec![10, 11] } else { vec![8, 4] }
    }

    /// `[10, 11, 14]`. Empty if the server did not say it.
    fn number(&self) -> Vec<u32> {
        let name = self.name();
        let number = name.rsplit(' ').next().unwrap_or_default();
        number.split('.').map_while(|part| part.parse().ok()).collect()
    }

    pub(super) fn is_mariadb(&self) -> bool {
        self.version.contains("MariaDB")
    }

    /// The product, whose data the other one cannot read.
    pub(super) fn product(&self) -> &'static str {
        if self.is_mariadb() { "MariaDB" } else { "MySQL" }
    }

    pub(super) fn name(&self) -> String {
        let after = self.version.split("Ver ").nth(1).unwrap_or(&self.version);
        let number = after.split(['-', ' ']).next().unwrap_or_default();
        format!("{} {number}", self.product())
    }

    pub(super) fn invocation(&self) -> Invocation {
        let server = SETTINGS.into_iter().fold(self.mysqld.server(), Invocation::arg);
        let server = self.as_user(server);
        if self.is_mariadb() { server } else { server.arg("--mysqlx=OFF") }
    }

    pub(super) fn without_tls(&self) -> Invocation {
        self.invocation().arg(if self.is_mariadb() { "--skip-ssl" } else { "--tls-version=" })
    }

    /// Neither product runs as root without this option.
    fn as_user(&self, server: Invocation) -> Invocation {
        if nix::unistd::Uid::effective().is_root() { server.arg("--user=root") } else { server }
    }

    /// An empty data folder, created once per version: that takes a server several seconds.
    pub(super) async fn template(&self, console: Console) -> Result<PathBuf> {
        let mut hasher = DefaultHasher::new();
        (&self.version, self.initialiser(Path::new("")).command_line()).hash(&mut hasher);
        let name = format!("database-{:016x}", hasher.finish());
        let cache = Cache::open()?;
        let folder = cache.folder(&name, async |folder| {
            console.note(format_args!("creating an empty database for {}: once", self.name()));
            // Not in the cache itself: a server that changes its user cannot reach the home folder.
            let draft = RunFolder::create("template")?;
            self.initialise(&draft.path().join("data")).await?;
            copy_folder(&draft.path().join("data"), &folder.join("data")).await
        });
        Ok(folder.await?.join("data"))
    }

    async fn initialise(&self, data: &Path) -> Result<()> {
        std::fs::create_dir(data)?;
        self.initialiser(data).run("an empty database cannot be created").await.map(drop)
    }

    /// The command that creates an empty data folder.
    fn initialiser(&self, data: &Path) -> Invocation {
        if self.is_mariadb() {
            let install = self.mysqld.install_db();
            let install =
                install.arg("--auth-root-authentication-method=socket").arg("--skip-test-db");
            self.as_user(install).option("datadir", data)
        } else {
            self.without_tls().option("datadir", data).arg("--initialize-insecure")
        }
    }
}
