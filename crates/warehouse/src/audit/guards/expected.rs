//! The guards that the migrations create, read from the migrations themselves. So the list needs no care.

use super::{
    Guard, GuardKind, table,
    tokens::{in_parentheses, items, tokens},
};

/// The guards after all migrations, in the order in which they were created.
pub(in crate::audit) fn guards() -> Vec<Guard> {
    let mut found = Vec::new();
    for migration in crate::migrations::statements() {
        apply(migration, &mut found);
    }
    found
}

/// Applies one statement. A statement on rows changes no guard.
fn apply(sql: &str, found: &mut Vec<Guard>) {
    let all = tokens(sql);
    let words: Vec<&str> = all.iter().map(String::as_str).take(8).collect();
    match words.as_slice() {
        ["create", "table", "if", "not", "exists", name, ..] | ["create", "table", name, ..] => {
            found.extend(table::guards(name, sql));
        }
        ["drop", "table", "if", "exists", name, ..] | ["drop", "table", name, ..] => {
            found.retain(|guard| guard.table != *name);
        }
        ["alter", "table", name, ..] => {
            let start = sql.to_lowercase().find(name).map_or(0, |at| at + name.len());
            for action in items(sql[start..].trim_start_matches('`').trim_end_matches(';')) {
                alter(name, action, found);
            }
        }
        ["create", "unique", "index", name, "on", on, ..] => {
            let columns = in_parentheses(sql).unwrap_or_default();
            found.extend(table::guard(on, &format!("CONSTRAINT {name} UNIQUE ({columns})")));
        }
        ["create", "procedure", "if", "not", "exists", name, ..]
        | ["create", "procedure", name, ..] => found.push(procedure(name, sql)),
        ["drop", "procedure", "if", "exists", name, ..] | ["drop", "procedure", name, ..] => {
            found.retain(|guard| guard.kind != GuardKind::Procedure || guard.name != *name);
        }
        _ => {}
    }
}

fn alter(on: &str, action: &str, found: &mut Vec<Guard>) {
    let all = tokens(action);
    let words: Vec<&str> = all.iter().map(String::as_str).collect();
    let item = |skipped: usize| {
        let mut rest = action.trim_start();
        for _ in 0..skipped {
            rest = rest.split_once(char::is_whitespace).map_or("", |(_, rest)| rest.trim_start());
        }
        table::guard(on, rest)
    };
    let mut without = |name: &str, columns: bool| {
        found.retain(|guard| {
            guard.table != on || guard.name != name || (guard.kind == GuardKind::Column) != columns
        });
    };
    match words.as_slice() {
        ["add", "column", ..] => found.extend(item(2)),
        ["add", ..] => found.extend(item(1)),
        ["modify", "column", name, ..] => {
            without(name, true);
            found.extend(item(2));
        }
        ["drop", "primary", ..] => without("PRIMARY", false),
        ["drop", "foreign", "key", name, ..]
        | ["drop", "constraint" | "check" | "index" | "key", name, ..] => without(name, false),
        ["drop", "column", name, ..] | ["drop", name, ..] => without(name, true),
        _ => {}
    }
}

fn procedure(name: &str, sql: &str) -> Guard {
    let all = tokens(sql);
    let body = all.iter().position(|token| token == "begin").unwrap_or_default();
    Guard {
        table: String::new(),
        kind: GuardKind::Procedure,
        name: name.to_owned(),
        definition: sql.to_owned(),
        meaning: table::procedure(in_parentheses(sql).unwrap_or_default(), &all[body..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(statements: &[&str]) -> Vec<String> {
        let mut found = Vec::new();
        statements.iter().for_each(|sql| apply(sql, &mut found));
        found.retain(|guard| !matches!(guard.kind, GuardKind::Table | GuardKind::StorageEngine));
        found.into_iter().map(|guard| format!("{}.{}", guard.table, guard.name)).collect()
    }

    #[test]
    fn the_guards_of_the_migrations_are_read() {
        let found: Vec<String> =
            guards().into_iter().map(|guard| format!("{}.{}", guard.table, guard.name)).collect();
        for guard in [
            "factory.PRIMARY",
            "stock_bucket.stock_not_negative",
            "product.product_factory",
            "restock.open_sku",
            "restock.one_open_restock",
            "stock_movement.one_movement_per_reference",
            ".sell",
            ".increment_stock",
        ] {
            assert!(found.iter().any(|found| found == guard), "{guard} in {found:?}");
        }
    }

    #[test]
    fn later_migrations_change_what_earlier_ones_have_created() {
        let create = "CREATE TABLE box (a INT NOT NULL, -- one, two (three
            b INT, CONSTRAINT few CHECK (a < 3), KEY quick (b))";
        assert_eq!(names(&[create]), ["box.a", "box.b", "box.few"]);
        let alter = "ALTER TABLE box DROP CONSTRAINT few, ADD CONSTRAINT more CHECK (a IN (4, 5)), \
            ADD COLUMN c INT, DROP COLUMN b, MODIFY COLUMN a BIGINT";
        assert_eq!(names(&[create, alter]), ["box.more", "box.c", "box.a"]);
        assert!(names(&[create, "DROP TABLE box"]).is_empty());
        let unique = "CREATE UNIQUE INDEX one ON box (a, b)";
        assert_eq!(names(&[unique]), ["box.one"]);
    }
}
