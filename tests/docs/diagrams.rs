//! The pages show the pictures. The tests of the crate `pictures` check that the pictures are up to date.

use std::collections::BTreeSet;

use crate::{
    none,
    page::{Page, pages},
    repository::files,
};

/// The names of the pictures that a page shows: `pictures/NAME.svg`, in Markdown or in HTML.
fn shown(page: &Page) -> BTreeSet<&str> {
    let paths = page.text.split("pictures/").skip(1);
    let names = paths.filter_map(|after| after.split([')', '"', '`', ' ', '\n']).next());
    names.filter(|name| name.ends_with(".svg")).collect()
}

/// Pictures that are not there or that no page shows, and those without a text for people who do not see them.
fn problems(pages: &[Page], pictures: &BTreeSet<&str>) -> Vec<String> {
    let shown: BTreeSet<&str> = pages.iter().flat_map(shown).collect();
    let hidden = pictures.difference(&shown).map(|name| format!("no page shows {name}"));
    let gone = shown.difference(pictures).map(|name| format!("there is no picture {name}"));
    let is_silent = |page: &&Page| page.text.contains("![](") || page.text.contains("<img src");
    let silent = pages.iter().filter(is_silent);
    let silent = silent.map(|page| format!("{}: a picture without a text", page.path));
    let too_wide = pages.iter().flat_map(too_wide);
    hidden.chain(gone).chain(silent).chain(too_wide).collect()
}

/// Pictures without the form for narrow screens beside them.
fn too_wide(page: &Page) -> Vec<String> {
    let shown = shown(page);
    let wide = shown.iter().filter_map(|name| name.strip_suffix(".svg"));
    let wide = wide.filter(|name| !name.ends_with(".narrow"));
    let alone = wide.filter(|name| !shown.contains(format!("{name}.narrow.svg").as_str()));
    alone.map(|name| format!("{}: no {name}.narrow.svg", page.path)).collect()
}

#[test]
fn every_picture_is_shown_with_a_text() {
    let files = files();
    let pictures = files.iter().filter_map(|file| file.strip_prefix("docs/pictures/"));
    let pictures = pictures.filter(|name| name.ends_with(".svg")).collect();
    none(&problems(&pages(), &pictures));
    assert!(pictures.len() > 5, "{pictures:?}");
}

#[test]
fn a_picture_that_is_not_shown_or_has_no_text_is_found() {
    let page =
        Page::of("p.md", "![A](pictures/a.svg)\n<img alt=\"B\" src=\"pictures/b.svg\"> ![](c.svg)");
    let found = problems(&[page], &BTreeSet::from(["a.svg", "d.svg"]));
    assert_eq!(
        found,
        [
            "no page shows d.svg",
            "there is no picture b.svg",
            "p.md: a picture without a text",
            "p.md: no a.narrow.svg",
            "p.md: no b.narrow.svg",
        ]
    );
}
