//! The columns of the table: how wide each is, and what stands in its cells.
//!
//! Knows rows of the report; not where on the page they stand.

use super::{HEAD_LETTERS, INDENT, better};
use std::collections::BTreeMap;

use crate::evaluate::Mark;
use crate::metric::{MetricId, Polarity};
use crate::render::chart::figures::{Figures, Promises, direction, short, signed};
use crate::render::chart::letters::Letters;
use crate::render::chart::marks;
use crate::render::chart::scene::{Anchor, Area, Shape, Text, Weight, at};
use crate::render::chart::theme::Ink;
use crate::render::number::{self, Shown};
use crate::render::{steadiness, style};
use crate::view::Row;
use crate::view::chart::ScorecardTable;

/// Names get at most so much where there is less room than names, and never less than the second.
const MOST_NAME: f64 = 440.0;
const LEAST_NAME: f64 = 190.0;
const MOST_OWNER: f64 = 210.0;
const TREND: f64 = 104.0;
/// The letters of quiet words.
const QUIET: f64 = 12.0;
/// When columns leave: lower goes first.
const OWNER: u8 = 0;
const TREND_LEAVES: u8 = 1;
const MARK: u8 = 2;
const LIMITS: u8 = 3;
const CHANGE: u8 = 4;
const WORST: u8 = 5;
const VARIANCE: u8 = 6;

/// Where the head of a column stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum HeadSide {
    /// At the left end.
    Left,
    /// Ending where digits end, so far from the left end.
    Digits(f64),
}

type Draw<'c> = Box<dyn Fn(&Row, Area) -> Vec<Shape> + 'c>;

/// One column.
pub(super) struct Column<'c> {
    pub(super) head: &'static str,
    pub(super) head_side: HeadSide,
    /// With whole names.
    pub(super) width: f64,
    /// With names as short as may be.
    pub(super) least: f64,
    /// Lower goes first where width runs out; `None` stays.
    pub(super) leaves: Option<u8>,
    draw: Draw<'c>,
}

impl<'c> Column<'c> {
    fn new(head: &'static str, width: f64, draw: Draw<'c>) -> Column<'c> {
        Column { head, head_side: HeadSide::Left, width, least: width, leaves: None, draw }
    }

    fn leaving(self, rank: u8) -> Column<'c> {
        Column { leaves: Some(rank), ..self }
    }

    /// What stands in a row's cell.
    pub(super) fn cell(&self, row: &Row, area: Area) -> Vec<Shape> {
        (self.draw)(row, area)
    }
}

/// The columns of a report that say anything, names first.
pub(super) fn of<'c>(chart: &'c ScorecardTable, size: f64, letters: &'c Letters) -> Vec<Column<'c>> {
    let show = &chart.show;
    let table = Table { rows: &show.rows, better: &chart.better, size, letters };
    let has = |says: fn(&Row) -> bool| show.rows.iter().any(says);
    let columns = [
        (true, table.names()),
        (true, table.actuals()),
        (has(|row| row.target.is_some()), table.targets()),
        (has(|row| row.variance.is_some()), table.variances()),
        (has(|row| row.change.is_some()), table.changes()),
        (has(|row| row.trend.iter().flatten().count() > 1), table.trends()),
        (true, table.statuses()),
        (has(is_steady), table.limits()),
        (has(|row| row.thread.is_some()), table.threads()),
        (has(|row| row.worst.is_some()), table.worsts()),
        (has(|row| row.mark.is_some()), table.marks()),
        (has(|row| row.owner.is_some()), table.owners()),
    ];
    let headed = |column: Column<'c>| {
        // A column is never narrower than its head.
        let head = letters.width(column.head, HEAD_LETTERS, Weight::Regular) + 1.0;
        Column { width: column.width.max(head), least: column.least.max(head), ..column }
    };
    columns.into_iter().filter(|(says, _)| *says).map(|(_, column)| headed(column)).collect()
}

