//! A copy of the functions with a place after each of their awaits, built beside the functions themselves.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use restock::cloud::build;

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
    for (empty, source) in
        [("src/lib.rs", ""), ("src/main.rs", "fn main() {}\n"), ("model/src/lib.rs", "")]
    {
        put(&workspace.join(empty), source);
    }
    put(&workspace.join("functions/place/Cargo.toml"), PLACE);
    put(&workspace.join("functions/place/src/lib.rs"), include_str!("place.rs"));
    let mut places = BTreeSet::new();
    for package in entries(&Path::new(OURS).join("functions")) {
        copy_package(&package, workspace, &mut places);
    }
    places
}

fn copy_package(package: &Path, workspace: &Path, places: &mut BTreeSet<String>) {
    let to = |file: &Path| workspace.join(file.strip_prefix(OURS).expect("a file of ours"));
    let manifest = package.join("Cargo.toml");
    let depends = "[dependencies]\nplace.path = \"../place\"\n";
    put(&to(&manifest), &read(&manifest).replacen("[dependencies]\n", depends, 1));
    // What sources include, such as certificates.
    for beside in entries(package).iter().filter(|entry| entry.is_dir() && !entry.ends_with("src"))
    {
        link(beside, &to(beside));
    }
    for file in sources(&package.join("src")) {
        let name = file.strip_prefix(OURS).expect("a file of ours");
        let name = name.strip_prefix("functions").expect("a function's").to_string_lossy();
        let placed = placed(&name.replace("/src/", "/"), &read(&file));
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
