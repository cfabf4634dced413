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
    deployment::{Placement, System},
};

/// They are in `terraform/migrations.tf`: the local cloud migrates by itself.
const MIGRATION: [(&str, Placement); 2] =
    [("migrate", Placement::Vpc), ("start-migration", Placement::Public)];

fn placements() -> BTreeMap<String, Placement> {
    let system = System::read().expect("system.json").functions;
    let placements = system.into_iter().map(|(name, function)| (name, function.placement));
    placements.chain(MIGRATION.map(|(name, placement)| (name.to_owned(), placement))).collect()
}

/// A function touches the database or calls the outside world, never both. A binary names the sources of
/// what it is made of, for its panics.
#[tokio::test]
async fn no_function_holds_both_a_database_driver_and_a_client_of_the_outside_world() {
    let binaries = build::functions().await.expect("the functions");
    for (name, placement) in placements() {
        let code = fs::read(&binaries[&name]).expect("a binary");
        let holds = |library: &str| memmem::find(&code, library.as_bytes()).is_some();
        let (database, outside) = (holds("sqlx-mysql-"), holds("aws-sdk-") || holds("reqwest-"));
        let expected = match placement {
            Placement::Vpc => (true, false),
            Placement::Public => (false, true),
        };
        assert_eq!((database, outside), expected, "{name}: (database, outside)");
    }
}

#[test]
fn every_binary_is_a_function_and_every_function_a_binary() {
    let functions: BTreeSet<String> = placements().into_keys().collect();
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

fn text(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a file")
}

/// What a function counts, under the names that it counts it by.
fn counted() -> BTreeSet<String> {
    let folders =
        fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/functions")).expect("functions/");
    let sources = folders.map(|folder| folder.expect("a folder").path().join("src"));
    sources.flat_map(|folder| rust_files(&folder)).flat_map(|code| names_in(&code)).collect()
}

fn rust_files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => rust_files(&path),
            false => vec![fs::read_to_string(path).expect("code")],
        })
        .collect()
}

fn names_in(code: &str) -> Vec<String> {
    let calls = code.split(".counted(\"").skip(1);
    calls.filter_map(|call| Some(call.split_once('"')?.0.to_owned())).collect()
}

/// The metrics of ours that an alarm or the dashboard shows: `namespace = var.name, metric = "A"`, and
/// `for metric in ["A", "B"] : [var.name, metric]`.
fn watched() -> BTreeSet<String> {
    let text = text("terraform/observability.tf");
    let lines = text.lines().filter(|line| line.contains("var.name, metric"));
    let lists = lines.filter_map(|line| match line.split_once("for metric in [") {
        Some((_, list)) => list.split(']').next(),
        None => line.split_once("metric = ")?.1.split(", stat").next(),
    });
    lists.flat_map(|list| list.split(", ")).map(|name| name.trim_matches('"').to_owned()).collect()
}

#[test]
fn every_metric_that_is_watched_is_counted_by_a_function() {
    let (watched, counted) = (watched(), counted());
    assert!(watched.contains("ForgedCallbacks") && watched.contains("LeadTimeSeconds"));
    let never: Vec<&String> = watched.difference(&counted).collect();
    assert!(never.is_empty(), "no function counts {never:?}");
}

/// API Gateway counts six things for each route (`detailed_metrics_enabled`).
#[test]
fn the_prices_know_how_many_metrics_there_are() {
    let prices: serde_json::Value =
        serde_json::from_str(&text("terraform/prices.json")).expect("JSON");
    let routes = System::read().expect("system.json").routes.len();
    assert_eq!(prices["deployed"]["metrics"], counted().len() + 6 * routes);
}
