//! How migrations may change procedures.
//!
//! Functions of the previous release call a procedure while and after a deployment runs the migrations. Between DROP and
//! CREATE there is no procedure, and the new one has no privileges until the users are created again. So a migration
//! that changes a procedure creates it under a new name, `create_users` grants both, and the old one stays until no
//! release that may still run calls it.

use std::collections::BTreeSet;

use sqlx::migrate::Migrator;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// Procedures that neither this release nor the one before calls. Add a name one release after its last call is gone;
/// then a migration may drop it.
const CALLED_NO_MORE: [&str; 0] = [];

/// The SQL in capital letters, without comments, with one space between two words.
fn statement(migration: &str) -> String {
    let lines = migration.lines().filter(|line| !line.trim().starts_with("--"));
    lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ").to_uppercase()
}

/// The procedure that a statement names after these words.
fn named(statement: &str, words: &str) -> Option<String> {
    let (_, rest) = statement.split_once(words)?;
    let rest =
        rest.strip_prefix(" IF EXISTS").or(rest.strip_prefix(" IF NOT EXISTS")).unwrap_or(rest);
    let name = rest.trim_start_matches([' ', '`']);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
    Some(name[..end].to_lowercase())
}

/// What is wrong with these migrations, in their order.
fn problems(migrations: &[&str], called_no_more: &[&str]) -> Vec<String> {
    let mut created = BTreeSet::new();
    let mut problems = Vec::new();
    for statement in migrations.iter().map(|migration| statement(migration)) {
        let dropped = named(&statement, "DROP PROCEDURE");
        let dropped = dropped.filter(|name| !called_no_more.contains(&name.as_str()));
        let altered = named(&statement, "ALTER PROCEDURE");
        let replaced = named(&statement, "OR REPLACE PROCEDURE");
        let again = named(&statement, "CREATE PROCEDURE");
        let again = again.filter(|name| !created.insert(name.clone()));
        let found =
            [("drop", dropped), ("alter", altered), ("replace", replaced), ("create again", again)];
        problems
            .extend(found.into_iter().filter_map(|(verb, name)| Some(format!("{verb} {}", name?))));
    }
    problems
}

#[test]
fn no_migration_takes_away_a_procedure_that_the_release_before_still_calls() {
    let migrations: Vec<&str> = MIGRATIONS.iter().map(|migration| migration.sql.as_str()).collect();
    assert!(
        migrations
            .iter()
            .any(|migration| statement(migration).starts_with("CREATE PROCEDURE SELL "))
    );
    assert_eq!(problems(&migrations, &CALLED_NO_MORE), Vec::<String>::new());
}

#[test]
fn a_migration_that_takes_away_a_procedure_is_found() {
    let create = "-- DROP PROCEDURE in a comment\nCREATE PROCEDURE sell (IN a INT)\nBEGIN END";
    for (migration, problem) in [
        ("DROP PROCEDURE sell;", "drop sell"),
        ("drop procedure if exists `sell`", "drop sell"),
        ("DROP\n    PROCEDURE sell", "drop sell"),
        ("ALTER PROCEDURE sell SQL SECURITY INVOKER", "alter sell"),
        ("CREATE OR REPLACE PROCEDURE sell (IN a INT) BEGIN END", "replace sell"),
        ("CREATE PROCEDURE IF NOT EXISTS sell (IN a INT) BEGIN END", "create again sell"),
    ] {
        assert_eq!(problems(&[create, migration], &[]), [problem], "{migration}");
    }
    let allowed = [create, "CREATE PROCEDURE sell_2 (IN a INT) BEGIN END", "DROP PROCEDURE sell"];
    assert_eq!(problems(&allowed, &["sell"]), Vec::<String>::new());
}
