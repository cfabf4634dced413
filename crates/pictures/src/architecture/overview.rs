//! The flows without the functions: for a first look.

use crate::architecture::{
    facts::Flow,
    parts::{Part, Shape},
};

/// The parts for a first look, and the flows between them. A flow to a part that is left out leads on to the next part.
pub fn overview(parts: Vec<Part>, flows: Vec<Flow>) -> (Vec<Part>, Vec<Flow>) {
    let (queues, others): (Vec<Part>, Vec<Part>) =
        parts.into_iter().partition(|part| part.shape == Shape::Queue);
    let (kept, left_out): (Vec<Part>, Vec<Part>) = others.into_iter().partition(is_shown);
    let flows = flows.into_iter().filter(|flow| !is_between(flow, &queues)).collect();
    let flows = left_out.iter().fold(flows, without);
    let starts =
        |queue: &Part| flows.iter().any(|flow| flow.from == queue.name && leads_on(flow, &kept));
    let (shown, left_out): (Vec<Part>, Vec<Part>) = queues.into_iter().partition(starts);
    let flows = left_out.iter().fold(flows, without);
    (kept.into_iter().chain(shown).map(Part::brief).collect(), flows)
}

fn is_shown(part: &Part) -> bool {
    matches!(part.shape, Shape::Person | Shape::Machine | Shape::Service)
}

/// Messages that are set aside.
fn is_between(flow: &Flow, queues: &[Part]) -> bool {
    let is_queue = |name: &str| queues.iter().any(|queue| queue.name == name);
    is_queue(&flow.from) && is_queue(&flow.to) && !flow.back
}

/// A message starts a state machine, or is redriven.
fn leads_on(flow: &Flow, parts: &[Part]) -> bool {
    flow.back || parts.iter().any(|part| part.name == flow.to && part.shape == Shape::Machine)
}

/// The flows, with those to a part joined to those from it.
fn without(flows: Vec<Flow>, part: &Part) -> Vec<Flow> {
    let touches = |flow: &Flow| flow.from == part.name || flow.to == part.name;
    let (ends, mut rest): (Vec<Flow>, Vec<Flow>) = flows.into_iter().partition(touches);
    for before in ends.iter().filter(|flow| flow.to == part.name) {
        for after in ends.iter().filter(|flow| flow.from == part.name) {
            let flow = joined(before, part, after);
            let known = rest.iter().any(|known| known.from == flow.from && known.to == flow.to);
            if !known && flow.from != flow.to {
                rest.push(flow);
            }
        }
    }
    rest
}

fn joined(before: &Flow, part: &Part, after: &Flow) -> Flow {
    let route = part.details.first().map(String::as_str).unwrap_or_default();
    let labels = [before.label.as_str(), route, after.label.as_str()];
    Flow {
        from: before.from.clone(),
        to: after.to.clone(),
        label: labels.into_iter().find(|label| !label.is_empty()).unwrap_or_default().to_owned(),
        after_failure: before.after_failure || after.after_failure,
        back: before.back || after.back,
    }
}
