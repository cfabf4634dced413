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

/// What `packages` finds in each file of the repository with this name, after the path of the file.
fn in_files<T>(name: &str, packages: fn(&str) -> Vec<T>) -> Vec<(String, T)> {
    let is_it = |path: &String| path.rsplit('/').next() == Some(name);
    let found = files().into_iter().filter(is_it).flat_map(|path| {
        let packages = packages(&read(&path)).into_iter();
        packages.map(move |package| (path.clone(), package))
    });
    found.collect()
}

/// The packages of a requirements file of pip.
fn python(requirements: &str) -> Vec<String> {
    requirements.lines().filter_map(|line| Some(line.split_once("==")?.0.to_owned())).collect()
}

/// The packages that a `package.json` names.
fn node(package: &str) -> Vec<String> {
    let package: Value = serde_json::from_str(package).expect("JSON");
    let names = package["dependencies"].as_object().into_iter().flatten();
    names.map(|(name, _)| name.clone()).collect()
}

/// The packages of a `package-lock.json`, each with its licence, or with "none".
fn locked(lock: &str) -> Vec<(String, String)> {
    let lock: Value = serde_json::from_str(lock).expect("JSON");
    let packages = lock["packages"].as_object().expect("packages");
    let licence = |package: &Value| package["license"].as_str().unwrap_or("none").to_owned();
    let name = |path: &str| path.rsplit("node_modules/").next().map(str::to_owned);
    let packages = packages.iter().filter(|(path, _)| !path.is_empty());
    packages.filter_map(|(path, package)| Some((name(path)?, licence(package)))).collect()
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

/// `pinned` are files and packages; `locked` are files, and packages with their licences.
fn problems(
    page: &str,
    pinned: &[(String, String)],
    locked: &[(String, (String, String))],
) -> Vec<String> {
    let rows = rows(page);
    let missing = pinned.iter().filter(|(_, package)| !rows.contains(package.as_str()));
    let missing = missing.map(|(file, package)| format!("{PAGE}: {package} of {file} has no row"));
    let is_pinned = |row: &str| pinned.iter().any(|(_, package)| package == row);
    let stale = rows.iter().filter(|row| !is_pinned(row));
    let stale = stale.map(|row| format!("{PAGE}: nothing pins {row} any more"));
    let others = section(page, OTHERS);
    // A package whose licence the lock file does not name is listed itself.
    let is_listed = |text: &str| others.contains(&format!("`{text}`"));
    let new = locked.iter().filter(|(_, (name, licence))| !is_listed(licence) && !is_listed(name));
    let new = new.map(|(file, (package, licence))| {
        format!("{PAGE}: {package} of {file} has the licence {licence}, which is not listed")
    });
    missing.chain(stale).chain(new).collect()
}

#[test]
fn every_program_that_is_pinned_has_a_row_with_its_licence() {
    let pinned = [in_files("requirements.txt", python), in_files("package.json", node)].concat();
    let locked = in_files("package-lock.json", locked);
    assert!(pinned.len() > 10 && locked.len() > 10, "{pinned:?} {locked:?}");
    none(&problems(&read(PAGE), &pinned, &locked));
}

#[test]
fn a_program_without_a_row_and_a_new_licence_are_found() {
    let page = format!(
        "# A{TABLE}\n| `a` | MIT |\n| `gone` | MIT |\n{OTHERS}\n`MIT` `g`\n\n## B\n`Other`\n"
    );
    let requirements = "# b\na==1\nc==2 \\\n    --hash=sha256:0\n";
    let in_a_file = |package| ("r".to_owned(), package);
    let pinned: Vec<_> = python(requirements).into_iter().map(in_a_file).collect();
    let lock = r#"{"packages": {"": {}, "node_modules/d": {"license": "Other"}, "node_modules/e": {"license": "MIT"},
        "node_modules/e/node_modules/f": {}, "node_modules/g": {}}}"#;
    let in_a_file = |package| ("l".to_owned(), package);
    let locked: Vec<_> = locked(lock).into_iter().map(in_a_file).collect();
    assert_eq!(
        problems(&page, &pinned, &locked),
        [
            "docs/dependencies.md: c of r has no row",
            "docs/dependencies.md: nothing pins gone any more",
            "docs/dependencies.md: d of l has the licence Other, which is not listed",
            "docs/dependencies.md: f of l has the licence none, which is not listed",
        ]
    );
    assert_eq!(node(r#"{"dependencies": {"g": "1"}}"#), ["g"]);
}
