//! The pages show the pictures. The tests of the crate `pictures` check that the pictures are up to date.

use std::collections::BTreeSet;

use crate::{
    none,
    page::{Page, pages},
    repository::files,
};

/// The pictures that no page shows, and those that are shown without a text for people who do not see them.
fn problems<'a>(pages: &[Page], pictures: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let targets = pages.iter().flat_map(|page| &page.links).map(|link| link.text.as_str());
    let targets: BTreeSet<&str> = targets.filter_map(|target| target.rsplit('/').next()).collect();
    let name = |picture: &str| picture.rsplit('/').next().unwrap_or_default().to_owned();
    let hidden = pictures.into_iter().filter(|picture| !targets.contains(name(picture).as_str()));
    let hidden = hidden.map(|picture| format!("no page shows {picture}"));
    let silent = pages.iter().filter(|page| page.text.contains("![]("));
    hidden.chain(silent.map(|page| format!("{}: a picture without a text", page.path))).collect()
}

#[test]
fn every_picture_is_shown_with_a_text() {
    let files = files();
    let pictures = files.iter().filter(|file| file.starts_with("docs/pictures/"));
    let pictures: Vec<&str> = pictures.map(String::as_str).collect();
    assert!(pictures.len() > 5, "{pictures:?}");
    none(&problems(&pages(), pictures));
}

#[test]
fn a_picture_that_is_not_shown_or_has_no_text_is_found() {
    let page = Page::of("p.md", "![A](pictures/a.svg) ![](pictures/b.svg)");
    let found = problems(&[page], ["docs/pictures/a.svg", "docs/pictures/c.svg"]);
    assert_eq!(found, ["no page shows docs/pictures/c.svg", "p.md: a picture without a text"]);
}
