//! The guards in a `CREATE TABLE` statement, as a migration has it or as `SHOW CREATE TABLE` prints it.

use super::{
    Guard, GuardKind,
    tokens::{expression, in_parentheses, items, on_one_line, tokens},
};

/// All guards of a statement that creates a table.
pub(super) fn guards(table: &str, create: &str) -> Vec<Guard> {
    let body = in_parentheses(create).unwrap_or_default();
    let mut found: Vec<Guard> =
        items(body).into_iter().filter_map(|item| guard(table, item)).collect();
    found.push(storage_engine(table, create));
    found.push(Guard {
        table: table.to_owned(),
        kind: GuardKind::Table,
        name: table.to_owned(),
        definition: create.trim().trim_end_matches(';').to_owned(),
        meaning: Vec::new(),
    });
    found
}

/// The parameters and the body of a procedure, without the semicolons, which a server prints in other places.
pub(super) fn procedure(parameters: &str, body: &[String]) -> Vec<String> {
    let mut meaning = Vec::new();
    for parameter in items(parameters) {
        let all = tokens(parameter);
        let words: Vec<&str> = all.iter().map(String::as_str).collect();
        let (names, kind) = words.split_at(words.len().min(2));
        meaning.extend(owned(names));
        meaning.extend(column_meaning(kind));
    }
    meaning.extend(body.iter().filter(|token| *token != ";").cloned());
    meaning
}

/// A migration names no engine, which means InnoDB.
fn storage_engine(table: &str, create: &str) -> Guard {
    let all = tokens(create);
    let words: Vec<&str> = all.iter().map(String::as_str).collect();
    Guard {
        table: table.to_owned(),
        kind: GuardKind::StorageEngine,
        name: "ENGINE".to_owned(),
        definition: "ENGINE = InnoDB".to_owned(),
        meaning: owned(&[after(&words, &["engine", "="]).unwrap_or("innodb")]),
    }
}

/// The guard in one item: a constraint, a key or a column. `None` for an index that guards nothing.
pub(super) fn guard(table: &str, item: &str) -> Option<Guard> {
    let all = tokens(item);
    let words: Vec<&str> = all.iter().map(String::as_str).collect();
    let (kind, name, meaning) = match words.as_slice() {
        ["primary", "key", columns @ ..] => {
            (GuardKind::PrimaryKey, "PRIMARY", owned(until_using(columns)))
        }
        ["unique", "key" | "index", name, columns @ ..]
        | ["constraint", name, "unique", "key" | "index", columns @ ..]
        | ["constraint", name, "unique", columns @ ..] => {
            (GuardKind::Unique, *name, owned(until_using(columns)))
        }
        ["constraint", name, "foreign", "key", columns @ ..] => {
            (GuardKind::ForeignKey, *name, owned(columns))
        }
        ["constraint", name, "check", condition @ ..] => {
            (GuardKind::Check, *name, expression(&owned(condition)))
        }
        ["key" | "index" | "fulltext" | "spatial", ..] | [] => return None,
        [name, column @ ..] => (GuardKind::Column, *name, column_meaning(column)),
    };
    Some(Guard {
        table: table.to_owned(),
        kind,
        name: name.to_owned(),
        definition: on_one_line(item),
        meaning,
    })
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn until_using<'a>(words: &'a [&'a str]) -> &'a [&'a str] {
    words.split(|word| *word == "using").next().unwrap_or_default()
}

/// What a column allows: its type, collation, default and expression. Left out are the display width of a number and
/// a default of NULL, which only some servers print.
fn column_meaning(words: &[&str]) -> Vec<String> {
    let (kind, rest) = words.split_first().unwrap_or((&"", &[]));
    let mut meaning = vec![(*kind).to_owned()];
    let is_number = kind.ends_with("int");
    if !is_number && rest.first() == Some(&"(") {
        meaning.extend(owned(rest).into_iter().take_while(|word| word != ")"));
    }
    for flag in ["unsigned", "auto_increment"] {
        meaning.extend(rest.contains(&flag).then(|| flag.to_owned()));
    }
    meaning.extend(after(rest, &["collate"]).map(|word| format!("collate {word}")));
    meaning
        .extend(rest.windows(2).any(|two| two == ["not", "null"]).then(|| "not null".to_owned()));
    let default = after(rest, &["default"]).map(|word| word.trim_matches('\'').to_owned());
    meaning.extend(default.filter(|word| word != "null").map(|word| format!("default {word}")));
    if let Some(at) = rest.windows(3).position(|words| words == ["generated", "always", "as"]) {
        let generated = owned(&rest[at + 3..]);
        let is_expression =
            |word: &String| !matches!(word.as_str(), "stored" | "virtual" | "persistent");
        meaning.extend(expression(&generated).into_iter().take_while(is_expression));
    }
    meaning
}

fn after<'a>(words: &[&'a str], before: &[&str]) -> Option<&'a str> {
    let at = words.windows(before.len()).position(|some| some == before)?;
    words.get(at + before.len()).copied()
}
