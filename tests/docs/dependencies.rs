//! docs/dependencies.md lists every program and package from PyPI and npm that the project pins, with its licence.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    none,
    repository::{files, read},
};

const PAGE: &str = "docs/dependencies.md";
const TABLE: &str = "\n## Programs from PyPI and npm\n";
const OTHERS: &str = "\n## What those programs bring with them\n";

/// The files of the repository with this name, and their texts.
fn named(name: &str) -> Vec<(String, String)> {
    let is_it = |path: &String| path.rsplit('/').next() == Some(name);
    files().into_iter().filter(is_it).map(|path| (path.clone(), read(&path))).collect()
}

/// The packages of a requirements file of pip.
fn python(requirements: &str) -> impl Iterator<Item = &str> {
    requirements.lines().filter_map(|line| Some(line.split_once("==")?.0))
}

/// The packages that a `package.json` names.
fn node(package: &str) -> Vec<String> {
    let package: Value = serde_json::from_str(package).expect("JSON");
    let names = package["dependencies"].as_object().into_iter().flatten();
    names.map(|(name, _)| name.clone()).collect()
}

/// The packages of a `package-lock.json`, each with its licence.
fn locked(lock: &str) -> Vec<(String, String)> {
    let lock: Value = serde_json::from_str(lock).expect("JSON");
    let packages = lock["packages"].as_object().expect("packages");
    let licence = |package: &Value| package["license"].as_str().unwrap_or("none").to_owned();
    let packages = packages.iter().filter(|(path, _)| !path.is_empty());
    packages.map(|(path, package)| (path.clone(), licence(package))).collect()
}

fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let (_, section) = page.split_once(heading).expect("a section");
    section.split("\n## ").next().unwrap_or_default()
}

/// The names in the first column of the table.
fn rows(page: &str) -> BTreeSet<&str> {
    let rows = section(page, TABLE).lines().filter_map(|line| line.strip_prefix("| `"));
    rows.filter_map(|row| row.split('`').next()).collect()
}

/// `pinned` are files and their packages; `locked` are files, packages and licences.
fn problems(
    page: &str,
    pinned: &[(String, String)],
    locked: &[(String, String, String)],
) -> Vec<String> {
    let rows = rows(page);
    let missing = pinned.iter().filter(|(_, package)| !rows.contains(package.as_str()));
    let missing = missing.map(|(file, package)| format!("{PAGE}: {package} of {file} has no row"));
    let is_pinned = |row: &str| pinned.iter().any(|(_, package)| package == row);
    let stale = rows.iter().filter(|row| !is_pinned(row));
    let stale = stale.map(|row| format!("{PAGE}: nothing pins {row} any more"));
    let others = section(page, OTHERS);
    let is_new = |licence: &str| !others.contains(&format!("`{licence}`"));
    let new = locked.iter().filter(|(_, _, licence)| is_new(licence));
    let new = new.map(|(file, package, licence)| {
        format!("{PAGE}: {package} of {file} has the licence {licence}, which is not listed")
    });
    missing.chain(stale).chain(new).collect()
}

#[test]
fn every_program_that_is_pinned_has_a_row_with_its_licence() {
    let requirements = named("requirements.txt");
    let requirements = requirements
        .iter()
        .flat_map(|(file, text)| python(text).map(|name| (file.clone(), name.to_owned())));
    let packages = named("package.json");
    let packages = packages
        .iter()
        .flat_map(|(file, text)| node(text).into_iter().map(|name| (file.clone(), name)));
    let pinned: Vec<_> = requirements.chain(packages).collect();
    assert!(pinned.len() > 10, "{pinned:?}");
    let locks = named("package-lock.json");
    let locked: Vec<_> = locks
        .iter()
        .flat_map(|(file, text)| {
            locked(text).into_iter().map(|(name, licence)| (file.clone(), name, licence))
        })
        .collect();
    assert!(locked.len() > 5, "{locked:?}");
    none(&problems(&read(PAGE), &pinned, &locked));
}

#[test]
fn a_program_without_a_row_and_a_new_licence_are_found() {
    let page =
        format!("# A{TABLE}\n| `a` | MIT |\n| `gone` | MIT |\n{OTHERS}\n`MIT`\n\n## B\n`Other`\n");
    let requirements = "# b\na==1\nc==2 \\\n    --hash=sha256:0\n";
    let pinned: Vec<_> =
        python(requirements).map(|name| ("r".to_owned(), name.to_owned())).collect();
    let lock = r#"{"packages": {"": {}, "m/d": {"license": "Other"}, "m/e": {"license": "MIT"}, "m/f": {}}}"#;
    let locked: Vec<_> =
        locked(lock).into_iter().map(|(name, licence)| ("l".to_owned(), name, licence)).collect();
    assert_eq!(
        problems(&page, &pinned, &locked),
        [
            "docs/dependencies.md: c of r has no row",
            "docs/dependencies.md: nothing pins gone any more",
            "docs/dependencies.md: m/d of l has the licence Other, which is not listed",
            "docs/dependencies.md: m/f of l has the licence none, which is not listed",
        ]
    );
    assert_eq!(node(r#"{"dependencies": {"g": "1"}}"#), ["g"]);
}
