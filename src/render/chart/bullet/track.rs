//! What is drawn on a scale: ranges, bar or dot, target, benchmark, zero; and the scale itself below rows that share one.

use crate::render::chart::axis::ValueAxis;
use crate::render::chart::letters::Letters;
use crate::render::chart::scene::{Anchor, Area, Pen, Point, Shape, Text, Weight, at, filled};
use crate::render::chart::theme::Ink;
use crate::render::number::Shown;
use crate::view::Promised;
use crate::view::chart::{BulletForm, BulletRow, BulletScale};

/// Heights of the ranges, the target and the bar, as shares of a row.
const RANGES: f64 = 0.62;
const TARGET: f64 = 0.44;
const BAR: f64 = 0.2;
const TARGET_WIDTH: f64 = 3.0;
const DOT: f64 = 6.0;
const DIAMOND: f64 = 5.5;
const TICK_LETTERS: f64 = 12.0;
/// The most ticks of a scale.
const MOST_TICKS: usize = 8;

/// Places of numbers on a track.
struct Track {
    area: Area,
    low: f64,
    high: f64,
}

impl Track {
    fn new(scale: &BulletScale, area: Area) -> Track {
        Track { area, low: scale.low.number.to_f64(), high: scale.high.number.to_f64() }
    }

    fn x(&self, value: f64) -> f64 {
        let share = (value - self.low) / (self.high - self.low);
        self.area.left + share.clamp(0.0, 1.0) * self.area.width
    }

    /// An area between two numbers, so much of the row high.
    fn span(&self, from: f64, to: f64, share: f64) -> Area {
        let (left, right) = (self.x(from.min(to)), self.x(from.max(to)));
        let height = self.area.height * share;
        Area::new(left, self.area.centre().y - height / 2.0, right - left, height)
    }
}

/// The shapes of a row on its track.
pub(super) fn shapes(row: &BulletRow, scale: &BulletScale, area: Area) -> Vec<Shape> {
    let track = Track::new(scale, area);
    let mut shapes: Vec<Shape> =
        scale.bands.iter().map(|band| filled(track.span(band.from, band.to, RANGES), Ink::Range(band.shade))).collect();
    shapes.extend(origin(&track, scale.form));
    let actual = row.actual.as_ref().map_or(0.0, |actual| actual.number.to_f64());
    let targets = match &row.target {
        None => Vec::new(),
        Some(Promised::Level(level)) => vec![level.number.to_f64()],
        Some(Promised::Range(low, high)) => vec![low.number.to_f64(), high.number.to_f64()],
    };
    if scale.form == BulletForm::Bar {
        shapes.push(filled(track.span(0.0, actual, BAR), Ink::Actual));
    }
    for target in targets {
        if scale.form == BulletForm::Bar {
            shapes.extend(rim(&track, target, actual));
        }
        shapes.push(tick(&track, target));
    }
    if let Some(benchmark) = &row.benchmark {
        let centre = at(track.x(benchmark.number.to_f64()), area.centre().y);
        shapes.extend(diamond(centre));
    }
    if scale.form == BulletForm::Dot {
        shapes.extend(dot(at(track.x(actual), area.centre().y)));
    }
    shapes
}

/// A line at zero; where the scale is cut, two strokes across its beginning.
fn origin(track: &Track, form: BulletForm) -> Vec<Shape> {
    let height = track.area.height * RANGES / 2.0;
    let middle = track.area.centre().y;
    match form {
        BulletForm::Bar => {
            let x = track.x(0.0);
            let points = vec![at(x, middle - height), at(x, middle + height)];
            vec![Shape::Line { points, pen: Pen::new(Ink::Muted, 1.25) }]
        }
        BulletForm::Dot => {
            let stroke = |x: f64| Shape::Line {
                points: vec![at(x + 3.0, middle - 6.0), at(x - 3.0, middle + 6.0)],
                pen: Pen::new(Ink::Muted, 1.5),
            };
            vec![stroke(track.area.left - 10.0), stroke(track.area.left - 5.0)]
        }
    }
}

fn tick(track: &Track, target: f64) -> Shape {
    filled(upright(track, target, TARGET_WIDTH, TARGET), Ink::Text)
}

