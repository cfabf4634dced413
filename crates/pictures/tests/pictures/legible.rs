//! Whether people can read the pictures: nothing covers anything else, and nothing is cut off.

use crate::{
    all,
    svg::{Area, Label, read},
};
use pictures::STYLE;

/// The boxes that an arrow may not cross: all but those around it.
fn crossed(way: &[(f64, f64)], boxes: &[Area]) -> Option<Area> {
    let around = |area: &Area| way.iter().all(|point| area.has(*point));
    let crossed = |area: &Area| way.iter().any(|point| area.shrunk(1.0).has(*point));
    boxes.iter().find(|area| !around(area) && crossed(area)).copied()
}

#[test]
fn no_arrow_crosses_a_box() {
    for (name, picture) in all() {
        let shown = read(&picture);
        assert!(shown.ways.len() > 5 && shown.boxes.len() > 5, "{name}");
        for way in &shown.ways {
            let crossed = crossed(way, &shown.boxes);
            assert!(crossed.is_none(), "{name}: from {:?} through {crossed:?}", way.first());
        }
    }
}

#[test]
fn no_label_covers_a_box_or_the_label_of_another_arrow() {
    for (name, picture) in all() {
        let shown = read(&picture);
        let labels: Vec<Area> = shown.labels.iter().map(Label::area).collect();
        for (number, label) in labels.iter().enumerate() {
            let others = &labels[number + 1..];
            let boxes = shown.boxes.iter().filter(|area| !label.is_within(area));
            let covered = boxes.chain(others).find(|area| label.overlaps(area));
            assert!(covered.is_none(), "{name}: {label:?} and {covered:?}");
        }
    }
}

#[test]
fn a_label_hides_its_own_arrow_and_no_other_one_crosses_it() {
    for (name, picture) in all() {
        let shown = read(&picture);
        for label in &shown.labels {
            let crosses = |way: &[(f64, f64)]| way.iter().any(|point| label.area().has(*point));
            let mut others = shown.ways.iter().enumerate().filter(|(way, _)| *way != label.way);
            assert!(!others.any(|(_, way)| crosses(way)), "{name}: {label:?}");
        }
    }
}

#[test]
fn all_lines_of_a_label_have_one_background() {
    for (name, picture) in all() {
        let labels = read(&picture).labels;
        assert!(labels.len() > 2, "{name}");
        for label in labels {
            let is_over = |back: Area| label.lines.iter().all(|line| line.is_within(&back));
            assert!(label.back.is_some_and(is_over), "{name}: {label:?}");
        }
    }
}

#[test]
fn every_picture_has_a_narrow_form_with_letters_of_ten_pixels_or_more_on_a_phone() {
    let all = all();
    for name in all.keys().filter(|name| !name.ends_with(".narrow.svg")) {
        let narrow = all.get(&name.replace(".svg", ".narrow.svg"));
        let narrow = narrow.unwrap_or_else(|| panic!("{name} has no narrow form"));
        let letters = smallest_letters() * (390.0 / read(narrow).whole.0).min(1.0);
        assert!(letters >= 10.0, "{name}: {letters} pixels");
    }
}

/// The height of the smallest letters of all pictures, in pixels.
fn smallest_letters() -> f64 {
    let sizes = STYLE.split("font-size: ").skip(1).filter_map(|after| after.split("px").next());
    let sizes = sizes.map(|size| size.parse::<f64>().expect("a number"));
    sizes.reduce(f64::min).expect("a size")
}

#[test]
fn boxes_overlap_only_if_one_is_within_the_other() {
    for (name, picture) in all() {
        let boxes = read(&picture).boxes;
        for (number, one) in boxes.iter().enumerate() {
            for other in &boxes[number + 1..] {
                let nested = one.is_within(other) || other.is_within(one);
                assert!(nested || !one.overlaps(other), "{name}: {one:?} and {other:?}");
            }
        }
    }
}

#[test]
fn nothing_is_cut_off_at_the_border() {
    for (name, picture) in all() {
        let shown = read(&picture);
        let whole = Area(0.0, 0.0, shown.whole.0, shown.whole.1);
        let labels = shown.labels.iter().map(Label::area);
        for area in shown.boxes.iter().copied().chain(labels) {
            assert!(area.is_within(&whole), "{name}: {area:?}");
        }
        for point in shown.ways.iter().flatten() {
            assert!(whole.has(*point), "{name}: {point:?}");
        }
    }
}

#[test]
fn an_arrow_that_crosses_a_box_is_found() {
    let boxes = [Area(10.0, 10.0, 20.0, 20.0), Area(0.0, 0.0, 100.0, 100.0)];
    assert!(crossed(&[(5.0, 15.0), (15.0, 15.0), (25.0, 15.0)], &boxes).is_some());
    assert!(crossed(&[(5.0, 5.0), (25.0, 5.0)], &boxes).is_none());
}
