//! That Terraform takes `terraform/`, that its own tests pass, and that checkov and parliament have nothing to
//! say that is not answered. Needs Terraform with the providers: `RESTOCK_TERRAFORM` names one, else
//! `terraform` is tried.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something is not as it must be"
)]

use std::{
    collections::BTreeSet,
    ffi::OsString,
    io::Write,
    path::{Path, PathBuf},
    process::Stdio,
};

use local_programs::console::Console;
use local_programs::prerequisites::PythonPackages;
use local_programs::process::Invocation;
use serde_json::Value;
use system::{ACCOUNT, REGION, System};
use tempfile::TempDir;
use tokio::{io::AsyncWriteExt, process::Command, sync::OnceCell};

const CHECKOUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

const LINTERS: PythonPackages = PythonPackages {
    name: "policies",
    requirements: concat!(env!("CARGO_MANIFEST_DIR"), "/tests/policies/requirements.txt"),
    about: "checkov and parliament, which look at what is deployed to AWS",
};

/// Terraform, and a copy of what it reads: the checkout is not its to write into.
struct Terraform {
    program: PathBuf,
    copy: TempDir,
    /// The configuration, relative to the checkout.
    folder: &'static str,
}

impl Terraform {
    /// Terraform with its providers. One that was named must work; else it is said that there is none.
    async fn find() -> Option<Self> {
        Self::find_for("terraform").await
    }

    async fn find_for(folder: &'static str) -> Option<Self> {
        let named = std::env::var_os("RESTOCK_TERRAFORM").map(|path| {
            std::fs::canonicalize(Path::new(CHECKOUT).join(&path))
                .unwrap_or_else(|e| panic!("RESTOCK_TERRAFORM: {path:?}: {e}"))
        });
        let must_work = named.is_some();
        let copy = copy().await;
        let program = named.unwrap_or_else(|| "terraform".into());
        let terraform = Self { program, copy, folder };
        let init = terraform.invocation().arg("init").arg("-backend=false").arg("-no-color");
        match init.run("terraform init").await {
            Ok(_) => Some(terraform),
            Err(error) if must_work => panic!("RESTOCK_TERRAFORM: {error:#}"),
            Err(error) => {
                say_that_nothing_ran(&error);
                None
            }
        }
    }

    fn folder(&self) -> PathBuf {
        self.copy.path().join(self.folder)
    }

    fn invocation(&self) -> Invocation {
        let mut folder = OsString::from("-chdir=");
        folder.push(self.folder());
        Invocation::inheriting(&self.program)
            .arg(folder)
            .env("TF_DATA_DIR", self.copy.path().join("data"))
    }

    /// Runs the tests in `terraform/tests` and returns their report: one JSON value for each line.
    async fn test(&self) -> Vec<Value> {
        let tests = self.folder().join("tests").read_dir().expect("a folder with tests");
        let tests =
            tests.map(|test| test.expect("a test").file_name().into_string().expect("UTF-8"));
        let files: Vec<_> = tests.filter(|name| name.ends_with(".tftest.hcl")).collect();
        // Terraform runs one test after another, and waits for its providers. So two of them share the files.
        let (one, other) = files.split_at(files.len() / 2);
        let (mut report, rest) = tokio::join!(self.test_files(one), self.test_files(other));
        report.extend(rest);
        report
    }

    async fn test_files(&self, files: &[String]) -> Vec<Value> {
        let mut folder = OsString::from("-chdir=");
        folder.push(self.folder());
        let done = Command::new(&self.program)
            .arg(folder)
            .args(["test", "-json", "-verbose"])
            .args(files.iter().map(|file| format!("-filter=tests/{file}")))
            .env("TF_DATA_DIR", self.copy.path().join("data"))
            // Terraform collects garbage less often: a sixth less CPU time, for more memory.
            .env("GOGC", "400")
            .stdin(Stdio::null())
            .output()
            .await
            .expect("terraform test starts");
        let lines = String::from_utf8_lossy(&done.stdout);
        let report: Vec<Value> =
            lines.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let problems: Vec<&str> = report
            .iter()
            .filter(|line| line["@level"] == "error")
            .filter_map(|line| line["@message"].as_str())
            .collect();
        assert!(done.status.success(), "terraform test: {problems:#?}");
        report
    }
}

