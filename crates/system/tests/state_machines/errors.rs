//! The names of errors: what a machine matches is given by somebody, and what is given is matched.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use system::Placement;

use crate::machine::{Machine, all_obey, each, errors, is_found};

/// Names of errors that Step Functions and Lambda give by themselves.
const AWS: [&str; 18] = [
    "Lambda.AWSLambdaException",
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.EC2ThrottledException",
    "Lambda.ENILimitReachedException",
    "Lambda.ResourceConflictException",
    "Lambda.ResourceNotReadyException",
    "Lambda.SdkClientException",
    "Lambda.ServiceException",
    "Lambda.SubnetIPAddressLimitReachedException",
    "Lambda.TooManyRequestsException",
    "Lambda.Unknown",
    "Runtime.ExitError",
    "Sandbox.Timedout",
    "States.ALL",
    "States.HeartbeatTimeout",
    "States.QueryEvaluationError",
    "States.TaskFailed",
    "States.Timeout",
];

/// Errors that machines do not name, and why what they do with all that is left is right for them.
struct LeftToAll {
    why: &'static str,
    machines: &'static [&'static str],
    errors: &'static [&'static str],
}

const DEFECT: &str =
    "a defect of the code, the data or the settings, the same every time: somebody is told of it";

const GIVEN_BY_OTHERS: &str =
    "given by other functions of the same crate, which the machine does not invoke";

const LEFT_TO_ALL: [LeftToAll; 8] = [
    LeftToAll {
        why: DEFECT,
        machines: &["completion", "purchase", "restock", "sweep"],
        errors: &[
            "Aws.Refused",
            "Database.Corrupt",
            "Database.Failed",
            "Database.Migration",
            "Database.MigrationUnderWay",
            "Database.Password",
            "Database.UnprovenServer",
            "Database.Url",
            "Database.UserName",
            "Database.UserPassword",
            "Database.Users",
            "Event.Malformed",
            "Message.Unwritable",
            "Outcome.Unwritable",
            "Product.Unknown",
        ],
    },
    LeftToAll {
        why: DEFECT,
        machines: &["completion", "restock", "sweep"],
        errors: &["Completion.NotArrived", "ProductionOrder.Unknown"],
    },
    LeftToAll {
        why: "an order that is refused is refused again: the restock fails and is reported",
        machines: &["restock"],
        errors: &["Factory.Refused", "Signature.Failed"],
    },
    LeftToAll {
        why: "nobody waits: the goods are credited, as after anything else that goes wrong there",
        machines: &["completion"],
        errors: &["Completion.TokenClosed"],
    },
    LeftToAll {
        why: "a customer waits, and the sweep will notice",
        machines: &["purchase"],
        errors: &["Aws.Unavailable"],
    },
    LeftToAll {
        why: GIVEN_BY_OTHERS,
        machines: &["completion", "sweep"],
        errors: &[
            "Completion.AlreadyArrived",
            "Factory.Refused",
            "Factory.Unavailable",
            "Signature.Failed",
        ],
    },
    LeftToAll {
        why: GIVEN_BY_OTHERS,
        machines: &["purchase", "sweep"],
        errors: &["Purchase.Undecided"],
    },
    LeftToAll {
        why: GIVEN_BY_OTHERS,
        machines: &["purchase"],
        errors: &["Completion.AlreadyArrived", "Completion.NotArrived", "ProductionOrder.Unknown"],
    },
];

fn in_checkout(path: &str) -> PathBuf {
    Path::new(system::CHECKOUT).join(path)
}

/// The texts of a source that are names of errors: `Factory.Refused`. Not every crate has a source of them.
fn names_in(source: &Path) -> BTreeSet<String> {
    let code = fs::read_to_string(source).unwrap_or_default();
    let texts = code.split('"').skip(1).step_by(2);
    texts.filter(|text| is_name(text)).map(str::to_owned).collect()
}

fn is_name(text: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_uppercase())
            && word.chars().all(|c| c.is_ascii_alphanumeric())
    };
    text.split_once('.').is_some_and(|(about, what)| is_word(about) && is_word(what))
}

/// The errors that a function may end with: of its own crate, of the side that it is on, and of what all
/// functions share.
fn given_by(function: &str, placement: Placement) -> BTreeSet<String> {
    let library = match placement {
        Placement::Vpc => "crates/warehouse/src/error.rs",
        Placement::Public => "crates/aws/src/error.rs",
    };
    let own = crate_of(function).join("src/error.rs");
    let sources = [own, in_checkout(library), in_checkout("crates/lambda_support/src/lib.rs")];
    sources.iter().flat_map(|source| names_in(source)).collect()
}

