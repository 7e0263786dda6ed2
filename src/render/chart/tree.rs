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
#[cfg(test)]
mod tests;

use super::frame::{Frame, MARGIN};
use super::letters::Letters;
use super::scene::{Pen, Point, Scene, Shape, Text, at};
use super::{Layout, Refusal};
use crate::prose;
use crate::render::style;
use crate::view::chart::{Heading, Tree, TreeNode};
use card::{Card, Form};
use key::Key;
use plan::{Outline, Plan, Sizes};

/// The least width of a page, where none is asked for.
const WIDTH: f64 = 1600.0;
/// The longest side a picture may have.
const LONGEST: f64 = 16_384.0;
/// A card's width, at least and at most.
const CARD: (f64, f64) = (248.0, 380.0);
/// Between columns, at least and at most.
const BETWEEN: (f64, f64) = (92.0, 240.0);
/// With more cards than that in any column, all but those of goals are slim: a card's size says goal or not, and nothing
/// else.
const MANY: usize = 8;
/// Between cards: full ones, slim ones.
const GAPS: (f64, f64) = (18.0, 9.0);
/// How much stronger the golden path is kept straight.
const GOLD_PULL: f64 = 4.0;
/// The most notes below; the table has them all.
const MOST_NOTES: usize = 8;
/// How much larger or smaller than usual it may be on a page of a size asked for; letters of 12 units shrink to 9.
const ZOOMS: [f64; 10] = [1.6, 1.45, 1.3, 1.2, 1.1, 1.0, 0.93, 0.87, 0.81, 0.75];

/// Lays a chart out.
pub(super) fn paint(chart: &Tree, layout: &Layout<'_>) -> Result<Scene, Refusal> {
    let graph = Graph::of(chart);
    if graph.least_width() > LONGEST {
        let reason = format!("{} columns, one a step of the thread, are more than a picture may have", graph.columns);
        return Err(Refusal::new(reason, narrower(chart)));
    }
    let outline = Outline::new(&graph.layer, &graph.edges, &graph.loose);
    let form = if graph.crowd > MANY { Form::Slim } else { Form::Full };
    let heading = noted(chart);
    let frame = |width| Frame::new(&heading, &layout.signature, layout.letters, width);
    let draw = |width, form| Drawing::new(chart, &graph, &outline, layout.letters, width, form);
    match layout.size {
        None => grown(chart, &frame, &|width| draw(width, form)),
        Some(size) => fitted(chart, &frame, &draw, form, size),
    }
}

/// The least page that holds all of it.
fn needed(frame: &dyn Fn(f64) -> Frame, drawing: &Drawing) -> (f64, f64) {
    let width = WIDTH.max(drawing.size.0 + 2.0 * MARGIN).ceil();
    (width, (frame(width).height() + drawing.size.1).ceil())
}

/// On a page as large as it needs.
fn grown(chart: &Tree, frame: &dyn Fn(f64) -> Frame, draw: &dyn Fn(f64) -> Drawing) -> Result<Scene, Refusal> {
    let drawing = draw(WIDTH - 2.0 * MARGIN);
    let (width, height) = needed(frame, &drawing);
    if width > LONGEST || height > LONGEST {
        return Err(Refusal::new(
            format!("{} need {width} x {height}, more than a picture may have", count(chart)),
            narrower(chart),
        ));
    }
    let mut scene = Scene::new(width, height);
    let body = frame(width).draw(&mut scene);
    drawing.shapes.into_iter().for_each(|shape| scene.add(placed(shape, at(body.left, body.top), 1.0)));
    Ok(scene)
}

/// On a page of the size asked for: as large as it fits, letters no smaller than can be read.
fn fitted(
    chart: &Tree,
    frame: &dyn Fn(f64) -> Frame,
    draw: &dyn Fn(f64, Form) -> Drawing,
    form: Form,
    size: (f64, f64),
) -> Result<Scene, Refusal> {
    let room = (size.0 - 2.0 * MARGIN, size.1 - frame(size.0).height());
    let attempt = |(zoom, form): (f64, Form)| {
        let drawing = draw(room.0 / zoom, form);
        let fits = drawing.size.0 * zoom <= room.0 + 0.5 && drawing.size.1 * zoom <= room.1;
        fits.then_some((zoom, drawing))
    };
    let mut attempts = ZOOMS.into_iter().flat_map(|zoom| [(zoom, form), (zoom, Form::Slim)]);
    let Some((zoom, drawing)) = attempts.find_map(attempt) else {
        let (width, height) = needed(frame, &draw(WIDTH - 2.0 * MARGIN, form));
        let reason = format!("{} do not fit {} x {} in letters that can be read", count(chart), size.0, size.1);
        // No size asked for may be longer, and none that is left out.
        let help = if width > LONGEST || height > LONGEST {
            narrower(chart)
        } else {
            format!("leave `--size` out, or ask for `--size {width}x{height}`; or {}", narrower(chart))
        };
        return Err(Refusal::new(reason, help));
    };
    let mut scene = Scene::new(size.0, size.1);
    let body = frame(size.0).draw(&mut scene);
    // In the middle of what is left, where that is more than it needs.
    let spare = ((body.height - drawing.size.1 * zoom) / 2.0).max(0.0);
    let corner = at(body.left, body.top + spare);
    drawing.shapes.into_iter().for_each(|shape| scene.add(placed(shape, corner, zoom)));
    Ok(scene)
}

