//! Metrics over time as panels in a grid: where each stands, its header, what it says where nothing can be drawn.
//!
//! What is inside a panel's axes is `plot`'s, the labels at the ends of its lines are `ends`'.

mod ends;
mod plot;
mod spread;

use super::axis::ValueAxis;
use super::frame::{Frame, LEADING};
use super::marks;
use super::scene::{Area, Pen, Scene, Shape, Text, Weight, at};
use super::theme::Ink;
use super::{Layout, Refusal};
use crate::render::number;
use crate::status::Status;
use crate::view::chart::{Footing, Trend, TrendPanel, TrendScale};

/// The page where no size is asked for; higher where notes or panels need it.
const PAGE: (f64, f64) = (1600.0, 900.0);
/// Between panels.
const GAP: (f64, f64) = (36.0, 30.0);
/// The least width of a panel, and the least height of its plot with its axes.
const LEAST: (f64, f64) = (320.0, 180.0);
/// The most lines of a panel's name.
const NAME_LINES: usize = 2;
const VALUE: f64 = 15.0;
const WORD: f64 = 13.0;

/// Lays a chart out.
pub(super) fn paint(chart: &Trend, layout: &Layout<'_>) -> Result<Scene, Refusal> {
    let width = layout.size.map_or(PAGE.0, |size| size.0);
    let frame = Frame::new(&chart.heading, &layout.signature, layout.letters, width);
    let inner = width - 2.0 * super::frame::MARGIN;
    let (columns, rows) = grid(chart.panels.len(), inner);
    let panel_width = (inner - (columns - 1) as f64 * GAP.0) / columns as f64;
    let names = Names::of(chart, panel_width, layout);
    let least = names.height + LEAST.1;
    let needed = frame.height() + rows as f64 * least + (rows - 1) as f64 * GAP.1;
    let height = layout.size.map_or(PAGE.1.max(needed), |size| size.1);
    if panel_width < LEAST.0 || height < needed {
        let wide = width.max(LEAST.0 + 2.0 * super::frame::MARGIN).ceil();
        return Err(Refusal::new(
            format!("{} do not fit {width} x {height}", crate::prose::count(chart.panels.len(), "panel")),
            format!("ask for `--size {wide}x{}`, or draw fewer panels", needed.max(height).ceil()),
        ));
    }
    let mut scene = Scene::new(width, height);
    let body = frame.draw(&mut scene);
    let panel_height = (body.height - (rows - 1) as f64 * GAP.1) / rows as f64;
    let axes = axes(chart, panel_height - names.height);
    let gutters = gutters(chart, &axes, columns, panel_width, layout);
    for (index, panel) in chart.panels.iter().enumerate() {
        let (column, row) = (index % columns, index / columns);
        let place = Area::new(
            body.left + column as f64 * (panel_width + GAP.0),
            body.top + row as f64 * (panel_height + GAP.1),
            panel_width,
            panel_height,
        );
        let mut shapes = header(panel, &names, index, place, layout);
        let below = Area::new(place.left, place.top + names.height, place.width, place.height - names.height);
        shapes.extend(match &axes[index] {
            Some(axis) => plot::shapes(chart, panel, axis, (below, gutters[column]), layout),
            None => nothing(panel, below, layout),
        });
        scene.add(Shape::Group { title: panel.name.clone(), shapes });
    }
    Ok(scene)
}

/// Columns and rows that fill a page, as many columns as are wide enough.
fn grid(panels: usize, width: f64) -> (usize, usize) {
    let wanted = match panels {
        0 | 1 => 1,
        2..=4 => 2,
        5..=9 => 3,
        _ => 4,
    };
    let fits = |columns: usize| (width - (columns - 1) as f64 * GAP.0) / columns as f64 >= LEAST.0;
    let columns = (1..=wanted).rev().find(|columns| fits(*columns)).unwrap_or(1);
    (columns, panels.max(1).div_ceil(columns))
}

/// The names of panels on their lines; all take the same height, so that plots are aligned.
struct Names {
    lines: Vec<Vec<String>>,
    size: f64,
    /// Of the header: the name and the line below it.
    height: f64,
}