struct Table<'c> {
    rows: &'c [Row],
    better: &'c BTreeMap<MetricId, Polarity>,
    size: f64,
    letters: &'c Letters,
}

impl<'c> Table<'c> {
    fn names(&self) -> Column<'c> {
        let (size, letters, better) = (self.size, self.letters, self.better);
        let sign = move |row: &Row| {
            better.get(&row.id).copied().filter(|better| row.segment.is_none() && *better != Polarity::Higher)
        };
        let behind = move |row: &Row| {
            let arrow = if row.seen_above { letters.width(ABOVE, size, Weight::Regular) } else { 0.0 };
            arrow + if sign(row).is_some() { size * better::ROOM } else { 0.0 }
        };
        let indent = |row: &Row| (row.follows.len() as f64 - 1.0) * INDENT;
        let wide = |row: &Row| {
            let (text, weight) = named(row);
            indent(row) + letters.width(&text, size, weight) + behind(row)
        };
        let natural = self.rows.iter().map(wide).fold(0.0, f64::max) + 1.0;
        let deepest = self.rows.iter().map(indent).fold(0.0, f64::max);
        let draw = move |row: &Row, area: Area| {
            let (text, weight) = named(row);
            let arrow = if row.seen_above { ABOVE } else { "" };
            let room = area.width - indent(row) - behind(row);
            let text = format!("{}{arrow}", letters.fitted(&text, size, weight, room));
            let ink = if row.segment.is_some() { Ink::Muted } else { Ink::Text };
            let place = at(area.left + indent(row), baseline(area, size));
            let end = place.x + letters.width(&text, size, weight) + size * 0.7;
            let mut shapes = vec![Shape::Text(Text { weight, ..Text::new(place, text, size, ink) })];
            shapes
                .extend(sign(row).into_iter().flat_map(|one| better::sign(at(end, area.centre().y), size * 0.7, one)));
            shapes
        };
        let width = natural.min(MOST_NAME.max(deepest + LEAST_NAME));
        let least = natural.min(deepest + LEAST_NAME);
        Column { least, ..Column::new("Metric", width, Box::new(draw)) }
    }

    fn actuals(&self) -> Column<'c> {
        let shown = |row: &Row| {
            let marks = row.marks.actuals.last().map(style::marks).unwrap_or_default();
            Some(short(row.actuals.last()?.as_ref()?).marked(&marks))
        };
        self.numeric("Actual", Weight::Strong, shown, |_, _| Ink::Text)
    }

    /// Without units, which stand beside the actual.
    fn targets(&self) -> Column<'c> {
        let (size, letters) = (self.size, self.letters);
        let marks = |row: &Row| style::marks(&row.marks.target);
        let all = self.rows.iter().filter_map(|row| Some((row.target.as_ref()?, marks(row))));
        let head = letters.width("Target", QUIET, Weight::Regular);
        let promises = Promises::of(all, size, letters).at_least(head);
        let draw = move |row: &Row, area: Area| {
            let left = at(area.left, baseline(area, size));
            match &row.target {
                Some(target) => texts(promises.place(target, &marks(row), left, letters)),
                None => vec![Shape::Text(promises.figures().nothing(left))],
            }
        };
        headed("Target", *promises.figures(), Box::new(draw))
    }

    fn variances(&self) -> Column<'c> {
        let ink = |row: &Row, shown: &Shown| direction(shown, row.variance_is_good);
        self.numeric("Variance", Weight::Regular, |row| row.variance.as_ref().map(signed), ink).leaving(VARIANCE)
    }

    fn changes(&self) -> Column<'c> {
        let shown = |row: &Row| Some(signed(row.change.as_ref()?).marked(&style::marks(&row.marks.change)));
        self.numeric("Change", Weight::Regular, shown, |row, shown| direction(shown, row.change_is_good))
            .leaving(CHANGE)
    }

    fn trends(&self) -> Column<'c> {
        let draw = |row: &Row, area: Area| {
            if row.trend.iter().flatten().next().is_none() {
                return Vec::new();
            }
            let line = Area::new(area.left, area.top + area.height * 0.22, area.width - 4.0, area.height * 0.56);
            marks::sparkline(line, &row.trend, Ink::Actual)
        };
        Column::new("Trend", TREND, Box::new(draw)).leaving(TREND_LEAVES)
    }

    fn statuses(&self) -> Column<'c> {
        let (size, letters) = (self.size, self.letters);
        let wide = |row: &Row| letters.width(row.status.word(), size, Weight::Regular);
        let width = self.rows.iter().map(wide).fold(0.0, f64::max) + size * 1.4;
        let draw = move |row: &Row, area: Area| {
            let mut shapes = marks::status(at(area.left + size * 0.45, area.centre().y), size * 0.78, row.status);
            let place = at(area.left + size * 1.35, baseline(area, size));
            shapes.push(Shape::Text(Text::new(place, row.status.word(), size, Ink::Status(row.status))));
            shapes
        };
        Column::new("Status", width, Box::new(draw))
    }

    /// Whether the last figure is a signal, and what is to be expected of the target.
    fn limits(&self) -> Column<'c> {
        let size = self.size;
        let draw = move |row: &Row, area: Area| {
            let Some(steadiness) = &row.steadiness else { return Vec::new() };
            let place = |from: f64| at(area.left + size * from, area.centre().y);
            let mut shapes = marks::variation(place(0.4), size * 0.72, steadiness.variation);
            shapes.extend(steadiness.assurance.iter().flat_map(|one| marks::assurance(place(1.4), size * 0.66, *one)));
            shapes
        };
        Column::new(steadiness::HEAD, size * 1.8, Box::new(draw)).leaving(LIMITS)
    }

    /// The score, the shape of what it stands for, the share of weight it covers.
    fn threads(&self) -> Column<'c> {
        let (size, letters) = (self.size, self.letters);
        let digits = letters.width("100.0", size, Weight::Regular).max(letters.width("Thread", QUIET, Weight::Regular));
        let behind = |row: &Row| {
            let covered = covered(row);
            let marks = style::marks(&row.marks.thread);
            let words: Vec<String> = covered.into_iter().chain(Some(marks)).filter(|word| !word.is_empty()).collect();
            words.join(" ")
        };
        let wide = self.rows.iter().map(|row| letters.width(&behind(row), QUIET, Weight::Regular)).fold(0.0, f64::max);
        let draw = move |row: &Row, area: Area| {
            let Some((points, status)) = row.thread else { return Vec::new() };
            let y = baseline(area, size);
            let score = Text::new(at(area.left + digits, y), number::score(points), size, Ink::Text);
            let mut shapes = vec![Shape::Text(score.anchored(Anchor::End))];
            shapes.extend(marks::status(at(area.left + digits + size * 0.8, area.centre().y), size * 0.68, status));
            let behind = behind(row);
            if !behind.is_empty() {
                let place = at(area.left + digits + size * 1.5, y);
                shapes.push(Shape::Text(Text::new(place, behind, QUIET, Ink::Muted)));
            }
            shapes
        };
        let width = digits + size * 1.5 + wide;
        Column { head_side: HeadSide::Digits(digits), ..Column::new("Thread", width, Box::new(draw)) }
    }

    /// The worst child, always visible beside a mean.
    fn worsts(&self) -> Column<'c> {
        let (size, letters) = (self.size, self.letters);
        let digits = letters.width("100.0", size, Weight::Regular).max(letters.width("Worst", QUIET, Weight::Regular));
        let draw = move |row: &Row, area: Area| {
            let Some(points) = row.worst else { return Vec::new() };
            let place = at(area.left + digits, baseline(area, size));
            vec![Shape::Text(Text::new(place, number::score(points), size, Ink::Text).anchored(Anchor::End))]
        };
        let column = Column::new("Worst", digits, Box::new(draw)).leaving(WORST);
        Column { head_side: HeadSide::Digits(digits), ..column }
    }

    fn marks(&self) -> Column<'c> {
        let (size, letters) = (self.size, self.letters);
        let words = self.rows.iter().filter_map(|row| row.mark).map(Mark::word);
        let wide = words.map(|word| letters.width(word, QUIET, Weight::Regular)).fold(0.0, f64::max);
        let draw = move |row: &Row, area: Area| {
            let Some(mark) = row.mark else { return Vec::new() };
            let mut shapes = marks::mark(at(area.left + size * 0.5, area.centre().y), size, mark);
            let place = at(area.left + size * 1.35, baseline(area, QUIET));
            shapes.push(Shape::Text(Text::new(place, mark.word(), QUIET, Ink::Text)));
            shapes
        };
        Column::new("Mark", size * 1.35 + wide, Box::new(draw)).leaving(MARK)
    }

    fn owners(&self) -> Column<'c> {
        let letters = self.letters;
        let owner = |row: &Row| style::harmless(row.owner.as_deref().unwrap_or_default());
        let wide = self.rows.iter().map(|row| letters.width(&owner(row), QUIET, Weight::Regular)).fold(0.0, f64::max);
        let draw = move |row: &Row, area: Area| {
            let text = letters.fitted(&owner(row), QUIET, Weight::Regular, area.width);
            vec![Shape::Text(Text::new(at(area.left, baseline(area, QUIET)), text, QUIET, Ink::Muted))]
        };
        Column::new("Owner", (wide + 1.0).min(MOST_OWNER), Box::new(draw)).leaving(OWNER)
    }

    fn figures(&self, head: &str, weight: Weight, shown: impl Fn(&Row) -> Option<Shown>) -> Figures {
        let all: Vec<Shown> = self.rows.iter().filter_map(shown).collect();
        let head = self.letters.width(head, QUIET, Weight::Regular);
        Figures::of(&all, self.size, weight, self.letters).at_least(head)
    }

    fn numeric(
        &self,
        head: &'static str,
        weight: Weight,
        shown: impl Fn(&Row) -> Option<Shown> + Copy + 'c,
        ink: impl Fn(&Row, &Shown) -> Ink + 'c,
    ) -> Column<'c> {
        let (size, letters) = (self.size, self.letters);
        let figures = self.figures(head, weight, shown);
        let draw = move |row: &Row, area: Area| {
            let left = at(area.left, baseline(area, size));
            match shown(row) {
                Some(shown) => texts(figures.place(&shown, left, ink(row, &shown), letters)),
                None => vec![Shape::Text(figures.nothing(left))],
            }
        };
        headed(head, figures, Box::new(draw))
    }
}

