//! Paths in code style.

use std::collections::BTreeSet;

use crate::{
    none,
    page::{Found, Page, pages},
    repository::{files, is_generated},
};

/// Files of a deployer, which no checkout has.
const OF_THE_DEPLOYER: [&str; 1] = ["terraform/backend.tf"];

/// What the names of source files end with.
const ENDINGS: [&str; 10] =
    [".rs", ".md", ".json", ".yaml", ".tf", ".hcl", ".sql", ".toml", ".py", ".sh"];

/// Whether a text is a path of this repository, whether it exists or not: it begins with a folder of the root, or
/// is a folder or a source file by its spelling.
fn is_path(text: &str, files: &BTreeSet<String>) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/*".contains(c);
    if text.is_empty() || !text.chars().all(plain) {
        return false;
    }
    let is_source =
        ENDINGS.iter().any(|ending| text.len() > ending.len() && text.ends_with(ending));
    match text.split_once('/') {
        Some(("", _)) => false,
        Some((_, rest)) if is_source || rest.is_empty() => true,
        Some((folder, _)) => files.iter().any(|file| file.starts_with(&format!("{folder}/"))),
        None => is_source,
    }
}

fn exists(path: &str, files: &BTreeSet<String>) -> bool {
    // A name alone is that of a file in any folder: the sentence says in which.
    let is_name = !path.contains('/');
    let path = path.trim_end_matches('/');
    let is_it = |file: &str| match is_name {
        true => file.rsplit('/').next() == Some(path),
        false => matches(path, file) || file.starts_with(&format!("{path}/")),
    };
    files.iter().any(|file| is_it(file)) || is_generated(path) || OF_THE_DEPLOYER.contains(&path)
}

/// A star stands for any text within a name.
fn matches(pattern: &str, file: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else { return pattern == file };
    let middle = file.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    middle.is_some_and(|middle| !middle.contains('/'))
}

fn problems(pages: &[Page]) -> Vec<String> {
    let files = files();
    let words = pages.iter().flat_map(|page| page.spans.iter().chain(&page.shell));
    let words = words.flat_map(|Found { place, text }| {
        text.split_whitespace().map(move |word| (place, word.trim_end_matches(['.', ',', ':'])))
    });
    let missing = words.filter(|(_, word)| is_path(word, &files) && !exists(word, &files));
    missing.map(|(place, word)| format!("{place}: {word} does not exist")).collect()
}

#[test]
fn every_path_in_code_style_exists() {
    none(&problems(&pages()));
}

#[test]
fn a_path_that_does_not_exist_is_found() {
    let text = "`docs/gone.md` `gone.rs` `docs/` `docs/*.md` `docs/*.rs` `target/x` `a/b` `README.md` \
                `outputs.json` `and/or` `.ci/run` `.ci/gone` `gone/` `/docs/x` `gone/x.rs`\n\n```sh\ntests/gone.sh --x # y\n```\n";
    let found = problems(&[Page::of("docs/page.md", text)]);
    let missing = ["docs/gone.md", "gone.rs", "docs/*.rs", ".ci/gone", "gone/", "gone/x.rs"];
    let mut expected =
        missing.map(|path| format!("docs/page.md:1: {path} does not exist")).to_vec();
    expected.push("docs/page.md:4: tests/gone.sh does not exist".to_owned());
    assert_eq!(found, expected);
}
