//! How pages and crates begin, and how long they are.

use std::path::Path;

use serde_json::Value;

use crate::{
    none,
    page::pages,
    repository::{files, metadata, read, root},
};

#[test]
fn the_readme_has_at_most_120_lines() {
    let lines = read("README.md").lines().count();
    assert!(lines <= 120, "README.md has {lines} lines");
}

#[test]
fn every_page_begins_with_whom_it_is_for() {
    let pages = pages();
    let pages = pages.iter().filter(|page| !page.path.starts_with("README."));
    let silent = pages.filter(|page| {
        let mut lines = page.text.lines().filter(|line| !line.trim().is_empty());
        let title = lines.next().is_some_and(|line| line.starts_with("# "));
        !(title && lines.next().is_some_and(|line| line.starts_with("For ")))
    });
    none(
        &silent
            .map(|page| format!("{}: does not begin with \"For …\"", page.path))
            .collect::<Vec<_>>(),
    );
}

/// The file that a crate's documentation begins in: that of the library, or of the program.
fn first_file(package: &Value) -> Option<&str> {
    let targets = package["targets"].as_array()?;
    let of_kind = |kind: &str| targets.iter().find(|target| target["kind"][0] == kind);
    of_kind("lib").or_else(|| of_kind("bin"))?["src_path"].as_str()
}

#[test]
fn every_crate_says_what_it_is() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("packages");
    let files: Vec<&str> = packages.iter().filter_map(first_file).collect();
    assert!(files.len() > 10, "{files:?}");
    let text = |file: &str| std::fs::read_to_string(file).expect("a source");
    let silent = files.into_iter().filter(|file| !text(file).starts_with("//! "));
    let relative = |file| Path::new(file).strip_prefix(root()).unwrap_or(Path::new(file)).display();
    none(&silent.map(|file| format!("{}: no crate doc", relative(file))).collect::<Vec<_>>());
}

#[test]
fn the_page_about_architecture_names_every_crate() {
    let page = read("docs/architecture.md");
    let files = files();
    let crates = files.iter().filter_map(|file| file.strip_suffix("/Cargo.toml"));
    let crates =
        crates.filter(|path| path.starts_with("crates/") || path.starts_with("functions/"));
    let missing = crates.filter(|path| !page.contains(&format!("`{path}`")));
    none(
        &missing.map(|path| format!("docs/architecture.md: {path} is missing")).collect::<Vec<_>>(),
    );
}
