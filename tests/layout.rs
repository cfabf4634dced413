//! What the layout promises, and a compiler cannot see.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something is not as it must be"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use memchr::memmem;
use restock::cloud::{
    build,
    deployment::{Side, System},
};

/// They are in `terraform/migrations.tf`: the local cloud migrates by itself.
const MIGRATION: [(&str, Side); 2] =
    [("migrate", Side::Warehouse), ("start-migration", Side::Door)];

fn sides() -> BTreeMap<String, Side> {
    let system = System::read().expect("system.json").functions;
    let sides = system.into_iter().map(|(name, function)| (name, function.side));
    sides.chain(MIGRATION.map(|(name, side)| (name.to_owned(), side))).collect()
}

/// A function touches the database or calls the outside world, never both. A binary names the sources of
/// what it is made of, for its panics.
#[tokio::test]
async fn no_function_holds_both_a_database_driver_and_a_client_of_the_outside_world() {
    let binaries = build::functions().await.expect("the functions");
    for (name, side) in sides() {
        let code = fs::read(&binaries[&name]).expect("a binary");
        let holds = |library: &str| memmem::find(&code, library.as_bytes()).is_some();
        let (database, outside) = (holds("sqlx-mysql-"), holds("aws-sdk-") || holds("reqwest-"));
        let expected = match side {
            Side::Warehouse => (true, false),
            Side::Door => (false, true),
        };
        assert_eq!((database, outside), expected, "{name}: (database, outside)");
    }
}

#[test]
fn every_binary_is_a_function_and_every_function_a_binary() {
    let functions: BTreeSet<String> = sides().into_keys().collect();
    let folders =
        fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/functions")).expect("functions/");
    let binaries: BTreeSet<String> = folders
        .filter_map(|folder| fs::read_dir(folder.ok()?.path().join("src/bin")).ok())
        .flatten()
        .filter_map(|file| Some(file.ok()?.path().file_stem()?.to_str()?.to_owned()))
        .collect();
    assert_eq!(binaries, functions);
}

/// SQL lives in one crate.
#[test]
fn no_crate_of_the_functions_but_the_warehouse_names_the_driver() {
    let folders =
        fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/functions")).expect("functions/");
    for folder in folders.filter_map(|folder| Some(folder.ok()?.path())) {
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).expect("a manifest");
        let names_it = manifest.contains("sqlx");
        assert_eq!(
            names_it,
            folder.file_name() == Path::new("warehouse").file_name(),
            "{folder:?}"
        );
    }
}
