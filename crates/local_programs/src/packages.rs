//! The packages of the functions, as Lambda gets them: each holds one binary.
//!
//! Terraform deploys a function again if the hash of its package changes. So a package depends on nothing but its binary:
//! cargo-lambda would also write the time of the build into it.

use std::{
    fs,
    io::{Cursor, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use tokio::process::Command;
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use crate::{
    build::{CHECKOUT, FUNCTION_PACKAGES, clean_environment},
    console::Console,
    prerequisites::PythonPackages,
};

/// The processor that packages are built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    Arm64,
    X86_64,
}

impl Architecture {
    fn argument(self) -> &'static str {
        match self {
            Self::Arm64 => "--arm64",
            Self::X86_64 => "--x86-64",
        }
    }
}

const CARGO_LAMBDA: PythonPackages = PythonPackages {
    name: "cargo-lambda",
    requirements: concat!(env!("CARGO_MANIFEST_DIR"), "/cargo_lambda/requirements.txt"),
    about: "cargo-lambda",
};

/// Builds all functions for release and packs them. Returns the packages: `target/lambda/NAME/bootstrap.zip`.
pub async fn build(architecture: Architecture, console: Console) -> Result<Vec<PathBuf>> {
    let installed = CARGO_LAMBDA.folder(console).await?;
    let folder = Path::new(CHECKOUT).join("target/lambda");
    let mut command = Command::new(installed.join("bin/cargo-lambda"));
    let packages = FUNCTION_PACKAGES.iter().flat_map(|package| ["--package", *package]);
    let built = clean_environment(&mut command)
        .args(["lambda", "build", "--release", architecture.argument(), "--lambda-dir"])
        .arg(&folder)
        .args(packages)
        .env("PYTHONPATH", &installed)
        .env("RUSTFLAGS", rust_flags()?)
        .current_dir(CHECKOUT)
        .status()
        .await
        .context("cargo-lambda cannot be started")?;
    ensure!(built.success(), "the functions cannot be built: see above");
    pack(&folder)
}

/// Panic messages name the source files of crates. Without the folder of this user's registry, the binaries are the same on
/// another machine.
fn rust_flags() -> Result<String> {
    let home = match std::env::var_os("CARGO_HOME") {
        Some(home) => PathBuf::from(home),
        None => std::env::home_dir().context("this user has no home folder")?.join(".cargo"),
    };
    Ok(format!("--remap-path-prefix={}=/cargo", home.display()))
}

/// Packs each binary `NAME/bootstrap` in this folder. Returns the packages, sorted: `NAME/bootstrap.zip`.
pub fn pack(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut packages = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let binary = entry?.path().join("bootstrap");
        if binary.is_file() {
            let package = binary.with_extension("zip");
            fs::write(&package, zipped(&fs::read(&binary)?)?)?;
            packages.push(package);
        }
    }
    packages.sort();
    Ok(packages)
}

/// A package with this binary. Depends on nothing else, such as the time.
pub fn zipped(binary: &[u8]) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o755);
    zip.start_file("bootstrap", options)?;
    zip.write_all(binary)?;
    Ok(zip.finish()?.into_inner())
}
