//! Places boxes in one column, for narrow screens. Arrows that pass other boxes run beside the column.
//!
//! Arrows with a label run at the right, others at the left. Arrows of one kind to the same box share a line.

use std::collections::BTreeMap;

use crate::layout::{Layout, Link, Point, Route, Size, within_the_margin};

/// The room for one end of an arrow at the side of a box.
const END: f64 = 14.0;
/// The distance between lines beside the column.
const APART: f64 = 10.0;
/// The distance from the column to the first line.
const ASIDE: f64 = 12.0;
/// The distance from a box to the labels beside it, and from these to the first line.
const LABEL: (f64, f64) = (8.0, 3.0);
/// The distance between boxes without and with an arrow.
const GAPS: (f64, f64) = (14.0, 28.0);

/// Boxes in a column, and how the arrows run beside it.
struct Column<'a> {
    links: &'a [Link],
    /// The indexes of the boxes from top to bottom.
    order: Vec<usize>,
    /// The row of each box.
    rows: Vec<usize>,
}

/// Where an arrow runs. Arrows that agree in this share a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Lane {
    right: bool,
    to: usize,
    dashed: bool,
}

/// An end of an arrow at a side of a box. Tips come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Tip { dashed: bool },
    Start { link: usize },
}

impl<'a> Column<'a> {
    fn of(boxes: usize, links: &'a [Link]) -> Self {
        let mut order = Vec::new();
        let mut seen = vec![false; boxes];
        // A walk begins at each box to which no arrow leads. Those that are left then are on a cycle.
        let is_first = |index: &usize| links.iter().all(|link| link.to != *index || link.upwards);
        for first in (0..boxes).rev().filter(is_first).chain(0..boxes) {
            finish(first, links, &mut seen, &mut order);
        }
        order.reverse();
        let mut rows = vec![0; boxes];
        for (row, index) in order.iter().enumerate() {
            rows[*index] = row;
        }
        Self { links, order, rows }
    }

    /// An arrow to the next box is straight and has no lane.
    fn lane(&self, link: &Link) -> Option<Lane> {
        let is_next = self.rows[link.to] == self.rows[link.from] + 1;
        let lane = Lane { right: link.label.width > 0.0, to: link.to, dashed: link.dashed };
        (!is_next).then_some(lane)
    }

    /// The ends of arrows at a side of a box, from top to bottom. Those that run nearer to the column are lower.
    fn ends(&self, index: usize, right: bool, lanes: &BTreeMap<Lane, usize>) -> Vec<End> {
        let mut tips = Vec::new();
        let mut starts = Vec::new();
        for (link, is) in self.links.iter().enumerate() {
            let Some(lane) = self.lane(is).filter(|lane| lane.right == right) else { continue };
            if is.to == index {
                tips.push(End::Tip { dashed: is.dashed });
            }
            if is.from == index {
                starts.push((lanes.get(&lane).copied().unwrap_or_default(), link));
            }
        }
        tips.sort();
        tips.dedup();
        starts.sort_by(|one, other| other.cmp(one));
        tips.into_iter().chain(starts.into_iter().map(|(_, link)| End::Start { link })).collect()
    }

    fn room(&self, end: End) -> f64 {
        match end {
            End::Tip { .. } => END,
            End::Start { link } => self.links[link].label.height.max(END),
        }
    }

    /// How far each lane is from the column, as a number from 0: the shortest lanes are the nearest.
    fn lanes(&self) -> BTreeMap<Lane, usize> {
        let mut lanes: Vec<(Lane, Rows)> = self.spans().into_iter().collect();
        lanes.sort_by_key(|(lane, (first, last))| (last - first, *lane));
        let mut numbers = BTreeMap::new();
        for (place, (lane, rows)) in lanes.iter().enumerate() {
            let beside = lanes.iter().take(place).filter(|(other, others)| {
                other.right == lane.right && others.0 <= rows.1 && rows.0 <= others.1
            });
            let taken: Vec<usize> =
                beside.filter_map(|(other, _)| numbers.get(other).copied()).collect();
            let free = (0..).find(|number| !taken.contains(number)).unwrap_or_default();
            numbers.insert(*lane, free);
        }
        numbers
    }

    /// The rows beside which each lane runs.
    fn spans(&self) -> BTreeMap<Lane, Rows> {
        let mut spans: BTreeMap<Lane, Rows> = BTreeMap::new();
        for link in self.links {
            let Some(lane) = self.lane(link) else { continue };
            let (from, to) = (self.rows[link.from], self.rows[link.to]);
            let span = spans.entry(lane).or_insert((to, to));
            *span = (span.0.min(from), span.1.max(from));
        }
        spans
    }
}

/// The first row and the last one.
type Rows = (usize, usize);

/// Adds a box after all boxes that it leads to. The first of these comes last.
fn finish(index: usize, links: &[Link], seen: &mut [bool], finished: &mut Vec<usize>) {
    if std::mem::replace(&mut seen[index], true) {
        return;
    }
    for link in links.iter().rev().filter(|link| link.from == index && !link.upwards) {
        finish(link.to, links, seen, finished);
    }
    finished.push(index);
}

