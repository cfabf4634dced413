//! The errors that operators meet have the meaning and the remedy that the code gives them.

use errors::ErrorName;

use crate::{none, repository::read};

const PAGE: &str = "docs/operations.md";

/// The row of an error in the table.
fn row(name: ErrorName) -> String {
    format!("| `{name}` | {} | {} |", name.meaning(), name.remedy())
}

/// Rows that begin with the name of an error and do not say what the code says.
fn problems(page: &str) -> Vec<String> {
    let of = |line: &str, name: ErrorName| line.starts_with(&format!("| `{name}` |"));
    let rows = ErrorName::ALL.iter().flat_map(|name| {
        page.lines().filter(move |line| of(line, *name) && *line != row(*name)).map(|_| *name)
    });
    rows.map(|name| format!("{PAGE}: the code says {}", row(name))).collect()
}

#[test]
fn the_table_of_errors_says_what_the_code_says() {
    let page = read(PAGE);
    none(&problems(&page));
    let shown = ErrorName::ALL.iter().filter(|name| page.contains(&row(**name)));
    assert!(shown.count() > 15, "{PAGE} has a table of errors");
}

#[test]
fn an_error_that_is_explained_otherwise_is_found() {
    let good = row(ErrorName::FactoryRefused);
    let page =
        format!("{good}\n| `Factory.Unavailable` | Something. | Nothing. |\n| `Other` | a | b |\n");
    let expected = format!("{PAGE}: the code says {}", row(ErrorName::FactoryUnavailable));
    assert_eq!(problems(&page), [expected]);
}