/// The report of the tests in `terraform/tests`. They run once, since they take minutes.
async fn report() -> Option<&'static [Value]> {
    static REPORT: OnceCell<Option<Vec<Value>>> = OnceCell::const_new();
    let run = async || Some(Terraform::find().await?.test().await);
    REPORT.get_or_init(run).await.as_deref()
}

/// A copy of what Terraform reads, with the same neighbours.
async fn copy() -> TempDir {
    let copy = tempfile::tempdir().expect("a folder");
    let checkout = Path::new(CHECKOUT);
    Invocation::new("cp")
        .arg("-r")
        .arg(checkout.join("terraform"))
        .arg(checkout.join("statemachines"))
        .arg(checkout.join("system.json"))
        .arg(copy.path())
        .run("copying terraform/")
        .await
        .expect("a copy");
    copy
}

/// Not by `eprintln!`, which nobody sees of a test that passes.
fn say_that_nothing_ran(error: &anyhow::Error) {
    let text = format!(
        "\n*** NOT TESTED: terraform/. Here is no Terraform that can get its providers.\n\
         *** Name one: RESTOCK_TERRAFORM=/path/to/terraform cargo test --test terraform\n\
         *** {}\n\n",
        format!("{error:#}").lines().next().unwrap_or_default()
    );
    std::io::stderr().write_all(text.as_bytes()).expect("somebody listens");
}

/// The resources in lines of the report.
fn resources<'a>(report: impl IntoIterator<Item = &'a Value>) -> impl Iterator<Item = &'a Value> {
    report
        .into_iter()
        .filter_map(|line| line["test_state"]["root_module"]["resources"].as_array())
        .flatten()
}

/// The policies in the report of the tests, with the addresses of their resources.
fn policies(report: &[Value]) -> Vec<(String, String)> {
    resources(report)
        .filter(|resource| resource["type"].as_str().is_some_and(|kind| kind.ends_with("_policy")))
        .filter_map(|resource| {
            let policy = resource["values"]["policy"].as_str()?;
            Some((resource["address"].as_str()?.to_owned(), policy.to_owned()))
        })
        .collect()
}

/// What parliament finds in policies and `tests/policies/lint.py` does not answer.
async fn unanswered(policies: &[(String, String)]) -> String {
    let linter = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/policies/lint.py");
    let folder = tempfile::tempdir().expect("a folder");
    let list = folder.path().join("policies.json");
    let text = serde_json::to_vec(policies).expect("JSON");
    tokio::fs::File::create(&list).await.expect("a file").write_all(&text).await.expect("written");
    let python = LINTERS.python(Console::on_stderr()).await.expect("parliament");
    python.arg(linter).arg(&list).run("parliament").await.expect("parliament runs")
}

#[tokio::test]
async fn terraform_takes_the_configuration_whose_tests_pass_and_whose_policies_are_sound() {
    let Some(terraform) = Terraform::find().await else { return };
    let format = terraform.invocation().arg("fmt").arg("-check").arg("-recursive").arg("-diff");
    format.run("terraform fmt").await.expect("formatted: terraform fmt -recursive terraform");
    let validate = terraform.invocation().arg("validate").arg("-no-color");
    validate.run("terraform validate").await.expect("valid");
    let policies = policies(report().await.expect("Terraform, as before"));
    assert!(policies.len() > 50, "only {} policies were found", policies.len());
    assert_eq!(unanswered(&policies).await, "");
}

#[tokio::test]
async fn the_place_for_the_state_and_the_roles_of_the_pipeline_pass_their_tests() {
    let Some(terraform) = Terraform::find_for("terraform/bootstrap").await else { return };
    let validate = terraform.invocation().arg("validate").arg("-no-color");
    validate.run("terraform validate").await.expect("valid");
    let policies = policies(&terraform.test().await);
    assert!(policies.len() >= 5, "only {} policies were found", policies.len());
    assert_eq!(unanswered(&policies).await, "");
}

/// The version of each function in the tests of Terraform: `tests/aws/aws.tfmock.hcl`. The local AWS has no versions.
const VERSION: u32 = 7;