impl Names {
    fn of(chart: &Trend, width: f64, layout: &Layout<'_>) -> Names {
        let size = if chart.panels.len() > 4 { 15.0 } else { 17.0 };
        let wrapped = |panel: &TrendPanel| layout.letters.wrapped(&panel.name, size, Weight::Strong, width, NAME_LINES);
        let lines: Vec<Vec<String>> = chart.panels.iter().map(wrapped).collect();
        let most = lines.iter().map(Vec::len).max().unwrap_or(1).max(1);
        Names { height: most as f64 * size * LEADING + VALUE * LEADING + 10.0, lines, size }
    }
}

/// The name of a panel; below it the shape of its status, its value, the word of its status.
fn header(panel: &TrendPanel, names: &Names, index: usize, place: Area, layout: &Layout<'_>) -> Vec<Shape> {
    let mut shapes = Vec::new();
    shapes.push(Shape::Line {
        points: vec![at(place.left, place.top), at(place.right(), place.top)],
        pen: Pen::new(Ink::Rule, 1.0),
    });
    let mut baseline = place.top + 4.0;
    for line in &names.lines[index] {
        baseline += names.size * LEADING;
        shapes.push(Shape::Text(Text::new(at(place.left, baseline - 3.0), line, names.size, Ink::Text).strong()));
    }
    baseline += VALUE * LEADING;
    let status = Ink::Status(panel.status);
    shapes.extend(marks::status(at(place.left + 6.0, baseline - 8.0), 11.0, panel.status));
    let mut left = place.left + 20.0;
    if let Some(actual) = panel.points.last().and_then(|point| point.actual.as_ref()) {
        let value = number::inline(actual);
        let width = layout.letters.width(&value, VALUE, Weight::Strong);
        shapes.push(Shape::Text(Text::new(at(left, baseline - 3.0), value, VALUE, status).strong()));
        left += width + 10.0;
    }
    let word = layout.letters.fitted(&word(panel), WORD, Weight::Regular, place.right() - left);
    shapes.push(Shape::Text(Text::new(at(left, baseline - 3.0), word, WORD, status)));
    shapes
}

/// The word of a status; of a value held against nothing why.
fn word(panel: &TrendPanel) -> String {
    let footing = panel.points.last().map(|point| point.footing);
    let caveat = |kind: crate::evaluate::CaveatKind| match kind {
        crate::evaluate::CaveatKind::Partial => "partial",
        crate::evaluate::CaveatKind::Provisional => "provisional",
        crate::evaluate::CaveatKind::Rejected => "rows rejected",
    };
    match (panel.status, footing) {
        (Status::NoData, _) | (_, Some(Footing::Whole) | None) => panel.status.word().to_owned(),
        (status, Some(Footing::Noted(kind) | Footing::Unlike(kind))) => format!("{}, {}", status.word(), caveat(kind)),
    }
}

/// The scale of each panel that has a value: its own, or one for all.
fn axes(chart: &Trend, height: f64) -> Vec<Option<ValueAxis>> {
    let shared = match chart.scale {
        TrendScale::Shared => plot::axis(chart.panels.iter(), height),
        TrendScale::Own => None,
    };
    let axis = |panel: &TrendPanel| match chart.scale {
        _ if panel.absence.is_some() => None,
        TrendScale::Shared => shared.clone(),
        TrendScale::Own => plot::axis(std::iter::once(panel), height),
    };
    chart.panels.iter().map(axis).collect()
}

/// What stands beside the plots of each column: the widest of it, so that plots above one another are aligned.
fn gutters(
    chart: &Trend,
    axes: &[Option<ValueAxis>],
    columns: usize,
    width: f64,
    layout: &Layout<'_>,
) -> Vec<(f64, f64)> {
    let mut widest = vec![(0.0_f64, 0.0_f64); columns];
    for (index, (panel, axis)) in chart.panels.iter().zip(axes).enumerate() {
        let Some(axis) = axis else { continue };
        let (left, right) = plot::gutters(chart, panel, axis, width, layout.letters);
        let known = &mut widest[index % columns];
        *known = (known.0.max(left), known.1.max(right));
    }
    widest
}

/// Why a panel has no plot.
fn nothing(panel: &TrendPanel, place: Area, layout: &Layout<'_>) -> Vec<Shape> {
    let reason = panel.absence.as_deref().unwrap_or("no value");
    let lines = layout.letters.wrapped(reason, WORD, Weight::Regular, place.width, 5);
    let line = |(index, line): (usize, String)| {
        let baseline = place.top + 24.0 + index as f64 * WORD * LEADING;
        Shape::Text(Text::new(at(place.left, baseline), line, WORD, Ink::Muted))
    };
    lines.into_iter().enumerate().map(line).collect()
}
