use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::{apt, unpacked};
use crate::{console::Console, process::Invocation};

/// Folders with database servers that are often not on the PATH.
const SYSTEM_FOLDERS: [&str; 3] = ["/usr/sbin", "/usr/local/sbin", "/usr/libexec"];

const INSTRUCTIONS: &str = "Restock needs a MySQL or MariaDB server: install mariadb-server, \
     or set RESTOCK_MYSQLD=/path/to/mysqld";

/// The programs of a database server.
#[derive(Debug, Clone)]
pub struct Mysqld {
    server: PathBuf,
    /// The folder with unpacked packages; `None` if the server is installed.
    unpacked: Option<PathBuf>,
}

impl Mysqld {
    /// The server. Its first arguments say that it reads no configuration of this machine, and where its files are.
    pub fn server(&self) -> Invocation {
        self.located(&self.server)
    }

    /// The program of MariaDB that creates an empty database, with the same first arguments.
    pub fn install_db(&self) -> Invocation {
        let name = "mariadb-install-db";
        let unpacked = self.unpacked.as_ref().map(|root| root.join("usr/bin").join(name));
        self.located(&unpacked.unwrap_or_else(|| PathBuf::from(name)))
    }

    /// MariaDB from the packages of Debian or Ubuntu, unpacked into the cache if it is not there yet.
    ///
    /// # Errors
    /// If this machine has no apt-get and dpkg, or if the packages cannot be downloaded.
    pub async fn from_packages(console: Console) -> Result<Self> {
        let root = unpacked::mariadb(console).await?;
        Ok(Self { server: root.join("usr/sbin/mariadbd"), unpacked: Some(root) })
    }

    fn installed(server: PathBuf) -> Self {
        Self { server, unpacked: None }
    }

    fn located(&self, program: &Path) -> Invocation {
        let invocation = Invocation::new(program);
        let Some(root) = &self.unpacked else { return invocation.arg("--no-defaults") };
        invocation
            .env("LD_LIBRARY_PATH", unpacked::library_path(root))
            .arg("--no-defaults")
            .option("basedir", root.join("usr"))
    }
}

/// A database server: that of `RESTOCK_MYSQLD`, else one that is installed, else MariaDB from the packages of Debian or
/// Ubuntu, unpacked into the cache: that needs no root and changes nothing on this machine.
pub async fn mysqld(console: Console) -> Result<Mysqld> {
    if let Some(found) = chosen()?.or_else(installed) {
        return Ok(Mysqld::installed(found));
    }
    ensure!(unpacked::is_possible(), INSTRUCTIONS);
    Mysqld::from_packages(console).await.context(INSTRUCTIONS)
}

/// Whether there is a database server, or one can be unpacked.
///
/// # Errors
/// If `RESTOCK_MYSQLD` is wrong.
pub(super) fn can_be_had() -> Result<bool> {
    Ok(chosen()?.or_else(installed).is_some() || unpacked::is_possible())
}

/// The program in `RESTOCK_MYSQLD`.
fn chosen() -> Result<Option<PathBuf>> {
    let Some(chosen) = std::env::var_os("RESTOCK_MYSQLD").map(PathBuf::from) else {
        return Ok(None);
    };
    ensure!(
        chosen.is_file(),
        "RESTOCK_MYSQLD is {}, which is not a file. {INSTRUCTIONS}",
        chosen.display()
    );
    Ok(Some(chosen))
}

fn installed() -> Option<PathBuf> {
    apt::installed(&["mysqld", "mariadbd"], &SYSTEM_FOLDERS)
}
