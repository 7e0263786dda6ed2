//! Where every card stands and every tie runs: the parts of a graph each laid out and set one below the other, nodes tied to
//! nothing in rows below all. Knows sizes and numbers of nodes, and nothing of what stands on a card.

use super::super::scene::{Area, Point, at, curve};
use super::layers::parts;
use super::order::Net;
use super::places::{Room, middles};

/// Between parts that nothing ties, and above the rows of nodes that are tied to nothing.
const PART_GAP: f64 = 34.0;
/// Between the ends of ties on one side of a card.
const PORT: f64 = 9.0;

/// What is to be laid out.
pub(super) struct Request<'r> {
    /// The column of each node.
    pub(super) layer: &'r [usize],
    /// Ties from parent to child, by node.
    pub(super) edges: &'r [(usize, usize)],
    /// How strongly each tie is to be straight: 1 for most.
    pub(super) pulls: &'r [f64],
    /// The height of each node's card.
    pub(super) heights: &'r [f64],
    /// Between cards, in each column.
    pub(super) gaps: &'r [f64],
    /// The width of a card.
    pub(super) card: f64,
    /// Between columns, at least and at most.
    pub(super) between: (f64, f64),
    /// The width of all, where less would be free.
    pub(super) width: f64,
    /// Which nodes tied to nothing stand in rows below all the others.
    pub(super) loose: &'r [bool],
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

/// Lays a graph out.
pub(super) fn plan(request: &Request<'_>) -> Plan {
    let nets = nets(request);
    let mut middle = vec![0.0; request.layer.len()];
    let mut bends: Vec<Vec<f64>> = vec![Vec::new(); request.edges.len()];
    let columns = request.layer.iter().max().map_or(0, |last| last + 1);
    let mut floor: Vec<Option<f64>> = vec![None; columns];
    for part in nets {
        let shift = part.shift(&floor);
        for (index, node) in part.nodes.iter().enumerate() {
            middle[*node] = part.middles[index] + shift;
        }
        for (index, edge) in part.edges.iter().enumerate() {
            let chain = &part.net.chains[index];
            bends[*edge] = chain[1..chain.len() - 1].iter().map(|bend| part.middles[*bend] + shift).collect();
        }
        for (column, extent) in part.extents.iter().enumerate().filter_map(|(c, extent)| Some((c, (*extent)?))) {
            floor[column] = Some(floor[column].unwrap_or(f64::MIN).max(extent.1 + shift));
        }
    }
    let bottom = floor.iter().flatten().copied().fold(0.0, f64::max);
    let lefts = lefts(request, columns, &middle, &bends);
    let mut cards: Vec<Area> = (0..request.layer.len())
        .map(|node| {
            let height = request.heights[node];
            Area::new(lefts[request.layer[node]], middle[node] - height / 2.0, request.card, height)
        })
        .collect();
    let bottom = rows(request, &lefts, bottom, &mut cards);
    let routes = routes(request, &lefts, &cards, &bends);
    let width = cards.iter().map(Area::right).fold(0.0, f64::max);
    Plan { cards, routes, size: (width, bottom) }
}

/// One part of the graph, laid out by itself.
struct Part {
    nodes: Vec<usize>,
    edges: Vec<usize>,
    net: Net,
    middles: Vec<f64>,
    /// From where to where it reaches in each column.
    extents: Vec<Option<(f64, f64)>>,
}

impl Part {
    /// How far down it goes so that it is below all that is there, in every column.
    fn shift(&self, floor: &[Option<f64>]) -> f64 {
        let own_top = self.extents.iter().flatten().map(|extent| extent.0).fold(f64::MAX, f64::min);
        let needed =
            self.extents.iter().zip(floor).filter_map(|(extent, floor)| Some((*floor)? + PART_GAP - (*extent)?.0));
        needed.fold(-own_top, f64::max)
    }
}

fn nets(request: &Request<'_>) -> Vec<Part> {
    let part_of = parts(request.layer.len(), request.edges);
    let count = part_of.iter().max().map_or(0, |last| last + 1);
    let mut members: Vec<(Vec<usize>, Vec<usize>)> = vec![(Vec::new(), Vec::new()); count];
    let mut local = vec![0; request.layer.len()];
    for (node, part) in part_of.iter().enumerate().filter(|(node, _)| !request.loose[*node]) {
        local[node] = members[*part].0.len();
        members[*part].0.push(node);
    }
    for (edge, (parent, _)) in request.edges.iter().enumerate() {
        members[part_of[*parent]].1.push(edge);
    }
    let part = |(nodes, edges): (Vec<usize>, Vec<usize>)| {
        let layer: Vec<usize> = nodes.iter().map(|node| request.layer[*node]).collect();
        let ties: Vec<(usize, usize)> = edges
            .iter()
            .map(|edge| request.edges[*edge])
            .map(|(parent, child)| (local[parent], local[child]))
            .collect();
        let heights: Vec<f64> = nodes.iter().map(|node| request.heights[*node]).collect();
        let pulls: Vec<f64> = edges.iter().map(|edge| request.pulls[*edge]).collect();
        let net = Net::new(&layer, &ties);
        let middles = middles(&net, &Room { heights: &heights, gaps: request.gaps, pulls: &pulls });
        let extents = net.columns.iter().map(|places| extent(places, &middles, &heights)).collect();
        Part { nodes, edges, net, middles, extents }
    };
    members.into_iter().filter(|(nodes, _)| !nodes.is_empty()).map(part).collect()
}

