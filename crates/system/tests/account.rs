//! What `terraform/` and the definitions must be like in any account: no fixed partition, and the policy of the deployer covers
//! everything that is deployed.
#![allow(clippy::expect_used, reason = "a test fails by ending")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

const CHECKOUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The files of a folder and of the folders in it, with one of these endings. Without tests.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let (folders, files): (Vec<_>, Vec<_>) =
        entries.map(|entry| entry.path()).partition(|path| path.is_dir());
    let below = folders.iter().filter(|path| !path.ends_with("tests"));
    let below = below.flat_map(|folder| self::files(folder, endings));
    let is_wanted = |path: &PathBuf| {
        let name = path.to_string_lossy();
        endings.iter().any(|ending| name.ends_with(ending)) && !name.ends_with("tests.rs")
    };
    files.into_iter().filter(is_wanted).chain(below).collect()
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(path).expect("a text")
}

/// Everything that is deployed to AWS, with its path.
fn deployed() -> Vec<(PathBuf, String)> {
    let checkout = Path::new(CHECKOUT);
    let folders = [("terraform", ".tf"), ("statemachines", ".yaml"), ("functions", ".rs")];
    let found = folders.iter().flat_map(|(name, ending)| files(&checkout.join(name), &[ending]));
    let found = found.chain([checkout.join("system.json")]);
    found.map(|path| (path.clone(), read(path))).collect()
}

fn has_fixed_partition(text: &str) -> bool {
    ["arn:aws:", "arn:aws-cn:", "arn:aws-us-gov:"].iter().any(|arn| text.contains(arn))
}

/// AWS has other partitions in China and for the government of the United States.
#[test]
fn nothing_that_is_deployed_names_a_partition() {
    let deployed = deployed();
    assert!(deployed.len() > 80, "{} files", deployed.len());
    let fixed: Vec<_> = deployed
        .iter()
        .filter(|(_, text)| has_fixed_partition(text))
        .map(|(path, _)| path)
        .collect();
    assert!(fixed.is_empty(), "a fixed partition: {fixed:?}");
    assert!(has_fixed_partition("Resource: arn:aws:states:::lambda:invoke"));
    assert!(!has_fixed_partition("arn:${local.partition}:states:::lambda:invoke"));
}

/// `resource "aws_sqs_queue" "this" {`
fn resource_types(terraform: &str) -> BTreeSet<String> {
    let resources = terraform.lines().filter_map(|line| line.strip_prefix("resource \""));
    let types = resources.filter_map(|rest| rest.split('"').next()).map(str::to_owned);
    types.filter(|name| name.starts_with("aws_")).collect()
}

/// The types in lists: `types = ["aws_sqs_queue", …]`, on one line or several.
fn covered_types(policies: &str) -> BTreeSet<String> {
    let quoted = policies.split('"').skip(1).step_by(2);
    quoted.filter(|text| text.starts_with("aws_")).map(str::to_owned).collect()
}

#[test]
fn the_policy_of_the_deployer_covers_every_type_of_resource() {
    let terraform = Path::new(CHECKOUT).join("terraform");
    let bootstrap = terraform.join("bootstrap");
    let parts = files(&terraform, &[".tf"]);
    let parts = parts.iter().filter(|path| !path.starts_with(&bootstrap)).map(read);
    let deployed: BTreeSet<String> = parts.flat_map(|part| resource_types(&part)).collect();
    assert!(deployed.contains("aws_db_instance") && deployed.len() > 40, "{deployed:?}");
    let policies = files(&bootstrap.join("deployer"), &[".tf"]);
    let covered = covered_types(&policies.iter().map(read).collect::<String>());
    let missing: Vec<_> = deployed.difference(&covered).collect();
    assert!(
        missing.is_empty(),
        "add what these types need to terraform/bootstrap/deployer: {missing:?}"
    );
}

/// The blocks of a type: from `resource "TYPE"` to the brace at the beginning of a line.
fn blocks<'a>(terraform: &'a str, kind: &str) -> Vec<&'a str> {
    let begin = format!("resource \"{kind}\" ");
    let parts = terraform.split(begin.as_str()).skip(1);
    parts.filter_map(|part| part.split("\n}").next()).collect()
}

/// The names of services in a text.
fn services(terraform: &str) -> BTreeSet<String> {
    let quoted = terraform.split('"').skip(1).step_by(2);
    quoted.filter(|text| text.ends_with(".amazonaws.com")).map(str::to_owned).collect()
}

#[test]
fn the_deployer_may_give_each_role_to_the_service_that_uses_it() {
    let terraform = Path::new(CHECKOUT).join("terraform");
    let parts = files(&terraform, &[".tf"]);
    let parts = parts.iter().filter(|path| !path.starts_with(terraform.join("bootstrap")));
    let all: String = parts.map(read).collect();
    let users = services(&blocks(&all, "aws_iam_role").concat());
    let policies = read(terraform.join("bootstrap/deployer/account.tf"));
    let allowed = policies.split("\"iam:PassedToService\" = [").nth(1);
    let allowed = allowed.and_then(|rest| rest.split(']').next()).expect("a condition");
    assert!(users.contains("lambda.amazonaws.com"), "{users:?}");
    assert_eq!(services(allowed), users);
}

/// `start-execution` needs `states:StartExecution`.
fn action(command: &str) -> String {
    let words = command.split('-').map(|word| word[..1].to_uppercase() + &word[1..]);
    format!("\"states:{}\"", words.collect::<String>())
}

/// Which machines each command may name is in terraform/tests/operators.tftest.hcl.
#[test]
fn operators_may_run_each_command_of_step_functions_that_a_repair_prints() {
    let operators = read(Path::new(CHECKOUT).join("terraform/operators.tf"));
    let printers = [
        "crates/operations/src/audit/repair_commands.rs",
        "functions/operations/src/mail/texts.rs",
    ];
    let printed: String =
        printers.iter().map(|file| read(Path::new(CHECKOUT).join(file))).collect();
    let commands = printed.split_whitespace().map(|word| word.trim_matches('"'));
    let commands: BTreeSet<_> = commands
        .filter(|word| word.ends_with("-execution") || word.ends_with("-executions"))
        .collect();
    assert!(commands.contains("start-execution") && commands.len() >= 3, "{commands:?}");
    for command in commands {
        assert!(operators.contains(&action(command)), "{command}");
    }
}

/// An apply fails in an account that demands a boundary for every role, or a key of its own for everything that is stored.
#[test]
fn every_role_has_the_permissions_boundary_and_everything_that_is_stored_the_key() {
    let terraform = Path::new(CHECKOUT).join("terraform");
    let parts = files(&terraform, &[".tf"]);
    let parts = parts.iter().filter(|path| !path.starts_with(terraform.join("bootstrap")));
    let all: String = parts.map(read).collect();
    for (kind, variable) in [
        ("aws_iam_role", "permissions_boundary_arn"),
        ("aws_cloudwatch_log_group", "kms_key_arn"),
        ("aws_db_instance", "kms_key_arn"),
        ("aws_secretsmanager_secret", "kms_key_arn"),
        ("aws_sns_topic", "kms_key_arn"),
        ("aws_sqs_queue", "kms_key_arn"),
    ] {
        let blocks = blocks(&all, kind);
        assert!(!blocks.is_empty(), "{kind}");
        let variable = format!("var.{variable}");
        let without: Vec<_> = blocks.iter().filter(|block| !block.contains(&variable)).collect();
        assert!(without.is_empty(), "{kind} without {variable}: {without:?}");
    }
}
