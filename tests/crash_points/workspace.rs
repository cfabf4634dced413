//! A copy of the functions with a place after each of their awaits, built beside the functions themselves.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use local_programs::build;

use crate::awaits::placed;

const OURS: &str = env!("CARGO_MANIFEST_DIR");

/// The crate of the places, in the copy.
const PLACE: &str = "[package]
name = \"place\"
edition.workspace = true

[dependencies]
nix.workspace = true
";

/// The functions with places.
pub struct Functions {
    pub binaries: BTreeMap<String, PathBuf>,
    pub places: BTreeSet<String>,
}

impl Functions {
    /// All of them, built. What was built before and is as it was is not built again.
    pub async fn with_places() -> Self {
        let own = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let workspace = own.join("functions-with-places");
        let places = copy(&workspace);
        // What is not ours is the same for both workspaces, and is taken from where it is built already.
        let built = own.parent().expect("the target folder");
        let settings: [(&str, &Path); 2] =
            [("CARGO_BUILD_BUILD_DIR", built), ("CARGO_TARGET_DIR", &workspace.join("target"))];
        let binaries = build::binaries(&workspace, &settings).await.expect("functions with places");
        Self { binaries, places }
    }
}

/// Copies the workspace. The packages that are no functions are empty in it: they stay so that every
/// library has the features that it has in the workspace itself.
fn copy(workspace: &Path) -> BTreeSet<String> {
    for name in ["Cargo.toml", "Cargo.lock", "model/Cargo.toml"] {
        put(&workspace.join(name), &read(&Path::new(OURS).join(name)));
    }
    for name in [".sqlx", "migrations"] {
        link(&Path::new(OURS).join(name), &workspace.join(name));
    }
    for (empty, source) in [("src/main.rs", "fn main() {}\n"), ("model/src/lib.rs", "")] {
        put(&workspace.join(empty), source);
    }
    put(&workspace.join("crates/place/Cargo.toml"), PLACE);
    put(&workspace.join("crates/place/src/lib.rs"), include_str!("place.rs"));
    let mut places = BTreeSet::new();
    for package in entries(&Path::new(OURS).join("functions")) {
        copy_package(&package, workspace, &mut places);
    }
    let libraries = libraries_of_functions();
    for package in entries(&Path::new(OURS).join("crates")) {
        if libraries.contains(&package) {
            copy_package(&package, workspace, &mut places);
        } else {
            copy_empty(&package, workspace);
        }
    }
    places
}

/// The crates that functions depend on, directly or through another crate.
fn libraries_of_functions() -> BTreeSet<PathBuf> {
    let mut libraries = BTreeSet::new();
    let mut packages = entries(&Path::new(OURS).join("functions"));
    while let Some(package) = packages.pop() {
        let new =
            dependencies(&package).into_iter().filter(|found| libraries.insert(found.clone()));
        packages.extend(new);
    }
    libraries
}

/// The crates of this workspace that a manifest names before its dev-dependencies.
fn dependencies(package: &Path) -> Vec<PathBuf> {
    let manifest = read(&package.join("Cargo.toml"));
    let dependencies = manifest.split("[dev-dependencies]").next().unwrap_or_default();
    let names = dependencies.lines().filter_map(|line| line.split_once(".workspace = true"));
    names
        .map(|(name, _)| Path::new(OURS).join("crates").join(name))
        .filter(|package| package.is_dir())
        .collect()
}

/// Where the copy of a file of ours is.
fn copy_of(file: &Path, workspace: &Path) -> PathBuf {
    workspace.join(file.strip_prefix(OURS).expect("a file of ours"))
}

fn copy_empty(package: &Path, workspace: &Path) {
    let manifest = package.join("Cargo.toml");
    put(&copy_of(&manifest, workspace), &read(&manifest));
    put(&copy_of(&package.join("src/lib.rs"), workspace), "");
}

fn copy_package(package: &Path, workspace: &Path, places: &mut BTreeSet<String>) {
    let to = |file: &Path| copy_of(file, workspace);
    let manifest = package.join("Cargo.toml");
    let depends = "[dependencies]\nplace.path = \"../../crates/place\"\n";
    put(&to(&manifest), &read(&manifest).replacen("[dependencies]\n", depends, 1));
    // What sources include, such as certificates.
    for beside in entries(package).iter().filter(|entry| entry.is_dir() && !entry.ends_with("src"))
    {
        link(beside, &to(beside));
    }
    for file in sources(&package.join("src")) {
        let name = file.strip_prefix(package.parent().expect("a folder")).expect("a file of ours");
        let placed = placed(&name.to_string_lossy().replace("/src/", "/"), &read(&file));
        put(&to(&file), &placed.source);
        for place in placed.places {
            assert!(places.insert(place.clone()), "two places have the name {place}");
        }
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let (folders, files): (Vec<_>, Vec<_>) =
        entries(folder).into_iter().partition(|entry| entry.is_dir());
    files.into_iter().chain(folders.iter().flat_map(|folder| sources(folder))).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of ours");
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Leaves a file alone that says this already: else cargo would build it again.
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
