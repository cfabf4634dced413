//! Leads arrows around boxes and labels.
//!
//! Dagre says at which x an arrow passes each layer, and keeps that place free of boxes. So an arrow passes a layer straight
//! down, and moves sideways only in the gaps between layers.

use std::collections::BTreeMap;

use crate::layout::{Link, Point, Route, Size};

/// The room between the ends of two arrows at one side of a box.
const APART: f64 = 16.0;
/// The least room between the end of an arrow and the corner of a box.
const CORNER: f64 = 18.0;

/// The boxes, wide enough for the arrows at their upper and lower sides.
pub fn sizes(boxes: &[Size], links: &[Link]) -> Vec<Size> {
    let wide = |(index, size): (usize, &Size)| {
        let into = links.iter().filter(|link| link.to == index).count();
        let out_of = links.iter().filter(|link| link.from == index).count();
        let gaps = into.max(out_of).saturating_sub(1) as f64;
        let least = if gaps > 0.0 { APART * gaps + 2.0 * CORNER } else { 0.0 };
        Size { width: size.width.max(least), ..*size }
    };
    boxes.iter().enumerate().map(wide).collect()
}

/// The routes from box to box, made of the points at which Dagre's arrows pass the layers.
pub fn around(boxes: &[(Point, Size)], links: &[Link], rough: Vec<Route>) -> Vec<Route> {
    let layers = Layers::of(boxes, links, &rough);
    let ends = ends(boxes, links, &rough);
    let routes = rough.into_iter().zip(links).zip(ends).map(|((route, link), [from, to])| {
        let down = from.y <= to.y;
        let mut points = vec![from, layers.side(boxes[link.from].0, from.x, down)];
        points.extend(route.points.iter().flat_map(|point| layers.passed(*point, down)));
        points.extend([layers.side(boxes[link.to].0, to.x, !down), to]);
        points.dedup();
        Route { points, ..route }
    });
    routes.collect()
}

/// The height of each layer, by the y of its middle.
struct Layers(BTreeMap<i64, f64>);

impl Layers {
    fn of(boxes: &[(Point, Size)], links: &[Link], rough: &[Route]) -> Self {
        let labels = links.iter().zip(rough).map(|(link, route)| (route.label, link.label));
        let mut heights = BTreeMap::new();
        for (centre, size) in boxes.iter().copied().chain(labels) {
            let height = heights.entry(key(centre.y)).or_insert(0.0_f64);
            *height = height.max(size.height);
        }
        Self(heights)
    }

    fn half(&self, y: f64) -> f64 {
        self.0.get(&key(y)).copied().unwrap_or_default() / 2.0
    }

    /// The lower or upper side of the layer of a box, which may be lower than others of its layer.
    fn side(&self, centre: Point, x: f64, lower: bool) -> Point {
        let half = self.half(centre.y);
        Point { x, y: if lower { centre.y + half } else { centre.y - half } }
    }

    /// Where an arrow enters and leaves a layer. A layer without height is a gap.
    fn passed(&self, point: Point, down: bool) -> Vec<Point> {
        if self.half(point.y) < 0.5 {
            return vec![];
        }
        [!down, down].map(|lower| self.side(point, point.x, lower)).to_vec()
    }
}

/// Dagre centres everything in a layer on the same y.
fn key(y: f64) -> i64 {
    (y * 2.0).round() as i64
}

/// An end of an arrow at a side of a box.
struct End {
    /// The index of the arrow.
    link: usize,
    /// 0 for the end at which the arrow begins, 1 for its tip.
    end: usize,
    /// The x at which the arrow passes the next layer.
    wanted: f64,
}

/// The two ends of each arrow. Those at one side of a box are in the order in which the arrows come, so that they do not
/// cross.
fn ends(boxes: &[(Point, Size)], links: &[Link], rough: &[Route]) -> Vec<[Point; 2]> {
    let mut ends: Vec<[Point; 2]> =
        links.iter().map(|link| [boxes[link.from].0, boxes[link.to].0]).collect();
    for ((index, lower), mut arrows) in sides(boxes, links, rough) {
        arrows.sort_by(|one, other| one.wanted.total_cmp(&other.wanted));
        let wanted: Vec<f64> = arrows.iter().map(|arrow| arrow.wanted).collect();
        for (arrow, place) in arrows.iter().zip(places(boxes[index], lower, &wanted)) {
            ends[arrow.link][arrow.end] = place;
        }
    }
    ends
}

/// The ends of arrows at each side of a box: by the index of the box, and whether it is the lower side.
fn sides(
    boxes: &[(Point, Size)],
    links: &[Link],
    rough: &[Route],
) -> BTreeMap<(usize, bool), Vec<End>> {
    let mut sides: BTreeMap<(usize, bool), Vec<End>> = BTreeMap::new();
    for (link, (ends, route)) in links.iter().zip(rough).enumerate() {
        let near = [(ends.from, route.points.first()), (ends.to, route.points.last())];
        for (end, (index, near)) in near.into_iter().enumerate() {
            let Some(near) = near else { continue };
            let lower = near.y > boxes[index].0.y;
            sides.entry((index, lower)).or_default().push(End { link, end, wanted: near.x });
        }
    }
    sides
}

/// Places at the upper or lower side of a box: as near as possible to where the arrows want to be, but apart.
fn places((centre, size): (Point, Size), lower: bool, wanted: &[f64]) -> Vec<Point> {
    let room = (size.width / 2.0 - CORNER).max(0.0);
    let (left, right) = (centre.x - room, centre.x + room);
    let apart = APART.min(2.0 * room / (wanted.len().max(2) - 1) as f64);
    let mut places: Vec<f64> = wanted.iter().map(|x| x.clamp(left, right)).collect();
    for number in 1..places.len() {
        places[number] = places[number].max(places[number - 1] + apart);
    }
    for number in (0..places.len()).rev() {
        let most = places.get(number + 1).map_or(right, |next| next - apart);
        places[number] = places[number].min(most);
    }
    let y = centre.y + if lower { size.height / 2.0 } else { -size.height / 2.0 };
    places.into_iter().map(|x| Point { x, y }).collect()
}
