//! The picture of the whole system.

mod facts;
mod overview;
mod parts;

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use system::System;

use crate::{
    Form,
    arrows::Arrow,
    layout::{Link, Size},
    legend::{Sample, legend},
    svg::Drawing,
    text::wrap,
};
use facts::{Facts, Flow};
use parts::Part;

/// The longest line of a label, in characters.
const LABEL: usize = 16;

const ABOUT: &str = "The architecture: functions, state machines, queues and people, and what goes from one to another.";

const OVERVIEW: &str =
    "Overview: people, state machines and queues, and what goes from one to another.";

/// Draws the parts of the system and what goes from one to another.
///
/// # Errors
/// If a definition cannot be read, or the parts cannot be arranged.
pub fn architecture_svg(system: &System, form: Form) -> Result<String> {
    let facts = Facts::of(system)?;
    let picture = arranged(&facts.parts(), &facts.flows(), form)?;
    let legend = legend(&SAMPLES, picture.size.width);
    Ok(picture.above(&legend).picture(ABOUT))
}

/// Draws the system for a first look: without its functions.
///
/// # Errors
/// If a definition cannot be read, or the parts cannot be arranged.
pub fn overview_svg(system: &System, form: Form) -> Result<String> {
    let facts = Facts::of(system)?;
    let (parts, flows) = overview::overview(facts.parts(), facts.flows());
    let picture = arranged(&parts, &flows, form)?;
    let legend = legend(&OVERVIEW_SAMPLES, picture.size.width);
    Ok(picture.above(&legend).picture(OVERVIEW))
}

fn arranged(parts: &[Part], flows: &[Flow], form: Form) -> Result<Drawing> {
    let names = parts.iter().enumerate().map(|(index, part)| (part.name.as_str(), index));
    let names: BTreeMap<&str, usize> = names.collect();
    let arrows = flows.iter().map(|flow| {
        arrow(flow, &names).with_context(|| format!("{} or {} is no part", flow.from, flow.to))
    });
    let arrows = arrows.collect::<Result<Vec<_>>>()?;
    let links: Vec<Link> = arrows.iter().map(Arrow::link).collect();
    let texts: Vec<Size> = parts.iter().map(|part| part.size(form)).collect();
    let sizes = form.sizes(&texts, &links);
    let layout = form.arrange(&sizes, &links)?;
    let arrows = arrows.iter().zip(&layout.routes).map(|(arrow, route)| arrow.svg(route));
    let boxes = layout.boxes.iter().zip(&sizes);
    let parts =
        parts.iter().zip(boxes).map(|(part, (centre, size))| part.svg(*centre, *size, form));
    Ok(Drawing { size: layout.size, svg: arrows.chain(parts).collect() })
}

fn arrow<'a>(flow: &'a Flow, names: &BTreeMap<&str, usize>) -> Option<Arrow<'a>> {
    Some(Arrow {
        from: *names.get(flow.from.as_str())?,
        to: *names.get(flow.to.as_str())?,
        names: (&flow.from, &flow.to),
        dashed: flow.after_failure,
        upwards: flow.back,
        label: wrap(&flow.label, LABEL),
    })
}

const SAMPLES: [(Sample, &str); 5] = [
    (Sample::Function("vpc"), "in the VPC, reads and writes"),
    (Sample::Database, "MySQL"),
    (Sample::Function("public"), "outside the VPC, calls AWS and factories"),
    (Sample::Function("private"), "in the VPC, calls private factories"),
    (Sample::Arrow("arrow caught"), "after a failure"),
];

const OVERVIEW_SAMPLES: [(Sample, &str); 3] = [
    (Sample::Function("vpc"), "state machine, reads and writes"),
    (Sample::Database, "MySQL"),
    (Sample::Arrow("arrow caught"), "after a failure"),
];
