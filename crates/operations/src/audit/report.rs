//! The result of an audit, as text and as JSON.

use std::{
    collections::HashSet,
    fmt::{self, Display},
};

use anyhow::Result;
use serde::Serialize;
use serde_json::{Value, json};
use warehouse::audit::{Audited, Discrepancy};

use crate::text::error_line;

use super::{
    remediation::Remediation, repair_commands::RepairCommands, runtime_finding::RuntimeFinding,
};

/// The result of an audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditReport {
    /// The findings, in the order in which to repair them.
    pub findings: Vec<Finding>,
    /// The checks that could not run, each with the error.
    pub not_examined: Vec<String>,
    /// How much was examined.
    pub examined: Examined,
}

/// One finding with its description and repair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The finding with its values, for programs.
    #[serde(flatten)]
    pub kind: FindingKind,
    /// The description, in one or two sentences.
    pub what: String,
    /// Instructions, with SQL or shell commands as paragraphs of their own.
    pub repair: String,
}

/// A finding, by the place where it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum FindingKind {
    /// Within the database.
    Database(Discrepancy),
    /// Between the database and the executions or queues.
    Runtime(RuntimeFinding),
}

/// How much was examined.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Examined {
    /// All products.
    pub products: i64,
    /// All stock movements.
    pub movements: i64,
    /// Open restocks.
    pub open_restocks: usize,
    /// Running executions of `restock`.
    pub running_executions: usize,
}

impl FindingKind {
    /// The production orders that executions have sent and the database does not have.
    fn lost_orders(&self) -> Vec<String> {
        let orders = match self {
            Self::Runtime(RuntimeFinding::LostRestock(lost)) => lost.orders.as_slice(),
            Self::Runtime(RuntimeFinding::OrderMissing { order, .. }) => {
                std::slice::from_ref(order)
            }
            _ => &[],
        };
        orders.iter().map(|order| order.production_order.clone()).collect()
    }
}

impl AuditReport {
    /// A report of the discrepancies within the database.
    pub fn of(audited: &Audited, commands: &RepairCommands) -> Self {
        let examined = Examined {
            products: audited.products,
            movements: audited.movements,
            open_restocks: audited.open.len(),
            running_executions: 0,
        };
        let findings = audited.discrepancies.iter().map(|found| {
            let Remediation { what, repair } = Remediation::of_discrepancy(found, commands);
            Finding { kind: FindingKind::Database(found.clone()), what, repair }
        });
        let not_examined = audited.not_examined.clone();
        Self { findings: findings.collect(), not_examined, examined }
    }

    /// Adds the result of one check.
    pub(super) fn add(&mut self, found: Result<Vec<RuntimeFinding>>, commands: &RepairCommands) {
        match found {
            Ok(found) => self.findings.extend(found.into_iter().map(|found| {
                let Remediation { what, repair } = Remediation::of_runtime(&found, commands);
                Finding { kind: FindingKind::Runtime(found), what, repair }
            })),
            Err(error) => self.add_not_examined(&error),
        }
    }

    /// An arrival whose order is lost is explained again when the order is. Its own repair would make it a count, and the
    /// arrival could be credited a second time.
    pub(super) fn leave_out_arrivals_of_lost_orders(&mut self) {
        let lost: HashSet<String> =
            self.findings.iter().flat_map(|finding| finding.kind.lost_orders()).collect();
        self.findings.retain(|finding| match &finding.kind {
            FindingKind::Database(Discrepancy::UnexplainedArrival(arrival)) => {
                !lost.contains(&arrival.production_order)
            }
            _ => true,
        });
    }

    pub(super) fn add_not_examined(&mut self, error: &anyhow::Error) {
        self.not_examined.push(error_line(error));
    }

    /// The exit status: 0 without findings, 1 with findings, 2 if a check could not run.
    pub fn status(&self) -> u8 {
        if self.not_examined.is_empty() { u8::from(!self.findings.is_empty()) } else { 2 }
    }

    /// The report for programs: one JSON object.
    pub fn json(&self) -> Value {
        json!({
            "clean": self.status() == 0,
            "findings": self.findings,
            "not_examined": self.not_examined,
            "examined": self.examined,
        })
    }

    fn headline(&self) -> String {
        match self.findings.len() {
            0 if self.not_examined.is_empty() => "No findings".to_owned(),
            0 => "No findings in what was examined".to_owned(),
            1 => "1 finding".to_owned(),
            number => format!("{number} findings"),
        }
    }
}

impl Display for AuditReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, finding) in (1..).zip(&self.findings) {
            writeln!(f, "{number}. {}\n", finding.what)?;
            for line in finding.repair.lines() {
                writeln!(f, "{}", format!("   {line}").trim_end())?;
            }
            writeln!(f)?;
        }
        for error in &self.not_examined {
            writeln!(f, "NOT EXAMINED: {error}\n")?;
        }
        let Examined { products, movements, open_restocks, running_executions } = self.examined;
        writeln!(
            f,
            "{}. Products: {products}, stock movements: {movements}, open restocks: {open_restocks}, \
             running executions: {running_executions}.",
            self.headline()
        )
    }
}
