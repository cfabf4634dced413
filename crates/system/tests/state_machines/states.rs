//! What each state must have.

use std::collections::BTreeSet;

use serde_json::json;
use system::Placement;

use crate::machine::{Machine, State, all_obey, each, errors, is_found, waits_for_a_callback};

/// Tasks that are not tried again, and why.
const NOT_TRIED_AGAIN: [(&str, &str); 2] = [
    ("purchase.PublishSoldOut", "the customer waits, and the sweep will notice"),
    ("purchase.PublishReorderPoint", "the customer waits, and the sweep will notice"),
];

/// Tasks that end before their function must, and why.
const ENDS_BEFORE_ITS_FUNCTION: [(&str, &str); 3] = [
    ("purchase.CheckStock", "advice, and the purchase goes on without"),
    ("purchase.PublishSoldOut", "the customer waits, and the sweep will notice"),
    ("purchase.PublishReorderPoint", "the customer waits, and the sweep will notice"),
];

/// The places of the states that are as they must not be.
fn places<'a>(
    states: Vec<State<'a>>,
    wrong: impl Fn(&State<'a>) -> bool,
    what: &str,
) -> Vec<String> {
    let wrong = states.into_iter().filter(wrong);
    wrong.map(|state| format!("{} {what}", state.place)).collect()
}

fn is_listed(list: &[(&str, &str)], state: &State<'_>) -> bool {
    list.iter().any(|(place, _)| *place == state.place)
}

fn says_what_it_is_for(machine: &Machine) -> Vec<String> {
    let silent =
        |state: &State<'_>| state.is["Comment"].as_str().is_none_or(|text| text.len() <= 10);
    places(machine.states(), silent, "does not say what it is for")
}

#[test]
fn every_state_says_what_it_is_for() {
    all_obey(says_what_it_is_for);
    let machine = Machine::named("restock").without("/States/Begin/Comment");
    is_found(says_what_it_is_for, machine, "restock.Begin");
}

fn tasks_end(machine: &Machine) -> Vec<String> {
    let endless =
        |task: &State<'_>| task.is["TimeoutSeconds"].as_u64().is_none_or(|seconds| seconds == 0);
    places(machine.of_type("Task"), endless, "has no TimeoutSeconds")
}

#[test]
fn every_task_ends_in_time() {
    all_obey(tasks_end);
    let task = "/States/PublishAll/ItemProcessor/States/PublishDepletion/TimeoutSeconds";
    is_found(tasks_end, Machine::named("sweep").without(task), "sweep.PublishAll.PublishDepletion");
}

fn tasks_catch_what_is_left(machine: &Machine) -> Vec<String> {
    let uncaught = |task: &State<'_>| {
        let last = each(task.is, "Catch").last();
        last.is_none_or(|catch| catch["ErrorEquals"] != json!(["States.ALL"]))
    };
    places(machine.of_type("Task"), uncaught, "does not catch what is left")
}

#[test]
fn the_failure_of_every_task_leads_somewhere() {
    all_obey(tasks_catch_what_is_left);
    let none = Machine::named("completion").without("/States/CompleteTask/Catch");
    is_found(tasks_catch_what_is_left, none, "completion.CompleteTask");
    let some = Machine::named("restock")
        .with("/States/AwaitCompletion/Catch/2/ErrorEquals", json!(["States.TaskFailed"]));
    is_found(tasks_catch_what_is_left, some, "restock.AwaitCompletion");
}

fn tasks_are_tried_again(machine: &Machine) -> Vec<String> {
    let once = |task: &State<'_>| {
        each(task.is, "Retry").next().is_none() != is_listed(&NOT_TRIED_AGAIN, task)
    };
    places(machine.of_type("Task"), once, "has no Retry, or has one and is listed")
}

#[test]
fn every_task_is_tried_again_but_for_those_that_must_not() {
    all_obey(tasks_are_tried_again);
    let machine = Machine::named("purchase").without("/States/CheckStock/Retry");
    is_found(tasks_are_tried_again, machine, "purchase.CheckStock");
}

fn retries_are_spread_and_bounded(machine: &Machine) -> Vec<String> {
    let wild = |task: &State<'_>| {
        each(task.is, "Retry").any(|retry| {
            let bounds = ["IntervalSeconds", "MaxAttempts", "MaxDelaySeconds", "BackoffRate"];
            retry["JitterStrategy"] != "FULL" || !bounds.iter().all(|b| retry[b].is_number())
        })
    };
    places(machine.of_type("Task"), wild, "has a Retry that is not spread or not bounded")
}

#[test]
fn every_retry_is_spread_and_bounded() {
    all_obey(retries_are_spread_and_bounded);
    for field in ["JitterStrategy", "MaxDelaySeconds", "MaxAttempts"] {
        let field = format!("/States/PlaceOrder/Retry/0/{field}");
        let machine = Machine::named("restock").without(&field);
        is_found(retries_are_spread_and_bounded, machine, "restock.PlaceOrder");
    }
}

