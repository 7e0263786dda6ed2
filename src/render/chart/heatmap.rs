//! Stages of the journey by departments: the score in every cell, and where no one measures. As a scene.
//!
//! Owns the grid and its heads; what stands in a cell is `cell`'s.

mod cell;

use super::frame::{Frame, MARGIN};
use super::legend::{Key, legend};
use super::scene::{Anchor, Area, Pen, Scene, Shape, Text, Weight, at};
use super::theme::Ink;
use super::{Layout, Refusal, marks};
use crate::prose;
use crate::render::number;
use crate::render::style::harmless;
use crate::status::Status;
use crate::view::chart::{HeatCell, HeatHead, HeatPanel, Heatmap};

/// The width where none is asked for and no more is needed.
const WIDTH: f64 = 1600.0;
/// The longest side of a page.
const MOST_SIDE: f64 = 16_384.0;
/// A cell's height where there is room, and the least; its least width, and what is wanted.
const CELL: f64 = 92.0;
const LEAST_CELL: f64 = 62.0;
const LEAST_WIDTH: f64 = 104.0;
const WANTED_WIDTH: f64 = 150.0;
const MOST_WIDTH: f64 = 280.0;
/// Between cells.
const GAP: f64 = 4.0;
/// The head of a row: at most, and at least.
const NAMES: f64 = 220.0;
const LEAST_NAMES: f64 = 130.0;
/// The heads of columns, arrow included.
const HEADS: f64 = 64.0;
const PANEL_HEAD: f64 = 36.0;
const NAME: f64 = 15.0;
const SMALL: f64 = 12.0;

/// Lays a chart out.
pub(super) fn paint(chart: &Heatmap, layout: &Layout<'_>) -> Result<Scene, Refusal> {
    let grid = Grid::fitted(chart, layout)?;
    let mut scene = Scene::new(grid.page.0, grid.page.1);
    let body = grid.frame.draw(&mut scene);
    let (shapes, height) = legend(&keys(chart), (body.left, body.top), body.width, layout.letters);
    shapes.into_iter().for_each(|shape| scene.add(shape));
    let mut top = body.top + height + 12.0;
    for panel in &chart.panels {
        if let Some(name) = &panel.name {
            let name = layout.letters.fitted(&harmless(name), NAME + 1.0, Weight::Strong, body.width);
            scene.text(Text::new(at(body.left, top + 20.0), name, NAME + 1.0, Ink::Text).strong());
        }
        grid.panel(&mut scene, panel, at(body.left, top + grid.panel_head()), layout);
        top += grid.panel_height();
    }
    Ok(scene)
}

/// A grid fitted to its page.
struct Grid<'g> {
    chart: &'g Heatmap,
    page: (f64, f64),
    frame: Frame,
    names: f64,
    cell: (f64, f64),
}

impl<'g> Grid<'g> {
    fn fitted(chart: &'g Heatmap, layout: &Layout<'_>) -> Result<Grid<'g>, Refusal> {
        let columns = chart.stages.len() as f64;
        let taken = |names: f64, cell: f64| 2.0 * MARGIN + names + columns * (cell + GAP);
        let (width, height) = match layout.size {
            None => (WIDTH.max(taken(NAMES, WANTED_WIDTH)), None),
            Some((width, height)) => (width, Some(height)),
        };
        let names = (width - taken(0.0, WANTED_WIDTH)).clamp(LEAST_NAMES, NAMES);
        let cell = ((width - taken(names, 0.0)) / columns).min(MOST_WIDTH);
        let least = taken(LEAST_NAMES, LEAST_WIDTH).ceil();
        let of_height = |page: f64, cell_height: f64| {
            let frame = Frame::new(&chart.heading, &layout.signature, layout.letters, page);
            let above = legend(&keys(chart), (0.0, 0.0), page - 2.0 * MARGIN, layout.letters).1 + 12.0;
            let grid = Grid { chart, page: (page, 0.0), frame, names, cell: (cell, cell_height) };
            let needed = grid.frame.height() + above + chart.panels.len() as f64 * grid.panel_height();
            Grid { page: (page, needed), ..grid }
        };
        let Some(height) = height else {
            let grid = of_height(width, CELL);
            if width > MOST_SIDE || grid.page.1 > MOST_SIDE {
                return Err(Refusal::new(
                    "the grid is too large for a page",
                    "name fewer metrics, or leave `--by` out",
                ));
            }
            return Ok(grid);
        };
        let tight = of_height(width.max(least), LEAST_CELL);
        if width < least || height < tight.page.1 {
            let (wide, high) = (width.max(least), height.max(tight.page.1).ceil());
            return Err(Refusal::new(
                format!("{} by {columns} cells do not fit {width}x{height}", chart.departments.len()),
                format!("ask for `--size {wide}x{high}`, or leave `--size` out"),
            ));
        }
        let rows = (chart.departments.len() * chart.panels.len()) as f64;
        let room = LEAST_CELL + (height - tight.page.1) / rows;
        Ok(Grid { page: (width, height), ..of_height(width, room.min(CELL)) })
    }

    fn panel_head(&self) -> f64 {
        if self.chart.panels.iter().any(|panel| panel.name.is_some()) { PANEL_HEAD } else { 0.0 }
    }

    fn panel_height(&self) -> f64 {
        self.panel_head() + HEADS + self.chart.departments.len() as f64 * (self.cell.1 + GAP) + 12.0
    }

    fn panel(&self, scene: &mut Scene, panel: &HeatPanel, place: super::scene::Point, layout: &Layout<'_>) {
        let (width, height) = self.cell;
        let left = |column: usize| place.x + self.names + column as f64 * (width + GAP);
        for (column, head) in self.chart.stages.iter().enumerate() {
            let area = Area::new(left(column), place.y, width, HEADS);
            scene.add(titled(head, "no stage", column_head(head, area, layout)));
        }
        let named = self.chart.stages.iter().filter(|head| head.name.is_some()).count();
        journey(place.y + HEADS - 8.0, (left(0), left(named) - GAP)).into_iter().for_each(|shape| scene.add(shape));
        for (row, (head, cells)) in self.chart.departments.iter().zip(&panel.cells).enumerate() {
            let top = place.y + HEADS + row as f64 * (height + GAP);
            let area = Area::new(place.x, top, self.names - 16.0, height);
            scene.add(titled(head, "no department", row_head(head, area, layout)));
            for (column, one) in cells.iter().enumerate() {
                let area = Area::new(left(column), top, width, height);
                let stage = self.chart.stages[column].name.as_deref().unwrap_or("no stage");
                let department = head.name.as_deref().unwrap_or("no department");
                let title = format!("{department}, {stage}: {}", cell::spoken(one));
                scene.add(Shape::Group { title, shapes: cell::shapes(one, area, layout.letters) });
            }
        }
    }
}

