//! A copy of the workspace in which the functions have a crash point after each await, and its build.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use local_programs::build;

use crate::awaits::instrument;

/// The root of the original workspace.
const ORIGINAL: &str = env!("CARGO_MANIFEST_DIR");

/// The manifest of the crate `crash_point`, which exists only in the copy.
const CRASH_POINT_MANIFEST: &str = "[package]
name = \"crash_point\"
edition.workspace = true

[dependencies]
nix.workspace = true
";

/// The instrumented functions.
pub struct Functions {
    pub binaries: BTreeMap<String, PathBuf>,
    /// The names of all crash points in their sources.
    pub crash_points: BTreeSet<String>,
}

impl Functions {
    /// Builds all functions. Cargo builds again only what has changed since the last time.
    pub async fn with_crash_points() -> Self {
        let own = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let workspace = own.join("functions-with-crash-points");
        let crash_points = copy(&workspace);
        // The dependencies are the same for both workspaces, so they share one build folder.
        let built = own.parent().expect("the target folder");
        let binaries = build::binaries_beside(&workspace, built).await.expect("the functions");
        Self { binaries, crash_points }
    }
}

/// Copies the workspace. Packages that no function uses are empty in the copy. They are there so that every dependency
/// gets the same features as in the original workspace.
fn copy(workspace: &Path) -> BTreeSet<String> {
    for name in ["Cargo.toml", "Cargo.lock", "model/Cargo.toml"] {
        put(&workspace.join(name), &read(&Path::new(ORIGINAL).join(name)));
    }
    for name in [".sqlx", "migrations"] {
        link(&Path::new(ORIGINAL).join(name), &workspace.join(name));
    }
    for (empty, source) in [("src/main.rs", "fn main() {}\n"), ("model/src/lib.rs", "")] {
        put(&workspace.join(empty), source);
    }
    put(&workspace.join("crates/crash_point/Cargo.toml"), CRASH_POINT_MANIFEST);
    put(&workspace.join("crates/crash_point/src/lib.rs"), include_str!("crash_point.rs"));
    let mut crash_points = BTreeSet::new();
    for package in entries(&Path::new(ORIGINAL).join("functions")) {
        copy_package(&package, workspace, &mut crash_points);
    }
    let libraries = libraries_of_functions();
    for package in entries(&Path::new(ORIGINAL).join("crates")) {
        if libraries.contains(&package) {
            copy_package(&package, workspace, &mut crash_points);
        } else {
            copy_empty(&package, workspace);
        }
    }
    crash_points
}

/// The crates that functions depend on, directly or through another crate.
fn libraries_of_functions() -> BTreeSet<PathBuf> {
    let mut libraries = BTreeSet::new();
    let mut packages = entries(&Path::new(ORIGINAL).join("functions"));
    while let Some(package) = packages.pop() {
        let new =
            dependencies(&package).into_iter().filter(|found| libraries.insert(found.clone()));
        packages.extend(new);
    }
    libraries
}

/// The crates of this workspace in a manifest's `[dependencies]`.
fn dependencies(package: &Path) -> Vec<PathBuf> {
    let manifest = read(&package.join("Cargo.toml"));
    let dependencies = manifest.split("[dev-dependencies]").next().unwrap_or_default();
    let names = dependencies.lines().filter_map(|line| line.split_once(".workspace = true"));
    names
        .map(|(name, _)| Path::new(ORIGINAL).join("crates").join(name))
        .filter(|package| package.is_dir())
        .collect()
}

/// The path of a file in the copy.
fn copy_of(file: &Path, workspace: &Path) -> PathBuf {
    workspace.join(file.strip_prefix(ORIGINAL).expect("a file of the workspace"))
}

fn copy_empty(package: &Path, workspace: &Path) {
    copy_manifest(package, workspace);
    put(&copy_of(&package.join("src/lib.rs"), workspace), "");
}

/// Copies a manifest and adds the crate of the crash points, also to packages that do not use it. Cargo builds both
/// workspaces in one folder, and tells a package from its original only by its dependencies.
fn copy_manifest(package: &Path, workspace: &Path) {
    const DEPENDENCIES: &str = "[dependencies]\n";
    let (manifest, crash_point) =
        (package.join("Cargo.toml"), "crash_point.path = \"../../crates/crash_point\"\n");
    let text = read(&manifest);
    let (before, after) = text.split_once(DEPENDENCIES).unwrap_or((&text, ""));
    put(&copy_of(&manifest, workspace), &format!("{before}{DEPENDENCIES}{crash_point}{after}"));
}

fn copy_package(package: &Path, workspace: &Path, crash_points: &mut BTreeSet<String>) {
    let to = |file: &Path| copy_of(file, workspace);
    copy_manifest(package, workspace);
    // Folders from which sources include files, such as certificates.
    for folder in entries(package).iter().filter(|entry| entry.is_dir() && !entry.ends_with("src"))
    {
        link(folder, &to(folder));
    }
    let sources = sources(&package.join("src"));
    remove_stale_sources(&to(&package.join("src")), &sources.iter().map(|file| to(file)).collect());
    for file in sources {
        if file.extension().is_none_or(|extension| extension != "rs") {
            // Included by a source file.
            put(&to(&file), &read(&file));
            continue;
        }
        let name = file
            .strip_prefix(package.parent().expect("a folder"))
            .expect("a file of the workspace");
        let instrumented = instrument(&name.to_string_lossy().replace("/src/", "/"), &read(&file));
        put(&to(&file), &instrumented.source);
        for name in instrumented.crash_points {
            assert!(crash_points.insert(name.clone()), "two crash points have the name {name}");
        }
    }
}

/// Removes what is left of files that the original workspace no longer has. Cargo would find them.
fn remove_stale_sources(folder: &Path, current: &BTreeSet<PathBuf>) {
    if folder.exists() {
        for stale in sources(folder).iter().filter(|file| !current.contains(*file)) {
            fs::remove_file(stale).expect("the file is removed");
        }
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let (folders, files): (Vec<_>, Vec<_>) =
        entries(folder).into_iter().partition(|entry| entry.is_dir());
    files.into_iter().chain(folders.iter().flat_map(|folder| sources(folder))).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of the workspace");
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Writes a file, unless it has this text already: a new time stamp would make cargo build it again.
fn put(file: &Path, text: &str) {
    if fs::read_to_string(file).is_ok_and(|old| old == text) {
        return;
    }
    fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
    fs::write(file, text).expect("a file");
}

fn link(from: &Path, to: &Path) {
    if !to.exists() {
        symlink(from, to).expect("a link");
    }
}
