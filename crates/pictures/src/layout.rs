//! Places boxes in layers, and leads arrows around them. The layout is Dagre's, as `dugong` ports it.

use anyhow::{Context, Result};
use dugong::{
    EdgeLabel, GraphLabel, NodeLabel, RankDir,
    graphlib::{Graph, GraphOptions},
};

/// A width and a height, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Size {
    pub width: f64,
    pub height: f64,
}

/// A place in a picture, in pixels from the top left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

/// An arrow from one box to another, by their indexes.
#[derive(Debug, Clone, Copy)]
pub struct Link {
    pub from: usize,
    pub to: usize,
    /// The room for the label; zero without a label.
    pub label: Size,
    /// Only errors lead this way.
    pub dashed: bool,
    /// Leads from a lower box to an upper one.
    pub upwards: bool,
}

impl Link {
    /// The upper box and the lower one.
    fn order(&self) -> (usize, usize) {
        if self.upwards { (self.to, self.from) } else { (self.from, self.to) }
    }
}

/// Where everything is.
#[derive(Debug)]
pub struct Layout {
    pub size: Size,
    /// The centres of the boxes.
    pub boxes: Vec<Point>,
    pub routes: Vec<Route>,
}

/// The way of an arrow.
#[derive(Debug)]
pub struct Route {
    /// From the lower or upper side of one box to a side of the other.
    pub points: Vec<Point>,
    /// The centre of the label.
    pub label: Point,
}

impl Route {
    fn moved(&self, moved: impl Fn(&Point) -> Point) -> Self {
        Self { points: self.points.iter().map(&moved).collect(), label: moved(&self.label) }
    }
}

type Dagre = Graph<NodeLabel, EdgeLabel, GraphLabel>;

/// The least distance between boxes in one layer.
const BESIDE: f64 = 20.0;
/// The least distance between layers of boxes. Dagre halves it, for layers of labels in between.
const BELOW: f64 = 46.0;
/// The least distance between arrows that pass the same layer.
const ARROWS: f64 = 12.0;
/// The distance from the border of the picture.
pub const MARGIN: f64 = 14.0;

/// Places boxes of these sizes from top to bottom. No arrow crosses a box.
pub fn arrange(boxes: &[Size], links: &[Link]) -> Result<Layout> {
    let mut graph = graph(boxes, links);
    dugong::layout(&mut graph).context("the picture cannot be arranged")?;
    let centres = (0..boxes.len()).map(|index| centre(&graph, index)).collect::<Option<Vec<_>>>();
    let centres = centres.context("a box has no place")?;
    let rough = links.iter().enumerate().map(|(index, link)| rough_route(&graph, index, link));
    let rough = rough.collect::<Option<Vec<_>>>().context("an arrow has no way")?;
    let boxes: Vec<(Point, Size)> = centres.into_iter().zip(boxes.iter().copied()).collect();
    let routes = crate::routes::around(&boxes, links, rough);
    Ok(within_the_margin(boxes, links, routes))
}

fn graph(boxes: &[Size], links: &[Link]) -> Dagre {
    let mut graph = Graph::new(GraphOptions { multigraph: true, ..GraphOptions::default() });
    graph.set_graph(spacing());
    for (index, size) in boxes.iter().enumerate() {
        let label = NodeLabel { width: size.width, height: size.height, ..NodeLabel::default() };
        graph.set_node(name(index), label);
    }
    for (index, link) in links.iter().enumerate() {
        let (upper, lower) = link.order();
        graph.set_edge_named(name(upper), name(lower), Some(name(index)), Some(edge(link)));
    }
    graph
}

fn spacing() -> GraphLabel {
    GraphLabel {
        rankdir: RankDir::TB,
        nodesep: BESIDE,
        ranksep: BELOW,
        edgesep: ARROWS,
        ..GraphLabel::default()
    }
}

fn edge(link: &Link) -> EdgeLabel {
    let Size { width, height } = link.label;
    // What happens normally should be short and straight.
    let weight = if link.dashed { 1.0 } else { 3.0 };
    EdgeLabel { width, height, weight, ..EdgeLabel::default() }
}

/// Not a bare number: Dagre sorts numbers first.
fn name(index: usize) -> String {
    format!("n{index}")
}

fn centre(graph: &Dagre, index: usize) -> Option<Point> {
    let node = graph.node(&name(index))?;
    Some(Point { x: node.x?, y: node.y? })
}

/// The points at which the arrow passes the layers between its boxes, and the place of its label.
fn rough_route(graph: &Dagre, index: usize, link: &Link) -> Option<Route> {
    let (upper, lower) = link.order();
    let edge = graph.edge(&name(upper), &name(lower), Some(&name(index)))?;
    let [_, passed @ .., _] = edge.points.as_slice() else { return None };
    let passed = passed.iter().map(|point| Point { x: point.x, y: point.y });
    let points: Vec<Point> = if link.upwards { passed.rev().collect() } else { passed.collect() };
    let middle = *points.get(points.len() / 2)?;
    let label = Point { x: edge.x.unwrap_or(middle.x), y: edge.y.unwrap_or(middle.y) };
    Some(Route { points, label })
}

/// Moves everything so that nothing is nearer to the border than the margin. Dagre counts boxes only.
pub fn within_the_margin(boxes: Vec<(Point, Size)>, links: &[Link], routes: Vec<Route>) -> Layout {
    let labels = links.iter().zip(&routes).map(|(link, route)| (route.label, link.label));
    let points = routes.iter().flat_map(|route| &route.points);
    let points = points.map(|point| (*point, Size::default()));
    let all: Vec<(Point, Size)> = boxes.iter().copied().chain(labels).chain(points).collect();
    let (left, right) = range(all.iter().map(|(at, size)| (at.x, size.width)));
    let (top, bottom) = range(all.iter().map(|(at, size)| (at.y, size.height)));
    let moved = |at: &Point| Point { x: at.x - left + MARGIN, y: at.y - top + MARGIN };
    Layout {
        size: Size { width: right - left + 2.0 * MARGIN, height: bottom - top + 2.0 * MARGIN },
        boxes: boxes.iter().map(|(at, _)| moved(at)).collect(),
        routes: routes.iter().map(|route| route.moved(moved)).collect(),
    }
}

/// From where to where things reach that have these centres and extents.
fn range(things: impl Iterator<Item = (f64, f64)>) -> (f64, f64) {
    things.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), (centre, extent)| {
        (least.min(centre - extent / 2.0), most.max(centre + extent / 2.0))
    })
}
