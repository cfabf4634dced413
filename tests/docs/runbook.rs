//! The runbook has one page for each error, alarm and mail, and each page says how a problem ends.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use errors::ErrorName;
use operations_workflow::report::MAIL_PAGES;

use crate::none;

const SECTIONS: [&str; 5] =
    ["## Meaning", "## Impact", "## Diagnosis", "## Mitigation", "## It is over when"];

/// Errors of AWS itself.
const OF_AWS: [&str; 3] =
    ["Lambda.TooManyRequestsException", "Runtime.ExitError", "States.Timeout"];

/// Pages that stand for the alarms of all functions, state machines or queues.
const OF_ALL: [&str; 5] = [
    "FUNCTION-errors",
    "FUNCTION-throttles",
    "MACHINE-failed",
    "MACHINE-timedout",
    "QUEUE-not-polled",
];

fn checkout(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The names of the pages in a folder of the runbook.
fn pages(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(checkout("docs/runbook").join(folder)).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let names = names.map(|name| name.to_string_lossy().trim_end_matches(".md").to_owned());
    names.collect()
}

/// The keys of the maps of alarms and incidents in a file: `name = {` at this indentation.
fn keys(file: &str, indentation: usize) -> Vec<String> {
    let text = fs::read_to_string(checkout("terraform").join(file)).expect("a file");
    let begin = " ".repeat(indentation);
    let lines = text.lines().filter_map(|line| line.strip_prefix(&begin)?.strip_suffix(" = {"));
    let plain = |key: &&str| key.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    lines.filter(plain).map(str::to_owned).collect()
}

#[test]
fn each_error_has_a_page_and_each_page_an_error() {
    let names = ErrorName::ALL.iter().map(|name| name.as_str()).chain(OF_AWS);
    assert_eq!(pages("errors"), names.map(str::to_owned).collect());
}

#[test]
fn each_alarm_and_notice_has_a_page_and_each_page_an_alarm() {
    let mut names: BTreeSet<String> = OF_ALL.map(str::to_owned).into();
    for (file, indentation) in [
        ("alarms_queues.tf", 4),
        ("alarms_workflows.tf", 4),
        ("alarms_api.tf", 4),
        ("alarms_database.tf", 6),
        ("alarm_incidents.tf", 4),
    ] {
        let keys = keys(file, indentation);
        assert!(keys.len() >= 4, "{file}: {keys:?}");
        names.extend(keys);
    }
    assert_eq!(pages("alarms"), names);
}

#[test]
fn each_mail_has_a_page_and_each_page_a_mail() {
    assert_eq!(pages("mails"), MAIL_PAGES.map(str::to_owned).into());
}

#[test]
fn each_page_says_what_it_means_how_to_see_it_what_to_do_and_when_it_is_over() {
    let mut problems = Vec::new();
    for folder in ["errors", "alarms", "mails"] {
        for page in pages(folder) {
            let path = format!("docs/runbook/{folder}/{page}.md");
            let text = fs::read_to_string(checkout(&path)).expect("a page");
            let missing = SECTIONS.iter().filter(|section| !text.contains(*section));
            problems.extend(missing.map(|section| format!("{path}: {section} is missing")));
        }
    }
    none(&problems);
}

#[test]
fn the_index_names_every_page() {
    let index = fs::read_to_string(checkout("docs/runbook/README.md")).expect("the index");
    let all = ["errors", "alarms", "mails"].into_iter().flat_map(|folder| {
        pages(folder).into_iter().map(move |page| format!("{folder}/{page}.md"))
    });
    let missing: Vec<String> = all.filter(|link| !index.contains(&format!("({link})"))).collect();
    none(&missing);
}