/// What tells a target from a bar of the same ink that goes beyond it.
fn rim(track: &Track, target: f64, actual: f64) -> Option<Shape> {
    let is_inside =
        track.x(target) > track.x(actual.min(0.0)) + 4.0 && track.x(target) < track.x(actual.max(0.0)) - 4.0;
    is_inside.then(|| filled(upright(track, target, TARGET_WIDTH + 3.0, BAR), Ink::Page))
}

/// A narrow upright area at a number, inside the track.
fn upright(track: &Track, value: f64, width: f64, share: f64) -> Area {
    let half = width / 2.0;
    let x = track.x(value).max(track.area.left + half).min(track.area.right() - half);
    let height = track.area.height * share;
    Area::new(x - half, track.area.centre().y - height / 2.0, width, height)
}

/// With a rim of the page, so that it is seen on a bar as well as on a range.
fn diamond(centre: Point) -> Vec<Shape> {
    let points = |half: f64| {
        let around = [(0.0, -half), (half, 0.0), (0.0, half), (-half, 0.0)];
        around.into_iter().map(|(x, y)| at(centre.x + x, centre.y + y)).collect()
    };
    vec![
        Shape::Surface { points: points(DIAMOND + 3.0), ink: Ink::Text },
        Shape::Surface { points: points(DIAMOND + 1.0), ink: Ink::Page },
    ]
}

fn dot(centre: Point) -> Vec<Shape> {
    vec![
        Shape::Disc { centre, radius: DOT + 1.5, ink: Ink::Page },
        Shape::Disc { centre, radius: DOT, ink: Ink::Actual },
    ]
}

pub(super) fn sample_bar(area: Area) -> Vec<Shape> {
    let middle = area.centre().y;
    let zero = vec![at(area.left, area.top), at(area.left, area.bottom())];
    vec![
        filled(Area::new(area.left, middle - 4.0, area.width, 8.0), Ink::Actual),
        Shape::Line { points: zero, pen: Pen::new(Ink::Muted, 1.25) },
    ]
}

pub(super) fn sample_dot(area: Area) -> Vec<Shape> {
    dot(area.centre())
}

pub(super) fn sample_target(area: Area) -> Vec<Shape> {
    let x = area.centre().x;
    vec![filled(Area::new(x - TARGET_WIDTH / 2.0, area.top - 2.0, TARGET_WIDTH, area.height + 4.0), Ink::Text)]
}

pub(super) fn sample_benchmark(area: Area) -> Vec<Shape> {
    diamond(area.centre())
}

/// The scale below rows that share one: as many round numbers as have room.
pub(super) fn axis(scale: &BulletScale, area: Area, letters: &Letters) -> Vec<Shape> {
    let track = Track::new(scale, area);
    let y = area.top + 3.0;
    let mut shapes =
        vec![Shape::Line { points: vec![at(area.left, y), at(area.right(), y)], pen: Pen::new(Ink::Rule, 1.0) }];
    for (value, label) in labelled(scale, area.width, letters) {
        let x = track.x(value);
        shapes.push(Shape::Line { points: vec![at(x, y), at(x, y + 4.0)], pen: Pen::new(Ink::Rule, 1.0) });
        let text = Text::new(at(x, y + 17.0), label, TICK_LETTERS, Ink::Muted);
        shapes.push(Shape::Text(text.anchored(Anchor::Middle)));
    }
    shapes
}

/// Round numbers, as many as have room, each with its unit where that is short.
fn labelled(scale: &BulletScale, width: f64, letters: &Letters) -> Vec<(f64, String)> {
    let (low, high) = (scale.low.number.to_f64(), scale.high.number.to_f64());
    let unit = Shown::of(&scale.low).short().suffix;
    for most in (2..=MOST_TICKS).rev() {
        let Some(axis) = ValueAxis::of([low, high], &scale.low.unit, most) else { return Vec::new() };
        let behind: String = axis
            .power
            .into_iter()
            .chain(Some(unit.as_str()))
            .fold(String::new(), |text, word| if word.is_empty() { text } else { format!("{text} {word}") });
        let ticks: Vec<(f64, String)> =
            axis.ticks.into_iter().map(|(value, text)| (value, format!("{text}{behind}"))).collect();
        let widest = ticks.iter().map(|(_, label)| letters.width(label, TICK_LETTERS, Weight::Regular));
        let widest = widest.fold(0.0, f64::max) + 14.0;
        if widest * ticks.len() as f64 <= width {
            return ticks;
        }
    }
    Vec::new()
}