fn crate_of(function: &str) -> PathBuf {
    let crates = fs::read_dir(in_checkout("functions")).expect("functions/");
    let mut crates = crates.map(|entry| entry.expect("a folder").path());
    let holds = |folder: &PathBuf| folder.join(format!("src/bin/{function}.rs")).is_file();
    crates.find(holds).unwrap_or_else(|| panic!("no crate has {function}"))
}

/// The errors that the function of a task may end with.
fn given_to(task: &Value, machine: &Machine) -> BTreeSet<String> {
    let (name, function) = machine.function(task);
    given_by(&name, function.placement)
}

/// The errors that the functions of a machine may end with.
fn given(machine: &Machine) -> BTreeSet<String> {
    machine.of_type("Task").iter().flat_map(|task| given_to(task.is, machine)).collect()
}

/// The errors that a task names.
fn named(task: &Value) -> BTreeSet<&str> {
    each(task, "Retry").chain(each(task, "Catch")).flat_map(errors).collect()
}

fn names_only_what_is_given(machine: &Machine) -> Vec<String> {
    let mut wrong = Vec::new();
    for task in machine.of_type("Task") {
        let given = given_to(task.is, machine);
        let known = |name: &str| AWS.contains(&name) || given.contains(name);
        let unknown = named(task.is).into_iter().filter(|name| !known(name));
        let place = &task.place;
        wrong.extend(unknown.map(|name| format!("{place} names {name}, and nothing gives it")));
    }
    wrong
}

#[test]
fn every_error_that_a_task_names_is_one_that_its_function_or_aws_gives() {
    all_obey(names_only_what_is_given);
    let handler = "/States/PlaceOrder/Retry/0/ErrorEquals";
    for name in ["Factory.Unavailible", "Lambda.TooManyRequests", "Completion.TokenClosed"] {
        let machine = Machine::named("restock").with(handler, json!([name]));
        is_found(names_only_what_is_given, machine, name);
    }
}

/// Also a Choice may ask for a name.
fn is_named(machine: &Machine, name: &str) -> bool {
    let asks = |rule: &Value| {
        rule["Condition"].as_str().is_some_and(|text| text.contains(&format!("'{name}'")))
    };
    machine.of_type("Task").iter().any(|task| named(task.is).contains(name))
        || machine.of_type("Choice").iter().any(|choice| each(choice.is, "Choices").any(asks))
}

fn is_left_to_all(machine: &Machine, name: &str) -> bool {
    let here = LEFT_TO_ALL.iter().filter(|left| left.machines.contains(&machine.name.as_str()));
    here.flat_map(|left| left.errors).any(|error| *error == name)
}

fn names_what_is_given(machine: &Machine) -> Vec<String> {
    let unnamed = given(machine).into_iter();
    let unnamed = unnamed.filter(|name| is_named(machine, name) == is_left_to_all(machine, name));
    unnamed
        .map(|name| format!("{} does not name {name}, or does and it is listed", machine.name))
        .collect()
}

#[test]
fn every_error_that_a_function_gives_is_named_by_its_machine_or_left_to_all_for_a_reason() {
    all_obey(names_what_is_given);
    let machine = Machine::named("restock")
        .with("/States/AwaitCompletion/Catch/0/ErrorEquals", json!(["States.Timeout"]));
    is_found(names_what_is_given, machine, "Completion.AlreadyArrived");
}

#[test]
fn only_errors_that_are_given_are_left_to_all() {
    for LeftToAll { why, machines, errors } in LEFT_TO_ALL {
        for machine in machines {
            let given = given(&Machine::named(machine));
            let missing: Vec<_> = errors.iter().filter(|error| !given.contains(**error)).collect();
            assert!(missing.is_empty(), "{machine} does not meet {missing:?}: {why}");
        }
    }
}

#[test]
fn the_names_of_the_code_are_found() {
    let names = given_by("place-order", Placement::Public);
    for name in ["Factory.Refused", "Aws.Unavailable", "Event.Malformed"] {
        assert!(names.contains(name), "{names:?}");
    }
    assert!(!names.contains("Database.Busy"), "{names:?}");
}
