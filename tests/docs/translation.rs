//! README.ko.md says in Korean what README.md says: section by section, it has the same code blocks, links, names in code
//! style, list items and table rows. No test can see that a sentence means the same: whoever changes one changes both.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::{none, page::Found, repository::read};

const ORIGINAL: &str = "README.md";
const TRANSLATION: &str = "README.ko.md";

/// A heading and what follows it, up to the next heading.
struct Section {
    heading: Found,
    blocks: Vec<Found>,
    links: Vec<Found>,
    code: Vec<Found>,
    rows: usize,
    items: usize,
}

impl Section {
    fn of(heading: Found) -> Self {
        let (blocks, links, code) = (Vec::new(), Vec::new(), Vec::new());
        Self { heading, blocks, links, code, rows: 0, items: 0 }
    }

    fn see(&mut self, event: Event<'_>, source: Found) {
        let Found { place, .. } = &source;
        let found = |text: &str| Found { place: place.clone(), text: text.to_owned() };
        match event {
            Event::Start(Tag::CodeBlock(_)) => self.blocks.push(source),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. })
                if !leads_to_the_other(&dest_url) =>
            {
                self.links.push(found(&dest_url));
            }
            Event::Code(text) => self.code.push(found(&text)),
            Event::Start(Tag::TableRow) => self.rows += 1,
            Event::Start(Tag::Item) => self.items += 1,
            _ => {}
        }
    }
}

/// Each page links to the other one, and not to itself.
fn leads_to_the_other(link: &str) -> bool {
    [ORIGINAL, TRANSLATION].contains(&link)
}

fn sections(path: &str, text: &str) -> Vec<Section> {
    let found = |range: Range<usize>| Found {
        place: format!("{path}:{}", text[..range.start].matches('\n').count() + 1),
        text: text[range].trim().to_owned(),
    };
    let mut sections: Vec<Section> = Vec::new();
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match (event, sections.last_mut()) {
            (Event::Start(Tag::Heading { .. }), _) => sections.push(Section::of(found(range))),
            (event, Some(section)) => section.see(event, found(range)),
            (_, None) => {}
        }
    }
    sections
}

/// What `all` has more often than `others`.
fn more<'a>(all: &'a [Found], others: &[Found]) -> Vec<&'a Found> {
    let mut others: Vec<&str> = others.iter().map(|found| found.text.as_str()).collect();
    let is_more = |found: &&Found| match others.iter().position(|other| *other == found.text) {
        Some(same) => {
            others.swap_remove(same);
            false
        }
        None => true,
    };
    all.iter().filter(is_more).collect()
}

/// What is in the original and not in the translation, and the other way round.
fn differences(original: &Section, translation: &Section) -> Vec<String> {
    let here = &translation.heading;
    let here = format!("{}: \"{}\"", here.place, here.text);
    let missing = |Found { place, text }: &Found| {
        format!(
            "{here} lacks what {place} has. Translate its sentence, or copy its code block: {text}"
        )
    };
    let extra = |Found { place, text }: &Found| {
        format!("{place} is not in the section {} of the original: {text}", original.heading.place)
    };
    let (blocks, links) = (&original.blocks, &original.links);
    let lacking = [more(blocks, &translation.blocks), more(links, &translation.links)].concat();
    let surplus = [more(&translation.blocks, blocks), more(&translation.links, links)].concat();
    let is_in = |code: &&Found| !translation.code.iter().any(|other| other.text == code.text);
    let lacking = lacking.into_iter().chain(original.code.iter().filter(is_in));
    let problems = lacking.map(missing).chain(surplus.into_iter().map(extra));
    problems.chain(counts(&here, original, translation)).collect()
}

fn counts(here: &str, original: &Section, translation: &Section) -> Vec<String> {
    let counts = [
        ("table rows", original.rows, translation.rows),
        ("list items", original.items, translation.items),
    ];
    let different = counts.into_iter().filter(|(_, there, here)| there != here);
    let place = &original.heading.place;
    let say = |(what, there, has)| format!("{here} has {has} {what}, and {place} has {there}");
    different.map(say).collect()
}

/// The headings side by side, where their numbers differ.
fn outline(originals: &[Section], translations: &[Section]) -> String {
    let list = |sections: &[Section]| {
        let headings = sections.iter().map(|Section { heading, .. }| heading);
        headings.map(|h| format!("\n  {} {}", h.place, h.text)).collect::<String>()
    };
    format!(
        "{TRANSLATION} must have the same headings as {ORIGINAL}, translated.{}{}",
        list(originals),
        list(translations)
    )
}

fn problems(original: &str, translation: &str) -> Vec<String> {
    let (originals, translations) =
        (sections(ORIGINAL, original), sections(TRANSLATION, translation));
    let level = |section: &Section| section.heading.text.split(' ').next().map(str::len);
    if !originals.iter().map(level).eq(translations.iter().map(level)) {
        return vec![outline(&originals, &translations)];
    }
    originals.iter().zip(&translations).flat_map(|(o, t)| differences(o, t)).collect()
}

#[test]
fn the_korean_readme_says_what_the_readme_says() {
    none(&problems(&read(ORIGINAL), &read(TRANSLATION)));
}

#[test]
fn each_readme_links_to_the_other_in_its_first_lines() {
    let begins_with = |path, link: &str| read(path).lines().take(5).any(|line| line.contains(link));
    assert!(begins_with(ORIGINAL, &format!("]({TRANSLATION})")));
    assert!(begins_with(TRANSLATION, &format!("]({ORIGINAL})")));
}

#[test]
fn what_is_not_translated_is_found() {
    let original = "# A\n[b](b.md) `c`\n- d\n- e\n\n```sh\nf\n```\n![g](g.svg)\n";
    let translation =
        "# \u{ac00}\n[b](x.md)\n- d\n\n| h |\n| --- |\n| i |\n\n```sh\nF\n```\n![g](g.svg)\n";
    let here = "README.ko.md:1: \"# \u{ac00}\"";
    let lacks = |place, text| {
        format!(
            "{here} lacks what {place} has. Translate its sentence, or copy its code block: {text}"
        )
    };
    let surplus =
        |place, text| format!("{place} is not in the section README.md:1 of the original: {text}");
    assert_eq!(
        problems(original, translation),
        [
            lacks("README.md:6", "```sh\nf\n```"),
            lacks("README.md:2", "b.md"),
            lacks("README.md:2", "c"),
            surplus("README.ko.md:9", "```sh\nF\n```"),
            surplus("README.ko.md:2", "x.md"),
            format!("{here} has 1 table rows, and README.md:1 has 0"),
            format!("{here} has 1 list items, and README.md:1 has 2"),
        ]
    );
    let found = problems("# A\n## B\n", "# A\n");
    assert!(
        found[0].ends_with("\n  README.md:1 # A\n  README.md:2 ## B\n  README.ko.md:1 # A"),
        "{found:?}"
    );
}