fn titled(head: &HeatHead, without: &str, shapes: Vec<Shape>) -> Shape {
    Shape::Group { title: head.name.clone().unwrap_or_else(|| without.to_owned()), shapes }
}

fn head_text(head: &HeatHead, without: &str) -> (String, Weight, Ink) {
    match &head.name {
        Some(name) => (harmless(name), Weight::Strong, Ink::Text),
        None => (without.to_owned(), Weight::Regular, Ink::Muted),
    }
}

/// A stage's name above its count, both above the arrow.
fn column_head(head: &HeatHead, area: Area, layout: &Layout<'_>) -> Vec<Shape> {
    let (text, weight, ink) = head_text(head, "no stage");
    let text = layout.letters.fitted(&text, NAME, weight, area.width - 8.0);
    let count = prose::count(head.metrics, "metric");
    vec![
        Shape::Text(Text { weight, ..Text::new(at(area.left, area.top + 24.0), text, NAME, ink) }),
        Shape::Text(Text::new(at(area.left, area.top + 42.0), count, SMALL, Ink::Muted)),
    ]
}

/// A department's name on at most three lines, and its count.
fn row_head(head: &HeatHead, area: Area, layout: &Layout<'_>) -> Vec<Shape> {
    let (text, weight, ink) = head_text(head, "no department");
    let most = if area.height >= 80.0 { 3 } else { 2 };
    let lines = layout.letters.wrapped(&text, NAME, weight, area.width, most);
    let mut baseline = area.top + 24.0;
    let mut shapes = Vec::new();
    for line in lines {
        shapes.push(Shape::Text(Text { weight, ..Text::new(at(area.left, baseline), line, NAME, ink) }));
        baseline += NAME * 1.2;
    }
    let count = prose::count(head.metrics, "metric");
    shapes.push(Shape::Text(Text::new(at(area.left, baseline), count, SMALL, Ink::Muted)));
    shapes
}

/// The way of the journey: an arrow below the stages.
fn journey(y: f64, (from, to): (f64, f64)) -> Vec<Shape> {
    let tip = vec![at(to, y), at(to - 9.0, y - 4.0), at(to - 9.0, y + 4.0)];
    vec![
        Shape::Line { points: vec![at(from, y), at(to - 8.0, y)], pen: Pen::new(Ink::Rule, 1.5) },
        Shape::Surface { points: tip, ink: Ink::Rule },
    ]
}

/// What is meant by shapes and patterns, of those that are there.
fn keys(chart: &Heatmap) -> Vec<Key> {
    let cells = || chart.panels.iter().flat_map(|panel| panel.cells.iter().flatten());
    let is_there =
        |wanted: Status| cells().any(|cell| matches!(cell, HeatCell::Scored { status, .. } if *status == wanted));
    let (on_target, at_risk) = (number::score(chart.cut_offs.0), number::score(chart.cut_offs.1));
    let meanings = [
        (Status::OnTarget, format!("on-target, from {on_target}")),
        (Status::AtRisk, format!("at-risk, from {at_risk}")),
        (Status::OffTarget, format!("off-target, below {at_risk}")),
    ];
    let mut keys: Vec<Key> = meanings
        .into_iter()
        .filter(|(status, _)| is_there(*status))
        .map(|(status, word)| Key::new(word, move |area: Area| marks::status(area.centre(), 13.0, status)))
        .collect();
    if cells().any(|cell| matches!(cell, HeatCell::Unscored { .. })) {
        keys.push(Key::new("measured, but without a score", cell::unscored));
    }
    if cells().any(|cell| *cell == HeatCell::Blind) {
        let word = if chart.is_chosen { "none of the metrics chosen" } else { "no one measures" };
        keys.push(Key::new(word, cell::hatched));
    }
    keys
}

/// Where a text ends at the right.
fn ending(text: Text) -> Text {
    text.anchored(Anchor::End)
}