fn extent(places: &[usize], middles: &[f64], heights: &[f64]) -> Option<(f64, f64)> {
    let half = |place: usize| heights.get(place).map_or(0.0, |height| height / 2.0);
    let (first, last) = (*places.first()?, *places.last()?);
    Some((middles[first] - half(first), middles[last] + half(last)))
}

/// The left edge of each column: further from the one before where ties have far to climb.
fn lefts(request: &Request<'_>, columns: usize, middle: &[f64], bends: &[Vec<f64>]) -> Vec<f64> {
    let (least, most) = request.between;
    let mut gaps = vec![least; columns.saturating_sub(1)];
    for ((parent, child), bends) in request.edges.iter().zip(bends) {
        let mut heights = vec![middle[*parent]];
        heights.extend(bends);
        heights.push(middle[*child]);
        for (step, pair) in heights.windows(2).enumerate() {
            let gap = &mut gaps[request.layer[*parent] + step];
            *gap = gap.max(((pair[0] - pair[1]).abs() * 0.22).min(most));
        }
    }
    // What the page has to spare goes between the columns.
    let used = columns as f64 * request.card + gaps.iter().sum::<f64>();
    let spare = (request.width - used).max(0.0) / gaps.len().max(1) as f64;
    let mut left = 0.0;
    let mut lefts = Vec::with_capacity(columns);
    for column in 0..columns {
        lefts.push(left);
        left += request.card + gaps.get(column).map_or(0.0, |gap| (gap + spare).min(gap.max(most)));
    }
    lefts
}

/// Sets loose nodes in rows below all others, and answers where they end.
fn rows(request: &Request<'_>, lefts: &[f64], bottom: f64, cards: &mut [Area]) -> f64 {
    let mut loose = (0..cards.len()).filter(|node| request.loose[*node]).peekable();
    let gap = request.gaps.iter().copied().fold(12.0, f64::max);
    let mut lefts = lefts.to_vec();
    while let Some(next) = lefts.last().map(|left| left + request.card + request.between.0 / 2.0) {
        if next + request.card > request.width {
            break;
        }
        lefts.push(next);
    }
    let (mut top, mut end) = (if bottom > 0.0 { bottom + PART_GAP } else { 0.0 }, bottom);
    while loose.peek().is_some() {
        let row: Vec<usize> = loose.by_ref().take(lefts.len().max(1)).collect();
        for (node, left) in row.iter().zip(&lefts) {
            cards[*node] = Area::new(*left, top, request.card, request.heights[*node]);
        }
        end = top + row.iter().map(|node| request.heights[*node]).fold(0.0, f64::max);
        top = end + gap;
    }
    end
}

/// The line of each tie: level through every column, so that it meets no card, and bent between columns.
fn routes(request: &Request<'_>, lefts: &[f64], cards: &[Area], bends: &[Vec<f64>]) -> Vec<Vec<Point>> {
    let ports = ports(request, cards, bends);
    let route = |(index, (parent, child)): (usize, &(usize, usize))| {
        let mut points = Vec::new();
        let mut from = at(cards[*parent].right(), ports[index].0);
        for (step, bend) in bends[index].iter().enumerate() {
            let left = lefts[request.layer[*parent] + step + 1];
            points.extend(bow(from, at(left, *bend)));
            from = at(left + request.card, *bend);
        }
        points.extend(bow(from, at(cards[*child].left, ports[index].1)));
        points.dedup();
        points
    };
    request.edges.iter().enumerate().map(route).collect()
}

/// A curve that begins and ends level.
fn bow(from: Point, to: Point) -> Vec<Point> {
    if from.y == to.y {
        return vec![from, to];
    }
    let middle = (from.x + to.x) / 2.0;
    curve(from, (at(middle, from.y), at(middle, to.y)), to)
}

/// How high each tie leaves its parent and reaches its child: in the order of where it comes from, so that none crosses
/// another one at a card.
fn ports(request: &Request<'_>, cards: &[Area], bends: &[Vec<f64>]) -> Vec<(f64, f64)> {
    let mut ports = vec![(0.0, 0.0); request.edges.len()];
    for (node, card) in cards.iter().enumerate() {
        let mut out: Vec<(f64, usize)> = Vec::new();
        let mut into: Vec<(f64, usize)> = Vec::new();
        for (edge, (parent, child)) in request.edges.iter().enumerate() {
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

fn spread<'s>(ends: &'s mut Vec<(f64, usize)>, card: &Area) -> impl Iterator<Item = (usize, f64)> + use<'s> {
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let steps = ends.len().saturating_sub(1) as f64;
    let step = PORT.min((card.height - 16.0).max(0.0) / steps.max(1.0));
    let first = card.centre().y - step * steps / 2.0;
    ends.iter().enumerate().map(move |(index, (_, edge))| (*edge, first + index as f64 * step))
}
