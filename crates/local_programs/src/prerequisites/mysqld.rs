use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use super::apt;
use crate::console::Console;

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
    apt::install(&PACKAGES).await.context(INSTRUCTIONS)?;
    installed().context(INSTRUCTIONS)
}

fn installed() -> Option<PathBuf> {
    apt::installed(&["mysqld", "mariadbd"], &SYSTEM_FOLDERS)
}

/// The core packages install no service, so nothing is started. `mariadb-install-db` needs a tool of the client package.
const PACKAGES: [&str; 2] = ["mariadb-server-core", "mariadb-client-core"];
