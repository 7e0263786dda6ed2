//! Where every card stands and every tie runs: the parts of a graph each laid out and set one below the other, nodes tied to
//! nothing in rows below all. Knows sizes and numbers of nodes, and nothing of what stands on a card.
//!
//! In two steps: the order in columns follows from ties alone and is found once ([`Outline`]); places follow from it and
//! from sizes, which are tried until they fit ([`Outline::plan`]).

use super::super::scene::{Area, Point, at, curve};
use super::layers::parts;
use super::order::Net;
use super::places::{Room, middles};

/// Between parts that nothing ties, and above the rows of nodes that are tied to nothing.
const PART_GAP: f64 = 34.0;
/// Between the ends of ties on one side of a card.
const PORT: f64 = 9.0;

/// What ties nodes, and in which order they stand.
pub(super) struct Outline<'o> {
    /// The column of each node.
    layer: &'o [usize],
    /// Ties from parent to child, by node.
    edges: &'o [(usize, usize)],
    /// Which nodes tied to nothing stand in rows below all the others.
    loose: &'o [bool],
    parts: Vec<Part>,
}

/// The sizes of what is laid out, in units.
pub(super) struct Sizes<'s> {
    /// How strongly each tie is to be straight: 1 for most.
    pub(super) pulls: &'s [f64],
    /// The height of each node's card.
    pub(super) heights: &'s [f64],
    /// Between cards below each other.
    pub(super) gap: f64,
    /// The width of a card.
    pub(super) card: f64,
    /// Between columns, at least and at most.
    pub(super) between: (f64, f64),
    /// The width of all, where less would be free.
    pub(super) width: f64,
}

/// What came of it, from a top left corner at 0, 0.
pub(super) struct Plan {
    /// Each node's card.
    pub(super) cards: Vec<Area>,
    /// Each tie, from parent to child.
    pub(super) routes: Vec<Vec<Point>>,
    /// Width and height of all.
    pub(super) size: (f64, f64),
}

