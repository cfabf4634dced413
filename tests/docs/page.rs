//! A page of Markdown, in the parts that can be checked.

use std::collections::BTreeSet;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::repository::{files, read};

/// A text of a page, and where it is: `README.md:12`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub place: String,
    pub text: String,
}

#[derive(Debug, Default)]
pub struct Page {
    pub path: String,
    pub text: String,
    /// What a link to a heading of this page may end with.
    pub anchors: BTreeSet<String>,
    /// Where links lead, and the files of images.
    pub links: Vec<Found>,
    /// Inline code.
    pub spans: Vec<Found>,
    /// The lines of shell blocks, joined where a backslash joins them.
    pub shell: Vec<Found>,
}

/// What a page says after these lines names what no longer exists: retired words, and the changes of earlier releases.
const PAST: [&str; 2] = ["\n## Retired words\n", "\n## [0"];

/// The pages outside of docs/.
const AT_THE_ROOT: [&str; 5] =
    ["README.md", "README.ko.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"];

/// Every page that these tests look at.
pub fn pages() -> Vec<Page> {
    let is_page = |path: &String| {
        AT_THE_ROOT.contains(&path.as_str()) || path.starts_with("docs/") && path.ends_with(".md")
    };
    let page = |path: &String| Page::of(path, present(&read(path)));
    let pages: Vec<Page> = files().iter().filter(|path| is_page(path)).map(page).collect();
    assert!(pages.len() > 8, "{} pages", pages.len());
    pages
}

/// The part of a text that is about the present.
fn present(text: &str) -> &str {
    let ends = PAST.iter().filter_map(|line| text.find(line));
    &text[..ends.min().unwrap_or(text.len())]
}

impl Page {
    pub fn of(path: &str, text: &str) -> Self {
        let mut page = Self { path: path.to_owned(), text: text.to_owned(), ..Self::default() };
        let (mut heading, mut block) = (None, None);
        for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
            let line = text[..range.start].matches('\n').count() + 1;
            page.see(event, line, &mut heading, &mut block);
        }
        page
    }

    /// `heading` holds the text of the heading that is being read, `block` the shell block.
    fn see(
        &mut self,
        event: Event<'_>,
        line: usize,
        heading: &mut Option<String>,
        block: &mut Option<(usize, String)>,
    ) {
        match event {
            Event::Start(Tag::Heading { .. }) => *heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => self.add_anchor(&heading.take().unwrap_or_default()),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                let link = self.found(line, &dest_url);
                self.links.push(link);
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(kind))) if &*kind == "sh" => {
                *block = Some((line + 1, String::new()));
            }
            Event::End(TagEnd::CodeBlock) => self.add_shell(block.take()),
            Event::Code(text) => {
                if let Some(heading) = heading {
                    heading.push_str(&text);
                }
                let span = self.found(line, &text);
                self.spans.push(span);
            }
            Event::Text(text) => {
                if let Some(text_so_far) = heading.as_mut().or(block.as_mut().map(|(_, b)| b)) {
                    text_so_far.push_str(&text);
                }
            }
            _ => {}
        }
    }

    fn found(&self, line: usize, text: &str) -> Found {
        Found { place: format!("{}:{line}", self.path), text: text.to_owned() }
    }

    fn add_shell(&mut self, block: Option<(usize, String)>) {
        let Some((first, text)) = block else { return };
        let mut joined = String::new();
        for (line, text) in (first..).zip(text.lines()) {
            match text.strip_suffix('\\') {
                Some(beginning) => joined.push_str(beginning),
                None => {
                    let command = self.found(line, &format!("{joined}{text}"));
                    self.shell.push(command);
                    joined.clear();
                }
            }
        }
    }

    /// As GitHub makes anchors. A heading that comes again gets a number.
    fn add_anchor(&mut self, heading: &str) {
        let kept = heading.trim().to_lowercase();
        let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        let anchor = kept.collect::<String>().replace(' ', "-");
        let numbered = (1..).map(|number| format!("{anchor}-{number}"));
        let mut names = std::iter::once(anchor.clone()).chain(numbered);
        let free = names.find(|name| !self.anchors.contains(name));
        self.anchors.extend(free);
    }
}

#[test]
fn a_page_is_read_with_the_lines_of_its_parts() {
    let text = "# A `b` c!\n\n# a-b c\n\n[x](y.md#z) `code`\n\n```sh\none \\\n  two\nthree\n```\n";
    let page = Page::of("p.md", text);
    assert_eq!(page.anchors, BTreeSet::from(["a-b-c".to_owned(), "a-b-c-1".to_owned()]));
    let found = |line, text: &str| page.found(line, text);
    assert_eq!(page.links, [found(5, "y.md#z")]);
    assert_eq!(page.spans, [found(1, "b"), found(5, "code")]);
    assert_eq!(page.shell, [found(9, "one   two"), found(10, "three")]);
}

#[test]
fn a_page_is_read_until_it_begins_to_be_about_the_past() {
    assert_eq!(
        present("# A\n\n## [Unreleased]\nnew\n\n## [0.1.0]\nold"),
        "# A\n\n## [Unreleased]\nnew\n"
    );
    assert_eq!(present("# A\n\n## Retired words\n\n`old`"), "# A\n");
    assert_eq!(present("# A"), "# A");
}
