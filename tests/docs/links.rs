//! Links between pages, and to files.

use std::collections::BTreeSet;

use crate::{
    none,
    page::{Found, Page, pages},
    repository::files,
};

/// What a link leads to within the repository: a path from its root, and an anchor. `None` for the Web.
fn target<'a>(page: &Page, link: &'a str) -> Option<(String, Option<&'a str>)> {
    if link.contains("://") || link.starts_with("mailto:") {
        return None;
    }
    let (path, anchor) = link.split_once('#').map_or((link, None), |(p, a)| (p, Some(a)));
    if path.is_empty() {
        return Some((page.path.clone(), anchor));
    }
    let mut parts: Vec<&str> = page.path.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    Some((parts.join("/"), anchor))
}

fn problem(page: &Page, link: &Found, pages: &[Page], files: &BTreeSet<String>) -> Option<String> {
    let (path, anchor) = target(page, &link.text)?;
    let Found { place, text } = link;
    let is_there =
        files.contains(&path) || files.iter().any(|file| file.starts_with(&format!("{path}/")));
    if !is_there {
        return Some(format!("{place}: {text} leads to {path}, which does not exist"));
    }
    let anchor = anchor?;
    let known = pages.iter().find(|page| page.path == path).map(|page| &page.anchors);
    let is_there = known.is_some_and(|anchors| anchors.contains(anchor));
    (!is_there).then(|| format!("{place}: {path} has no heading for #{anchor}"))
}

fn problems(pages: &[Page]) -> Vec<String> {
    let files = files();
    let links = pages.iter().flat_map(|page| page.links.iter().map(move |link| (page, link)));
    links.filter_map(|(page, link)| problem(page, link, pages, &files)).collect()
}

#[test]
fn every_link_leads_to_a_file_and_every_anchor_to_a_heading() {
    none(&problems(&pages()));
}

#[test]
fn a_link_that_leads_nowhere_is_found() {
    let text = "# Here\n[a](#here) [b](#there) [c](gone.md) [d](../README.md) [e](../tests) \
                [f](https://example.com/gone.md)";
    let found = problems(&[Page::of("docs/testing.md", text)]);
    assert_eq!(
        found,
        [
            "docs/testing.md:2: docs/testing.md has no heading for #there",
            "docs/testing.md:2: gone.md leads to docs/gone.md, which does not exist",
        ]
    );
}
