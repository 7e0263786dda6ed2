//! The golden thread: goals left, what feeds them to their right; each metric once.
//!
//! Chooses the size of cards and of the page; `layers`, `order`, `places` and `plan` lay the graph out, `card`, `line` and
//! `key` draw it.

mod card;
mod key;
mod layers;
mod line;
mod order;
mod places;
mod plan;

use super::frame::{Frame, MARGIN};
use super::letters::Letters;
use super::scene::{Area, Pen, Point, Scene, Shape, Text, at};
use super::{Layout, Refusal};
use crate::prose;
use crate::render::style;
use crate::view::chart::{Heading, Tree};
use card::{Card, Form};
use key::Key;
use plan::{Plan, Request};

/// The least width of a page, where none is asked for.
const WIDTH: f64 = 1600.0;
/// The longest side a picture may have.
const LONGEST: f64 = 16_384.0;
/// A card's width, at least and at most.
const CARD: (f64, f64) = (248.0, 330.0);
/// Between columns, at least and at most.
const BETWEEN: (f64, f64) = (92.0, 190.0);
/// With more cards than that in any column, all but those of goals are slim.
const MANY: usize = 8;
/// Between cards: full ones, slim ones.
const GAPS: (f64, f64) = (18.0, 9.0);
/// How much stronger the golden path is kept straight.
const GOLD_PULL: f64 = 4.0;
/// The most notes below; the table has them all.
const MOST_NOTES: usize = 6;
/// How far letters of 12 units may shrink on a page of a size asked for: to 9.
const SMALLEST: f64 = 0.75;
/// How far they may grow.
const LARGEST: f64 = 1.6;

/// Lays a chart out.
pub(super) fn paint(chart: &Tree, layout: &Layout<'_>) -> Result<Scene, Refusal> {
    let heading = noted(chart);
    match layout.size {
        None => grown(chart, &heading, layout),
        Some(size) => fitted(chart, &heading, layout, size),
    }
}

/// On a page as large as it needs.
fn grown(chart: &Tree, heading: &Heading, layout: &Layout<'_>) -> Result<Scene, Refusal> {
    let drawing = Drawing::new(chart, layout.letters, WIDTH - 2.0 * MARGIN, MANY);
    let width = WIDTH.max(drawing.size.0 + 2.0 * MARGIN);
    let frame = Frame::new(heading, &layout.signature, layout.letters, width);
    let height = frame.height() + drawing.size.1;
    if width > LONGEST || height > LONGEST {
        return Err(Refusal::new(
            format!("{} need {width:.0} x {height:.0}, more than a picture may have", count(chart)),
            narrower(),
        ));
    }
    let mut scene = Scene::new(width, height);
    let body = frame.draw(&mut scene);
    drawing.shapes.into_iter().for_each(|shape| scene.add(placed(shape, at(body.left, body.top), 1.0)));
    Ok(scene)
}

/// On a page of the size asked for: as large as it fits, letters no smaller than can be read.
fn fitted(chart: &Tree, heading: &Heading, layout: &Layout<'_>, size: (f64, f64)) -> Result<Scene, Refusal> {
    let frame = Frame::new(heading, &layout.signature, layout.letters, size.0);
    let room = (size.0 - 2.0 * MARGIN, size.1 - frame.height());
    let mut best: Option<(f64, Drawing)> = None;
    let mut zoom = LARGEST;
    while zoom > SMALLEST - 1e-9 && best.is_none() {
        for many in [MANY, 0] {
            let drawing = Drawing::new(chart, layout.letters, room.0 / zoom, many);
            let fits = drawing.size.0 * zoom <= room.0 + 0.5 && drawing.size.1 * zoom <= room.1;
            if fits && best.is_none() {
                best = Some((zoom, drawing));
            }
        }
        zoom -= 0.05;
    }
    let Some((zoom, drawing)) = best else {
        let drawing = Drawing::new(chart, layout.letters, WIDTH - 2.0 * MARGIN, MANY);
        let width = WIDTH.max(drawing.size.0 + 2.0 * MARGIN).ceil();
        let needed = Frame::new(heading, &layout.signature, layout.letters, width).height() + drawing.size.1;
        return Err(Refusal::new(
            format!("{} do not fit {} x {} in letters that can be read", count(chart), size.0, size.1),
            format!("leave `--size` out, or ask for `--size {width}x{}`; or {}", needed.ceil(), narrower()),
        ));
    };
    let mut scene = Scene::new(size.0, size.1);
    let body = frame.draw(&mut scene);
    // In the middle of what is left, where that is more than it needs.
    let spare = ((body.height - drawing.size.1 * zoom) / 2.0).max(0.0);
    let corner = at(body.left, body.top + spare);
    drawing.shapes.into_iter().for_each(|shape| scene.add(placed(shape, corner, zoom)));
    Ok(scene)
}

fn count(chart: &Tree) -> String {
    prose::count(chart.nodes.len(), "metric")
}

fn narrower() -> String {
    "draw a part: `+clv` for all that feeds a metric of that id, `dept:ID` for those of a department".to_owned()
}

