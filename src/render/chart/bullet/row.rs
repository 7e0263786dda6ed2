//! One row: the name with what one must know to read it, the track, the numbers, the status.

use super::{Columns, Places, QUIET, actual, track};
use crate::metric::Polarity;
use crate::render::chart::figures::{direction, signed};
use crate::render::chart::letters::Letters;
use crate::render::chart::marks;
use crate::render::chart::scene::{Area, Pen, Shape, Text, Weight, at};
use crate::render::chart::theme::Ink;
use crate::render::number::{self, Shown};
use crate::render::style::harmless;
use crate::view::chart::{BulletForm, BulletRow};

/// What one must know to read a row: which way is better where that is not up, and where a cut scale begins and ends.
pub(super) fn hints(row: &BulletRow) -> Vec<String> {
    let mut hints = Vec::new();
    match row.better {
        Some(Polarity::Lower) => hints.push("less is better".to_owned()),
        Some(Polarity::Between) => hints.push("between is best".to_owned()),
        Some(Polarity::Higher) | None => {}
    }
    if let Some(scale) = row.scale.as_ref().filter(|scale| scale.form == BulletForm::Dot) {
        let low = Shown::of(&scale.low);
        let high = harmless(&number::inline(&scale.high));
        hints.push(format!("scale cut: {}{} to {high}", low.integer, low.fraction));
    }
    hints
}

/// The shapes of a row; a part of a metric leaves its hints to the head of the group.
pub(super) fn shapes(
    row: &BulletRow,
    is_part: bool,
    area: Area,
    places: &Places,
    columns: &Columns,
    letters: &Letters,
) -> Vec<Shape> {
    let rule = Pen::new(Ink::Grid, 1.0);
    let mut shapes =
        vec![Shape::Line { points: vec![at(area.left, area.bottom()), at(area.right(), area.bottom())], pen: rule }];
    let hints = if is_part { Vec::new() } else { hints(row) };
    shapes.extend(name(row, &hints, area, places, columns.size, letters));
    let track = Area::new(places.track.0, area.top, places.track.1, area.height);
    let y = area.centre().y + columns.size * 0.35;
    match (&row.scale, &row.actual) {
        (Some(scale), _) => shapes.extend(track::shapes(row, scale, track)),
        (None, Err(reason)) => {
            let reason = letters.fitted(&harmless(reason), QUIET + 1.0, Weight::Regular, track.width);
            shapes.push(Shape::Text(Text::new(at(track.left, y), reason, QUIET + 1.0, Ink::Muted)));
        }
        (None, Ok(_)) => {}
    }
    shapes.extend(numbers(row, y, places, columns, letters));
    let size = columns.size;
    shapes.extend(marks::status(at(places.status + size * 0.45, area.centre().y), size * 0.78, row.status));
    let word = Text::new(at(places.status + size * 1.35, y), row.status.word(), size, Ink::Status(row.status));
    shapes.push(Shape::Text(word));
    shapes
}

fn name(row: &BulletRow, hints: &[String], area: Area, places: &Places, size: f64, letters: &Letters) -> Vec<Shape> {
    let (left, width) = places.name;
    let text = letters.fitted(&harmless(&row.name), size, Weight::Regular, width);
    let middle = area.centre().y;
    if hints.is_empty() {
        return vec![Shape::Text(Text::new(at(left, middle + size * 0.35), text, size, Ink::Text))];
    }
    let hint = letters.fitted(&hints.join(" · "), QUIET, Weight::Regular, width);
    vec![
        Shape::Text(Text::new(at(left, middle - 2.0), text, size, Ink::Text)),
        Shape::Text(Text::new(at(left, middle + QUIET + 1.0), hint, QUIET, Ink::Muted)),
    ]
}

fn numbers(row: &BulletRow, y: f64, places: &Places, columns: &Columns, letters: &Letters) -> Vec<Shape> {
    let mut texts = Vec::new();
    let left = at(places.actual, y);
    match actual(row) {
        Some(shown) => texts.extend(columns.actual.place(&shown, left, Ink::Text, letters)),
        None => texts.push(columns.actual.nothing(left)),
    }
    let left = at(places.target, y);
    match &row.target {
        Some(target) => texts.extend(columns.target.place(target, "", left, letters)),
        None => texts.push(columns.target.figures().nothing(left)),
    }
    let left = at(places.variance, y);
    match row.variance.as_ref().map(signed) {
        Some(shown) => {
            let ink = direction(&shown, row.variance_is_good);
            texts.extend(columns.variance.place(&shown, left, ink, letters));
        }
        None => texts.push(columns.variance.nothing(left)),
    }
    texts.into_iter().map(Shape::Text).collect()
}

/// A row in words.
pub(super) fn spoken(row: &BulletRow) -> String {
    let mut words = vec![row.name.clone()];
    match &row.actual {
        Ok(actual) => words.push(number::inline(actual)),
        Err(reason) => words.push(reason.clone()),
    }
    words.extend(row.target.as_ref().map(|target| format!("target {}", number::promised(target))));
    words.extend(row.benchmark.as_ref().map(|benchmark| format!("benchmark {}", number::inline(benchmark))));
    words.push(row.status.word().to_owned());
    words.join(", ")
}
