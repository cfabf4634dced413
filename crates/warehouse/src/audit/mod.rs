//! A consistent snapshot of the database, for audits ([`Discrepancy`]) and for the history of a product ([`History`]).
//!
//! Ids, stocks, cycles and quantities are plain text and numbers here, not types of `domain`: an audit must also read
//! and report values that those types do not allow.

mod buckets;
mod demand;
mod discrepancy;
mod goods;
mod guards;
mod history;
mod late;
mod ledger;
mod overview;
mod procedure;
mod question;
mod restocks;
mod rights;
mod rows;
mod runs;
mod triggers;
mod unreadable;

use std::{collections::HashSet, time::Duration};

use serde::{Deserialize, Serialize};
use sqlx::{Executor, MySqlConnection};

pub use demand::ProductDemand;
pub use discrepancy::{Discrepancy, DuplicateMovement, UnexplainedArrival};
pub use goods::Goods;
pub use guards::{Guard, GuardKind};
pub use history::{ArrivedOrder, EventKind, History, HistoryEvent};
pub use late::LateArrivals;
pub use overview::{FailureOverview, OrderOverview, Overview, ProductOverview, RestockOverview};
pub use question::{Answer, Question};
pub use restocks::{FailedRestock, OpenRestock};
pub use rows::InvalidRow;
pub use runs::OpenOrder;
pub use unreadable::UnreadableValue;

use crate::{DatabaseUrl, Error, Factory, Result};

use rights::FunctionUsers;

/// Long, because operators may connect through a tunnel.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// All queries see the same moment, even while the shop sells, and nothing can be changed.
const BEGIN: [&str; 2] = [
    "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
    "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
];

/// Ages from which a state is reported as a discrepancy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// An arrival must be credited within this time.
    pub arrival_forgotten_seconds: u32,
    /// A product at its reorder point must have an open restock within this time.
    pub depletion_forgotten_seconds: u32,
    /// An execution must end within this time after its restock is closed.
    pub closed_lately_seconds: u32,
}

/// Discrepancies within the database, and data to compare with executions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audited {
    /// In the order in which they should be repaired.
    pub discrepancies: Vec<Discrepancy>,
    /// The checks that could not run, each with the reason. Damage may keep a query from running.
    pub not_examined: Vec<String>,
    pub open: Vec<OpenRestock>,
    /// Failed restocks that should have been reported to operations, of products that were not restocked since.
    pub failed: Vec<FailedRestock>,
    /// Executions whose restock was closed recently. They may still be running to report it.
    pub closed_lately: Vec<String>,
    /// Production orders without a recorded arrival.
    pub unreported: Vec<String>,
    /// The executions that have opened a restock in the last 100 days.
    pub executions: HashSet<String>,
    /// The production orders of open restocks.
    pub open_orders: Vec<OpenOrder>,
    /// Number of products.
    pub products: i64,
    /// Number of rows of the ledger.
    pub movements: i64,
}

/// The database at one moment.
#[derive(Debug)]
pub struct Snapshot {
    connection: MySqlConnection,
}

impl Snapshot {
    /// Starts a read-only transaction that sees the database as it is now.
    pub async fn take(url: &DatabaseUrl) -> Result<Self> {
        let mut connection = url.connect_within(CONNECT_TIMEOUT).await?;
        for statement in BEGIN {
            connection.execute(statement).await?;
        }
        Ok(Self { connection })
    }

    /// Runs all queries of an audit.
    pub async fn audit(&mut self, limits: Limits) -> Result<Audited> {
        let connection = &mut self.connection;
        let mut checks = Checks::default();
        // First, because a trigger may keep a repair from running.
        checks.add_with_sentence("triggers", triggers::unexpected(connection).await)?;
        let users = checks.users(FunctionUsers::read(connection).await)?;
        let guards = guards::compare(connection, &users).await?;
        checks.add("guards", Ok(guards.unexpected))?;
        checks.add("invalid rows", rows::invalid(connection).await)?;
        checks.add("the ledger", ledger::discrepancies(connection, limits).await)?;
        checks.add("restocks", restocks::discrepancies(connection, limits).await)?;
        checks.add("unreadable values", unreadable::values(connection).await)?;
        checks.add("late arrivals", late::arrivals(connection).await)?;
        // Last, because a constraint can be restored only when no row violates it.
        let rights = users.discrepancies(connection, &guards.missing).await;
        checks.add_with_sentence("guards", Ok((guards.missing, guards.not_compared)))?;
        checks.add_with_sentence("the rights of the functions", rights)?;
        let (products, movements) = ledger::size(connection).await?;
        Ok(Audited {
            discrepancies: checks.found,
            not_examined: checks.not_examined,
            open: restocks::open(connection).await?,
            failed: restocks::failed(connection).await?,
            closed_lately: restocks::closed_lately(connection, limits.closed_lately_seconds)
                .await?,
            unreported: ledger::unreported(connection).await?,
            executions: runs::executions(connection).await?,
            open_orders: runs::open_orders(connection).await?,
            products,
            movements,
        })
    }

    /// Returns all executions that have opened a restock.
    pub async fn executions(&mut self) -> Result<HashSet<String>> {
        runs::executions(&mut self.connection).await
    }

    /// Returns the production orders of open restocks.
    pub async fn open_orders(&mut self) -> Result<Vec<OpenOrder>> {
        runs::open_orders(&mut self.connection).await
    }

    /// Returns whether a production order is recorded, or an operator has named it as the reason of a change.
    pub async fn is_settled(&mut self, order: &str) -> Result<bool> {
        runs::is_settled(&mut self.connection, order).await
    }

    /// Returns the production orders without a recorded arrival.
    pub async fn unreported(&mut self) -> Result<Vec<String>> {
        ledger::unreported(&mut self.connection).await
    }

    /// Returns all factories, by id.
    pub async fn factories(&mut self) -> Result<Vec<Factory>> {
        crate::factory::all(&mut self.connection).await
    }

    pub async fn open_restocks(&mut self) -> Result<Vec<OpenRestock>> {
        restocks::open(&mut self.connection).await
    }
}

/// The guards that the migrations create.
pub fn expected_guards() -> Vec<Guard> {
    guards::expected::guards()
}

/// The results of the checks so far.
#[derive(Default)]
struct Checks {
    found: Vec<Discrepancy>,
    not_examined: Vec<String>,
}

impl Checks {
    /// A check whose statement the database rejects, for example because a column is gone, does not stop the others.
    fn add(&mut self, about: &str, found: Result<Vec<Discrepancy>>) -> Result<()> {
        match found {
            Ok(found) => self.found.extend(found),
            Err(error @ (Error::Failed(_) | Error::Corrupt(_))) => {
                self.not_examined.push(format!("{about}: {error}"));
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// A check that says what this database user may not see.
    fn add_with_sentence(
        &mut self,
        about: &str,
        found: Result<(Vec<Discrepancy>, Option<String>)>,
    ) -> Result<()> {
        let (found, sentence) = found
            .map_or_else(|error| (Err(error), None), |(found, sentence)| (Ok(found), sentence));
        self.not_examined.extend(sentence);
        self.add(about, found)
    }

    /// Without the table, no user is known.
    fn users(&mut self, users: Result<FunctionUsers>) -> Result<FunctionUsers> {
        match users {
            Ok(users) => Ok(users),
            Err(error) => {
                self.add("the users of the functions", Err(error))?;
                Ok(FunctionUsers::default())
            }
        }
    }
}
