//! What the colours and lines of a picture mean.

use crate::{
    layout::{MARGIN, Point, Size},
    svg::{self, Drawing},
    text::{escape, width},
};

/// What is explained.
#[derive(Debug, Clone, Copy)]
pub enum Sample {
    /// An arrow of this style.
    Arrow(&'static str),
    /// A function of this style.
    Function(&'static str),
    /// The database. Its name stands within.
    Database,
}

const ROW: f64 = 34.0;
const WORDS: f64 = 11.0;
const SAMPLE: f64 = 30.0;
const DATABASE: Size = Size { width: 76.0, height: 28.0 };

impl Sample {
    /// The room for the sample and its words.
    fn width(self, words: &str) -> f64 {
        match self {
            Self::Arrow(_) | Self::Function(_) => SAMPLE + 8.0 + 0.9 * width(words, WORDS),
            Self::Database => DATABASE.width,
        }
    }

    /// The sample to the right of a place.
    fn svg(self, at: Point, words: &str) -> String {
        let middle = Point { x: at.x + SAMPLE / 2.0, ..at };
        let words_at = Point { x: at.x + SAMPLE + 8.0, ..at };
        let (class, sample) = match self {
            Self::Arrow(class) => (class, svg::arrow(&[at, Point { x: at.x + SAMPLE, ..at }])),
            Self::Function(class) => {
                let size = Size { width: SAMPLE, height: 16.0 };
                (class, svg::rectangle("shape", middle, size, 4.0))
            }
            Self::Database => return database(at, words),
        };
        format!(
            "<g class=\"{class}\">\n{sample}</g>\n{}",
            svg::text("detail left", words_at, words)
        )
    }
}

/// Samples with their words, in lines of at most this width.
pub fn legend(samples: &[(Sample, &str)], most: f64) -> Drawing {
    let mut at = Point { x: MARGIN, y: ROW / 2.0 - 4.0 };
    let mut widest = 0.0_f64;
    let mut svg = String::new();
    for (sample, words) in samples {
        let room = sample.width(words);
        if at.x > MARGIN && at.x + room + MARGIN > most {
            at = Point { x: MARGIN, y: at.y + ROW };
        }
        svg += &sample.svg(at, words);
        at.x += room + 12.0;
        widest = widest.max(at.x);
    }
    Drawing { size: Size { width: widest, height: at.y + ROW / 2.0 + 4.0 }, svg }
}

/// A cylinder to the right of a place.
fn database(at: Point, name: &str) -> String {
    let Size { width, height } = DATABASE;
    let (x, y, half, side) = (at.x, at.y - height / 2.0 + 4.0, width / 2.0, height - 8.0);
    let body = format!("M{x:.1},{y:.1} v{side} a{half},4 0 0 0 {width},0 v-{side}");
    let lid = format!("M{x:.1},{y:.1} a{half},4 0 0 0 {width},0 a{half},4 0 0 0 -{width},0");
    let text = svg::text("name", Point { x: x + half, y: at.y + 4.0 }, name);
    format!(
        "<g class=\"part vpc\" data-part=\"{}\">\n<path class=\"shape\" d=\"{body}\"/>\n\
         <path class=\"shape\" d=\"{lid}\"/>\n{text}</g>\n",
        escape(name)
    )
}
