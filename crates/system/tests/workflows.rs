//! The pipeline in `.github/workflows`: its form, what linters find, and the scripts that it runs.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by ending")]

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use local_programs::{console::Console, prerequisites::PythonPackages, process::Invocation};
use tempfile::TempDir;

const CHECKOUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

const LINTERS: PythonPackages = PythonPackages {
    name: "workflows",
    requirements: concat!(env!("CARGO_MANIFEST_DIR"), "/tests/workflows/requirements.txt"),
    about: "check-jsonschema and zizmor, which look at the workflows of GitHub",
};

/// The steps that several jobs share.
const ACTION: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../.github/actions/terraform/action.yml");

fn workflows() -> Vec<PathBuf> {
    let folder = Path::new(CHECKOUT).join(".github/workflows");
    let files = fs::read_dir(folder).expect("the workflows");
    files.map(|file| file.expect("a file").path()).collect()
}

fn text(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

async fn check(schema: &str, files: Vec<PathBuf>) {
    let python = LINTERS.python(Console::on_stderr()).await.expect("check-jsonschema");
    let check = ["-m", "check_jsonschema", "--builtin-schema", schema];
    let check = check.into_iter().fold(python, Invocation::arg);
    let check = files.into_iter().fold(check, Invocation::arg);
    check.run("check-jsonschema").await.expect("valid files");
}

#[tokio::test]
async fn the_workflows_have_the_form_that_github_reads() {
    check("vendor.github-workflows", workflows()).await;
    check("vendor.github-actions", vec![ACTION.into()]).await;
}

#[tokio::test]
async fn zizmor_finds_nothing_in_the_workflows() {
    let folder = LINTERS.folder(Console::on_stderr()).await.expect("zizmor");
    let zizmor = Invocation::inheriting(folder.join("bin/zizmor"));
    let zizmor = ["--offline", "--no-progress"].into_iter().fold(zizmor, Invocation::arg);
    zizmor.arg(Path::new(CHECKOUT).join(".github")).run("zizmor").await.expect("no findings");
}

/// `actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0`: a tag could be moved to other code.
fn is_pinned(action: &str) -> bool {
    let commit = action.split_once('@').and_then(|(_, rest)| rest.split_once(" # v"));
    commit.is_some_and(|(hash, _)| hash.len() == 40 && hash.chars().all(|c| c.is_ascii_hexdigit()))
}

#[test]
fn every_action_is_pinned_by_its_commit_and_no_workflow_needs_a_secret() {
    let mut actions = 0;
    for file in workflows().into_iter().chain([ACTION.into()]) {
        let text = text(&file);
        assert!(!text.contains("secrets."), "{} uses a secret", file.display());
        for line in text.lines() {
            let Some((_, action)) = line.split_once("uses: ") else { continue };
            assert!(action.starts_with("./") || is_pinned(action), "{}: {line}", file.display());
            actions += 1;
        }
    }
    assert!(actions > 10, "only {actions} actions were found");
}

#[test]
fn an_action_with_a_tag_is_not_pinned() {
    assert!(is_pinned("actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0"));
    assert!(!is_pinned("actions/checkout@v5"));
    assert!(!is_pinned("actions/checkout@main # v5"));
}

/// Whoever can push a branch can change what a pull request runs, so AWS refuses the other roles there.
#[test]
fn pull_requests_have_the_role_that_reads_no_secret_in_secrets_manager_and_nothing_else_has_it() {
    for (role, in_pull_requests, users) in [
        ("PLAN_ROLE_ARN", true, vec!["plan.yml"]),
        ("COMPARE_ROLE_ARN", false, vec!["deploy.yml", "nightly.yml"]),
        ("APPLY_ROLE_ARN", false, vec!["deploy.yml"]),
    ] {
        let assumes = format!("role: ${{{{ vars.{role} }}}}");
        let mut found = workflows();
        found.retain(|file| text(file).contains(&assumes));
        found.sort();
        assert!(found.iter().all(|file| text(file).contains("pull_request:") == in_pull_requests));
        assert!(found.iter().filter_map(|file| file.file_name()).eq(users), "{role}: {found:?}");
    }
}

/// The names after `vars.` in the workflows.
fn variables() -> BTreeSet<String> {
    let all: String = workflows().iter().map(|file| text(file)).collect();
    let names = all.split("vars.").skip(1);
    let end = |c: char| !c.is_ascii_uppercase() && c != '_';
    names.filter_map(|rest| rest.split(end).next()).map(str::to_owned).collect()
}

#[test]
fn terraform_bootstrap_prints_the_variables_that_the_workflows_read() {
    let outputs = text(&Path::new(CHECKOUT).join("terraform/bootstrap/outputs.tf"));
    let mut printed: BTreeSet<String> = outputs
        .lines()
        .filter_map(|line| line.split_once(" = ").map(|(name, _)| name.trim().to_owned()))
        .filter(|name| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
        .collect();
    // What people create themselves.
    printed.extend(["APPLY_BY_HAND", "TFVARS"].map(str::to_owned));
    assert_eq!(variables(), printed);
}

const SETTINGS: &str = r#"architecture = "x86_64""#;

/// `.ci/terraform` in a folder of its own, with `tests/workflows/terraform`: it plans what the file `wanted` says and records its
/// arguments and what it applies.
struct Pipeline(TempDir);

impl Pipeline {
    fn that_plans(wanted: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for name in [".ci", "bin", "terraform", "tmp"] {
            fs::create_dir(folder.path().join(name)).expect("a folder");
        }
        // Links, because a program that was just written may still be open for writing in a child of another test.
        let link = |program: &str, name: &str| {
            symlink(Path::new(CHECKOUT).join(program), folder.path().join(name)).expect("a link");
        };
        link(".ci/terraform", ".ci/terraform");
        link(".ci/packages", ".ci/packages");
        link("crates/system/tests/workflows/terraform", "bin/terraform");
        link("crates/system/tests/workflows/recorder", "bin/cargo");
        link("crates/system/tests/workflows/recorder", "bin/rustup");
        let pipeline = Self(folder);
        pipeline.plan_now(wanted);
        pipeline
    }

    fn plan_now(&self, wanted: &str) {
        fs::write(self.0.path().join("wanted"), wanted).expect("a plan");
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.run_script("terraform", arguments)
    }

    fn run_script(&self, script: &str, arguments: &[&str]) -> Output {
        let path = std::env::var("PATH").expect("a PATH");
        let bin = self.0.path().join("bin");
        Command::new(self.0.path().join(".ci").join(script))
            .args(arguments)
            .env_remove("CI")
            .env("PATH", format!("{}:{path}", bin.display()))
            .env("TMPDIR", self.0.path().join("tmp"))
            .envs(["STATE_BUCKET", "STATE_KEY", "STATE_KMS_KEY"].map(|name| (name, "x")))
            .env("TFVARS", SETTINGS)
            .env("AWS_REGION", "ap-northeast-2")
            .output()
            .expect("the script runs")
    }

    /// The last line of the output of a plan.
    fn plan(&self) -> String {
        let shown = String::from_utf8(self.run(&["plan"]).stdout).expect("UTF-8");
        shown.lines().last().expect("a line").to_owned()
    }

    /// Whether the latest plan compared with AWS.
    fn refreshed(&self) -> bool {
        let arguments = text(&self.0.path().join("arguments"));
        !arguments.split_whitespace().any(|argument| argument == "-refresh=false")
    }

    fn applied(&self) -> Option<String> {
        fs::read_to_string(self.0.path().join("applied")).ok()
    }
}

#[test]
fn the_plan_that_was_approved_is_applied() {
    let pipeline = Pipeline::that_plans("one more alarm\n");
    let digest = pipeline.plan();
    assert!(pipeline.run(&["apply", &digest]).status.success());
    assert_eq!(pipeline.applied().as_deref(), Some("one more alarm\n"));
}

/// Else the digests would differ whenever somebody has changed AWS by hand.
#[test]
fn a_plan_to_approve_and_its_apply_both_compare_with_aws() {
    let pipeline = Pipeline::that_plans("one more alarm\n");
    let digest = pipeline.plan();
    assert!(pipeline.refreshed());
    assert!(pipeline.run(&["apply", &digest]).status.success());
    assert!(pipeline.refreshed());
}

/// A refresh reads the callback keys.
#[test]
fn a_preview_shows_the_plan_without_a_refresh_and_without_a_digest() {
    let pipeline = Pipeline::that_plans("one more alarm\n");
    let preview = pipeline.run(&["preview"]);
    assert!(preview.status.success());
    assert_eq!(String::from_utf8_lossy(&preview.stdout), "one more alarm\n");
    assert!(!pipeline.refreshed());
}

#[test]
fn a_plan_that_has_changed_since_its_approval_is_not_applied() {
    let pipeline = Pipeline::that_plans("one more alarm\n");
    let digest = pipeline.plan();
    pipeline.plan_now("no database\n");
    let ended = pipeline.run(&["apply", &digest]);
    assert!(!ended.status.success());
    assert!(String::from_utf8_lossy(&ended.stderr).contains("not the plan that was approved"));
    assert_eq!(pipeline.applied(), None);
}

#[test]
fn a_plan_without_changes_says_so_instead_of_a_digest() {
    assert_eq!(Pipeline::that_plans("").plan(), "none");
}

/// No person may lose the settings or the backend that they work with.
#[test]
fn a_run_on_the_machine_of_a_person_leaves_nothing_behind_and_replaces_nothing() {
    let pipeline = Pipeline::that_plans("one more alarm\n");
    let folder = pipeline.0.path();
    fs::write(folder.join("production.tfvars"), "mine").expect("settings");
    assert!(pipeline.run(&["plan"]).status.success());
    assert_eq!(text(&folder.join("settings")).trim(), SETTINGS);
    assert_eq!(text(&folder.join("production.tfvars")), "mine");
    assert!(!folder.join("terraform/backend.tf").exists());
    assert_eq!(fs::read_dir(folder.join("tmp")).expect("a folder").count(), 0);

    fs::write(folder.join("terraform/backend.tf"), "mine").expect("a backend");
    let refused = pipeline.run(&["plan"]);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("backend.tf exists"));
    assert_eq!(text(&folder.join("terraform/backend.tf")), "mine");
}

#[test]
fn warnings_of_a_plan_are_shown_and_are_no_part_of_what_is_approved() {
    let planned = Pipeline::that_plans("one more alarm\n").run(&["plan"]);
    assert!(String::from_utf8_lossy(&planned.stderr).contains("Check block assertion failed"));
    assert!(String::from_utf8_lossy(&planned.stdout).starts_with("one more alarm\n"));
}

#[test]
fn only_the_providers_of_a_lock_file_are_used() {
    let pipeline = Pipeline::that_plans("");
    let is_readonly = || text(&pipeline.0.path().join("init")).contains("-lockfile=readonly");
    assert_eq!(pipeline.plan(), "none");
    assert!(!is_readonly());
    let lock = pipeline.0.path().join("terraform/.terraform.lock.hcl");
    fs::write(lock, "").expect("a lock file");
    assert_eq!(pipeline.plan(), "none");
    assert!(is_readonly());
}

/// A refresh alone would report what AWS changes all the time.
#[test]
fn drift_is_what_a_plan_would_change() {
    let changed = Pipeline::that_plans("a permission less\n");
    let ended = changed.run(&["drift"]);
    assert_eq!(ended.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&ended.stdout), "a permission less\n");
    let arguments = text(&changed.0.path().join("arguments"));
    assert!(changed.refreshed() && !arguments.contains("-refresh-only"), "{arguments}");
    assert!(Pipeline::that_plans("").run(&["drift"]).status.success());
}

#[test]
fn packages_are_built_for_the_architecture_of_the_settings() {
    let pipeline = Pipeline::that_plans("");
    let package = pipeline.0.path().join("target/lambda/report");
    fs::create_dir_all(&package).expect("a folder");
    fs::write(package.join("bootstrap.zip"), "code").expect("a package");
    let built = pipeline.run_script("packages", &["build"]);
    let digest = String::from_utf8_lossy(&built.stdout).trim().to_owned();
    let called = text(&pipeline.0.path().join("called"));
    assert_eq!(called, "cargo run --locked -- package --architecture x86_64\n");
    assert!(pipeline.run_script("packages", &["check", &digest]).status.success());
}
