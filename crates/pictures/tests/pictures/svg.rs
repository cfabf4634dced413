//! Reads the few kinds of SVG elements that the pictures are made of.

/// The values of an attribute, sorted.
pub fn attributes(picture: &str, name: &str) -> Vec<String> {
    let start = format!(" {name}=\"");
    let values = picture.split(&start).skip(1).filter_map(|after| after.split('"').next());
    let mut values: Vec<String> = values.map(str::to_owned).collect();
    values.sort();
    values
}

/// The value of an attribute of one element.
pub fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    element.split_once(&format!(" {name}=\""))?.1.split('"').next()
}

/// The numbers in a text: coordinates of a path or a transformation.
pub fn numbers(text: &str) -> Vec<f64> {
    let parts = text.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-'));
    parts.filter_map(|part| part.parse().ok()).collect()
}

/// A rectangle: left, top, right, bottom.
#[derive(Debug, Clone, Copy)]
pub struct Area(pub f64, pub f64, pub f64, pub f64);

impl Area {
    pub fn has(&self, (x, y): (f64, f64)) -> bool {
        self.0 < x && x < self.2 && self.1 < y && y < self.3
    }

    pub fn overlaps(&self, other: &Self) -> bool {
        self.0 < other.2 && other.0 < self.2 && self.1 < other.3 && other.1 < self.3
    }

    pub fn is_within(&self, other: &Self) -> bool {
        other.0 <= self.0 && other.1 <= self.1 && self.2 <= other.2 && self.3 <= other.3
    }

    /// The area without its border.
    pub fn shrunk(&self, by: f64) -> Self {
        Self(self.0 + by, self.1 + by, self.2 - by, self.3 - by)
    }

    fn moved(&self, (x, y): (f64, f64)) -> Self {
        Self(self.0 + x, self.1 + y, self.2 + x, self.3 + y)
    }
}

/// What a picture shows, with places in the whole picture.
#[derive(Debug, Default)]
pub struct Shown {
    /// The boxes of states or parts.
    pub boxes: Vec<Area>,
    /// The arrows, each with points along its line.
    pub ways: Vec<Vec<(f64, f64)>>,
    pub labels: Vec<Label>,
    pub whole: (f64, f64),
}

/// The label of an arrow.
#[derive(Debug)]
pub struct Label {
    /// The index of the arrow. The label is drawn over it.
    pub way: usize,
    /// The background, without which arrows show between the lines.
    pub back: Option<Area>,
    /// The lines, about as large as they are drawn.
    pub lines: Vec<Area>,
}

impl Label {
    /// The background, or else all lines.
    pub fn area(&self) -> Area {
        self.back.unwrap_or_else(|| around(&self.lines))
    }
}

/// Reads a picture line by line: each element has a line of its own.
pub fn read(picture: &str) -> Shown {
    let mut shown = Shown::default();
    let mut groups: Vec<(f64, f64)> = vec![(0.0, 0.0)];
    for line in picture.lines() {
        let here = groups.last().copied().unwrap_or_default();
        if line.starts_with("<svg") {
            let size = |name| attribute(line, name).and_then(|size| size.parse().ok());
            shown.whole = size("width").zip(size("height")).expect("a size");
        } else if line.starts_with("<g") {
            let moved = attribute(line, "transform").map(numbers).unwrap_or_default();
            let [x, y] = moved.as_slice() else {
                groups.push(here);
                continue;
            };
            groups.push((here.0 + x, here.1 + y));
        }
        shown.add(line, here);
        if line.ends_with("</g>") {
            groups.pop();
        }
    }
    shown
}

impl Shown {
    fn add(&mut self, line: &str, here: (f64, f64)) {
        let class = attribute(line, "class").unwrap_or_default();
        match (line.split(' ').next().unwrap_or_default(), class) {
            ("<rect", "shape" | "inner") => self.boxes.push(rectangle(line).moved(here)),
            ("<polygon", "shape") => self.boxes.push(polygon(line).moved(here)),
            ("<path", "way") => {
                let points = along(attribute(line, "d").unwrap_or_default()).into_iter();
                self.ways.push(points.map(|(x, y)| (x + here.0, y + here.1)).collect());
            }
            ("<rect", "back") => self.label().back = Some(rectangle(line).moved(here)),
            ("<text", "label") => self.label().lines.push(words(line).moved(here)),
            _ => {}
        }
    }

    /// The label of the arrow that was read last.
    fn label(&mut self) -> &mut Label {
        let way = self.ways.len().checked_sub(1).expect("a label belongs to an arrow");
        if self.labels.last().is_none_or(|label| label.way != way) {
            self.labels.push(Label { way, back: None, lines: vec![] });
        }
        self.labels.last_mut().expect("a label")
    }
}

fn number(element: &str, name: &str) -> f64 {
    attribute(element, name).and_then(|value| value.parse().ok()).expect("a number")
}

fn rectangle(element: &str) -> Area {
    let [x, y, width, height] = ["x", "y", "width", "height"].map(|name| number(element, name));
    Area(x, y, x + width, y + height)
}

fn polygon(element: &str) -> Area {
    let points = numbers(attribute(element, "points").unwrap_or_default());
    let corners: Vec<Area> =
        points.chunks(2).map(|point| Area(point[0], point[1], point[0], point[1])).collect();
    around(&corners)
}

/// The least area around others.
fn around(areas: &[Area]) -> Area {
    let none = Area(f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY);
    areas.iter().fold(none, |all, one| {
        Area(all.0.min(one.0), all.1.min(one.1), all.2.max(one.2), all.3.max(one.3))
    })
}

/// Letters of 11 pixels are about 5.5 wide.
fn words(element: &str) -> Area {
    let (x, y) = (number(element, "x"), number(element, "y"));
    let text =
        element.split('>').nth(1).and_then(|text| text.split('<').next()).unwrap_or_default();
    let text = text.replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&");
    let half = 5.5 * text.chars().count() as f64 / 2.0;
    Area(x - half, y - 9.0, x + half, y + 2.0)
}

/// Points along a path of the commands M, L and C.
fn along(path: &str) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> = Vec::new();
    for part in path.split(['M', 'L', 'C']).skip(1) {
        let to = numbers(part);
        let curve = match (points.last().copied(), to.as_slice()) {
            (None, [x, y]) => [(*x, *y); 4],
            (Some(from), [x, y]) => [from, from, (*x, *y), (*x, *y)],
            (Some(from), [a, b, c, d, x, y]) => [from, (*a, *b), (*c, *d), (*x, *y)],
            _ => panic!("{path}"),
        };
        points.extend((1..=40).map(|step| bezier(curve, f64::from(step) / 40.0)));
    }
    points
}

fn bezier(points: [(f64, f64); 4], at: f64) -> (f64, f64) {
    let rest = 1.0 - at;
    let weights = [rest.powi(3), 3.0 * rest * rest * at, 3.0 * rest * at * at, at.powi(3)];
    let sum = |part: fn(&(f64, f64)) -> f64| {
        points.iter().zip(weights).map(|(point, weight)| part(point) * weight).sum()
    };
    (sum(|point| point.0), sum(|point| point.1))
}
