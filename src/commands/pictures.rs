//! `restock pictures`: draws the pictures of the documentation.
//!
//! Run this command after a change of `system.json` or of a definition. A test fails if a picture is out of date.

use std::{collections::BTreeMap, io::ErrorKind, path::Path};

use anyhow::{Context, Result, ensure};
use clap::Args;
use system::{CHECKOUT, System};

/// Arguments of `restock pictures`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Change nothing; fail if a picture is out of date.
    #[arg(long)]
    check: bool,
}

/// Updates or compares `docs/pictures`.
pub fn run(arguments: &Arguments) -> Result<()> {
    let folder = Path::new(CHECKOUT).join("docs/pictures");
    let pictures = pictures::pictures(&System::read()?)?;
    let outdated = outdated(&folder, &pictures)?;
    if outdated.is_empty() {
        println!("{} pictures are up to date", pictures.len());
        return Ok(());
    }
    ensure!(
        !arguments.check,
        "docs/pictures is out of date in {}: run `cargo run -- pictures`",
        outdated.join(", ")
    );
    std::fs::create_dir_all(&folder)?;
    for (name, picture) in &pictures {
        std::fs::write(folder.join(name), picture).with_context(|| name.clone())?;
    }
    println!("{} pictures written, {} of them changed", pictures.len(), outdated.len());
    Ok(())
}

/// The names of the pictures whose file is missing or differs.
fn outdated(folder: &Path, pictures: &BTreeMap<String, String>) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for (name, picture) in pictures {
        match std::fs::read_to_string(folder.join(name)) {
            Ok(stored) if stored == *picture => {}
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => names.push(name.clone()),
        }
    }
    Ok(names)
}
