#![allow(clippy::unwrap_used)]

use super::*;

async fn start() -> DatabaseServer {
    DatabaseServer::start(Console::on_stderr()).await.unwrap()
}

async fn number(url: &str, query: &'static str) -> i64 {
    let mut connection = MySqlConnection::connect(url).await.unwrap();
    sqlx::query_scalar(query).fetch_one(&mut connection).await.unwrap()
}

#[tokio::test]
async fn committed_data_survives_a_crash_of_the_server() {
    let server = start().await;
    let url = server.create_database("shop").await.unwrap();
    let mut connection = MySqlConnection::connect(&url).await.unwrap();
    connection.execute("CREATE TABLE donut (id BIGINT PRIMARY KEY)").await.unwrap();
    connection.execute("INSERT INTO donut VALUES (1), (2)").await.unwrap();
    server.kill().await;
    assert!(MySqlConnection::connect(&url).await.is_err());
    server.restart().await.unwrap();
    assert_eq!(number(&url, "SELECT COUNT(*) FROM donut").await, 2);
    server.stop().await;
}

#[tokio::test]
async fn stop_removes_the_folder_even_after_a_crash() {
    let server = start().await;
    let folder = server.folder.path().to_owned();
    server.kill().await;
    server.restart().await.unwrap();
    assert!(folder.is_dir());
    server.stop().await;
    assert!(!folder.exists());
}

/// Each running function keeps a connection, and a crowd of customers makes many run at once.
#[tokio::test]
async fn the_server_accepts_as_many_connections_as_a_crowd_needs() {
    let server = start().await;
    assert!(number(&server.url(""), "SELECT CAST(@@max_connections AS SIGNED)").await >= 600);
    server.stop().await;
}

#[tokio::test]
async fn nobody_logs_in_without_the_password() {
    let server = start().await;
    let intruders = ["root", "restock", ""];
    for user in intruders {
        let url = format!("mysql://{user}@127.0.0.1:{}/?ssl-mode=disabled", server.port);
        assert!(MySqlConnection::connect(&url).await.is_err(), "{user} logged in");
    }
    server.stop().await;
}

/// MariaDB deletes what an earlier server has left in its folder for temporary tables.
#[tokio::test]
async fn a_start_does_not_delete_the_temporary_tables_of_another_server() {
    let (one, other) = tokio::join!(start(), start());
    if one.server_program.is_mariadb() {
        let mut folders = Vec::new();
        for server in [&one, &other] {
            let mut connection = MySqlConnection::connect(&server.url("")).await.unwrap();
            let folder = sqlx::query_scalar::<_, String>("SELECT CONVERT(@@tmpdir USING utf8mb4)");
            folders.push(folder.fetch_one(&mut connection).await.unwrap());
        }
        assert_ne!(folders[0], folders[1]);
    }
    one.stop().await;
    other.stop().await;
}

#[tokio::test]
async fn two_servers_are_independent() {
    let (one, other) = tokio::join!(start(), start());
    assert_ne!(one.port, other.port);
    one.create_database("shop").await.unwrap();
    other.create_database("shop").await.unwrap();
    one.stop().await;
    assert!(other.create_database("more").await.is_ok());
    other.stop().await;
}

#[tokio::test]
async fn the_error_for_a_failed_start_contains_the_log() {
    let server = start().await;
    server.kill().await;
    std::fs::remove_file(server.folder.path().join("data/ibdata1")).unwrap();
    let error = format!("{:#}", server.restart().await.unwrap_err());
    assert!(error.contains("did not start") && error.contains("ERROR"), "{error}");
}

#[tokio::test]
async fn the_data_of_another_product_is_refused_and_left_alone() {
    let place = RunFolder::create("test").unwrap();
    let start = async || {
        let folder = DataFolder::open(&place.path().join("shop")).unwrap();
        DatabaseServer::start_in(folder, Console::on_stderr()).await
    };
    start().await.unwrap().stop().await;
    std::fs::write(place.path().join("shop/product"), "OtherSQL").unwrap();
    let error = format!("{:#}", start().await.unwrap_err());
    assert!(
        error.contains("belongs to OtherSQL, and the database server of this machine is"),
        "{error}"
    );
    assert!(place.path().join("shop/database").is_dir());
}

#[test]
fn a_folder_with_other_files_is_refused_and_left_alone() {
    let place = RunFolder::create("test").unwrap();
    std::fs::write(place.path().join("notes"), "").unwrap();
    let error = DataFolder::open(place.path()).unwrap_err().to_string();
    assert!(error.ends_with("holds other files: name a new folder for the data"), "{error}");
    let error = DataFolder::open(&place.path().join("notes")).unwrap_err().to_string();
    assert!(error.ends_with("is not a folder: name a new folder for the data"), "{error}");
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn an_incomplete_copy_of_a_killed_start_is_replaced() {
    let place = RunFolder::create("test").unwrap();
    std::fs::create_dir_all(place.path().join("database.incomplete/rest")).unwrap();
    std::fs::write(place.path().join("lock"), "").unwrap();
    let folder = DataFolder::open(place.path()).unwrap();
    let server = DatabaseServer::start_in(folder, Console::on_stderr()).await.unwrap();
    server.stop().await;
    assert!(!place.path().join("database.incomplete").exists());
    assert!(!place.path().join("database/rest").exists());
}

/// Does not depend on how fast this machine is: a flush cannot be shorter.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn each_commit_of_a_server_with_slow_flushes_takes_as_long_as_a_flush() {
    let flush = Duration::from_millis(20);
    let server =
        DatabaseServer::start_with_slow_flushes(Console::on_stderr(), flush).await.unwrap();
    let url = server.create_database("shop").await.unwrap();
    let mut connection = MySqlConnection::connect(&url).await.unwrap();
    connection.execute("CREATE TABLE donut (id BIGINT PRIMARY KEY)").await.unwrap();
    let began = Instant::now();
    for _ in 0..5 {
        connection.execute("INSERT INTO donut SELECT COUNT(*) FROM donut").await.unwrap();
    }
    assert!(began.elapsed() >= flush * 5, "{:?}", began.elapsed());
    server.stop().await;
}
