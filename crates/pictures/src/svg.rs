//! Elements of SVG.

use crate::{
    layout::{Point, Size},
    text::escape,
};

/// The style of all pictures. Each picture contains it; a page whose security policy forbids inline styles can serve it.
pub const STYLE: &str = include_str!("style.css");

/// The distance between two lines of a label, in pixels.
pub const LINE: f64 = 14.0;

/// A part of a picture, from its own top left corner.
#[derive(Debug)]
pub struct Drawing {
    pub size: Size,
    pub svg: String,
}

impl Drawing {
    /// A whole picture. `about` says in one sentence what it shows, for people who do not see it.
    pub fn picture(&self, about: &str) -> String {
        let (width, height) = (self.size.width.ceil(), self.size.height.ceil());
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"picture\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"{}\">\n<style>\n{STYLE}</style>\n\
             <rect class=\"paper\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>\n{}</svg>\n",
            escape(about),
            self.svg
        )
    }

    /// The part with its top left corner there.
    pub fn moved(&self, to: Point) -> String {
        format!("<g transform=\"translate({:.1} {:.1})\">\n{}</g>\n", to.x, to.y, self.svg)
    }

    /// Another part below this one, at the left.
    pub fn above(self, below: &Self) -> Self {
        let place = Point { x: 0.0, y: self.size.height };
        let size = Size {
            width: self.size.width.max(below.size.width),
            height: self.size.height + below.size.height,
        };
        Self { size, svg: self.svg + &below.moved(place) }
    }
}

/// A line of text. Its place is the middle of the line.
pub fn text(class: &str, at: Point, line: &str) -> String {
    // 0.35 of the font size below the middle is the baseline.
    let (x, y) = (at.x, at.y + 4.2);
    format!("<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>\n", escape(line))
}

/// The name of a box at its upper left corner, and a detail behind it.
pub fn title(at: Point, name: &str, detail: &str) -> String {
    let (x, y) = (at.x, at.y + 4.2);
    let (name, detail) = (escape(name), escape(detail));
    format!(
        "<text class=\"name left\" x=\"{x:.1}\" y=\"{y:.1}\">{name}<tspan class=\"detail\" dx=\"8\">{detail}</tspan></text>\n"
    )
}

/// Lines of text around a centre.
pub fn lines(class: &str, centre: Point, lines: &[String]) -> String {
    let mut svg = String::new();
    let first = centre.y - LINE * (lines.len() as f64 - 1.0) / 2.0;
    for (number, line) in lines.iter().enumerate() {
        svg += &text(class, Point { x: centre.x, y: first + LINE * number as f64 }, line);
    }
    svg
}

/// A rectangle around a centre, with round corners.
pub fn rectangle(class: &str, centre: Point, size: Size, radius: f64) -> String {
    let Size { width, height } = size;
    let (x, y) = (centre.x - width / 2.0, centre.y - height / 2.0);
    format!(
        "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"{radius}\"/>\n"
    )
}

/// A hexagon around a centre: a box that is pointed at the left and at the right. A high one has straight sides.
pub fn hexagon(class: &str, centre: Point, size: Size, tip: f64) -> String {
    let (right, bottom) = (size.width / 2.0, size.height / 2.0);
    let side = if size.height > 34.0 { bottom - tip } else { 0.0 };
    let corners = [
        (-right, side),
        (-right, -side),
        (tip - right, -bottom),
        (right - tip, -bottom),
        (right, -side),
        (right, side),
        (right - tip, bottom),
        (tip - right, bottom),
    ];
    let corners = corners.map(|(x, y)| format!("{:.1},{:.1}", centre.x + x, centre.y + y));
    format!("<polygon class=\"{class}\" points=\"{}\"/>\n", corners.join(" "))
}

/// A curve along these points, and the head of an arrow at the last one.
pub fn arrow(points: &[Point]) -> String {
    let [.., before, tip] = points else { return String::new() };
    let (x, y) = direction(*before, *tip);
    let back = |along: f64, aside: f64| {
        format!("{:.1},{:.1}", tip.x - along * x - aside * y, tip.y - along * y + aside * x)
    };
    let head = [back(0.0, 0.0), back(9.0, 4.0), back(9.0, -4.0)].join(" ");
    let way = curve(points, Point { x: tip.x - 6.0 * x, y: tip.y - 6.0 * y });
    format!("<path class=\"way\" d=\"{way}\"/>\n<polygon class=\"head\" points=\"{head}\"/>\n")
}

/// An arrow ends straight down or up, or sideways if both points have the same height.
fn direction(before: Point, tip: Point) -> (f64, f64) {
    if (tip.y - before.y).abs() < 0.5 {
        ((tip.x - before.x).signum(), 0.0)
    } else {
        (0.0, (tip.y - before.y).signum())
    }
}

/// A curve that is vertical at each point. It leads from the tip, which is moved to `end`, back to the first point: so the dashes
/// of two arrows that share a line to the same tip cover each other.
fn curve(points: &[Point], end: Point) -> String {
    let mut way = format!("M{:.1},{:.1}", end.x, end.y);
    let mut before = end;
    for Point { x, y } in points.iter().rev().skip(1).copied() {
        let middle = (before.y + y) / 2.0;
        way += &if (x - before.x).abs() < 0.5 {
            format!(" L{x:.1},{y:.1}")
        } else {
            format!(" C{:.1},{middle:.1} {x:.1},{middle:.1} {x:.1},{y:.1}", before.x)
        };
        before = Point { x, y };
    }
    way
}