/// The boxes, high enough for the arrows at their sides.
pub fn sizes(boxes: &[Size], links: &[Link]) -> Vec<Size> {
    let column = Column::of(boxes.len(), links);
    let lanes = column.lanes();
    let height = |index: usize, right: bool| -> f64 {
        column.ends(index, right, &lanes).into_iter().map(|end| column.room(end)).sum()
    };
    let high = |(index, size): (usize, &Size)| Size {
        height: size.height.max(height(index, false) + 6.0).max(height(index, true) + 6.0),
        ..*size
    };
    boxes.iter().enumerate().map(high).collect()
}

/// Places boxes of these sizes from top to bottom. The first arrow comes from the first box.
pub fn arrange(boxes: &[Size], links: &[Link]) -> Layout {
    let column = Column::of(boxes.len(), links);
    let centres = column.centres(boxes);
    let boxes: Vec<(Point, Size)> = centres.into_iter().zip(boxes.iter().copied()).collect();
    let routes = column.routes(&boxes);
    within_the_margin(boxes, links, routes)
}

impl Column<'_> {
    fn centres(&self, boxes: &[Size]) -> Vec<Point> {
        let mut centres = vec![Point { x: 0.0, y: 0.0 }; boxes.len()];
        let mut y = 0.0;
        for index in &self.order {
            centres[*index].y = y + boxes[*index].height / 2.0;
            y += boxes[*index].height + self.gap_below(*index);
        }
        centres
    }

    fn gap_below(&self, index: usize) -> f64 {
        let straight = |link: &&Link| link.from == index && self.lane(link).is_none();
        self.links.iter().find(straight).map_or(GAPS.0, |link| GAPS.1 + link.label.height)
    }

    fn routes(&self, boxes: &[(Point, Size)]) -> Vec<Route> {
        let lanes = self.lanes();
        let (labels, nearest) = self.sides(boxes);
        let x = |lane: &Lane| {
            let number = lanes.get(lane).copied().unwrap_or_default() as f64;
            (if lane.right { nearest.1 } else { nearest.0 }) + number * APART
        };
        let route = |(index, link): (usize, &Link)| match self.lane(link) {
            None => straight(boxes[link.from], boxes[link.to]),
            Some(lane) => self.aside((index, link), lane, &lanes, boxes, (labels, x(&lane))),
        };
        self.links.iter().enumerate().map(route).collect()
    }

    /// How far from the middle the labels begin, and the nearest lines at the left and at the right. A label is no higher than its
    /// box, so wider boxes above and below leave it its room.
    fn sides(&self, boxes: &[(Point, Size)]) -> (f64, (f64, f64)) {
        let half = |index: usize| boxes[index].1.width / 2.0;
        let column = (0..boxes.len()).map(half).fold(0.0, f64::max) + ASIDE;
        let is_beside = |link: &&Link| self.lane(link).is_some_and(|lane| lane.right);
        let labelled = || self.links.iter().filter(is_beside);
        let labels = labelled().map(|link| half(link.from)).fold(0.0, f64::max) + LABEL.0;
        let widest = labelled().map(|link| link.label.width).fold(0.0, f64::max);
        (labels, (column, column.max(labels + widest + LABEL.1)))
    }

    /// The route of an arrow in a lane. `reach` is how far from the middle the labels begin, and how far the lane is.
    fn aside(
        &self,
        (index, link): (usize, &Link),
        lane: Lane,
        lanes: &BTreeMap<Lane, usize>,
        boxes: &[(Point, Size)],
        reach: (f64, f64),
    ) -> Route {
        let side = if lane.right { 1.0 } else { -1.0 };
        let at = |place: usize, end: End| {
            let (centre, size) = boxes[place];
            let ends = self.ends(place, lane.right, lanes);
            Point { x: side * size.width / 2.0, y: centre.y + self.offset(&ends, end) }
        };
        let start = at(link.from, End::Start { link: index });
        let tip = at(link.to, End::Tip { dashed: link.dashed });
        let x = side * reach.1;
        let turns = [start.y, tip.y].map(|y| Point { x, y });
        let label = Point { x: side * (reach.0 + link.label.width / 2.0), y: start.y };
        Route { points: vec![start, turns[0], turns[1], tip], label }
    }

    /// How far below the middle of a box an end is.
    fn offset(&self, ends: &[End], end: End) -> f64 {
        let all: f64 = ends.iter().map(|end| self.room(*end)).sum();
        let before = ends.iter().take_while(|other| **other != end);
        let before: f64 = before.map(|end| self.room(*end)).sum();
        before + self.room(end) / 2.0 - all / 2.0
    }
}

fn straight((from, above): (Point, Size), (to, below): (Point, Size)) -> Route {
    let start = Point { y: from.y + above.height / 2.0, ..from };
    let tip = Point { y: to.y - below.height / 2.0, ..to };
    // The head of the arrow needs more room than its start.
    let label = Point { x: start.x, y: (start.y + tip.y) / 2.0 - 3.0 };
    Route { points: vec![start, tip], label }
}
