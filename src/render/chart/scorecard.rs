//! The scorecard's table as a picture, for a slide. As a scene.
//!
//! Owns rows, their heights and the threads between names; what stands in a cell is `columns`'.

mod better;
mod columns;

use super::frame::{Frame, MARGIN};
use super::legend::{Key, legend};
use super::scene::{Anchor, Area, Pen, Scene, Shape, Text, Weight, at};
use super::theme::Ink;
use super::{Layout, Refusal, footnotes, marks};
use crate::evaluate::{Assurance, Variation};
use crate::prose;
use crate::render::{number, steadiness};
use crate::view::chart::{Heading, ScorecardTable};
use crate::view::{Row, Show};
use columns::{Column, HeadSide};

/// The width where none is asked for and no more is needed.
const WIDTH: f64 = 1600.0;
/// The longest side of a page.
const MOST_SIDE: f64 = 16_384.0;
/// Sizes of letters, from what is wanted down to what can be read.
const LETTERS: [f64; 3] = [14.0, 13.0, 12.0];
const LEAST_LETTERS: f64 = LETTERS[2];
/// The height of a row where there is room, and the least, in ems.
const ROW: f64 = 2.1;
const LEAST_ROW: f64 = 1.5;
/// Before and after each tree, in rows.
const TREE_GAP: f64 = 0.45;
const HEAD: f64 = 26.0;
const HEAD_LETTERS: f64 = 12.0;
/// Between columns, at least and at most.
const GAP: f64 = 16.0;
const MOST_GAP: f64 = 88.0;
/// From a name to those below it.
const INDENT: f64 = 18.0;

/// Lays a chart out.
pub(super) fn paint(chart: &ScorecardTable, layout: &Layout<'_>) -> Result<Scene, Refusal> {
    let page = Page::fitted(chart, layout)?;
    let mut scene = Scene::new(page.width, page.height);
    let body = page.frame.draw(&mut scene);
    let (shapes, height) = legend(&keys(chart, &page.columns), (body.left, body.top), body.width, layout.letters);
    shapes.into_iter().for_each(|shape| scene.add(shape));
    let places = page.places(body.width);
    let table = Area::new(body.left, body.top + height, body.width, HEAD);
    page.head(&mut scene, table, &places, layout);
    let mut top = table.bottom();
    for (index, row) in chart.show.rows.iter().enumerate() {
        top += gap_before(&chart.show, index) * page.row;
        let area = Area::new(body.left, top, body.width, page.row);
        scene.line(at(area.left, area.bottom()), at(area.right(), area.bottom()), Pen::new(Ink::Grid, 1.0));
        let mut shapes = threads(row, area);
        for (column, (left, width)) in page.columns.iter().zip(&places) {
            shapes.extend(column.cell(row, Area::new(area.left + left, area.top, *width, area.height)));
        }
        scene.add(Shape::Group { title: spoken(row), shapes });
        top = area.bottom();
    }
    Ok(scene)
}

/// A table fitted to its page.
struct Page<'p> {
    width: f64,
    height: f64,
    /// The height of a row.
    row: f64,
    columns: Vec<Column<'p>>,
    frame: Frame,
}