impl<'o> Outline<'o> {
    /// Orders the nodes of a graph in their columns. `loose` nodes have no ties.
    pub(super) fn new(layer: &'o [usize], edges: &'o [(usize, usize)], loose: &'o [bool]) -> Outline<'o> {
        let part_of = parts(layer.len(), edges);
        let count = part_of.iter().max().map_or(0, |last| last + 1);
        let mut members: Vec<(Vec<usize>, Vec<usize>)> = vec![(Vec::new(), Vec::new()); count];
        let mut local = vec![0; layer.len()];
        for (node, part) in part_of.iter().enumerate().filter(|(node, _)| !loose[*node]) {
            local[node] = members[*part].0.len();
            members[*part].0.push(node);
        }
        for (edge, (parent, _)) in edges.iter().enumerate() {
            members[part_of[*parent]].1.push(edge);
        }
        let part = |(nodes, own): (Vec<usize>, Vec<usize>)| {
            let layer: Vec<usize> = nodes.iter().map(|node| layer[*node]).collect();
            let ties: Vec<(usize, usize)> =
                own.iter().map(|edge| edges[*edge]).map(|(parent, child)| (local[parent], local[child])).collect();
            Part { net: Net::new(&layer, &ties), nodes, edges: own }
        };
        let parts = members.into_iter().filter(|(nodes, _)| !nodes.is_empty()).map(part).collect();
        Outline { layer, edges, loose, parts }
    }

    /// Finds places for cards and ties of these sizes.
    pub(super) fn plan(&self, sizes: &Sizes<'_>) -> Plan {
        let mut middle = vec![0.0; self.layer.len()];
        let mut bends: Vec<Vec<f64>> = vec![Vec::new(); self.edges.len()];
        let columns = self.layer.iter().max().map_or(0, |last| last + 1);
        let mut floor: Vec<Option<f64>> = vec![None; columns];
        for part in &self.parts {
            let heights: Vec<f64> = part.nodes.iter().map(|node| sizes.heights[*node]).collect();
            let pulls: Vec<f64> = part.edges.iter().map(|edge| sizes.pulls[*edge]).collect();
            let places = middles(&part.net, &Room { heights: &heights, gap: sizes.gap, pulls: &pulls });
            let extents: Vec<Option<(f64, f64)>> =
                part.net.columns.iter().map(|column| extent(column, &places, &heights)).collect();
            let shift = shift(&extents, &floor);
            for (place, node) in places.iter().zip(&part.nodes) {
                middle[*node] = place + shift;
            }
            for (chain, edge) in part.net.chains.iter().zip(&part.edges) {
                bends[*edge] = chain[1..chain.len() - 1].iter().map(|bend| places[*bend] + shift).collect();
            }
            for (floor, extent) in floor.iter_mut().zip(&extents) {
                *floor = extent.map(|extent| extent.1 + shift).or(*floor);
            }
        }
        let bottom = floor.iter().flatten().copied().fold(0.0, f64::max);
        let lefts = self.lefts(sizes, columns, &middle, &bends);
        let card = |node: usize| {
            let height = sizes.heights[node];
            Area::new(lefts[self.layer[node]], middle[node] - height / 2.0, sizes.card, height)
        };
        let mut cards: Vec<Area> = (0..self.layer.len()).map(card).collect();
        let bottom = self.rows(sizes, &lefts, bottom, &mut cards);
        let routes = self.routes(sizes, &lefts, &cards, &bends);
        let width = cards.iter().map(Area::right).fold(0.0, f64::max);
        Plan { cards, routes, size: (width, bottom) }
    }

    /// The left edge of each column: further from the one before where ties have far to climb.
    fn lefts(&self, sizes: &Sizes<'_>, columns: usize, middle: &[f64], bends: &[Vec<f64>]) -> Vec<f64> {
        let (least, most) = sizes.between;
        let mut gaps = vec![least; columns.saturating_sub(1)];
        for ((parent, child), bends) in self.edges.iter().zip(bends) {
            let mut heights = vec![middle[*parent]];
            heights.extend(bends);
            heights.push(middle[*child]);
            for (step, pair) in heights.windows(2).enumerate() {
                let gap = &mut gaps[self.layer[*parent] + step];
                *gap = gap.max(((pair[0] - pair[1]).abs() * 0.22).min(most));
            }
        }
        // What the page has to spare goes between the columns.
        let used = columns as f64 * sizes.card + gaps.iter().sum::<f64>();
        let spare = (sizes.width - used).max(0.0) / gaps.len().max(1) as f64;
        let mut left = 0.0;
        let mut lefts = Vec::with_capacity(columns);
        for column in 0..columns {
            lefts.push(left);
            left += sizes.card + gaps.get(column).map_or(0.0, |gap| (gap + spare).min(gap.max(most)));
        }
        lefts
    }

    /// Sets loose nodes in rows below all others, and answers where they end.
    fn rows(&self, sizes: &Sizes<'_>, lefts: &[f64], bottom: f64, cards: &mut [Area]) -> f64 {
        let mut loose = (0..cards.len()).filter(|node| self.loose[*node]).peekable();
        let gap = sizes.gap.max(12.0);
        let mut lefts = lefts.to_vec();
        while let Some(next) = lefts.last().map(|left| left + sizes.card + sizes.between.0 / 2.0) {
            if next + sizes.card > sizes.width {
                break;
            }
            lefts.push(next);
        }
        let (mut top, mut end) = (if bottom > 0.0 { bottom + PART_GAP } else { 0.0 }, bottom);
        while loose.peek().is_some() {
            let row: Vec<usize> = loose.by_ref().take(lefts.len().max(1)).collect();
            for (node, left) in row.iter().zip(&lefts) {
                cards[*node] = Area::new(*left, top, sizes.card, sizes.heights[*node]);
            }
            end = top + row.iter().map(|node| sizes.heights[*node]).fold(0.0, f64::max);
            top = end + gap;
        }
        end
    }

    /// The line of each tie: level through every column, so that it meets no card, and bent between columns.
    fn routes(&self, sizes: &Sizes<'_>, lefts: &[f64], cards: &[Area], bends: &[Vec<f64>]) -> Vec<Vec<Point>> {
        let ports = self.ports(cards, bends);
        let route = |(index, (parent, child)): (usize, &(usize, usize))| {
            let mut points = Vec::new();
            let mut from = at(cards[*parent].right(), ports[index].0);
            for (step, bend) in bends[index].iter().enumerate() {
                let left = lefts[self.layer[*parent] + step + 1];
                points.extend(bow(from, at(left, *bend)));
                from = at(left + sizes.card, *bend);
            }
            points.extend(bow(from, at(cards[*child].left, ports[index].1)));
            points.dedup();
            points
        };
        self.edges.iter().enumerate().map(route).collect()
    }

    /// How high each tie leaves its parent and reaches its child: in the order of where it comes from, so that none crosses
    /// another one at a card.
    fn ports(&self, cards: &[Area], bends: &[Vec<f64>]) -> Vec<(f64, f64)> {
        let mut ports = vec![(0.0, 0.0); self.edges.len()];
        for (node, card) in cards.iter().enumerate() {
            let mut out: Vec<(f64, usize)> = Vec::new();
            let mut into: Vec<(f64, usize)> = Vec::new();
            for (edge, (parent, child)) in self.edges.iter().enumerate() {
                if *parent == node {
                    out.push((bends[edge].first().copied().unwrap_or(cards[*child].centre().y), edge));
                }
                if *child == node {
                    into.push((bends[edge].last().copied().unwrap_or(cards[*parent].centre().y), edge));
                }
            }
            spread(&mut out, card).for_each(|(edge, y)| ports[edge].0 = y);
            spread(&mut into, card).for_each(|(edge, y)| ports[edge].1 = y);
        }
        ports
    }
}

/// One part of the graph, laid out by itself.
struct Part {
    nodes: Vec<usize>,
    edges: Vec<usize>,
    net: Net,
}

/// How far down a part goes so that it is below all that is there, in every column; the first one so that it begins at 0.
fn shift(extents: &[Option<(f64, f64)>], floor: &[Option<f64>]) -> f64 {
    let own_top = extents.iter().flatten().map(|extent| extent.0).fold(f64::MAX, f64::min);
    let needed = extents.iter().zip(floor).filter_map(|(extent, floor)| Some((*floor)? + PART_GAP - (*extent)?.0));
    needed.fold(-own_top, f64::max)
}

/// From where to where a column reaches.
fn extent(places: &[usize], middles: &[f64], heights: &[f64]) -> Option<(f64, f64)> {
    let half = |place: usize| heights.get(place).map_or(0.0, |height| height / 2.0);
    let (first, last) = (*places.first()?, *places.last()?);
    Some((middles[first] - half(first), middles[last] + half(last)))
}

/// A curve that begins and ends level.
fn bow(from: Point, to: Point) -> Vec<Point> {
    if from.y == to.y {
        return vec![from, to];
    }
    let middle = (from.x + to.x) / 2.0;
    curve(from, (at(middle, from.y), at(middle, to.y)), to)
}

fn spread<'s>(ends: &'s mut [(f64, usize)], card: &Area) -> impl Iterator<Item = (usize, f64)> + use<'s> {
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let steps = ends.len().saturating_sub(1) as f64;
    let step = PORT.min((card.height - 16.0).max(0.0) / steps.max(1.0));
    let first = card.centre().y - step * steps / 2.0;
    ends.iter().enumerate().map(move |(index, (_, edge))| (*edge, first + index as f64 * step))
}
