//! Small pictures that stand for a meaning wherever they are: a shape a status, the mark of a watermelon, a sparkline.
//!
//! Shapes are drawn and never letters, so that no font decides what a status looks like; each is told from the others
//! without colour.

use super::scene::{Area, Pen, Point, Shape, at, curve};
use super::theme::Ink;
use crate::evaluate::{Assurance, Mark, Variation};
use crate::status::Status;

/// The shape of a status, `size` wide and high, around a centre: disc, triangle, square, ring, dash.
pub(super) fn status(centre: Point, size: f64, status: Status) -> Vec<Shape> {
    let (ink, half) = (Ink::Status(status), size / 2.0);
    let corner = |x: f64, y: f64| at(centre.x + x * half, centre.y + y * half);
    match status {
        Status::OnTarget => vec![Shape::Disc { centre, radius: half, ink }],
        Status::AtRisk => {
            vec![Shape::Surface { points: vec![corner(0.0, -1.0), corner(1.1, 0.9), corner(-1.1, 0.9)], ink }]
        }
        Status::OffTarget => {
            let points = vec![corner(-0.9, -0.9), corner(0.9, -0.9), corner(0.9, 0.9), corner(-0.9, 0.9)];
            vec![Shape::Surface { points, ink }]
        }
        Status::NoTarget => vec![ring(centre, half * 0.85, Pen::new(ink, (size * 0.16).max(1.25)))],
        Status::NoData => {
            let pen = Pen::new(ink, (size * 0.2).max(1.5));
            vec![Shape::Line { points: vec![corner(-0.7, 0.0), corner(0.7, 0.0)], pen }]
        }
    }
}

/// A circle's line.
pub(super) fn ring(centre: Point, radius: f64, pen: Pen) -> Shape {
    const STEPS: u32 = 32;
    let point = |step: u32| {
        let angle = f64::from(step) / f64::from(STEPS) * 2.0 * std::f64::consts::PI;
        at(centre.x + radius * angle.cos(), centre.y + radius * angle.sin())
    };
    Shape::Line { points: (0..=STEPS).map(point).collect(), pen }
}

/// The mark of a node whose thread and own status are at odds: a disc of what shows, with a core of what is inside.
pub(super) fn mark(centre: Point, size: f64, mark: Mark) -> Vec<Shape> {
    let (outside, inside) = match mark {
        Mark::Watermelon => (Ink::Good, Ink::Bad),
        Mark::Windfall => (Ink::Bad, Ink::Good),
    };
    vec![
        Shape::Disc { centre, radius: size / 2.0, ink: outside },
        Shape::Disc { centre, radius: size * 0.36, ink: Ink::Page },
        Shape::Disc { centre, radius: size * 0.26, ink: inside },
    ]
}

/// What limits say of a figure: an empty diamond for better, a full one for worse, a small ring for neither; noise has none.
pub(super) fn variation(centre: Point, size: f64, variation: Variation) -> Vec<Shape> {
    let half = size / 2.0;
    let corner = |x: f64, y: f64| at(centre.x + x * half, centre.y + y * half);
    let mut points = vec![corner(0.0, -1.0), corner(1.0, 0.0), corner(0.0, 1.0), corner(-1.0, 0.0)];
    match variation {
        Variation::Common => Vec::new(),
        Variation::Concern(_) => vec![Shape::Surface { points, ink: Ink::Text }],
        Variation::Improvement(_) => {
            points.push(points[0]);
            vec![Shape::Line { points, pen: Pen::new(Ink::Text, 1.5) }]
        }
        Variation::Neutral(_) => vec![ring(centre, half * 0.5, Pen::new(Ink::Text, 1.5))],
    }
}

/// What limits say of a target: a tick where it will be met, waves where chance decides, a cross where it will be missed.
pub(super) fn assurance(centre: Point, size: f64, assurance: Assurance) -> Vec<Shape> {
    let half = size / 2.0;
    let corner = |x: f64, y: f64| at(centre.x + x * half, centre.y + y * half);
    let line = |points: Vec<Point>| Shape::Line { points, pen: Pen::new(Ink::Muted, 1.5) };
    match assurance {
        Assurance::Passes => vec![line(vec![corner(-0.9, 0.1), corner(-0.3, 0.8), corner(0.9, -0.8)])],
        Assurance::Fails => vec![
            line(vec![corner(-0.75, -0.75), corner(0.75, 0.75)]),
            line(vec![corner(-0.75, 0.75), corner(0.75, -0.75)]),
        ],
        Assurance::HitOrMiss => {
            let wave = |y: f64| {
                let bend = ((corner(-0.3, y - 1.0)), (corner(0.3, y + 1.0)));
                line(curve(corner(-0.9, y), bend, corner(0.9, y)))
            };
            vec![wave(-0.35), wave(0.35)]
        }
    }
}

/// Values as a line on their own scale, each missing one a gap, the last one a dot; nothing where no value is there.
pub(super) fn sparkline(area: Area, values: &[Option<f64>], ink: Ink) -> Vec<Shape> {
    let present = || values.iter().flatten().copied();
    let (low, high) = (present().fold(f64::INFINITY, f64::min), present().fold(f64::NEG_INFINITY, f64::max));
    let step = area.width / (values.len().max(2) - 1) as f64;
    let place = |index: usize, value: f64| {
        // A constant is a line in the middle.
        let share = if high > low { (value - low) / (high - low) } else { 0.5 };
        at(area.left + index as f64 * step, area.bottom() - share * area.height)
    };
    let mut shapes = Vec::new();
    let mut run: Vec<Point> = Vec::new();
    for (index, value) in values.iter().enumerate() {
        match value {
            Some(value) => run.push(place(index, *value)),
            None => shapes.extend(segment(std::mem::take(&mut run), ink)),
        }
    }
    let last = run.last().copied();
    shapes.extend(segment(run, ink));
    shapes.extend(last.map(|centre| Shape::Disc { centre, radius: 2.5, ink }));
    shapes
}

/// A line through neighbours; one alone is a dot.
fn segment(points: Vec<Point>, ink: Ink) -> Option<Shape> {
    match points.as_slice() {
        [] => None,
        [centre] => Some(Shape::Disc { centre: *centre, radius: 1.5, ink }),
        _ => Some(Shape::Line { points, pen: Pen::new(ink, 1.5) }),
    }
}