/// The local definition with the ARNs of the account, Region and deployment that the tests of Terraform use.
fn with_arns_of_the_tests(definition: &str) -> String {
    let account = "ap-northeast-2:123456789012";
    let local = format!("{REGION}:{ACCOUNT}");
    let functions = System::read().expect("system.json").functions;
    let versioned = functions.keys().fold(definition.to_owned(), |definition, name| {
        let theirs = format!("{account}:function:restock-{name}:{VERSION}\"");
        definition.replace(&format!("{local}:function:{name}\""), &theirs)
    });
    versioned
        .replace(&format!("{local}:stateMachine:"), &format!("{account}:stateMachine:restock-"))
}

/// JSON, formatted to be compared by value: Terraform writes 2.0 as 2.
fn formatted(text: &str) -> String {
    fn as_floats(value: &mut Value) {
        match value {
            Value::Number(number) => *value = number.as_f64().into(),
            Value::Array(items) => items.iter_mut().for_each(as_floats),
            Value::Object(fields) => fields.values_mut().for_each(as_floats),
            _ => {}
        }
    }
    let mut value = serde_json::from_str(text).expect("JSON");
    as_floats(&mut value);
    format!("{value:#}")
}

#[tokio::test]
async fn terraform_and_the_local_cloud_deploy_the_same_state_machines() {
    let Some(report) = report().await else { return };
    let in_file = |line: &&Value| line["@testfile"] == "tests/machines.tftest.hcl";
    let run = report.iter().filter(in_file).filter(|line| line["@testrun"] == "deployment");
    let machines = resources(run).filter(|found| found["type"] == "aws_sfn_state_machine");
    let system = System::read().expect("system.json");
    let mut compared = BTreeSet::new();
    for machine in machines {
        let name = machine["index"].as_str().expect("the key of for_each");
        let theirs = machine["values"]["definition"].as_str().expect("a definition");
        let ours = with_arns_of_the_tests(&system.definition(name).expect("a definition"));
        let (theirs, ours) = (formatted(theirs), formatted(&ours));
        let difference = theirs.lines().zip(ours.lines()).find(|(theirs, ours)| theirs != ours);
        assert_eq!(difference, None, "{name}");
        compared.insert(name);
    }
    assert!(
        compared.into_iter().eq(system.state_machines.keys()),
        "not all machines were compared"
    );
}

/// Else a migration that fails would leave definitions whose functions are not there. Deleted in the other order.
#[tokio::test]
async fn an_apply_migrates_first_then_changes_functions_then_definitions_then_starts_the_clock() {
    let Some(terraform) = Terraform::find().await else { return };
    let graph = terraform.invocation().arg("graph").run("terraform graph").await.expect("a graph");
    for (later, earlier) in [
        // `terraform graph` omits indirect edges. A function depends on its log group, which depends on the migration.
        ("module.function.aws_cloudwatch_log_group.this", "aws_lambda_invocation.migration"),
        (
            "module.function.aws_lambda_function.this",
            "module.function.aws_cloudwatch_log_group.this",
        ),
        ("aws_sfn_state_machine.this", "module.function.aws_lambda_function.this"),
        ("aws_cloudformation_stack.live", "aws_sfn_state_machine.this"),
        ("aws_scheduler_schedule.this", "aws_sfn_state_machine.this"),
    ] {
        let edge = format!("\"{later}\" -> \"{earlier}\"");
        assert!(graph.contains(&edge), "{later} does not wait for {earlier}:\n{graph}");
    }
}

#[tokio::test]
async fn what_checkov_finds_is_mended_or_answered_where_it_stands() {
    let Some(terraform) = Terraform::find().await else { return };
    let python = LINTERS.python(Console::on_stderr()).await.expect("checkov");
    let checkov = ["-m", "checkov.main", "--framework", "terraform", "--skip-download", "--quiet"];
    let said = checkov
        .into_iter()
        .fold(python, Invocation::arg)
        .arg("--compact")
        .arg("--skip-path=tests")
        .arg("--directory")
        .arg(terraform.folder())
        .run("checkov")
        .await
        .expect("nothing is left");
    // A file that it cannot read it passes over.
    assert!(said.contains("Parsing errors: 0") || !said.contains("Parsing errors"), "{said}");
}
