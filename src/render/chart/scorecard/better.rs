//! Which way is better, beside a name where that is not up: so that a change can be read without its colour.
//!
//! Owns the signs and their keys; where they stand is the column's.

use super::super::legend::Key;
use super::super::scene::{Area, Pen, Point, Shape, at};
use super::super::theme::Ink;
use crate::metric::Polarity;
use crate::view::chart::ScorecardTable;

/// The width a sign takes behind a name, space before it included, in ems.
pub(super) const ROOM: f64 = 1.1;

/// The sign of a polarity about a point: an arrow down where less is better, two arrows that meet where between is best.
pub(super) fn sign(centre: Point, size: f64, better: Polarity) -> Vec<Shape> {
    let half = size / 2.0;
    let line = |points: &[(f64, f64)]| Shape::Line {
        points: points.iter().map(|(x, y)| at(centre.x + x * half, centre.y + y * half)).collect(),
        pen: Pen::new(Ink::Muted, 1.25),
    };
    match better {
        Polarity::Higher => Vec::new(),
        Polarity::Lower => vec![line(&[(0.0, -1.0), (0.0, 1.0)]), line(&[(-0.6, 0.35), (0.0, 1.0), (0.6, 0.35)])],
        Polarity::Between => vec![
            line(&[(0.0, -1.0), (0.0, -0.1)]),
            line(&[(-0.5, -0.65), (0.0, -0.1), (0.5, -0.65)]),
            line(&[(0.0, 1.0), (0.0, 0.1)]),
            line(&[(-0.5, 0.65), (0.0, 0.1), (0.5, 0.65)]),
        ],
    }
}

/// What the signs mean, of those that are there.
pub(super) fn keys(chart: &ScorecardTable) -> Vec<Key> {
    let is_there = |wanted: Polarity| chart.better.values().any(|better| *better == wanted);
    let words = [(Polarity::Lower, "less is better"), (Polarity::Between, "between is best")];
    let there = words.into_iter().filter(|(better, _)| is_there(*better));
    there.map(|(better, word)| Key::new(word, move |area: Area| sign(area.centre(), 10.0, better))).collect()
}
