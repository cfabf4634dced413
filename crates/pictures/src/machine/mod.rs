//! The picture of a state machine.

mod arrows;
mod boxes;

use anyhow::Result;

use crate::{
    Definition,
    arrows::Arrow,
    layout::{Link, Point, Size, arrange},
    legend::{Sample, legend},
    svg::Drawing,
};
use boxes::StateBox;

/// The point at which an execution starts or ends.
const POINT: Size = Size { width: 16.0, height: 16.0 };

/// Draws a state machine. `name` is for people who do not see the picture.
///
/// # Errors
/// If the states cannot be arranged.
pub fn machine_svg(name: &str, definition: &Definition) -> Result<String> {
    let states = definition.state_names().len();
    let about =
        format!("State machine {name}: its {states} states and the transitions between them.");
    let picture = draw(definition)?;
    let legend = legend(&SAMPLES, picture.size.width);
    Ok(picture.above(&legend).picture(&about))
}

const SAMPLES: [(Sample, &str); 2] = [
    (Sample::Arrow("arrow"), "next state"),
    (Sample::Arrow("arrow caught"), "after an error: any, or the named one"),
];

/// Draws states and transitions. After the states come the start and, if a state is marked as an end, the end.
fn draw(definition: &Definition) -> Result<Drawing> {
    let states = definition.in_order().into_iter().map(StateBox::new);
    let mut boxes = states.collect::<Result<Vec<_>>>()?;
    let arrows = arrows::of(definition, &boxes);
    boxes.iter_mut().enumerate().for_each(|(index, state)| state.make_room(index, &arrows));
    let mut sizes: Vec<Size> = boxes.iter().map(|state| state.size).collect();
    sizes.push(POINT);
    sizes.extend(arrows::has_end(definition).then_some(POINT));
    let links: Vec<Link> = arrows.iter().map(Arrow::link).collect();
    let layout = arrange(&sizes, &links)?;
    let mut svg = String::new();
    for (arrow, route) in arrows.iter().zip(&layout.routes) {
        svg += &arrow.svg(route);
    }
    for (state, centre) in boxes.iter().zip(&layout.boxes) {
        svg += &state.svg(*centre);
    }
    svg += &points(&layout.boxes[boxes.len()..]);
    Ok(Drawing { size: layout.size, svg })
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
