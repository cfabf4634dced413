//! The rights of the functions' database users. Compares what the server has granted with what the functions need. More
//! rights are no finding: an update keeps those of the previous version.

use std::collections::{BTreeMap, HashSet};

use sqlx::{MySqlConnection, Row, mysql::MySqlRow};

use super::{
    Discrepancy,
    guards::{Guard, GuardKind, in_parentheses, items},
    procedure::cannot_be_called,
};
use crate::{
    Result,
    users::{GRANTS, Grant, grant_statement},
};

/// A privilege in lower case, its table or procedure, and its column or nothing.
type Right = (String, String, String);

/// The rights of each existing user.
type Granted = BTreeMap<String, HashSet<Right>>;

/// The database user of each function. Empty if the functions have no users of their own.
#[derive(Debug, Default)]
pub(super) struct FunctionUsers(BTreeMap<String, String>);

impl FunctionUsers {
    pub(super) async fn read(connection: &mut MySqlConnection) -> Result<Self> {
        let rows = sqlx::query!("SELECT function_name, user_name FROM function_user");
        let rows = rows.fetch_all(connection).await?.into_iter();
        Ok(Self(rows.map(|row| (row.function_name, row.user_name)).collect()))
    }

    /// Each grant of each function that has a user.
    fn grants(&self) -> impl Iterator<Item = (&str, &str, &'static Grant)> {
        GRANTS.iter().flat_map(|(function, grants)| {
            let user = self.0.get(*function).into_iter();
            user.flat_map(|user| grants.iter().map(|grant| (*function, user.as_str(), grant)))
        })
    }

    /// The statements that let the functions call a procedure. A server forgets them when the procedure is dropped.
    pub(super) fn grants_of(&self, guard: &Guard) -> Vec<String> {
        let object = format!("PROCEDURE {}", guard.name);
        let needed = |grant: &Grant| guard.kind == GuardKind::Procedure && grant.1 == object;
        let grants = self.grants().filter(|(_, _, grant)| needed(grant));
        grants.map(|(_, user, grant)| grant_statement(grant, user)).collect()
    }

    /// The users without a right that their function needs, and a sentence if the rights cannot be read. The findings on
    /// missing procedures say what to grant for those.
    pub(super) async fn discrepancies(
        &self,
        connection: &mut MySqlConnection,
        missing: &[Discrepancy],
    ) -> Result<(Vec<Discrepancy>, Option<String>)> {
        if self.0.is_empty() {
            return Ok((Vec::new(), None));
        }
        match sqlx::raw_sql("CALL rights_of_functions()").fetch_all(connection).await {
            Ok(rows) => Ok((self.compare(&granted(&rows)?, missing), self.unknown())),
            Err(error) if cannot_be_called(&error) => {
                let hidden = "the rights of the functions: this database user may not call the procedure \
                     rights_of_functions. Grant EXECUTE to the user, or restore the procedure";
                Ok((Vec::new(), Some(hidden.to_owned())))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// A sentence for the functions whose user is not recorded.
    fn unknown(&self) -> Option<String> {
        let functions = GRANTS.iter().map(|(function, _)| *function);
        let unknown: Vec<&str> =
            functions.filter(|function| !self.0.contains_key(*function)).collect();
        (!unknown.is_empty()).then(|| {
            format!(
                "the rights of {}: the table function_user does not name their database users. Deploy again, which \
                 records them",
                unknown.join(", ")
            )
        })
    }

    fn compare(&self, granted: &Granted, missing: &[Discrepancy]) -> Vec<Discrepancy> {
        let mut found: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
        for (function, user, grant) in self.grants().filter(|(_, _, grant)| !waits(grant, missing))
        {
            let has_all =
                granted.get(user).is_some_and(|has| rights(grant).all(|right| covers(has, &right)));
            if !has_all {
                let grants = found.entry((function, user)).or_default();
                grants.extend(granted.contains_key(user).then(|| grant_statement(grant, user)));
            }
        }
        let finding = |((function, user), grants): ((&str, &str), _)| Discrepancy::MissingRights {
            function: function.to_owned(),
            user: user.to_owned(),
            grants,
        };
        found.into_iter().map(finding).collect()
    }
}

/// Whether the procedure of this grant must be restored first.
fn waits(grant: &Grant, missing: &[Discrepancy]) -> bool {
    missing.iter().any(|found| match found {
        Discrepancy::MissingGuard { guard, .. } => {
            guard.kind == GuardKind::Procedure && grant.1 == format!("PROCEDURE {}", guard.name)
        }
        _ => false,
    })
}

/// A right on a table is one on each of its columns.
fn covers(has: &HashSet<Right>, (privilege, object, column): &Right) -> bool {
    let of = |column: &str| (privilege.clone(), object.clone(), column.to_owned());
    has.contains(&of(column)) || has.contains(&of(""))
}

/// `SELECT (a, b), UPDATE (c)` on a table as single rights.
fn rights((privileges, object): &Grant) -> impl Iterator<Item = Right> {
    items(privileges).into_iter().flat_map(move |privilege| {
        let name = privilege.split('(').next().unwrap_or_default().trim().to_lowercase();
        let columns = in_parentheses(privilege).map_or_else(|| vec![""], items);
        columns
            .into_iter()
            .map(move |column| (name.clone(), (*object).to_owned(), column.trim().to_owned()))
    })
}

fn granted(rows: &[MySqlRow]) -> Result<Granted> {
    let mut granted = Granted::new();
    for row in rows {
        let has = granted.entry(row.try_get(0)?).or_default();
        let (object, column): (Option<String>, Option<String>) = (row.try_get(1)?, row.try_get(2)?);
        let privileges: Option<String> = row.try_get(3)?;
        if let (Some(object), Some(column), Some(privileges)) = (object, column, privileges) {
            let rights = privileges.to_lowercase();
            has.extend(
                rights.split(',').map(|name| (name.to_owned(), object.clone(), column.clone())),
            );
        }
    }
    Ok(granted)
}
