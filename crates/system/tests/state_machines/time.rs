//! How long a machine takes at worst, as a walk through its states.

use std::fs;

use serde_json::{Value, json};
use system::Placement;

use crate::{
    files::path,
    machine::{Machine, all_obey, each, errors, is_found, waits_for_a_callback},
};

/// A machine of which only the first attempts must fit into its time: the customer waits, and one who is
/// told that it is not known whether the goods were sold asks again.
const IN_A_HURRY: &str = "purchase";

/// The states that send an order: one of them for each attempt.
const SENDS_AN_ORDER: [&str; 2] = ["PlaceOrder", "PlacePrivateOrder"];

fn is_same_work(state: &str, other: &str) -> bool {
    state == other || [state, other].iter().all(|state| SENDS_AN_ORDER.contains(state))
}

/// How the time of one machine adds up.
struct Walk<'a> {
    machine: &'a Machine,
    states: &'a Value,
}

impl<'a> Walk<'a> {
    fn of(machine: &'a Machine, definition: &'a Value) -> Result<f64, String> {
        let walk = Walk { machine, states: &definition["States"] };
        let start = definition["StartAt"].as_str().expect("a state to start at");
        walk.longest(start, &mut Vec::new())
    }

    /// The longest way from a state to an end, after the states on `path`.
    fn longest(&self, state: &'a str, path: &mut Vec<&'a str>) -> Result<f64, String> {
        self.comes_to_an_end(state, path)?;
        path.push(state);
        let mut rest: f64 = 0.0;
        for next in successors(&self.states[state]) {
            let visits = path.iter().filter(|visited| is_same_work(visited, next)).count();
            if self.bound(next).is_none_or(|bound| visits < bound) {
                rest = rest.max(self.longest(next, path)?);
            }
        }
        path.pop();
        Ok(self.time(&self.states[state])? + rest)
    }

    /// How often a state may be entered. OpenRestock writes down no more orders than are allowed, and only
    /// an order that is written down is sent.
    fn bound(&self, state: &str) -> Option<usize> {
        let attempts = self.machine.system.settings.restock_attempts;
        SENDS_AN_ORDER.contains(&state).then(|| usize::try_from(attempts).expect("a few"))
    }

    /// A loop passes a state whose visits are counted.
    fn comes_to_an_end(&self, state: &str, path: &[&str]) -> Result<(), String> {
        let Some(before) = path.iter().rposition(|visited| *visited == state) else {
            return Ok(());
        };
        let counted = path[before..].iter().any(|visited| self.bound(visited).is_some());
        if counted { Ok(()) } else { Err(format!("{state} may come again for ever")) }
    }

    /// How long a state takes at worst. Of a Map: one round of as many items as it works on at once. It
    /// is the sweep's, and what is too much for one is left to the next.
    fn time(&self, state: &'a Value) -> Result<f64, String> {
        match state["Type"].as_str() {
            Some("Task") => Ok(self.task(state)),
            Some("Map") => Walk::of(self.machine, &state["ItemProcessor"]),
            _ => Ok(0.0),
        }
    }

    /// All attempts, and all the waits between them.
    fn task(&self, task: &Value) -> f64 {
        let limit = task["TimeoutSeconds"].as_f64().unwrap_or(f64::INFINITY);
        if self.machine.name == IN_A_HURRY {
            return limit;
        }
        let repeated = if waits_for_a_callback(task) && !is_waited_again(task) {
            f64::from(self.machine.function(task).1.timeout_seconds)
        } else {
            limit
        };
        let retries = each(task, "Retry").map(|retry| {
            let times = number(retry, "MaxAttempts");
            times * repeated + delays(retry)
        });
        limit + retries.sum::<f64>()
    }
}

/// Whether a wait that nobody has answered begins anew. If not, an attempt that is repeated is one whose
/// function has failed, which takes the function's time at most.
fn is_waited_again(task: &Value) -> bool {
    each(task, "Retry").flat_map(errors).any(|e| matches!(e, "States.Timeout" | "States.ALL"))
}

fn number(retry: &Value, field: &str) -> f64 {
    retry[field].as_f64().unwrap_or_else(|| panic!("no {field} in {retry}"))
}

/// All waits of a Retry. Full jitter waits for any part of each.
fn delays(retry: &Value) -> f64 {
    let times = retry["MaxAttempts"].as_i64().and_then(|times| i32::try_from(times).ok());
    let delay = |n| number(retry, "IntervalSeconds") * number(retry, "BackoffRate").powi(n);
    let delays = (0..times.expect("a number")).map(delay);
    delays.map(|delay| delay.min(number(retry, "MaxDelaySeconds"))).sum()
}

/// How long all waits of a Retry take on average.
fn average(retry: &Value) -> f64 {
    delays(retry) / 2.0
}

