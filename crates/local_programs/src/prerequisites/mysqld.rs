use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::{console::Console, process::Invocation};

/// Where database servers are that are not for everybody's PATH.
const SYSTEM_FOLDERS: [&str; 3] = ["/usr/sbin", "/usr/local/sbin", "/usr/libexec"];

const WHAT_TO_DO: &str = "Restock needs a MySQL or MariaDB server: install mariadb-server, \
     or set RESTOCK_MYSQLD=/path/to/mysqld";

/// The program of a database server: `RESTOCK_MYSQLD`, or one on the PATH, or Debian's MariaDB, which is
/// then installed.
pub async fn mysqld(console: Console) -> Result<PathBuf> {
    if let Some(chosen) = std::env::var_os("RESTOCK_MYSQLD") {
        let chosen = PathBuf::from(chosen);
        ensure!(
            chosen.is_file(),
            "RESTOCK_MYSQLD is {}, and that is no file. {WHAT_TO_DO}",
            chosen.display()
        );
        return Ok(chosen);
    }
    if let Some(found) = installed() {
        return Ok(found);
    }
    console.note("installing MariaDB (mariadb-server-core, from apt): once, about 20 s");
    install().await.context(WHAT_TO_DO)?;
    installed().context(WHAT_TO_DO)
}

fn installed() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(SYSTEM_FOLDERS.map(PathBuf::from));
    let candidates =
        folders.flat_map(|folder| ["mysqld", "mariadbd"].map(|name| folder.join(name)));
    candidates.into_iter().find(|candidate| candidate.is_file())
}

/// The core package holds the server and no service, so nothing is started by it. The server's own
/// installer needs a tool of the client's.
const PACKAGES: [&str; 2] = ["mariadb-server-core", "mariadb-client-core"];

async fn install() -> Result<()> {
    ensure!(Path::new("/usr/bin/apt-get").exists(), "there is no apt-get here");
    let install = [&["install", "--yes", "--no-install-recommends"], &PACKAGES[..]].concat();
    if apt_get(&install).await.is_ok() {
        return Ok(());
    }
    // What the machine knows of its packages may be old, or nothing at all.
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
