//! The arrows between states.

use std::collections::BTreeMap;

use crate::{
    Definition,
    arrows::Arrow,
    definition::{Cause, State},
    machine::boxes::StateBox,
    text::{condition, wrap},
};

/// The longest line of a label, in characters.
const LABEL: usize = 20;

/// Whether a state is marked as an end of the execution. `Succeed` and `Fail` are ends without an arrow.
pub fn has_end(definition: &Definition) -> bool {
    definition.states.values().any(|state| state.end)
}

/// All arrows between these boxes; the start and the end are boxes after them.
pub fn of<'a>(definition: &'a Definition, boxes: &[StateBox<'a>]) -> Vec<Arrow<'a>> {
    let index: BTreeMap<&str, usize> =
        boxes.iter().enumerate().map(|(index, state)| (state.name, index)).collect();
    let start = index.get(definition.start_at.as_str()).map(|to| plain(boxes.len(), *to));
    let mut arrows: Vec<Arrow> = start.into_iter().collect();
    for (from, (name, state)) in definition.in_order().into_iter().enumerate() {
        for (to, causes) in targets(state) {
            let Some(at) = index.get(to) else { continue };
            arrows.push(between((from, name), (*at, to), &causes));
        }
        arrows.extend(state.end.then(|| plain(from, boxes.len() + 1)));
    }
    arrows
}

fn plain<'a>(from: usize, to: usize) -> Arrow<'a> {
    Arrow { from, to, names: ("", ""), dashed: false, upwards: false, label: vec![] }
}

/// The states that a state leads to, in the order of the definition, each with all reasons.
fn targets(state: &State) -> Vec<(&str, Vec<Cause<'_>>)> {
    let mut targets: Vec<(&str, Vec<Cause>)> = Vec::new();
    for (cause, to) in state.transitions() {
        match targets.iter_mut().find(|(known, _)| *known == to) {
            Some((_, causes)) => causes.push(cause),
            None => targets.push((to, vec![cause])),
        }
    }
    targets
}

fn between<'a>(from: (usize, &'a str), to: (usize, &'a str), causes: &[Cause]) -> Arrow<'a> {
    let dashed = causes.iter().all(|cause| matches!(cause, Cause::Caught(_)));
    let mut label: Vec<String> = Vec::new();
    for (number, cause) in causes.iter().enumerate() {
        let or = if number > 0 { "or " } else { "" };
        let words = words(*cause, dashed).map(|words| format!("{or}{words}"));
        label.extend(wrap(&words.unwrap_or_default(), LABEL));
    }
    Arrow { from: from.0, to: to.0, names: (from.1, to.1), dashed, upwards: false, label }
}

/// Why a transition is taken. A dashed arrow without words stands for any error.
fn words(cause: Cause, dashed: bool) -> Option<String> {
    match cause {
        Cause::Next => None,
        Cause::Condition(expression) => Some(condition(expression)),
        Cause::Otherwise => Some("otherwise".to_owned()),
        Cause::Caught(errors) if errors.iter().any(|error| error == "States.ALL") => {
            (!dashed).then(|| "an error".to_owned())
        }
        Cause::Caught(errors) if errors.len() > 2 => Some("some errors".to_owned()),
        Cause::Caught(errors) => Some(errors.join(" or ").replace("States.", "")),
    }
}
