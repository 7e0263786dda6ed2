//! What stands in one cell: the score with its status, how many metrics, the worst of them; or why there is none.

use super::{SMALL, ending};
use crate::prose;
use crate::render::chart::letters::Letters;
use crate::render::chart::marks;
use crate::render::chart::scene::{Area, Pen, Point, Shape, Text, Weight, at, filled};
use crate::render::chart::theme::Ink;
use crate::render::number;
use crate::render::style::harmless;
use crate::status::Status;
use crate::view::chart::HeatCell;

const PAD: f64 = 10.0;
const SCORE: f64 = 22.0;
/// Baselines: of the score, of the first line below it; from line to line.
const SCORE_BASE: f64 = 29.0;
const TEXT_BASE: f64 = 50.0;
const LINE: f64 = 15.5;
/// From here on the count stands beside the score.
const WIDE: f64 = 165.0;
/// Between lines of a hatching, across.
const HATCH: f64 = 9.0;

/// The shapes of a cell in its place.
pub(super) fn shapes(cell: &HeatCell, area: Area, letters: &Letters) -> Vec<Shape> {
    match cell {
        HeatCell::Void => Vec::new(),
        HeatCell::Blind => hatched(area),
        HeatCell::Unscored { no_data, no_target } => {
            let mut shapes = unscored(area);
            shapes.extend(without(*no_data, *no_target, area, letters));
            shapes
        }
        HeatCell::Scored { score, status, metrics, unscored, worst, as_bad, worst_score } => {
            let mut shapes = vec![filled(area, Ink::Tint(*status))];
            shapes.extend(marks::status(at(area.left + PAD + 6.0, area.top + SCORE_BASE - 8.0), 12.0, *status));
            let digits = at(area.left + PAD + 20.0, area.top + SCORE_BASE);
            shapes.push(Shape::Text(Text::new(digits, number::score(*score), SCORE, Ink::Text).strong()));
            let count = match unscored {
                0 => prose::count(*metrics, "metric"),
                none => format!("{}, {none} no score", prose::count(*metrics, "metric")),
            };
            let beside = letters.width(&count, SMALL, Weight::Regular) + 100.0 <= area.width && area.width >= WIDE;
            if beside {
                let place = at(area.right() - PAD, area.top + SCORE_BASE);
                shapes.push(Shape::Text(ending(Text::new(place, &count, SMALL, Ink::Muted))));
            }
            let before = if beside { String::new() } else { format!("{count}, ") };
            let (worst, worst_score) = (harmless(worst), number::score(*worst_score));
            let said = |name: &str| match metrics - unscored {
                1 => format!("{before}{name}"),
                several if several == as_bad + 1 && *score >= 100.0 => {
                    format!("{before}all {several} at {worst_score}")
                }
                _ => format!("{before}worst {worst_score}: {name}{}", and_others(*as_bad)),
            };
            shapes.extend(lines(&whole(&worst, said, area, letters), Ink::Text, area, letters));
            shapes
        }
    }
}

/// ` and 2 others`; nothing of none.
fn and_others(count: usize) -> String {
    if count == 0 { String::new() } else { format!(" and {}", prose::count(count, "other")) }
}

/// What is said of a name, the name shortened so that what stands behind it is not what is left out.
fn whole(name: &str, said: impl Fn(&str) -> String, area: Area, letters: &Letters) -> String {
    let fits = |text: &str| !broken(text, area, letters).last().is_some_and(|line| line.ends_with('…'));
    let lengths = (4..=name.chars().count()).rev();
    let texts = lengths.map(|length| said(&prose::shortened(name, length)));
    texts.into_iter().find(|text| fits(text)).unwrap_or_else(|| said(name))
}

/// A text on as many lines as there is room for below the score.
fn broken(text: &str, area: Area, letters: &Letters) -> Vec<String> {
    let most = (((area.height - TEXT_BASE - 5.0) / LINE).floor() as usize + 1).min(3);
    letters.wrapped(text, SMALL, Weight::Regular, area.width - 2.0 * PAD, most)
}

/// As many lines below the score as there is room for.
fn lines(text: &str, ink: Ink, area: Area, letters: &Letters) -> Vec<Shape> {
    let lines = broken(text, area, letters);
    let text = |(index, line): (usize, String)| {
        let place = at(area.left + PAD, area.top + TEXT_BASE + index as f64 * LINE);
        Shape::Text(Text::new(place, line, SMALL, ink))
    };
    lines.into_iter().enumerate().map(text).collect()
}

fn without(no_data: usize, no_target: usize, area: Area, letters: &Letters) -> Vec<Shape> {
    let status = if no_data > 0 { Status::NoData } else { Status::NoTarget };
    let mut shapes = marks::status(at(area.left + PAD + 6.0, area.top + SCORE_BASE - 5.0), 11.0, status);
    let place = at(area.left + PAD + 20.0, area.top + SCORE_BASE);
    let word = letters.fitted(status.word(), SMALL + 2.0, Weight::Regular, area.width - 2.0 * PAD - 20.0);
    shapes.push(Shape::Text(Text::new(place, word, SMALL + 2.0, Ink::Status(status))));
    let text = if no_data > 0 && no_target > 0 {
        format!("{no_data} of {}, {no_target} no-target", prose::count(no_data + no_target, "metric"))
    } else {
        prose::count(no_data + no_target, "metric")
    };
    shapes.extend(lines(&text, Ink::Muted, area, letters));
    shapes
}

/// A cell with metrics and no score: an empty frame.
pub(super) fn unscored(area: Area) -> Vec<Shape> {
    let inner = area.inset(0.75);
    let corners = [(inner.left, inner.top), (inner.right(), inner.top), (inner.right(), inner.bottom())];
    let mut points: Vec<Point> = corners.into_iter().map(|(x, y)| at(x, y)).collect();
    points.extend([at(inner.left, inner.bottom()), at(inner.left, inner.top)]);
    let pen = Pen::new(Ink::Rule, 1.5).dashed(4.0, 3.0);
    vec![filled(area, Ink::Tint(Status::NoData)), Shape::Line { points, pen }]
}

/// A cell in which no one measures: slanted lines.
pub(super) fn hatched(area: Area) -> Vec<Shape> {
    let mut shapes = vec![filled(area, Ink::Card)];
    let pen = Pen::new(Ink::Rule, 1.0);
    // On each line x + y is the same.
    let (first, last) = (area.left + area.top, area.right() + area.bottom());
    let mut sum = first + HATCH;
    while sum < last {
        let (low, high) = (area.left.max(sum - area.bottom()), area.right().min(sum - area.top));
        shapes.push(Shape::Line { points: vec![at(low, sum - low), at(high, sum - high)], pen });
        sum += HATCH;
    }
    shapes
}

/// A cell in words.
pub(super) fn spoken(cell: &HeatCell) -> String {
    match cell {
        HeatCell::Void => "nothing".to_owned(),
        HeatCell::Blind => "no one measures".to_owned(),
        HeatCell::Unscored { no_data, no_target } => {
            format!("no score, {no_data} without data, {no_target} without a target")
        }
        HeatCell::Scored { score, status, metrics, worst, as_bad, worst_score, .. } => format!(
            "{} ({}), {}, worst {worst}{} with {}",
            number::score(*score),
            status.word(),
            prose::count(*metrics, "metric"),
            and_others(*as_bad),
            number::score(*worst_score)
        ),
    }
}
