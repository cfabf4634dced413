//! The Postman collection.

use std::path::{Path, PathBuf};

use anyhow::Result;
use local_programs::{console::Console, prerequisites::NodePackages, process::Invocation};

/// The root of the repository.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

const PACKAGES: NodePackages = NodePackages {
    name: "postman",
    folder: concat!(env!("CARGO_MANIFEST_DIR"), "/../../api"),
    about: "openapi-to-postmanv2 and newman",
};

/// The committed collection.
pub fn path() -> PathBuf {
    Path::new(ROOT).join("api/restock.postman_collection.json")
}

/// The collection of an OpenAPI document, as `api/collection.js` makes it.
///
/// # Errors
/// If the document has an answer for which `api/answers.js` has no request, or if the packages cannot be installed.
pub async fn of(document: &Path, console: Console) -> Result<String> {
    let script = Path::new(ROOT).join("api/collection.js");
    let made = PACKAGES.script(script, console).await?.arg(document);
    Ok(made.run("the Postman collection cannot be made").await? + "\n")
}

/// The collection of `openapi.json`.
///
/// # Errors
/// As [`of`].
pub async fn current(console: Console) -> Result<String> {
    of(&Path::new(ROOT).join("openapi.json"), console).await
}

/// newman, which runs collections, without arguments.
///
/// # Errors
/// If it cannot be installed.
pub async fn newman(console: Console) -> Result<Invocation> {
    PACKAGES.program("newman/bin/newman.js", console).await
}
