//! The picture of a state machine.

mod arrows;
mod boxes;

use anyhow::Result;

use self::{arrows::has_end, boxes::StateBox};
use crate::{
    Definition, Form,
    arrows::Arrow,
    layout::{Layout, Link, Point, Size},
    legend::{Sample, legend},
    svg::Drawing,
};

/// The point at which an execution starts or ends.
const POINT: Size = Size { width: 16.0, height: 16.0 };

/// Draws a state machine. `name` is for people who do not see the picture.
///
/// # Errors
/// If the states cannot be arranged.
pub fn machine_svg(name: &str, definition: &Definition, form: Form) -> Result<String> {
    let states = definition.state_names().len();
    let about =
        format!("State machine {name}: its {states} states and the transitions between them.");
    let picture = draw(definition, form)?;
    let legend = legend(&SAMPLES, picture.size.width);
    Ok(picture.above(&legend).picture(&about))
}

const SAMPLES: [(Sample, &str); 2] = [
    (Sample::Arrow("arrow"), "next state"),
    (Sample::Arrow("arrow caught"), "after an error: any, or the named one"),
];

/// Draws states and transitions. After the states come the start and, if a state is marked as an end, the end.
fn draw(definition: &Definition, form: Form) -> Result<Drawing> {
    let states = definition.in_order().into_iter().map(|state| StateBox::new(state, form));
    let mut boxes = states.collect::<Result<Vec<_>>>()?;
    let arrows = arrows::of(definition, &boxes);
    let layout = arranged(&mut boxes, &arrows, has_end(definition), form)?;
    let arrows = arrows.iter().zip(&layout.routes).map(|(arrow, route)| arrow.svg(route));
    let states = boxes.iter().zip(&layout.boxes).map(|(state, centre)| state.svg(*centre));
    let points = points(&layout.boxes[boxes.len()..]);
    Ok(Drawing { size: layout.size, svg: arrows.chain(states).chain([points]).collect() })
}

/// Places the boxes, after making each large enough for its arrows.
fn arranged(boxes: &mut [StateBox], arrows: &[Arrow], has_end: bool, form: Form) -> Result<Layout> {
    let points = [POINT, POINT].into_iter().take(if has_end { 2 } else { 1 });
    let texts: Vec<Size> = boxes.iter().map(|state| state.size).chain(points).collect();
    let links: Vec<Link> = arrows.iter().map(Arrow::link).collect();
    let sizes = form.sizes(&texts, &links);
    boxes.iter_mut().zip(&sizes).for_each(|(state, size)| state.size = *size);
    form.arrange(&sizes, &links)
}

/// The start and the end.
fn points(places: &[Point]) -> String {
    let mut svg = String::new();
    for (number, Point { x, y }) in places.iter().enumerate() {
        svg += &format!("<circle class=\"point\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\"/>\n");
        if number == 1 {
            svg += &format!("<circle class=\"ring\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"8\"/>\n");
        }
    }
    svg
}
