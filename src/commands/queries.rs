//! `restock queries`: checks the queries of the warehouse against a real database.
//!
//! `.sqlx` contains a description of each query, so that a build can check the queries without a database. Run this
//! command after a change of a query or a migration. CI runs it with `--check`.

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
use terminal::print;

/// Arguments of `restock queries`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Change nothing; fail if .sqlx is out of date.
    #[arg(long)]
    check: bool,
}

/// Describes all queries with a database, and updates or compares `.sqlx`.
pub async fn run(arguments: Arguments) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join(".sqlx");
    let described = describe(root).await?;
    let difference = differences(&read(&folder)?, &described);
    if difference.is_empty() {
        return Ok(print(&format!("{} queries are up to date\n", described.len()))?);
    }
    ensure!(
        !arguments.check,
        ".sqlx is out of date in {}: run `cargo run -- queries`",
        difference.join(", ")
    );
    replace(&folder, &described)?;
    let (all, changed) = (described.len(), difference.len());
    Ok(print(&format!("{all} queries written, {changed} of them changed\n"))?)
}

/// The files in `.sqlx` by name.
type Descriptions = BTreeMap<String, String>;

async fn describe(root: &Path) -> Result<Descriptions> {
    let server = DatabaseServer::start(Console::on_stderr()).await?;
    let url = server.create_database("restock").await?;
    // Those of the folder: this program may have been built before they were changed.
    warehouse::migrate_from(&root.join("migrations"), &url.parse()?).await?;
    let folder = tempfile::tempdir()?;
    let target = root.join("target/queries");
    // sqlx describes a query only when it is compiled, so the crate is compiled again.
    cargo(root, &["clean", "--package", "warehouse"], &target, &url, folder.path()).await?;
    cargo(root, &["check", "--package", "warehouse"], &target, &url, folder.path()).await?;
    server.stop().await;
    read(folder.path())
}

async fn cargo(
    root: &Path,
    arguments: &[&str],
    target: &Path,
    url: &str,
    descriptions: &Path,
) -> Result<()> {
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(arguments)
        .current_dir(root)
        .env("CARGO_TARGET_DIR", target)
        .env("DATABASE_URL", url)
        .env("SQLX_OFFLINE", "false")
        .env("SQLX_OFFLINE_DIR", descriptions)
        .status()
        .await
        .context("cargo cannot be started")?;
    if status.success() {
        Ok(())
    } else {
        bail!("the queries do not match the database: see the output of cargo above")
    }
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

/// The names of the files that exist on one side only or differ.
fn differences(stored: &Descriptions, current: &Descriptions) -> Vec<String> {
    let names: BTreeSet<&String> = stored.keys().chain(current.keys()).collect();
    let differs = |name: &&String| essence_of(stored, name) != essence_of(current, name);
    names.into_iter().filter(differs).cloned().collect()
}

fn essence_of(descriptions: &Descriptions, name: &str) -> Option<Value> {
    descriptions.get(name).map(|description| essence(description))
}

/// The part of a description against which the code is checked. Excludes what differs between servers: collations, and
/// the types of columns whose type the query states itself (`"known: bool"`).
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

fn replace(folder: &Path, descriptions: &Descriptions) -> Result<()> {
    for name in read(folder)?.keys() {
        std::fs::remove_file(folder.join(name))?;
    }
    for (name, text) in descriptions {
        std::fs::write(folder.join(name), text)?;
    }
    Ok(())
}