/// The heading with what marked figures rest on and why numbers are missing, as below a table.
fn noted(chart: &Tree) -> Heading {
    let line = |mark: &str, names: &[String], text: &str| {
        let names: Vec<String> = names.iter().map(|name| style::harmless(name)).collect();
        format!("{mark} {}: {}", prose::join(&names, "and"), style::harmless(text))
    };
    let remarks =
        chart.remarks.iter().map(|remark| line(&style::caveat(remark.kind).to_string(), &remark.metrics, &remark.text));
    let causes = chart.causes.iter().map(|cause| line(crate::render::number::NOTHING, &cause.metrics, &cause.reason));
    let all: Vec<String> = remarks.chain(causes).collect();
    let mut notes = chart.heading.notes.clone();
    let shown = if all.len() > MOST_NOTES { MOST_NOTES - 1 } else { all.len() };
    notes.extend(all.iter().take(shown).cloned());
    if shown < all.len() {
        notes.push(format!("{}: see `show`", prose::count(all.len() - shown, "further note")));
    }
    Heading { notes, ..chart.heading.clone() }
}

/// The picture proper, from a top left corner at 0, 0.
struct Drawing {
    shapes: Vec<Shape>,
    size: (f64, f64),
}

impl Drawing {
    /// Lays a tree out on a width that it may exceed, with slim cards in columns of more than `many`.
    fn new(chart: &Tree, letters: &Letters, width: f64, many: usize) -> Drawing {
        let edges: Vec<(usize, usize)> = chart.edges.iter().map(|edge| (edge.parent, edge.child)).collect();
        let layer = layers::layers(chart.nodes.len(), &edges);
        let is_tied = |node: usize| edges.iter().any(|(parent, child)| *parent == node || *child == node);
        let loose: Vec<bool> = chart.nodes.iter().enumerate().map(|(node, of)| !of.is_goal && !is_tied(node)).collect();
        let columns = layer.iter().max().map_or(1, |last| last + 1);
        let crowd = |column: usize| (0..layer.len()).filter(|node| layer[*node] == column && !loose[*node]).count();
        // One form in all columns: a card's size says goal or not, and nothing else.
        let form = if (0..columns).any(|column| crowd(column) > many) { Form::Slim } else { Form::Full };
        let free = width - (columns - 1) as f64 * BETWEEN.0;
        let card = (free / columns as f64).clamp(CARD.0, CARD.1).floor();
        let cards: Vec<Card<'_>> = chart
            .nodes
            .iter()
            .enumerate()
            .map(|(node, of)| {
                let form = if of.is_goal { Form::Full } else { form };
                Card::new(of, form, chart.gold.contains(&node), card, letters)
            })
            .collect();
        let gap = if form == Form::Full { GAPS.0 } else { GAPS.1 };
        let pull = |(parent, child): &(usize, usize)| if is_golden(chart, *parent, *child) { GOLD_PULL } else { 1.0 };
        let plan = plan::plan(&Request {
            layer: &layer,
            edges: &edges,
            pulls: &edges.iter().map(pull).collect::<Vec<f64>>(),
            heights: &cards.iter().map(Card::height).collect::<Vec<f64>>(),
            gaps: &vec![gap; columns],
            card,
            between: BETWEEN,
            width,
            loose: &loose,
        });
        drawn(chart, &plan, &cards, letters, width)
    }
}

/// Lines, gold last, then cards, labels and the key.
fn drawn(chart: &Tree, plan: &Plan, cards: &[Card<'_>], letters: &Letters, width: f64) -> Drawing {
    let mut shapes = Vec::new();
    let mut order: Vec<usize> = (0..chart.edges.len()).collect();
    let golden = |edge: &usize| is_golden(chart, chart.edges[*edge].parent, chart.edges[*edge].child);
    order.sort_by_key(golden);
    for edge in order {
        shapes.push(line::shapes(chart, &chart.edges[edge], &plan.routes[edge], golden(&edge)));
    }
    for (card, area) in cards.iter().zip(&plan.cards) {
        shapes.push(Shape::Group { title: card.words(), shapes: card.shapes(*area) });
    }
    let labels = line::labels(chart, &plan.routes, &plan.cards, letters);
    shapes.extend(labels.into_iter().map(|(text, _)| Shape::Text(text)));
    let key = Key::new(chart, letters, width.max(plan.size.0));
    let top = plan.size.1 + 22.0;
    shapes.extend(key.shapes(at(0.0, top)));
    let bottom = if key.height() > 0.0 { top + key.height() } else { plan.size.1 };
    Drawing { shapes, size: (plan.size.0, bottom) }
}

/// Whether a tie is a step of the golden path.
fn is_golden(chart: &Tree, parent: usize, child: usize) -> bool {
    chart.gold.windows(2).any(|step| step == [parent, child])
}

/// A shape moved and enlarged.
fn placed(shape: Shape, corner: Point, zoom: f64) -> Shape {
    let moved = |point: Point| at(corner.x + point.x * zoom, corner.y + point.y * zoom);
    match shape {
        Shape::Line { points, pen } => {
            let dash = pen.dash.map(|(dash, gap)| (dash * zoom, gap * zoom));
            let pen = Pen { width: pen.width * zoom, dash, ..pen };
            Shape::Line { points: points.into_iter().map(moved).collect(), pen }
        }
        Shape::Surface { points, ink } => Shape::Surface { points: points.into_iter().map(moved).collect(), ink },
        Shape::Disc { centre, radius, ink } => Shape::Disc { centre: moved(centre), radius: radius * zoom, ink },
        Shape::Text(text) => Shape::Text(Text { at: moved(text.at), size: text.size * zoom, ..text }),
        Shape::Group { title, shapes } => {
            let shapes = shapes.into_iter().map(|shape| placed(shape, corner, zoom)).collect();
            Shape::Group { title, shapes }
        }
    }
}
