//! The lines between cards: arithmetic solid, belief dashed, a way through what is not drawn dotted; the share of the
//! weight as width; lags and what is left out as labels where there is room for them.

use super::super::letters::Letters;
use super::super::scene::{Anchor, Area, Pen, Point, Shape, Text, Weight, at};
use super::super::theme::Ink;
use crate::prose;
use crate::render::{number, style};
use crate::view::chart::{Tied, Tree, TreeEdge};

const LABEL: f64 = 12.0;
/// The width of the surface along the golden path.
const GLOW: f64 = 11.0;

/// How a tie is drawn.
pub(super) fn pen(tied: &Tied, share: f64, is_gold: bool) -> Pen {
    let width = 1.25 + 3.0 * share.clamp(0.0, 1.0) + if is_gold { 0.75 } else { 0.0 };
    let ink = match tied {
        _ if is_gold => Ink::Gold,
        Tied::Definition => Ink::Definition,
        Tied::Link { .. } | Tied::Through { .. } => Ink::Link,
    };
    match tied {
        Tied::Definition => Pen::new(ink, width),
        Tied::Link { .. } => Pen::new(ink, width).dashed(6.0 + 2.0 * width, 4.0 + 0.8 * width),
        Tied::Through { .. } => Pen::new(ink, width).dashed(width, 2.0 + width),
    }
}

/// A tie's line with its title.
pub(super) fn shapes(tree: &Tree, edge: &TreeEdge, route: &[Point], is_gold: bool) -> Shape {
    let mut shapes = Vec::new();
    if is_gold {
        shapes.push(Shape::Line { points: route.to_vec(), pen: Pen::new(Ink::GoldTint, GLOW) });
    }
    shapes.push(Shape::Line { points: route.to_vec(), pen: pen(&edge.tied, edge.share, is_gold) });
    Shape::Group { title: words(tree, edge), shapes }
}

/// A tie in words.
fn words(tree: &Tree, edge: &TreeEdge) -> String {
    let name = |position: usize| style::harmless(&tree.nodes[position].name);
    let share = format!("{} % of the weight", number::score(edge.share * 100.0));
    let ends = format!("{} from {}", name(edge.parent), name(edge.child));
    match &edge.tied {
        Tied::Definition => format!("{ends}: definition, {share}"),
        Tied::Link { because, .. } => {
            let lag = label(tree, edge).map_or_else(String::new, |lag| format!(", {lag}"));
            let because =
                because.as_ref().map_or_else(String::new, |because| format!(": {}", style::harmless(because)));
            format!("{ends}: link, {share}{lag}{because}")
        }
        Tied::Through { names } => {
            let names: Vec<String> = names.iter().map(|name| style::harmless(name)).collect();
            format!("{ends}: by way of {}, {share}", prose::join(&names, "and"))
        }
    }
}

/// What stands beside a tie.
fn label(tree: &Tree, edge: &TreeEdge) -> Option<String> {
    match &edge.tied {
        Tied::Definition | Tied::Link { lag: 0, .. } => None,
        Tied::Link { lag, .. } => {
            Some(format!("{} later", prose::count(usize::try_from(*lag).unwrap_or(usize::MAX), tree.grain.word())))
        }
        Tied::Through { names } => Some(format!("via {}", names.len())),
    }
}

/// The labels of all ties that have room for them, each beside its own line and on nothing else.
pub(super) fn labels(
    tree: &Tree,
    routes: &[Vec<Point>],
    cards: &[Area],
    letters: &Letters,
    is_golden: &dyn Fn(&usize) -> bool,
) -> Vec<(Text, Area)> {
    let reach = |edge: usize| if is_golden(&edge) { GLOW / 2.0 + 1.0 } else { 3.0 };
    let mut placed: Vec<(Text, Area)> = Vec::new();
    for (edge, route) in tree.edges.iter().zip(routes) {
        let (Some(words), Some(from), Some(to)) = (label(tree, edge), route.first(), route.last()) else { continue };
        let width = letters.width(&words, LABEL, Weight::Regular);
        let places = [
            (at(to.x - 8.0, to.y - 9.0), Anchor::End),
            (at(to.x - 8.0, to.y + 17.0), Anchor::End),
            (at(from.x + 8.0, from.y - 9.0), Anchor::Start),
            (at(from.x + 8.0, from.y + 17.0), Anchor::Start),
        ];
        let free = places.into_iter().find_map(|(place, anchor)| {
            let left = if anchor == Anchor::End { place.x - width } else { place.x };
            let area = Area::new(left - 2.0, place.y - LABEL * 0.8, width + 4.0, LABEL * 1.05);
            let is_free = !cards.iter().any(|card| card.meets(&area))
                && !placed.iter().any(|(_, other)| other.meets(&area))
                && !routes.iter().enumerate().any(|(edge, route)| passes(route, &area.inset(-reach(edge))));
            is_free.then_some((place, anchor, area))
        });
        if let Some((place, anchor, area)) = free {
            placed.push((Text::new(place, words, LABEL, Ink::Muted).anchored(anchor), area));
        }
    }
    placed
}

/// Whether a line enters an area.
pub(super) fn passes(route: &[Point], wide: &Area) -> bool {
    const STEPS: u32 = 16;
    route.windows(2).any(|pair| {
        let (a, b) = (pair[0], pair[1]);
        let beside = a.x.max(b.x) < wide.left || a.x.min(b.x) > wide.right();
        let over = a.y.max(b.y) < wide.top || a.y.min(b.y) > wide.bottom();
        let inside = |step: u32| {
            let t = f64::from(step) / f64::from(STEPS);
            let (x, y) = (a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t);
            x > wide.left && x < wide.right() && y > wide.top && y < wide.bottom()
        };
        !beside && !over && (0..=STEPS).any(inside)
    })
}