fn count(chart: &Tree) -> String {
    prose::count(chart.nodes.len(), "metric")
}

/// How fewer metrics are asked for.
fn narrower(chart: &Tree) -> String {
    let example = chart.nodes.iter().find(|node| node.is_goal).or(chart.nodes.first());
    let example = example.map_or("clv", |node| node.key.as_str());
    format!("draw a part: `+{example}` for all that feeds it, `dept:ID` for a department's")
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

/// A tree as a graph: which column each metric stands in, and what ties it.
struct Graph {
    layer: Vec<usize>,
    edges: Vec<(usize, usize)>,
    loose: Vec<bool>,
    columns: usize,
    /// The most cards in any column.
    crowd: usize,
}

impl Graph {
    /// The width of a page of the narrowest cards.
    fn least_width(&self) -> f64 {
        let columns = self.columns as f64;
        columns * CARD.0 + (columns - 1.0) * BETWEEN.0 + 2.0 * MARGIN
    }

    fn of(chart: &Tree) -> Graph {
        let edges: Vec<(usize, usize)> = chart.edges.iter().map(|edge| (edge.parent, edge.child)).collect();
        let layer = layers::layers(chart.nodes.len(), &edges);
        let mut loose: Vec<bool> = chart.nodes.iter().map(|node| !node.is_goal).collect();
        for (parent, child) in &edges {
            (loose[*parent], loose[*child]) = (false, false);
        }
        let columns = layer.iter().max().map_or(1, |last| last + 1);
        let mut crowds = vec![0; columns];
        layer.iter().zip(&loose).filter(|(_, loose)| !**loose).for_each(|(column, _)| crowds[*column] += 1);
        Graph { layer, edges, loose, columns, crowd: crowds.into_iter().max().unwrap_or(0) }
    }
}

impl Drawing {
    /// Draws a tree on a width that it may exceed, its cards as wide as that leaves room for, or as wide as they must be.
    fn new(chart: &Tree, graph: &Graph, outline: &Outline<'_>, letters: &Letters, width: f64, form: Form) -> Drawing {
        let pull = |(parent, child): &(usize, usize)| if is_golden(chart, *parent, *child) { GOLD_PULL } else { 1.0 };
        let pulls: Vec<f64> = graph.edges.iter().map(pull).collect();
        let columns = graph.columns as f64;
        let mut card = ((width - (columns - 1.0) * BETWEEN.0) / columns).clamp(CARD.0, CARD.1).floor();
        loop {
            let cards = cards(chart, form, card, letters);
            let plan = outline.plan(&Sizes {
                pulls: &pulls,
                heights: &cards.iter().map(Card::height).collect::<Vec<f64>>(),
                gap: if form == Form::Full { GAPS.0 } else { GAPS.1 },
                card,
                between: BETWEEN,
                width,
            });
            // Ties that climb far take room from cards.
            let excess = ((plan.size.0 - width) / columns).ceil();
            if excess <= 0.0 || card <= CARD.0 {
                return drawn(chart, &plan, &cards, letters, width);
            }
            card = (card - excess).max(CARD.0);
        }
    }
}

/// All cards, those of goals full in any case.
fn cards<'c>(chart: &'c Tree, form: Form, width: f64, letters: &'c Letters) -> Vec<Card<'c>> {
    let card = |(position, node)| {
        let node: &TreeNode = node;
        let form = if node.is_goal { Form::Full } else { form };
        Card::new(node, form, chart.gold.contains(&position), width, letters)
    };
    chart.nodes.iter().enumerate().map(card).collect()
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
    let labels = line::labels(chart, &plan.routes, &plan.cards, letters, &golden);
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
