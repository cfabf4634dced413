//! Rules of the layout that a compiler cannot check.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by ending")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use local_programs::build;
use memchr::memmem;
use system::{Placement, System};

/// The packages of the workspace, from the top level down. A package may use only packages on lower levels.
const LEVELS: [&[&str]; 10] = [
    &["restock"],
    &["demo", "system_testkit"],
    &["activity", "bench", "web_console"],
    &["api_kit", "local_cloud", "stress", "watch"],
    &["operations", "testkit"],
    &[
        "completion-workflow",
        "deployment",
        "migration",
        "operations-workflow",
        "operator-access",
        "purchase-workflow",
        "restock-workflow",
        "sweep-workflow",
    ],
    &["cost", "database_server", "factory_simulator", "iam_login", "lambda_support", "runtime_api"],
    &["aws", "http_api", "pictures", "warehouse"],
    &["domain", "http_client", "local_programs", "model", "replenishment", "system", "terminal"],
    &["errors"],
];

/// Packages that may use the database driver, each with its reason.
const SQL: [(&str, &str); 4] = [
    ("warehouse", "holds every query of the product"),
    ("database_server", "creates the empty databases of the server that it starts"),
    ("testkit", "prepares and repairs a database as no function may"),
    ("system_testkit", "checks and changes the tables as no function may"),
];

/// The functions that `terraform/migrations.tf` deploys. The local cloud runs the migrations itself.
const MIGRATION: [(&str, Placement); 2] =
    [("migrate", Placement::Vpc), ("start-migration", Placement::Public)];

fn checkout(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The folder of every package, by the package's name.
fn packages() -> BTreeMap<String, PathBuf> {
    let folders = ["crates", "functions"].into_iter().flat_map(|name| entries(&checkout(name)));
    let folders = folders.chain([checkout("."), checkout("model")]);
    let named = folders.map(|folder| (name_in(&read(&folder.join("Cargo.toml"))), folder));
    named.collect()
}

/// `name = "warehouse"`
fn name_in(manifest: &str) -> String {
    let package = manifest.split("[package]").nth(1).expect("a package");
    package.split('"').nth(1).expect("a name").to_owned()
}

/// What a manifest names in `[dependencies]`: for tests, a package may use more.
fn dependencies(folder: &Path) -> BTreeSet<String> {
    let manifest = read(&folder.join("Cargo.toml"));
    let section = manifest.split("\n[dependencies]\n").nth(1).unwrap_or_default();
    let section = section.split("\n[").next().unwrap_or_default();
    let names = section.lines().filter_map(|line| line.split(['.', ' ', '=']).next());
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn levels() -> BTreeMap<&'static str, usize> {
    let numbered = LEVELS.into_iter().rev().enumerate();
    numbered.flat_map(|(level, names)| names.iter().map(move |name| (*name, level))).collect()
}

#[test]
fn every_package_uses_only_packages_on_lower_levels() {
    let (levels, packages) = (levels(), packages());
    let known: BTreeSet<&str> = packages.keys().map(String::as_str).collect();
    assert_eq!(
        levels.keys().copied().collect::<BTreeSet<_>>(),
        known,
        "LEVELS lists every package"
    );
    for (name, folder) in &packages {
        for used in dependencies(folder).iter().filter(|used| known.contains(used.as_str())) {
            assert!(levels[used.as_str()] < levels[name.as_str()], "{name} may not use {used}");
        }
    }
}

#[test]
fn only_the_packages_that_say_why_use_the_database_driver() {
    let allowed: BTreeSet<&str> = SQL.iter().map(|(name, _)| *name).collect();
    let packages = packages();
    let using = packages.iter().filter(|(_, folder)| dependencies(folder).contains("sqlx"));
    assert_eq!(using.map(|(name, _)| name.as_str()).collect::<BTreeSet<_>>(), allowed);
}

fn placements() -> BTreeMap<String, Placement> {
    let functions = System::read().expect("system.json").functions;
    let placements = functions.into_iter().map(|(name, function)| (name, function.placement));
    placements.chain(MIGRATION.map(|(name, placement)| (name.to_owned(), placement))).collect()
}

/// A function uses the database or calls the outside world, never both. A binary holds the paths of the sources
/// that it was built from, for its panic messages.
#[tokio::test]
async fn no_function_holds_both_a_database_driver_and_a_client_of_the_outside_world() {
    let binaries = build::functions().await.expect("the functions");
    for (name, placement) in placements() {
        let code = fs::read(&binaries[&name]).expect("a binary");
        let holds = |library: &str| memmem::find(&code, library.as_bytes()).is_some();
        let (database, outside) = (holds("sqlx-mysql-"), holds("aws-sdk-") || holds("reqwest-"));
        let expected = match placement {
            Placement::Vpc => (true, false),
            Placement::Public | Placement::Private => (false, true),
        };
        assert_eq!((database, outside), expected, "{name}: (database, outside)");
    }
}

/// A package that is forgotten there has no zip, and Terraform says so only when it is applied.
#[test]
fn the_build_for_lambda_names_every_package_of_functions() {
    let folders = entries(&checkout("functions"));
    let names: BTreeSet<String> =
        folders.iter().map(|folder| name_in(&read(&folder.join("Cargo.toml")))).collect();
    let built: BTreeSet<String> = build::FUNCTION_PACKAGES.map(str::to_owned).into();
    assert_eq!(built, names);
}

#[test]
fn every_binary_is_a_function_and_every_function_a_binary() {
    let functions: BTreeSet<String> = placements().into_keys().collect();
    let folders = entries(&checkout("functions")).into_iter().map(|folder| folder.join("src/bin"));
    let files = folders.flat_map(|folder| entries(&folder));
    let stem = |file: PathBuf| Some(file.file_stem()?.to_str()?.to_owned());
    assert_eq!(files.filter_map(stem).collect::<BTreeSet<_>>(), functions);
}

/// The metrics that functions emit, by the names in their sources.
fn emitted_metrics() -> BTreeSet<String> {
    let sources = entries(&checkout("functions")).into_iter().map(|folder| folder.join("src"));
    sources.flat_map(|folder| rust_files(&folder)).flat_map(|code| metrics_in(&code)).collect()
}

fn rust_files(folder: &Path) -> Vec<String> {
    let (folders, files): (Vec<_>, Vec<_>) =
        entries(folder).into_iter().partition(|path| path.is_dir());
    let below = folders.iter().flat_map(|folder| rust_files(folder));
    files.iter().map(|file| read(file)).chain(below).collect()
}

fn metrics_in(code: &str) -> Vec<String> {
    let calls = code.split(".counted(\"").skip(1);
    calls.filter_map(|call| Some(call.split_once('"')?.0.to_owned())).collect()
}

fn terraform() -> String {
    let files = entries(&checkout("terraform")).into_iter();
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "tf"));
    files.map(|path| read(&path)).collect()
}