/// Whether limits say anything of it that has a mark.
fn is_steady(row: &Row) -> bool {
    row.steadiness.as_ref().is_some_and(|one| one.variation.signal().is_some() || one.assurance.is_some())
}

/// The share of weight that a thread score rests on, where that is not all.
pub(super) fn covered(row: &Row) -> Option<String> {
    row.coverage.map(|coverage| format!("of {} %", (coverage * 100.0).floor()))
}

/// What stands behind a name whose thread is shown elsewhere.
const ABOVE: &str = " ↑";

fn headed<'c>(head: &'static str, figures: Figures, draw: Draw<'c>) -> Column<'c> {
    Column { head_side: HeadSide::Digits(figures.digits()), ..Column::new(head, figures.width(), draw) }
}

fn named(row: &Row) -> (String, Weight) {
    match &row.segment {
        Some(segment) => (style::harmless(&crate::view::segment_name(&segment.values)), Weight::Regular),
        None => (style::harmless(&row.name), if row.is_goal { Weight::Strong } else { Weight::Regular }),
    }
}

fn texts(texts: Vec<Text>) -> Vec<Shape> {
    texts.into_iter().map(Shape::Text).collect()
}

/// Where letters of a size stand to be in the middle of a row.
fn baseline(area: Area, size: f64) -> f64 {
    area.centre().y + size * 0.35
}
