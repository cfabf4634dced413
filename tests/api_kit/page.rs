//! `docs/api.md`: its lines work, and it has every call and every error of `openapi.json`.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use serde_json::Value;

use crate::{place::Place, shape::same};

const PAGE: &str = include_str!("../../docs/api.md");
const PACKAGES: &str = include_str!("../../api/package.json");
const DOCUMENT: &str = include_str!("../../openapi.json");

/// The code blocks of a page with their languages.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut blocks: Vec<(String, String)> = Vec::new();
    let mut is_open = false;
    for event in Parser::new(page) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(kind))) => {
                blocks.push((kind.to_string(), String::new()));
                is_open = true;
            }
            Event::End(TagEnd::CodeBlock) => is_open = false,
            Event::Text(text) if is_open => blocks.last_mut().expect("a block").1.push_str(&text),
            _ => {}
        }
    }
    blocks
}

/// The line that puts the URL into a variable.
pub fn setting() -> String {
    let setting = blocks(PAGE).into_iter().find(|(_, text)| text.starts_with("API="));
    setting.expect("a line that sets API").1
}

/// The line of newman.
pub fn newman() -> String {
    let newman = blocks(PAGE).into_iter().find(|(_, text)| text.starts_with("npx newman"));
    newman.expect("a line with newman").1
}

/// The blocks with curl, each with the answer that the page shows.
fn examples() -> Vec<(String, String)> {
    let blocks = blocks(PAGE);
    let curls = (0..blocks.len()).filter(|at| blocks[*at].1.contains("curl "));
    let pairs = curls.map(|at| {
        let (request, answer) = (&blocks[at], blocks.get(at + 1));
        let answer = answer.filter(|(kind, _)| kind == "text");
        (request.1.clone(), answer.expect(&request.1).1.clone())
    });
    pairs.collect()
}

#[tokio::test]
async fn every_curl_line_prints_what_the_page_shows() {
    let place = Place::new().await;
    for (lines, documented) in examples() {
        let printed = place.paste(&(setting() + &lines)).await.expect("curl");
        assert!(same(&documented, &printed), "{lines}\nthe page: {documented}\nnow: {printed}");
    }
    place.system.finish().await;
}

fn document() -> Value {
    serde_json::from_str(DOCUMENT).expect("JSON")
}

/// Each operation of the document, as `GET /products`.
fn operations(document: &Value) -> impl Iterator<Item = (String, &Value)> {
    let paths = document["paths"].as_object().expect("paths").iter();
    paths.flat_map(|(path, operations)| {
        let operations = operations.as_object().expect("operations").iter();
        operations.map(move |(method, it)| (format!("{} {path}", method.to_uppercase()), it))
    })
}

/// The call that a block with curl makes: the path of the document that fits its URL.
fn call(lines: &str, document: &Value) -> Option<String> {
    let path = lines.split("$API").nth(1)?.split(['"', '?']).next()?;
    let method = if lines.contains(" -d ") { "POST" } else { "GET" };
    let fits = |known: &str| {
        let (known, parts) = (known.split('/'), path.split('/'));
        known.clone().count() == parts.clone().count()
            && known.zip(parts).all(|(known, part)| known.starts_with('{') || known == part)
    };
    let mut known = operations(document).map(|(name, _)| name);
    known.find(|name| name.split_once(' ').is_some_and(|(verb, it)| verb == method && fits(it)))
}

#[test]
fn every_call_of_the_document_has_a_curl_line() {
    let document = document();
    let calls = examples().into_iter().map(|(lines, _)| call(&lines, &document).expect(&lines));
    let known = operations(&document).map(|(name, _)| name);
    assert_eq!(calls.collect::<BTreeSet<_>>(), known.collect::<BTreeSet<_>>());
}

/// The calls that can answer with each error of a status and an outcome.
type Errors = BTreeMap<(String, String), BTreeSet<String>>;

fn documented_errors(document: &Value) -> Errors {
    let mut errors = Errors::new();
    for (call, operation) in operations(document) {
        for (status, response) in operation["responses"].as_object().expect("responses") {
            let schema = &response["content"]["application/problem+json"]["schema"];
            let outcome = &schema["allOf"][1]["properties"]["outcome"];
            let one = outcome["const"].as_str().into_iter();
            let several = outcome["enum"].as_array().into_iter().flatten();
            for name in one.chain(several.filter_map(Value::as_str)) {
                let calls = errors.entry((status.clone(), name.to_owned())).or_default();
                calls.insert(call.clone());
            }
        }
    }
    errors
}

/// The rows of the page's table of errors.
fn listed_errors(page: &str) -> Errors {
    let table = page.split("\n## Errors\n").nth(1).expect("a section").split("\n## ").next();
    let rows = table.expect("a table").lines().filter(|line| line.starts_with("| "));
    let cells = rows.map(|row| row.trim_matches('|').split(" | ").map(str::trim));
    let cells = cells.map(Iterator::collect::<Vec<_>>);
    let errors = cells.filter(|cells| cells[0].parse::<u16>().is_ok()).map(|cells| {
        assert!(cells.len() == 4 && !cells[3].is_empty(), "no remedy: {cells:?}");
        let calls = cells[2].split(", ").map(|call| call.trim_matches('`').to_owned());
        ((cells[0].to_owned(), cells[1].trim_matches('`').to_owned()), calls.collect())
    });
    errors.collect()
}

#[test]
fn the_page_lists_the_errors_of_the_document_with_a_remedy_for_each() {
    let documented = documented_errors(&document());
    assert!(documented.len() > 5, "{documented:?}");
    assert_eq!(listed_errors(PAGE), documented);
}

#[test]
fn the_page_names_the_version_of_newman_that_is_tested() {
    let packages: Value = serde_json::from_str(PACKAGES).expect("JSON");
    let version = packages["dependencies"]["newman"].as_str().expect("a version");
    assert!(newman().starts_with(&format!("npx newman@{version} run ")), "{}", newman());
}
