//! Guards that are missing. They are the last findings, because a constraint can be restored only when no row violates
//! it.

use warehouse::audit::{Guard, GuardKind};

use super::Remediation;

pub(super) fn missing(guard: &Guard, changed: bool) -> Remediation {
    let Guard { table, kind, name, .. } = guard;
    let state = if changed { "differs from the migrations" } else { "is missing" };
    let what = match kind {
        GuardKind::Procedure => format!(
            "The procedure {name} {state}. Purchases or arrivals depend on it to be decided in one transaction."
        ),
        GuardKind::Column => format!("Table {table}: the column {name} {state}."),
        _ => format!("Table {table}: the guard {name} {state}. Nothing prevents wrong rows."),
    };
    let repair = match kind {
        GuardKind::Procedure => procedure(guard),
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

/// A paragraph ends at an empty line, so the procedure is printed without any.
fn procedure(guard: &Guard) -> String {
    let lines = guard.definition.lines().map(str::trim_end);
    let lines: Vec<&str> =
        lines.filter(|line| !line.is_empty() && !line.trim_start().starts_with("--")).collect();
    format!(
        "Create it again, in the client `mysql`:\n\nDELIMITER //\nDROP PROCEDURE IF EXISTS {}//\n{}//\nDELIMITER ;\n\n\
         The functions lose their right to call it. Deploy again (`terraform apply -replace=aws_lambda_invocation.migration`, or \
         restart `restock up`), which grants it.",
        guard.name,
        lines.join("\n")
    )
}