/// The metrics that CloudWatch counts in a log: `metric_transformation { namespace = var.name, name = "A" }`.
fn filtered_metrics() -> BTreeSet<String> {
    let text = terraform();
    let blocks = text.split("metric_transformation {").skip(1);
    let names = blocks.filter_map(|block| block.split_once(" name ")?.1.split('"').nth(1));
    names.map(str::to_owned).collect()
}

/// Our metrics that an alarm or the dashboard shows: `namespace = var.name, metric = "A"`, and
/// `for metric in ["A", "B"] : [var.name, metric]`.
fn watched_metrics() -> BTreeSet<String> {
    let text = terraform();
    let lines = text.lines().filter(|line| line.contains("var.name, metric"));
    let lists = lines.filter_map(|line| match line.split_once("for metric in [") {
        Some((_, list)) => list.split(']').next(),
        None => line.split_once("metric = ")?.1.split(", stat").next(),
    });
    lists.flat_map(|list| list.split(", ")).map(|name| name.trim_matches('"').to_owned()).collect()
}

#[test]
fn every_metric_that_is_watched_is_emitted_by_a_function_or_counted_in_a_log() {
    let watched = watched_metrics();
    let emitted = &emitted_metrics() | &filtered_metrics();
    assert!(watched.contains("ForgedCallbacks") && watched.contains("LeadTimeSeconds"));
    let never: Vec<&String> = watched.difference(&emitted).collect();
    assert!(never.is_empty(), "nothing emits {never:?}");
}

/// The tests of Terraform trace each alarm to this list.
#[test]
fn the_list_of_our_metrics_is_complete() {
    let list: serde_json::Value =
        serde_json::from_str(&read(&checkout("terraform/tests/metrics.json"))).expect("JSON");
    let own: Vec<String> = serde_json::from_value(list["own"].clone()).expect("names");
    let emitted: Vec<String> = (&emitted_metrics() | &filtered_metrics()).into_iter().collect();
    assert_eq!(own, emitted);
}

/// API Gateway counts six things for each route (`detailed_metrics_enabled`).
#[test]
fn the_price_list_has_the_number_of_metrics() {
    let prices: serde_json::Value =
        serde_json::from_str(&read(&checkout("terraform/prices.json"))).expect("JSON");
    let system = System::read().expect("system.json");
    let routes = system.routes.len() + system.queue_routes.len();
    let own = emitted_metrics().len() + filtered_metrics().len();
    assert_eq!(prices["deployed"]["metrics"], own + 6 * routes);
}

/// The files that people write, with their contents. Schemas, lock files and certificates are generated.
fn written_files() -> Vec<(String, String)> {
    let listed = Command::new("git")
        .args(["ls-files", "*.rs", "*.py", "*.tf", "*.hcl", "*.sql", "*.sh"])
        .current_dir(checkout("."))
        .output()
        .expect("git");
    let names = String::from_utf8(listed.stdout).expect("UTF-8");
    names.lines().map(|name| (name.to_owned(), read(&checkout(name)))).collect()
}

#[test]
fn no_source_file_is_longer_than_300_lines() {
    let files = written_files();
    assert!(files.len() > 300, "git lists {} files", files.len());
    let long = files.iter().filter(|(_, text)| text.lines().count() > 300);
    let long: Vec<&str> = long.map(|(name, _)| name.as_str()).collect();
    assert!(long.is_empty(), "more than 300 lines: {long:?}");
}