impl<'p> Page<'p> {
    /// The largest letters that fit, then fewer columns.
    fn fitted(chart: &'p ScorecardTable, layout: &'p Layout<'_>) -> Result<Page<'p>, Refusal> {
        let measured = |letters| columns::of(chart, letters, layout.letters);
        let Some((width, height)) = layout.size else {
            let columns = measured(LETTERS[0]);
            let width = WIDTH.max(natural(&columns) + 2.0 * MARGIN);
            let page = Page::of(chart, layout, (columns, Vec::new()), width, LETTERS[0] * ROW);
            if width > MOST_SIDE || page.height > MOST_SIDE {
                return Err(Refusal::new("the table is too large for a page", "name fewer metrics"));
            }
            return Ok(page);
        };
        let body = width - 2.0 * MARGIN;
        for letters in LETTERS {
            let mut columns = measured(letters);
            let left_out = if letters == LEAST_LETTERS { narrow(&mut columns, body) } else { Vec::new() };
            if least(&columns) > body {
                continue;
            }
            let tight = Page::of(chart, layout, (columns, left_out), width, letters * LEAST_ROW);
            if tight.height <= height {
                let rows = lines(&chart.show);
                let row = (tight.row + (height - tight.height) / rows).min(letters * ROW);
                return Ok(Page { row, height, ..tight });
            }
        }
        Err(refused(chart, layout, measured(LEAST_LETTERS), (width, height)))
    }

    /// A page as high as it needs to be.
    fn of(
        chart: &ScorecardTable,
        layout: &Layout<'_>,
        (columns, left_out): (Vec<Column<'p>>, Vec<&'static str>),
        width: f64,
        row: f64,
    ) -> Page<'p> {
        let heading = noted(chart, &left_out);
        let frame = Frame::new(&heading, &layout.signature, layout.letters, width);
        let above = legend(&keys(chart, &columns), (0.0, 0.0), width - 2.0 * MARGIN, layout.letters).1 + HEAD;
        let height = frame.height() + above + lines(&chart.show) * row;
        Page { width, height, row, columns, frame }
    }

    /// Left end, from the table's, and width of each column.
    fn places(&self, width: f64) -> Vec<(f64, f64)> {
        let names = &self.columns[0];
        let others: f64 = self.columns[1..].iter().map(|column| column.width).sum();
        let gaps = (self.columns.len() - 1) as f64;
        let name = (width - others - gaps * GAP).clamp(names.least, names.width);
        let gap = ((width - others - name) / gaps.max(1.0)).clamp(GAP.min(width), MOST_GAP);
        let mut left = 0.0;
        let place = |column: (usize, &Column<'_>)| {
            let width = if column.0 == 0 { name } else { column.1.width };
            let place = (left, width);
            left += width + gap;
            place
        };
        self.columns.iter().enumerate().map(place).collect()
    }

    fn head(&self, scene: &mut Scene, area: Area, places: &[(f64, f64)], layout: &Layout<'_>) {
        for (column, (left, width)) in self.columns.iter().zip(places) {
            let text = layout.letters.fitted(column.head, HEAD_LETTERS, Weight::Regular, *width);
            let (x, anchor) = match column.head_side {
                HeadSide::Left => (area.left + left, Anchor::Start),
                HeadSide::Digits(digits) => (area.left + left + digits, Anchor::End),
            };
            scene.text(Text::new(at(x, area.bottom() - 9.0), text, HEAD_LETTERS, Ink::Muted).anchored(anchor));
        }
        scene.line(at(area.left, area.bottom()), at(area.right(), area.bottom()), Pen::new(Ink::Rule, 1.5));
    }
}

