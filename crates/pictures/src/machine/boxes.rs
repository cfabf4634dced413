//! The box of a state.

use anyhow::Result;

use crate::{
    Form,
    definition::{Kind, State},
    layout::{Point, Size},
    svg::{self, Drawing, LINE},
    text::{escape, width},
};

/// A state and its size in the picture.
pub struct StateBox<'a> {
    pub name: &'a str,
    pub size: Size,
    state: &'a State,
    /// A second line, in small letters.
    detail: Option<String>,
    /// The states within a Map, or those of each branch of a Parallel.
    inner: Vec<Drawing>,
}

const NAME: f64 = 13.0;
const DETAIL: f64 = 11.0;
/// The room between the text and the sides of a box.
const SIDE: f64 = 12.0;
/// The height of the line in which the name of a Map stands.
const TITLE: f64 = 34.0;
/// How far a Choice is pointed.
const TIP: f64 = 12.0;

impl<'a> StateBox<'a> {
    pub fn new((name, state): (&'a str, &'a State), form: Form) -> Result<Self> {
        let inner =
            state.inner().map(|inner| super::draw(inner, form)).collect::<Result<Vec<_>>>()?;
        let detail = detail(state);
        let size = if inner.is_empty() {
            text_size(name, detail.as_deref())
        } else {
            around(&inner, title_width(name, detail.as_deref()))
        };
        Ok(Self { name, size, state, detail, inner })
    }

    /// The box around a centre.
    pub fn svg(&self, centre: Point) -> String {
        let class = class(self.state.kind);
        let (name, comment) =
            (escape(self.name), self.state.comment.as_deref().unwrap_or_default());
        let body = if self.inner.is_empty() { self.plain(centre) } else { self.container(centre) };
        format!(
            "<g class=\"state {class}\" data-state=\"{name}\">\n<title>{name}: {}</title>\n{body}</g>\n",
            escape(comment)
        )
    }

    fn plain(&self, centre: Point) -> String {
        let shape = match self.state.kind {
            Kind::Choice => svg::hexagon("shape", centre, self.size, TIP),
            Kind::Succeed | Kind::Fail => svg::rectangle("shape", centre, self.size, 16.0),
            _ => svg::rectangle("shape", centre, self.size, 6.0),
        };
        let Some(detail) = &self.detail else {
            return shape + &svg::text("name", centre, self.name);
        };
        let at = |aside: f64| Point { y: centre.y + aside, ..centre };
        shape
            + &svg::text("name", at(-LINE / 2.0), self.name)
            + &svg::text("detail", at(LINE / 2.0 + 1.0), detail)
    }

    fn container(&self, centre: Point) -> String {
        let mut svg = svg::rectangle("inner", centre, self.size, 8.0);
        let (left, top) = (centre.x - self.size.width / 2.0, centre.y - self.size.height / 2.0);
        let title = Point { x: left + SIDE, y: top + TITLE / 2.0 };
        svg += &svg::title(title, self.name, self.detail.as_deref().unwrap_or_default());
        let room: f64 = self.inner.iter().map(|inner| inner.size.width).sum();
        let mut x = centre.x - room / 2.0;
        for inner in &self.inner {
            svg += &inner.moved(Point { x, y: top + TITLE });
            x += inner.size.width;
        }
        svg
    }
}

fn detail(state: &State) -> Option<String> {
    match (state.kind, state.function()) {
        (Kind::Task, Some(function)) if state.waits_for_a_token() => {
            Some(format!("{function}, then waits"))
        }
        (Kind::Task, function) => function.map(str::to_owned),
        (Kind::Map, _) => Some("for each item".to_owned()),
        (Kind::Parallel, _) => Some("at the same time".to_owned()),
        _ => None,
    }
}

fn class(kind: Kind) -> String {
    format!("{kind:?}").to_lowercase()
}

fn text_size(name: &str, detail: Option<&str>) -> Size {
    let detail_width = detail.map_or(0.0, |detail| width(detail, DETAIL));
    let width = width(name, NAME).max(detail_width) + 2.0 * SIDE;
    Size { width, height: if detail.is_some() { 44.0 } else { 32.0 } }
}

fn title_width(name: &str, detail: Option<&str>) -> f64 {
    width(name, NAME) + detail.map_or(0.0, |detail| width(detail, DETAIL)) + 3.0 * SIDE
}

/// The size of a box around other drawings, side by side.
fn around(inner: &[Drawing], least_width: f64) -> Size {
    let width: f64 = inner.iter().map(|inner| inner.size.width).sum();
    let height = inner.iter().map(|inner| inner.size.height).fold(0.0, f64::max);
    Size { width: width.max(least_width), height: height + TITLE }
}
