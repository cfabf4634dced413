//! The names of errors: what a machine matches is given by somebody, and what is given is matched.

use std::collections::BTreeSet;

use errors::ErrorName;
use serde_json::{Value, json};
use system::{Function, System};

use crate::machine::{Machine, all_obey, each, errors, is_found};

/// Names of errors that Step Functions and Lambda give by themselves.
const AWS: [&str; 19] = [
    "Lambda.AWSLambdaException",
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.EC2ThrottledException",
    "Lambda.ENILimitReachedException",
    "Lambda.ENINotReadyException",
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

const DEFECT: &str = "a defect of the code, the data or the settings: a retry fails again, so the failure is reported";

const LEFT_TO_ALL: [LeftToAll; 7] = [
    LeftToAll {
        why: DEFECT,
        machines: &["completion", "purchase", "restock", "sweep"],
        errors: &[
            "Aws.Refused",
            "Database.Corrupt",
            "Database.Failed",
            "Database.Password",
            "Event.Malformed",
            "Function.Misconfigured",
            "Message.Unwritable",
            "Outcome.Unwritable",
        ],
    },
    LeftToAll { why: DEFECT, machines: &["restock", "sweep"], errors: &["Product.Unknown"] },
    LeftToAll {
        why: DEFECT,
        machines: &["completion", "restock", "sweep"],
        errors: &["Completion.NotArrived", "ProductionOrder.Unknown"],
    },
    LeftToAll {
        why: "the factory rejects a rejected order again: the restock fails and is reported",
        machines: &["restock"],
        errors: &["Factory.Refused"],
    },
    LeftToAll {
        why: "nothing was sent, and only an operator can allow the host or correct the secret or the key: the restock fails and is reported",
        machines: &["restock"],
        errors: &["Factory.NotAllowed", "Factory.SecretUnusable", "Signature.Failed"],
    },
    LeftToAll {
        why: "no execution waits: the arrival is credited directly, as after any other failure there",
        machines: &["completion"],
        errors: &["Completion.TokenClosed"],
    },
    LeftToAll {
        why: "a customer waits for the answer, and the sweep finds the depletion later",
        machines: &["purchase"],
        errors: &["Aws.Unavailable"],
    },
];

/// Errors that no function returns: a machine, a dead letter, the sweep or an operator names them.
const NAMED_ELSEWHERE: [(&str, &str); 13] = [
    ("Callback.Refused", "statemachines/completion ends with it"),
    ("Factory.Exists", "an operator who adds a factory gets it"),
    ("Factory.Unknown", "an operator who changes a factory gets it"),
    ("Factory.Url", "an operator who adds or changes a factory gets it"),
    ("Message.Malformed", "statemachines/restock ends with it"),
    (
        "Message.Undelivered",
        "send-mail writes it into the dead letter of a message that a queue set aside",
    ),
    ("Restock.Exhausted", "statemachines/restock closes the restock with it"),
    ("Restock.Abandoned", "statemachines/sweep closes the restock with it"),
    ("Restock.ClosedByHand", "the audit's repairs close the restock with it"),
    ("Execution.Aborted", "send-mail writes it into the mail about an aborted execution"),
    (
        "Execution.Failed",
        "send-mail writes it into the mail about an execution that could not report its failure",
    ),
    ("Execution.TimedOut", "send-mail writes it into the mail about an execution that timed out"),
    ("Purchase.Undecided", "sales-api logs it and answers 503"),
];

/// Errors of the two functions that Terraform deploys for migrations.
const OF_MIGRATIONS: [ErrorName; 7] = [
    ErrorName::DatabaseMigration,
    ErrorName::DatabaseMigrationUnderWay,
    ErrorName::DatabaseUrl,
    ErrorName::DatabaseUsers,
    ErrorName::MigrationFailed,
    ErrorName::MigrationSecret,
    ErrorName::MigrationUnanswered,
];

/// The errors that a function can return, as `system.json` lists them. `tests/errors.rs` compares it with the code.
fn given_by(function: &Function) -> BTreeSet<String> {
    let common =
        [ErrorName::EventMalformed, ErrorName::FunctionMisconfigured, ErrorName::OutcomeUnwritable];
    common.map(|name| name.to_string()).into_iter().chain(function.errors.clone()).collect()
}

/// The errors that the function of a task may end with.
fn given_to(task: &Value, machine: &Machine) -> BTreeSet<String> {
    given_by(machine.function(task).1)
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
fn every_name_of_the_vocabulary_is_returned_by_a_function_or_named_elsewhere() {
    let system = System::read().expect("system.json");
    let returned: BTreeSet<String> = system.functions.values().flat_map(given_by).collect();
    for name in ErrorName::ALL {
        let elsewhere = NAMED_ELSEWHERE.iter().any(|(other, _)| *other == name.as_str());
        let known = returned.contains(name.as_str()) || OF_MIGRATIONS.contains(name);
        assert_ne!(known, elsewhere, "{name}: (returned by a function, named elsewhere)");
    }
    let vocabulary: BTreeSet<&str> = ErrorName::ALL.iter().map(|name| name.as_str()).collect();
    let unknown: Vec<_> =
        returned.iter().filter(|name| !vocabulary.contains(name.as_str())).collect();
    assert!(
        unknown.is_empty(),
        "system.json lists {unknown:?}, which crates/errors does not define"
    );
}

/// The errors that a machine ends with or hands to `report` by itself.
fn named_by(machine: &Machine) -> BTreeSet<String> {
    let text = machine.definition.to_string();
    let texts = text.split(['"', '\'']).filter(|text| is_name(text)).map(str::to_owned);
    texts.filter(|name| !AWS.contains(&name.as_str())).collect()
}

fn is_name(text: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_uppercase())
            && word.chars().all(|c| c.is_ascii_alphanumeric())
    };
    text.split_once('.').is_some_and(|(about, what)| is_word(about) && is_word(what))
}

fn names_only_the_vocabulary(machine: &Machine) -> Vec<String> {
    let known = |name: &str| ErrorName::ALL.iter().any(|known| known.as_str() == name);
    named_by(machine).into_iter().filter(|name| !known(name)).collect()
}

#[test]
fn every_error_name_in_a_definition_is_in_the_vocabulary() {
    all_obey(names_only_the_vocabulary);
    assert!(named_by(&Machine::named("restock")).contains("Message.Malformed"));
    let handler = "/States/PlaceOrder/Retry/0/ErrorEquals";
    let machine = Machine::named("restock").with(handler, json!(["Factory.Unavailible"]));
    is_found(names_only_the_vocabulary, machine, "Factory.Unavailible");
}

/// `Function.Misconfigured` is no error after which the factory may have the order.
#[test]
fn an_order_whose_function_could_not_start_is_reported_and_not_waited_for() {
    let restock = Machine::named("restock");
    let task = &restock.definition["States"]["PlaceOrder"];
    let matches = |handler: &&Value| {
        errors(handler).any(|name| ["Function.Misconfigured", "States.ALL"].contains(&name))
    };
    assert_eq!(each(task, "Retry").find(matches), None, "a retry finds the same setting");
    assert_eq!(each(task, "Catch").find(matches).expect("a catch")["Next"], "CloseRestock");
}
