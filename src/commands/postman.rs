//! `restock postman`: the Postman collection of `openapi.json`, in `api/restock.postman_collection.json`.

use std::fs;

use anyhow::{Context, Result};
use api_kit::collection;
use local_programs::console::Console;

/// Makes the collection and writes it.
pub async fn run() -> Result<()> {
    let made = collection::current(Console::on_stderr()).await?;
    let path = collection::path();
    fs::write(&path, made).with_context(|| format!("{} cannot be written", path.display()))
}
