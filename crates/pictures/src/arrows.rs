//! An arrow with its label.

use crate::{
    layout::{Link, Point, Route, Size},
    svg::{self, LINE},
    text::{escape, widest},
};

/// An arrow between two boxes.
#[derive(Debug)]
pub struct Arrow<'a> {
    /// The indexes of the boxes.
    pub from: usize,
    pub to: usize,
    /// The names of the boxes, for `data-from` and `data-to`.
    pub names: (&'a str, &'a str),
    /// Only errors lead this way.
    pub dashed: bool,
    /// The arrow leads to a box above.
    pub upwards: bool,
    pub label: Vec<String>,
}

const FONT: f64 = 11.0;

impl Arrow<'_> {
    pub fn link(&self) -> Link {
        let (label, dashed) = (self.room(), self.dashed);
        Link { from: self.from, to: self.to, label, dashed, upwards: self.upwards }
    }

    fn room(&self) -> Size {
        if self.label.is_empty() {
            return Size::default();
        }
        let height = LINE * self.label.len() as f64 + 4.0;
        Size { width: widest(&self.label, FONT) + 6.0, height }
    }

    pub fn svg(&self, route: &Route) -> String {
        let class = if self.dashed { "arrow caught" } else { "arrow" };
        let (from, to) = (escape(self.names.0), escape(self.names.1));
        let (arrow, label) = (svg::arrow(&route.points), self.label(route.label));
        format!("<g class=\"{class}\" data-from=\"{from}\" data-to=\"{to}\">\n{arrow}{label}</g>\n")
    }

    /// One background for all lines, so that the arrow does not show between them.
    fn label(&self, centre: Point) -> String {
        if self.label.is_empty() {
            return String::new();
        }
        let Size { width, height } = self.room();
        let size = Size { width: width - 4.0, height: height - 4.0 };
        svg::rectangle("back", centre, size, 3.0) + &svg::lines("label", centre, &self.label)
    }
}
