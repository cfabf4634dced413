//! The boxes of the architecture.

use system::Placement;

use crate::{
    Form,
    layout::{Point, Size},
    svg::{self, LINE},
    text::{escape, widest, width},
};

/// A part of the system.
#[derive(Debug, Clone)]
pub struct Part {
    /// The name, by which arrows find the part.
    pub name: String,
    pub shape: Shape,
    /// Lines below the name: the routes that lead here, or what a state machine is for.
    pub details: Vec<String>,
    /// The functions that a state machine invokes.
    pub steps: Vec<(String, Placement)>,
}

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Person,
    Function(Placement),
    Machine,
    Queue,
    Topic,
    Service,
}

const NAME: f64 = 13.0;
const DETAIL: f64 = 11.0;
const STEP: f64 = 11.5;
const SIDE: f64 = 12.0;
/// The height of the line with the name of a state machine.
const TITLE: f64 = 30.0;
/// The height of a step.
const STEP_HEIGHT: f64 = 22.0;
/// The distance between steps.
const GAP: f64 = 6.0;
/// Stands behind the name of a state machine.
const MACHINE: &str = "state machine";

impl Part {
    pub fn new(name: &str, shape: Shape) -> Self {
        Self { name: name.to_owned(), shape, details: vec![], steps: vec![] }
    }

    /// The part without the functions and routes within.
    pub fn brief(self) -> Self {
        let details = if self.shape == Shape::Machine { self.details } else { vec![] };
        Self { details, steps: vec![], ..self }
    }

    /// The room that the text and the steps need.
    pub fn size(&self, form: Form) -> Size {
        if !self.steps.is_empty() {
            return self.machine_size(columns(form));
        }
        let text = width(&self.name, NAME).max(widest(&self.details, DETAIL));
        let lines = if self.shape == Shape::Queue { 12.0 } else { 0.0 };
        let height = 32.0 + LINE * self.details.len() as f64;
        Size { width: text + 2.0 * SIDE + lines, height }
    }

    fn machine_size(&self, columns: usize) -> Size {
        let rows = self.steps.len().div_ceil(columns) as f64;
        let step = self.steps.iter().map(|(name, _)| width(name, STEP)).fold(60.0, f64::max) + 14.0;
        let steps = columns as f64 * (step + GAP) + GAP;
        let title = width(&self.name, NAME) + width(MACHINE, DETAIL) + 2.0 * SIDE;
        Size { width: steps.max(title), height: TITLE + rows * (STEP_HEIGHT + GAP) }
    }

    /// The box around a centre. The size is at least the one that the part needs.
    pub fn svg(&self, centre: Point, size: Size, form: Form) -> String {
        let text = || self.text(centre);
        let body = match self.shape {
            Shape::Machine if !self.steps.is_empty() => self.machine(centre, size, columns(form)),
            Shape::Queue => self.queue(centre, size),
            Shape::Topic => svg::hexagon("shape", centre, size, 10.0) + &text(),
            Shape::Person => svg::rectangle("shape", centre, size, 16.0) + &text(),
            Shape::Function(_) | Shape::Machine | Shape::Service => {
                svg::rectangle("shape", centre, size, 6.0) + &text()
            }
        };
        let (class, name) = (self.class(), escape(&self.name));
        format!("<g class=\"part {class}\" data-part=\"{name}\">\n{body}</g>\n")
    }

    fn class(&self) -> &'static str {
        match self.shape {
            Shape::Person => "person",
            Shape::Function(placement) => class(placement),
            Shape::Machine if self.steps.is_empty() => "vpc",
            Shape::Machine => "machine",
            Shape::Queue => "queue",
            Shape::Topic => "topic",
            Shape::Service => "service",
        }
    }

    fn text(&self, centre: Point) -> String {
        let name = Point { y: centre.y - LINE / 2.0 * self.details.len() as f64, ..centre };
        let details = Point { y: centre.y + LINE / 2.0, ..centre };
        svg::text("name", name, &self.name) + &svg::lines("detail", details, &self.details)
    }

    fn machine(&self, centre: Point, size: Size, columns: usize) -> String {
        let (left, top) = (centre.x - size.width / 2.0, centre.y - size.height / 2.0);
        let title = Point { x: left + SIDE, y: top + TITLE / 2.0 };
        let mut svg = svg::rectangle("inner", centre, size, 8.0);
        svg += &svg::title(title, &self.name, MACHINE);
        let column = (size.width - GAP) / columns as f64 - GAP;
        for (number, (name, placement)) in self.steps.iter().enumerate() {
            let (row, side) = ((number / columns) as f64, (number % columns) as f64);
            let x = left + GAP + column / 2.0 + side * (column + GAP);
            let y = top + TITLE + row * (STEP_HEIGHT + GAP) + STEP_HEIGHT / 2.0;
            svg += &step(name, *placement, Point { x, y }, column);
        }
        svg
    }

    /// A box with two lines at its right end.
    fn queue(&self, centre: Point, size: Size) -> String {
        let Size { width, height } = size;
        let mut svg = svg::rectangle("shape", centre, size, 3.0);
        for line in [6.0, 11.0] {
            let (x, y) = (centre.x + width / 2.0 - line, centre.y - height / 2.0);
            svg += &format!("<path class=\"shape\" d=\"M{x:.1},{y:.1} v{height:.1}\"/>\n");
        }
        svg + &self.text(Point { x: centre.x - 6.0, ..centre })
    }
}

/// How many steps stand beside each other.
fn columns(form: Form) -> usize {
    match form {
        Form::Wide => 2,
        Form::Narrow => 1,
    }
}

/// A function within a state machine.
fn step(name: &str, placement: Placement, centre: Point, width: f64) -> String {
    let class = class(placement);
    let shape = svg::rectangle("shape", centre, Size { width, height: STEP_HEIGHT }, 4.0);
    let text = svg::text("small", centre, name);
    format!("<g class=\"part {class}\" data-part=\"{}\">\n{shape}{text}</g>\n", escape(name))
}

/// The style of a placement.
pub fn class(placement: Placement) -> &'static str {
    match placement {
        Placement::Vpc => "vpc",
        Placement::Public => "public",
        Placement::Private => "private",
    }
}
