//! Whether people can read the pictures: nothing covers anything else, and nothing is cut off.

use crate::{
    all,
    svg::{Area, read},
};

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
        for (number, label) in shown.labels.iter().enumerate() {
            let others = &shown.labels[number + 1..];
            let boxes = shown.boxes.iter().filter(|area| !label.is_within(area));
            let covered = boxes.chain(others).find(|area| label.overlaps(area));
            assert!(covered.is_none(), "{name}: {label:?} and {covered:?}");
        }
    }
}

#[test]
fn no_label_is_crossed_by_two_arrows() {
    for (name, picture) in all() {
        let shown = read(&picture);
        for label in &shown.labels {
            let crosses = |way: &&Vec<(f64, f64)>| way.iter().any(|point| label.has(*point));
            assert!(shown.ways.iter().filter(crosses).count() < 2, "{name}: {label:?}");
        }
    }
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
        for area in shown.boxes.iter().chain(&shown.labels) {
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
