use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::{console::Console, process::Invocation};

/// Folders with database servers that are often not on the PATH.
const SYSTEM_FOLDERS: [&str; 3] = ["/usr/sbin", "/usr/local/sbin", "/usr/libexec"];

const INSTRUCTIONS: &str = "Restock needs a MySQL or MariaDB server: install mariadb-server, \
     or set RESTOCK_MYSQLD=/path/to/mysqld";

/// The program of a database server: `RESTOCK_MYSQLD`, else one on the PATH, else Debian's MariaDB, which is then
/// installed.
pub async fn mysqld(console: Console) -> Result<PathBuf> {
    if let Some(chosen) = std::env::var_os("RESTOCK_MYSQLD") {
        let chosen = PathBuf::from(chosen);
        ensure!(
            chosen.is_file(),
            "RESTOCK_MYSQLD is {}, which is not a file. {INSTRUCTIONS}",
            chosen.display()
        );
        return Ok(chosen);
    }
    if let Some(found) = installed() {
        return Ok(found);
    }
    console.note("installing MariaDB (mariadb-server-core, from apt): once, about 20 s");
    install().await.context(INSTRUCTIONS)?;
    installed().context(INSTRUCTIONS)
}

fn installed() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(SYSTEM_FOLDERS.map(PathBuf::from));
    let candidates =
        folders.flat_map(|folder| ["mysqld", "mariadbd"].map(|name| folder.join(name)));
    candidates.into_iter().find(|candidate| candidate.is_file())
}

/// The core packages install no service, so nothing is started. `mariadb-install-db` needs a tool of the client package.
const PACKAGES: [&str; 2] = ["mariadb-server-core", "mariadb-client-core"];

async fn install() -> Result<()> {
    ensure!(Path::new("/usr/bin/apt-get").exists(), "apt-get does not exist on this machine");
    let install = [&["install", "--yes", "--no-install-recommends"], &PACKAGES[..]].concat();
    if apt_get(&install).await.is_ok() {
        return Ok(());
    }
    // The list of packages may be outdated or missing.
    apt_get(&["update"]).await?;
    apt_get(&install).await
}

async fn apt_get(arguments: &[&str]) -> Result<()> {
    let apt_get = if nix::unistd::Uid::effective().is_root() {
        Invocation::inheriting("apt-get")
    } else {
        Invocation::inheriting("sudo").arg("--non-interactive").arg("apt-get")
    };
    let apt_get = apt_get
        .env("DEBIAN_FRONTEND", "noninteractive")
        .arg("--option")
        .arg("DPkg::Lock::Timeout=120");
    arguments.iter().fold(apt_get, Invocation::arg).run("apt-get").await.map(drop)
}
