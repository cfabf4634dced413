//! The forms of a picture: one for wide screens and one for narrow screens.

use anyhow::Result;

use crate::{
    column,
    layout::{self, Layout, Link, Size},
    routes,
};

/// How a picture is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// In layers, with room for boxes beside each other.
    Wide,
    /// In one column, legible on the screen of a phone.
    Narrow,
}

impl Form {
    pub(crate) const ALL: [Self; 2] = [Self::Wide, Self::Narrow];

    /// The name of the file with this form of a picture.
    pub(crate) fn file(self, picture: &str) -> String {
        match self {
            Self::Wide => format!("{picture}.svg"),
            Self::Narrow => format!("{picture}.narrow.svg"),
        }
    }

    /// The boxes, large enough for the arrows at their sides.
    pub(crate) fn sizes(self, boxes: &[Size], links: &[Link]) -> Vec<Size> {
        match self {
            Self::Wide => routes::sizes(boxes, links),
            Self::Narrow => column::sizes(boxes, links),
        }
    }

    /// Places boxes of these sizes, and leads the arrows around them.
    pub(crate) fn arrange(self, sizes: &[Size], links: &[Link]) -> Result<Layout> {
        match self {
            Self::Wide => layout::arrange(sizes, links),
            Self::Narrow => Ok(column::arrange(sizes, links)),
        }
    }
}