/// The standby of a Multi-AZ database takes over within 60 to 120 s. Jitter makes each wait a random part
/// of its maximum, so the average must exceed the failover.
const FAILOVER: f64 = 180.0;

fn outlasts_a_failover(machine: &Machine) -> Vec<String> {
    let tasks = machine.of_type("Task").into_iter().filter(|task| {
        machine.name != IN_A_HURRY && machine.function(task.is).1.placement == Placement::Vpc
    });
    let hasty = tasks.filter(|task| each(task.is, "Retry").map(average).sum::<f64>() < FAILOVER);
    hasty.map(|task| format!("{} gives up during a failover", task.place)).collect()
}

#[test]
fn every_step_that_uses_the_database_is_retried_for_longer_than_a_failover_takes() {
    all_obey(outlasts_a_failover);
    let hasty = Machine::named("restock").with("/States/CloseRestock/Retry/0/MaxAttempts", 12);
    is_found(outlasts_a_failover, hasty, "restock.CloseRestock gives up");
}

/// Where a state may lead.
fn successors(state: &Value) -> impl Iterator<Item = &str> {
    let rules = each(state, "Choices").chain(each(state, "Catch")).map(|part| &part["Next"]);
    [&state["Next"], &state["Default"]].into_iter().chain(rules).filter_map(Value::as_str)
}

fn ends_in_time(machine: &Machine) -> Vec<String> {
    let name = &machine.name;
    let limit = machine.definition["TimeoutSeconds"].as_f64().unwrap_or(0.0);
    match Walk::of(machine, &machine.definition) {
        Ok(longest) if longest < limit => vec![],
        Ok(longest) => vec![format!("{name} may take {longest} s, and has {limit} s")],
        Err(endless) => vec![format!("{name}: {endless}")],
    }
}

#[test]
fn no_machine_can_take_longer_than_its_time() {
    all_obey(ends_in_time);
    let slower = Machine::named("restock").with("/States/PlaceOrder/TimeoutSeconds", 20);
    is_found(ends_in_time, slower, "restock may take");
    let shorter = Machine::named("completion").with("/TimeoutSeconds", 3000);
    is_found(ends_in_time, shorter, "and has 3000 s");
    let for_ever = Machine::named("sweep").without("/TimeoutSeconds");
    is_found(ends_in_time, for_ever, "and has 0 s");
    let more = "/States/PublishAll/ItemProcessor/States/PublishDepletion/Retry/0/MaxAttempts";
    is_found(ends_in_time, Machine::named("sweep").with(more, 60), "sweep may take");
    let hasty = Machine::named("purchase").with("/States/DecrementStock/TimeoutSeconds", 4);
    is_found(ends_in_time, hasty, "purchase may take 6 s");
}

/// `2,808 s`
fn with_thousands_separator(seconds: f64) -> String {
    let digits = seconds.to_string();
    match digits.split_at_checked(digits.len().saturating_sub(3)) {
        Some((thousands, rest)) if !thousands.is_empty() => format!("{thousands},{rest} s"),
        _ => format!("{digits} s"),
    }
}

#[test]
fn the_file_of_every_machine_says_how_long_it_takes_at_most() {
    for machine in Machine::all() {
        let longest =
            with_thousands_separator(Walk::of(&machine, &machine.definition).expect("an end"));
        let file = fs::read_to_string(path(&machine.name)).expect("the file of a machine");
        let comment = format!("\n# At most {longest}");
        assert!(file.contains(&comment), "{} may take {longest}", machine.name);
    }
}

#[test]
fn a_loop_that_nothing_counts_is_found() {
    let machine = Machine::named("completion").with("/States/HadFailed/Default", "RecordArrival");
    is_found(ends_in_time, machine, "completion: RecordArrival may come again for ever");
}

#[test]
fn more_attempts_take_longer() {
    let mut machine = Machine::named("restock");
    let two = Walk::of(&machine, &machine.definition).expect("an end");
    machine.system.settings.restock_attempts = 3;
    let three = Walk::of(&machine, &machine.definition).expect("an end");
    assert!(three > two + 900.0, "{two} s, {three} s");
}

#[test]
fn the_waits_of_a_retry_double_up_to_the_longest() {
    let retry =
        json!({"IntervalSeconds": 2, "BackoffRate": 2.0, "MaxAttempts": 6, "MaxDelaySeconds": 30});
    assert!((delays(&retry) - (2.0 + 4.0 + 8.0 + 16.0 + 30.0 + 30.0)).abs() < f64::EPSILON);
}

/// The sweep must not take a restock for abandoned that still has its execution.
#[test]
fn a_restock_is_abandoned_only_after_its_machine_has_ended() {
    let machine = Machine::named("restock");
    let limit = machine.definition["TimeoutSeconds"].as_u64().expect("a time");
    assert!(u64::from(machine.system.settings.restock_abandoned_seconds) > limit);
}
