//! `restock audit`: compares ledger, stock, restocks, production orders, executions and dead letters.
//!
//! Changes nothing. `warehouse::audit` checks the database by itself; `runtime_checks` compares the database with
//! executions and queues; `remediation` describes each finding and its repair; `report` collects them.

mod auditor;
mod remediation;
mod repair_commands;
mod report;
mod runtime_checks;
mod runtime_finding;
mod thresholds;

pub use auditor::Auditor;
pub use repair_commands::RepairCommands;
pub use report::{AuditReport, Examined, Finding, FindingKind};
pub use runtime_finding::{LostOrder, LostRestock, RuntimeFinding, StalledRestock};
pub use thresholds::Thresholds;
