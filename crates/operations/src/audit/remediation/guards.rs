//! Guards and rights that are missing, and triggers. Guards are the last findings, because a constraint can be restored only when no row violates
//! it.

use warehouse::audit::{Guard, GuardKind};

use super::Remediation;

pub(super) fn missing(guard: &Guard, changed: bool, grants: &[String]) -> Remediation {
    let Guard { table, kind, name, .. } = guard;
    let state = if changed { "differs from the migrations" } else { "is missing" };
    let what = match kind {
        GuardKind::Procedure => format!(
            "The procedure {name} {state}. Purchases or arrivals depend on it to be decided in one transaction."
        ),
        GuardKind::Table => format!("The table {table} is missing."),
        GuardKind::StorageEngine => {
            format!(
                "Table {table} has another storage engine than InnoDB, so it has no transactions."
            )
        }
        GuardKind::Column => format!("Table {table}: the column {name} {state}."),
        _ => format!("Table {table}: the guard {name} {state}. Nothing prevents wrong rows."),
    };
    let repair = match kind {
        GuardKind::Procedure => procedure(guard, grants),
        GuardKind::Table => created(guard),
        _ => format!(
            "Repair the findings above first: a guard can be restored only when no row violates it. Then restore \
             it:\n\n{}",
            statement(guard, changed)
        ),
    };
    Remediation::new(what, repair)
}

fn statement(guard: &Guard, changed: bool) -> String {
    let Guard { table, kind, name, definition, .. } = guard;
    let add = format!("ALTER TABLE {table} ADD {definition};");
    match (kind, changed) {
        (GuardKind::Column, true) => format!("ALTER TABLE {table} MODIFY COLUMN {definition};"),
        (GuardKind::Column, false) => format!("ALTER TABLE {table} ADD COLUMN {definition};"),
        (GuardKind::StorageEngine, _) => format!("ALTER TABLE {table} {definition};"),
        (_, false) => add,
        (GuardKind::PrimaryKey, true) => {
            format!("ALTER TABLE {table} DROP PRIMARY KEY, ADD {definition};")
        }
        (GuardKind::Unique, true) => {
            format!("ALTER TABLE {table} DROP INDEX {name}, ADD {definition};")
        }
        // A foreign key of the same name cannot be dropped and added in one statement.
        (_, true) => format!("ALTER TABLE {table} DROP CONSTRAINT {name};\n{add}"),
    }
}

/// A server forgets the rights on a procedure that is dropped.
fn procedure(guard: &Guard, grants: &[String]) -> String {
    let grants: String = grants.iter().map(|grant| format!("{grant}//\n")).collect();
    format!(
        "Create it again, in the client `mysql`, and let the functions call it:\n\nDELIMITER //\n\
         DROP PROCEDURE IF EXISTS {}//\n{}//\n{grants}DELIMITER ;",
        guard.name,
        paragraph(&guard.definition)
    )
}

/// The table without the rows that were lost.
fn created(guard: &Guard) -> String {
    format!(
        "Its rows are lost: restore the database from a backup if it had any that matter. Otherwise create it again:\n\n{};",
        paragraph(&guard.definition)
    )
}

/// A paragraph ends at an empty line, so the text is printed without any, and without the comments.
fn paragraph(definition: &str) -> String {
    let lines = definition.lines().map(str::trim_end);
    let lines: Vec<&str> =
        lines.filter(|line| !line.is_empty() && !line.trim_start().starts_with("--")).collect();
    lines.join("\n")
}

pub(super) fn unexpected(guard: &Guard) -> Remediation {
    let Guard { table, kind, name, definition, .. } = guard;
    let what = format!(
        "Table {table} has {definition}, which the migrations do not create. It may refuse what functions write."
    );
    let quoted = identifier(name);
    let (about, drop) = match kind {
        // A foreign key may use it, so an index that refuses nothing takes its place.
        GuardKind::Unique => {
            let columns = definition.find(" (").map_or("", |at| &definition[at..]);
            ("Replace it.", format!("DROP INDEX {quoted}, ADD INDEX {quoted}{columns}"))
        }
        GuardKind::PrimaryKey => ("Drop it.", "DROP PRIMARY KEY".to_owned()),
        GuardKind::Column => (
            "Drop it. Save its values first, if somebody needs them.",
            format!("DROP COLUMN {quoted}"),
        ),
        _ => ("Drop it.", format!("DROP CONSTRAINT {quoted}")),
    };
    Remediation::new(what, format!("{about}\n\nALTER TABLE {table} {drop};"))
}

pub(super) fn trigger(trigger: &str, table: &str) -> Remediation {
    let what = format!(
        "Table {table} has the trigger {trigger}. The migrations create no trigger. It changes what functions and repairs do."
    );
    let repair = format!(
        "Drop it. To keep its text, first run: SHOW CREATE TRIGGER {name}.\n\nDROP TRIGGER {name};",
        name = identifier(trigger)
    );
    Remediation::new(what, repair)
}

fn identifier(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

pub(super) fn rights(function: &str, user: &str, grants: &[String]) -> Remediation {
    let what = format!(
        "The database user {user} of the function {function} lacks rights, so the function fails."
    );
    let repair = if grants.is_empty() {
        "The user does not exist. Deploy again, which creates it: `terraform apply \
         -replace=aws_lambda_invocation.migration`. On this machine, stop `restock up` and start it again."
            .to_owned()
    } else {
        let statements: Vec<String> = grants.iter().map(|grant| format!("{grant};")).collect();
        format!("Grant the rights again:\n\n{}", statements.join("\n"))
    };
    Remediation::new(what, repair)
}