/// A Wait would be time that nobody can shorten: there is none.
fn waits_end(machine: &Machine) -> Vec<String> {
    let unheard = |task: &State<'_>| {
        let heard = each(task.is, "Catch").any(|c| errors(c).any(|e| e == "States.Timeout"));
        waits_for_a_callback(task.is) && !heard
    };
    let mut wrong =
        places(machine.of_type("Task"), unheard, "does not say what to do when nobody calls");
    wrong.extend(places(machine.of_type("Wait"), |_| true, "waits for nothing"));
    wrong
}

#[test]
fn every_wait_has_an_end_and_says_what_is_to_be_done_then() {
    all_obey(waits_end);
    let machine = Machine::named("restock")
        .with("/States/AwaitCompletion/Catch/1/ErrorEquals", json!(["States.HeartbeatTimeout"]));
    is_found(waits_end, machine, "restock.AwaitCompletion");
    let machine = Machine::named("restock").without("/States/AwaitCompletion/TimeoutSeconds");
    is_found(tasks_end, machine, "restock.AwaitCompletion");
    let machine = Machine::named("restock").with("/States/Begin/Type", "Wait");
    is_found(waits_end, machine, "restock.Begin");
}

fn choices_have_a_way_out(machine: &Machine) -> Vec<String> {
    let stuck = |choice: &State<'_>| !choice.is["Default"].is_string();
    places(machine.of_type("Choice"), stuck, "has no Default")
}

#[test]
fn every_choice_has_a_way_out_when_no_rule_holds() {
    all_obey(choices_have_a_way_out);
    let machine = Machine::named("purchase").without("/States/Decided/Default");
    is_found(choices_have_a_way_out, machine, "purchase.Decided");
}

fn functions_end_before_their_tasks(machine: &Machine) -> Vec<String> {
    let cut_short = |task: &State<'_>| {
        let limit = i64::from(machine.function(task.is).1.timeout_seconds);
        let shorter = task.is["TimeoutSeconds"].as_i64().is_some_and(|task| task < limit);
        shorter != is_listed(&ENDS_BEFORE_ITS_FUNCTION, task)
    };
    places(
        machine.of_type("Task"),
        cut_short,
        "ends before its function, or does not and is listed",
    )
}

#[test]
fn a_functions_own_time_is_shorter_than_its_tasks() {
    all_obey(functions_end_before_their_tasks);
    let machine = Machine::named("restock").with("/States/PlaceOrder/TimeoutSeconds", 7);
    is_found(functions_end_before_their_tasks, machine, "restock.PlaceOrder");
}

/// Errors that a task with a vpc function can meet and that disappear without a change: those of the database, of
/// Lambda, and of Lambda's network interfaces.
const TRANSIENT_IN_THE_VPC: [&str; 16] = [
    "Database.Unavailable",
    "Database.Busy",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.Unknown",
    "Sandbox.Timedout",
    "Runtime.ExitError",
    "Lambda.ResourceConflictException",
    "Lambda.ResourceNotReadyException",
    "Lambda.ENINotReadyException",
    "Lambda.ENILimitReachedException",
    "Lambda.EC2ThrottledException",
    "Lambda.SubnetIPAddressLimitReachedException",
];

/// CheckStock is an exception: its result is advisory, and a purchase continues without it.
fn vpc_functions_are_retried(machine: &Machine) -> Vec<String> {
    let gives_up = |task: &State<'_>| {
        let repeated: BTreeSet<&str> = each(task.is, "Retry").flat_map(errors).collect();
        machine.function(task.is).1.placement == Placement::Vpc
            && task.place != "purchase.CheckStock"
            && !TRANSIENT_IN_THE_VPC.iter().all(|error| repeated.contains(error))
    };
    places(machine.of_type("Task"), gives_up, "does not retry every transient error")
}

#[test]
fn every_task_with_a_vpc_function_retries_every_transient_error() {
    all_obey(vpc_functions_are_retried);
    let machine = Machine::named("completion")
        .with("/States/IncrementStock/Retry/0/ErrorEquals", json!(["Database.Unavailable"]));
    is_found(vpc_functions_are_retried, machine, "completion.IncrementStock");
    for error in TRANSIENT_IN_THE_VPC {
        let others: Vec<_> =
            TRANSIENT_IN_THE_VPC.into_iter().filter(|other| *other != error).collect();
        let machine = Machine::named("completion")
            .with("/States/IncrementStock/Retry/0/ErrorEquals", json!(others));
        is_found(vpc_functions_are_retried, machine, "completion.IncrementStock");
    }
}
