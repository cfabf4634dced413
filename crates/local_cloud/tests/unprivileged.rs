//! A first run on Debian or Ubuntu as a user without rights, in an empty home folder: MariaDB comes from the packages.

#![allow(clippy::expect_used, reason = "a test fails by ending")]

use std::{
    fs,
    os::unix::fs::chown,
    path::{Path, PathBuf},
    process::Command,
};

use database_server::DatabaseServer;
use local_programs::{console::Console, prerequisites::Mysqld, process::RunFolder};
use sqlx::{Connection, MySqlConnection};

/// The user and the group `nobody`.
const NOBODY: u32 = 65_534;

#[test]
fn a_user_without_rights_gets_a_database_server_and_runs_the_migrations() {
    if !["/usr/bin/apt-get", "/usr/bin/dpkg-deb"].iter().all(|program| Path::new(program).exists())
    {
        println!("did not run: this machine has no packages of Debian or Ubuntu");
        return;
    }
    let folder = RunFolder::create("unprivileged").expect("a folder");
    let home = folder.path().join("home");
    fs::create_dir(&home).expect("a home folder");
    let mut command = as_nobody(folder.path(), &home);
    command.args(["--ignored", "--exact", "in_an_empty_home_folder", "--nocapture"]);
    for name in ["HOME", "XDG_CACHE_HOME", "TMPDIR"] {
        command.env(name, &home);
    }
    let done = command.output().expect("the test runs");
    let text = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success() && text.contains("1 passed"), "{done:?}");
}

/// This program, as `nobody` if this process is root, and else as the same user.
fn as_nobody(folder: &Path, home: &Path) -> Command {
    let this = std::env::current_exe().expect("this program");
    if fs::metadata("/proc/self").is_ok_and(|it| std::os::unix::fs::MetadataExt::uid(&it) != 0) {
        return Command::new(this);
    }
    chown(home, Some(NOBODY), Some(NOBODY)).expect("the home folder of nobody");
    // The build folder may be in the home folder of root.
    let copy: PathBuf = folder.join("test");
    fs::copy(this, &copy).expect("a copy");
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(copy);
    command.current_dir(home);
    command
}

#[tokio::test]
#[ignore = "started by the other test, which prepares the home folder"]
async fn in_an_empty_home_folder() {
    let console = Console::on_stderr();
    let mysqld = Mysqld::from_packages(console).await.expect("the packages");
    let server = DatabaseServer::start_program(mysqld, console).await.expect("a server");
    let url = server.create_database("shop").await.expect("a database");
    warehouse::migrate(&url.parse().expect("a URL")).await.expect("the migrations");
    let mut connection = MySqlConnection::connect(&url).await.expect("a connection");
    let products = "SELECT COUNT(*) FROM product";
    let products: i64 =
        sqlx::query_scalar(products).fetch_one(&mut connection).await.expect("a number");
    assert_eq!(products, 1);
    let basedir: String =
        sqlx::query_scalar("SELECT @@basedir").fetch_one(&mut connection).await.expect("a folder");
    assert!(basedir.contains("/restock/mariadb-"), "{basedir}");
    server.stop().await;
}
