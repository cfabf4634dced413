//! What an audit answers.

use std::fmt::{self, Display};

use anyhow::Result;
use serde::Serialize;
use serde_json::{Value, json};
use warehouse::audit::{Audited, Discrepancy};

use super::{Commands, LiveFinding, remediation::Remediation};

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What disagrees. What is to be mended first comes first.
    pub findings: Vec<Finding>,
    /// What could not be looked at, and why.
    pub not_looked_at: Vec<String>,
    /// What was.
    pub looked_at: LookedAt,
}

/// Something that disagrees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// For programs.
    #[serde(flatten)]
    pub facts: Facts,
    /// The same in words.
    pub what: String,
    /// How to repair it.
    pub repair: String,
}

/// A finding by its name and numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Facts {
    /// Within the database.
    Books(Discrepancy),
    /// Between the database and what runs.
    Live(LiveFinding),
}

/// How much was looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct LookedAt {
    /// Products.
    pub products: i64,
    /// Rows of the ledger.
    pub movements: i64,
    /// Restocks that are under way.
    pub open_restocks: usize,
    /// Restocks that run.
    pub running_executions: usize,
}

impl Report {
    /// What the database says of itself.
    pub fn of(audited: &Audited, commands: &Commands) -> Self {
        let looked_at = LookedAt {
            products: audited.products,
            movements: audited.movements,
            open_restocks: audited.open.len(),
            running_executions: 0,
        };
        let findings = audited.discrepancies.iter().map(|found| {
            let Remediation { what, repair } = Remediation::of_books(found, commands);
            Finding { facts: Facts::Books(found.clone()), what, repair }
        });
        Self { findings: findings.collect(), not_looked_at: Vec::new(), looked_at }
    }

    pub(super) fn add(&mut self, found: Result<Vec<LiveFinding>>, commands: &Commands) {
        match found {
            Ok(found) => self.findings.extend(found.into_iter().map(|found| {
                let Remediation { what, repair } = Remediation::of_live(&found, commands);
                Finding { facts: Facts::Live(found), what, repair }
            })),
            Err(error) => self.not_seen(&error),
        }
    }

    pub(super) fn not_seen(&mut self, error: &anyhow::Error) {
        self.not_looked_at.push(format!("{error:#}"));
    }

    /// 0: nothing disagrees. 1: something does. 2: not all of it could be looked at.
    pub fn status(&self) -> u8 {
        if self.not_looked_at.is_empty() { u8::from(!self.findings.is_empty()) } else { 2 }
    }

    /// For programs.
    pub fn json(&self) -> Value {
        json!({
            "clean": self.status() == 0,
            "findings": self.findings,
            "not_looked_at": self.not_looked_at,
            "looked_at": self.looked_at,
        })
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, finding) in (1..).zip(&self.findings) {
            writeln!(f, "{number}. {}\n", finding.what)?;
            for line in finding.repair.lines() {
                writeln!(f, "{}", format!("   {line}").trim_end())?;
            }
            writeln!(f)?;
        }
        for why in &self.not_looked_at {
            writeln!(f, "NOT LOOKED AT: {why}\n")?;
        }
        let LookedAt { products, movements, open_restocks, running_executions } = self.looked_at;
        let found = match self.findings.len() {
            0 if self.status() == 0 => "Nothing disagrees".to_owned(),
            1 => "1 finding".to_owned(),
            number => format!("{number} findings"),
        };
        writeln!(
            f,
            "{found}. Products: {products}, movements: {movements}, open restocks: {open_restocks}, \
             running executions: {running_executions}."
        )
    }
}
