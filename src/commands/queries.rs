//! `restock queries`: the queries of the warehouse, checked against a real database.
//!
//! `.sqlx` holds what a database said of each query, so that a build checks them without one. This
//! asks a database anew: after a change of a query or a migration, and in CI, to see that `.sqlx` is
//! what it would say now.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use serde_json::{Value, json};
use tokio::process::Command;

use database_server::DatabaseServer;
use local_programs::console::Console;

/// What is done with what the database says.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Change nothing, and fail if `.sqlx` is not what the database says.
    #[arg(long)]
    check: bool,
}

/// Asks a database, and writes down or compares what it says.
pub async fn run(options: Arguments) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let kept = root.join(".sqlx");
    let said = describe(root).await?;
    let difference = differences(&read(&kept)?, &said);
    if difference.is_empty() {
        println!("{} queries are as the database says", said.len());
        return Ok(());
    }
    ensure!(
        !options.check,
        "run `cargo run -- queries`: .sqlx differs in {}",
        difference.join(", ")
    );
    replace(&kept, &said)?;
    println!("{} queries written down, {} of them changed", said.len(), difference.len());
    Ok(())
}

/// What a file of `.sqlx` says, by its name.
type Descriptions = BTreeMap<String, String>;

async fn describe(root: &Path) -> Result<Descriptions> {
    let server = DatabaseServer::start(Console::on_stderr()).await?;
    let url = server.create_database("restock").await?;
    warehouse::migrate(&url.parse()?).await?;
    let folder = tempfile::tempdir()?;
    let target = root.join("target/queries");
    // The compiler asks the database only for what it compiles.
    cargo(root, &["clean", "--package", "warehouse"], &target, &url, folder.path()).await?;
    cargo(root, &["check", "--package", "warehouse"], &target, &url, folder.path()).await?;
    server.stop().await;
    read(folder.path())
}

async fn cargo(root: &Path, words: &[&str], target: &Path, url: &str, into: &Path) -> Result<()> {
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(words)
        .current_dir(root)
        .env("CARGO_TARGET_DIR", target)
        .env("DATABASE_URL", url)
        .env("SQLX_OFFLINE", "false")
        .env("SQLX_OFFLINE_DIR", into)
        .status()
        .await
        .context("cargo cannot be started")?;
    if status.success() { Ok(()) } else { bail!("the queries do not fit the database: see above") }
}

fn read(folder: &Path) -> Result<Descriptions> {
    let mut descriptions = Descriptions::new();
    for file in std::fs::read_dir(folder).with_context(|| format!("{}", folder.display()))? {
        let path: PathBuf = file?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("query-") {
            descriptions.insert(name, std::fs::read_to_string(path)?);
        }
    }
    Ok(descriptions)
}

/// The files that one has and the other has not, or in which it says something else.
fn differences(kept: &Descriptions, said: &Descriptions) -> Vec<String> {
    let names: BTreeSet<&String> = kept.keys().chain(said.keys()).collect();
    let differs = |name: &&String| said_of(kept, name) != said_of(said, name);
    names.into_iter().filter(differs).cloned().collect()
}

fn said_of(descriptions: &Descriptions, name: &str) -> Option<Value> {
    descriptions.get(name).map(|description| essence(description))
}

/// What the code is checked against. The rest is the server's own affair: collations, and the type of a
/// column that the query itself gives one (`"known: bool"`).
fn essence(description: &str) -> Value {
    let full: Value = serde_json::from_str(description).unwrap_or_default();
    let describe = &full["describe"];
    let columns = describe["columns"].as_array().cloned().unwrap_or_default();
    let columns: Vec<Value> = columns.iter().map(column).collect();
    json!([full["query"], describe["parameters"], describe["nullable"], columns])
}

fn column(column: &Value) -> Value {
    let typed_by_query = column["name"].as_str().is_some_and(|name| name.contains(':'));
    let kind = if typed_by_query { Value::Null } else { column["type_info"]["type"].clone() };
    json!([column["name"], kind])
}

fn replace(folder: &Path, said: &Descriptions) -> Result<()> {
    for name in read(folder)?.keys() {
        std::fs::remove_file(folder.join(name))?;
    }
    for (name, text) in said {
        std::fs::write(folder.join(name), text)?;
    }
    Ok(())
}
