//! What the layout promises, and a compiler cannot see.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something is not as it must be"
)]

use std::{collections::BTreeSet, fs, path::Path};

use memchr::memmem;
use restock::cloud::{
    build,
    deployment::{Side, System},
};

/// A function touches the database or calls the outside world, never both. A binary names the sources of
/// what it is made of, for its panics.
#[tokio::test]
async fn no_function_holds_both_a_database_driver_and_a_client_of_the_outside_world() {
    let binaries = build::functions().await.expect("the functions");
    for (name, function) in System::read().expect("system.json").functions {
        let code = fs::read(&binaries[&name]).expect("a binary");
        let holds = |library: &str| memmem::find(&code, library.as_bytes()).is_some();
        let (database, outside) = (holds("sqlx-mysql-"), holds("aws-sdk-") || holds("reqwest-"));
        let expected = match function.side {
            Side::Warehouse => (true, false),
            Side::Door => (false, true),
        };
        assert_eq!((database, outside), expected, "{name}: (database, outside)");
    }
}

#[test]
fn every_binary_is_a_function_and_every_function_a_binary() {
    let functions: BTreeSet<String> =
        System::read().expect("system.json").functions.into_keys().collect();
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