/// What the signs beside names mean; and the marks of limits, where their column stands.
fn keys(chart: &ScorecardTable, columns: &[Column<'_>]) -> Vec<Key> {
    let mut keys = better::keys(chart);
    if !columns.iter().any(|column| column.head == steadiness::HEAD) {
        return keys;
    }
    let signal = |(variation, word): (Variation, &'static str)| {
        Key::new(format!("signal, not noise: {word}"), move |area: Area| {
            marks::variation(area.centre(), 10.0, variation)
        })
    };
    let target = |(assurance, words): (Assurance, &'static str)| {
        Key::new(format!("target while nothing changes: {words}"), move |area: Area| {
            marks::assurance(area.centre(), 9.0, assurance)
        })
    };
    let signals = steadiness::signals(&chart.show).into_iter().map(signal);
    keys.extend(signals.chain(steadiness::assurances(&chart.show).into_iter().map(target)));
    keys
}

/// A heading with the notes of the report, and what was left out of the picture.
fn noted(chart: &ScorecardTable, left_out: &[&'static str]) -> Heading {
    let mut heading = chart.heading.clone();
    heading.notes.extend(footnotes::of_report(&chart.show));
    let covered = chart.show.rows.iter().filter(|row| row.thread.is_some()).find_map(columns::covered);
    heading
        .notes
        .extend(covered.map(|covered| format!("{covered}, behind a thread score: the share of weight that has data")));
    if !left_out.is_empty() {
        let lower = |name: &&str| if *name == steadiness::HEAD { (*name).to_owned() } else { name.to_lowercase() };
        let names: Vec<String> = left_out.iter().map(lower).collect();
        heading.notes.push(format!("Left out for width: {}", prose::join(&names, "and")));
    }
    heading
}

/// Lines the table takes, gaps between trees counted as parts of one.
fn lines(show: &Show) -> f64 {
    (0..show.rows.len()).map(|index| 1.0 + gap_before(show, index)).sum()
}

/// Before a root that begins a tree or follows one; roots without anything below stand together.
fn gap_before(show: &Show, index: usize) -> f64 {
    let is_deep = |index: usize| show.rows.get(index).is_some_and(|row| row.follows.len() > 1);
    if index > 0 && !is_deep(index) && (is_deep(index - 1) || is_deep(index + 1)) { TREE_GAP } else { 0.0 }
}

/// The width with whole names.
fn natural(columns: &[Column<'_>]) -> f64 {
    columns.iter().map(|column| column.width + GAP).sum::<f64>() - GAP
}

/// The width with names as short as may be.
fn least(columns: &[Column<'_>]) -> f64 {
    columns.iter().map(|column| column.least + GAP).sum::<f64>() - GAP
}

/// Drops columns, in their order, until the rest fits; answers their heads.
fn narrow(columns: &mut Vec<Column<'_>>, width: f64) -> Vec<&'static str> {
    let mut left_out = Vec::new();
    while least(columns) > width {
        let leaving = columns.iter().enumerate().filter_map(|(index, column)| Some((column.leaves?, index))).min();
        let Some((_, index)) = leaving else { break };
        left_out.push(columns.remove(index).head);
    }
    left_out
}

fn refused(
    chart: &ScorecardTable,
    layout: &Layout<'_>,
    mut columns: Vec<Column<'_>>,
    (width, height): (f64, f64),
) -> Refusal {
    let left_out = narrow(&mut columns, width - 2.0 * MARGIN);
    let wide = width.max(least(&columns) + 2.0 * MARGIN).ceil();
    let page = Page::of(chart, layout, (columns, left_out), wide, LEAST_LETTERS * LEAST_ROW);
    let high = height.max(page.height).ceil();
    let rows = prose::count(chart.show.rows.len(), "row");
    Refusal::new(
        format!("{rows} do not fit {width}x{height} in letters that can be read"),
        format!("ask for `--size {wide}x{high}`, leave `--size` out, or name fewer metrics"),
    )
}

/// The lines from a metric to those that feed it, left of the name.
fn threads(row: &Row, area: Area) -> Vec<Shape> {
    let pen = Pen::new(Ink::Rule, 1.25);
    let middle = area.centre().y;
    let mut shapes = Vec::new();
    let levels = row.follows.len();
    for (level, follows) in row.follows.iter().enumerate().skip(1) {
        let x = area.left + (level as f64 - 1.0) * INDENT + 6.0;
        let own = level + 1 == levels;
        let bottom = if *follows { area.bottom() } else { middle };
        if own || *follows {
            shapes.push(Shape::Line { points: vec![at(x, area.top), at(x, bottom)], pen });
        }
        if own {
            shapes.push(Shape::Line { points: vec![at(x, middle), at(x + INDENT - 9.0, middle)], pen });
        }
    }
    shapes
}

/// A row in words.
fn spoken(row: &Row) -> String {
    let mut words = vec![match &row.segment {
        Some(segment) => format!("{} ({})", row.name, crate::view::segment_name(&segment.values)),
        None => row.name.clone(),
    }];
    words.extend(row.actuals.last().and_then(Option::as_ref).map(number::inline));
    words.extend(row.target.as_ref().map(|target| format!("target {}", number::promised(target))));
    words.push(row.status.word().to_owned());
    words.extend(row.mark.map(|mark| mark.word().to_owned()));
    words.extend(row.steadiness.as_ref().and_then(steadiness::sentence));
    words.join(", ")
}
