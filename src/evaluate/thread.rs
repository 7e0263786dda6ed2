//! Thread scores and drag: what the leaves say of every node, and what each leaf costs.

use std::collections::{BTreeMap, BTreeSet};

use super::Evaluation;
use super::caveat::{Caveat, CaveatKind, Figure, Note};
use super::reading::Reader;
use super::standing::Standing;
use super::window::Window;
use crate::graph::{Edge, Tie};
use crate::metric::{MetricId, Scorecard, Value};
use crate::observe::Segment;
use crate::period::Period;
use crate::status::{Combined, Part, Status, combine, shares_of_shortfall, thread_status};

/// The points of a node's thread score that one leaf costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drag {
    /// The leaf.
    pub leaf: MetricId,
    /// Points; the drags of all leaves add up to 100 minus the node's thread score.
    pub points: f64,
}

/// Fills in weights, thread scores and thread statuses, leaves first.
pub(super) fn score(reader: &Reader<'_>, period: Period, segment: Option<&Segment>, standings: &mut [Standing]) {
    let scorecard = reader.scorecard();
    let mut critical = vec![false; standings.len()];
    let mut rests: Vec<Rests> = vec![Rests::new(); standings.len()];
    for id in scorecard.graph.children_first() {
        let edges = scorecard.graph.children(*id);
        let own = &standings[id.index()];
        let (weights, thread) = if edges.is_empty() {
            let coverage = if own.score.is_some() { 1.0 } else { 0.0 };
            (Vec::new(), Combined { score: own.score, coverage, bounds: own.score.map(|score| (score, score)) })
        } else {
            let weights = weights(reader, *id, edges, period, segment);
            let combined = combine(
                &parts(edges, &weights, standings),
                scorecard.metric(*id).rollup,
                scorecard.scoring.min_coverage,
            );
            (weights, combined)
        };
        let below = edges.iter().any(|edge| critical[edge.child.index()]);
        let status = if edges.is_empty() {
            standings[id.index()].own_status.unwrap_or(Status::NoData)
        } else {
            thread_status(thread.score, below, &scorecard.scoring)
        };
        rests[id.index()] = rests_on(scorecard, *id, edges, standings, &rests);
        let notes = notes(scorecard, &rests[id.index()], thread.score.is_some());
        let standing = &mut standings[id.index()];
        standing.notes.extend(notes);
        (standing.weights, standing.thread, standing.thread_status) = (weights, thread, status);
        critical[id.index()] = below || (scorecard.metric(*id).critical && standing.status() == Status::OffTarget);
    }
}

/// The metrics whose figures have a caveat, by its kind.
type Rests = BTreeMap<CaveatKind, BTreeSet<MetricId>>;

/// What a node's thread score rests on that is provisional or lost cells: of all that is below it.
fn rests_on(scorecard: &Scorecard, id: MetricId, edges: &[Edge], standings: &[Standing], below: &[Rests]) -> Rests {
    let mut rests = Rests::new();
    for edge in edges {
        let (child, standing) = (edge.child, &standings[edge.child.index()]);
        let declared = scorecard.metric(id).input_weights.iter().any(|(input, _)| *input == child);
        // An input's value decides weights, unless they are declared or it has all the weight there is.
        let weighs = matches!(edge.tie, Tie::Definition) && !declared && edges.len() > 1;
        // The status of a critical node counts as it stands, whatever its own thread says.
        let judges = scorecard.graph.is_leaf(child) || scorecard.metric(child).critical;
        for kind in standing.kinds(&[Figure::Actual, Figure::Target]) {
            let counts = match kind {
                // A part of a period counts as no data.
                CaveatKind::Partial | CaveatKind::Restated => false,
                CaveatKind::Provisional => judges && standing.score.is_some(),
                // Had its cells been read, a leaf without a score might have one.
                CaveatKind::Rejected => judges && scorecard.metric(child).target.is_some(),
            };
            if counts || (weighs && kind != CaveatKind::Partial) {
                rests.entry(kind).or_default().insert(child);
            }
        }
        for (kind, metrics) in &below[child.index()] {
            // What has no score hands none up; but its cells may be why it has none.
            if *kind == CaveatKind::Rejected || standing.thread.score.is_some() {
                rests.entry(*kind).or_default().extend(metrics);
            }
        }
    }
    rests
}

fn notes(scorecard: &Scorecard, rests: &Rests, has_score: bool) -> Vec<Note> {
    // Without a score there is nothing provisional; rejected cells may be why there is none.
    let rests = rests.iter().filter(|(kind, _)| has_score || **kind == CaveatKind::Rejected);
    let name = |id: &MetricId| scorecard.metric(*id).name.clone();
    let note = |(kind, metrics): (&CaveatKind, &BTreeSet<MetricId>)| Note {
        figure: Figure::Thread,
        caveat: Caveat::Below { kind: *kind, metrics: metrics.iter().map(name).collect() },
    };
    rests.map(note).collect()
}

/// The weights of a node's children: as declared, else 1 for a driver and the size of the elasticity for
/// an input.
fn weights(reader: &Reader<'_>, id: MetricId, edges: &[Edge], period: Period, segment: Option<&Segment>) -> Vec<f64> {
    let metric = reader.scorecard().metric(id);
    let weight = |edge: &Edge| match &edge.tie {
        Tie::Link(link) => link.weight,
        Tie::Definition => {
            let declared =
                metric.input_weights.iter().find(|(input, _)| *input == edge.child).map(|(_, weight)| *weight);
            declared.or_else(|| elasticity(reader, id, edge.child, period, segment).map(f64::abs)).unwrap_or(1.0)
        }
    };
    edges.iter().map(weight).collect()
}

/// By how many percent the node moves when the input moves by one, at the period's values.
fn elasticity(
    reader: &Reader<'_>,
    id: MetricId,
    input: MetricId,
    period: Period,
    segment: Option<&Segment>,
) -> Option<f64> {
    let Value::Defined(formula) = &reader.scorecard().metric(id).value else { return None };
    let value = |term: &crate::formula::Term<MetricId>| {
        let reading = reader.term(term, Window::of(period), segment).ok()?;
        // A part of a period counts as no data.
        let is_partial = reading.caveats.iter().any(|caveat| caveat.kind() == CaveatKind::Partial);
        (!is_partial).then(|| reading.value.to_f64())
    };
    let seed =
        |term: &crate::formula::Term<MetricId>| if *term.metric() == input { value(term).unwrap_or(0.0) } else { 0.0 };
    let (result, slope) = formula.derivative(&value, &seed)?;
    (result != 0.0).then(|| slope / result).filter(|elasticity| elasticity.is_finite())
}

fn parts(edges: &[Edge], weights: &[f64], standings: &[Standing]) -> Vec<Part> {
    let part = |(edge, weight): (&Edge, &f64)| {
        let thread = &standings[edge.child.index()].thread;
        Part { weight: *weight, score: thread.score, coverage: thread.coverage, bounds: thread.bounds }
    };
    edges.iter().zip(weights).map(part).collect()
}

/// The drag of every leaf below a node, greatest first, ties in file order; leaves that cost nothing are
/// left out. Empty for a leaf and for a node without a thread score.
pub fn drags(scorecard: &Scorecard, evaluation: &Evaluation, root: MetricId) -> Vec<Drag> {
    spread(scorecard, evaluation, root).drags
}

/// The points of a node's thread score that are lost over each metric below it, by position in the scorecard: of a leaf
/// its drag, of any other what all below it costs by way of it. All zero for a leaf and for a node without a thread score.
pub fn lost(scorecard: &Scorecard, evaluation: &Evaluation, root: MetricId) -> Vec<f64> {
    let mut lost = vec![0.0; evaluation.standings.len()];
    for (_, child, points) in spread(scorecard, evaluation, root).handed {
        lost[child.index()] += points;
    }
    lost
}

/// From a node down to its weakest link, by the way over which that leaf costs the most. Begins with the
/// node itself, and is only that where nothing is lost.
pub fn weakest_path(scorecard: &Scorecard, evaluation: &Evaluation, root: MetricId) -> Vec<MetricId> {
    let spread = spread(scorecard, evaluation, root);
    let mut path: Vec<MetricId> = spread.drags.first().map(|drag| drag.leaf).into_iter().collect();
    while let Some(node) = path.last().filter(|node| **node != root) {
        let mut most: Option<(MetricId, f64)> = None;
        for (parent, _, points) in spread.handed.iter().filter(|(_, child, _)| child == node) {
            if most.is_none_or(|(_, known)| *points > known) {
                most = Some((*parent, *points));
            }
        }
        match most {
            Some((parent, _)) => path.push(parent),
            None => break,
        }
    }
    path.reverse();
    if path.is_empty() { vec![root] } else { path }
}

/// How a node's shortfall falls through the graph.
struct Spread {
    drags: Vec<Drag>,
    /// Parent, child, and the points the one hands to the other.
    handed: Vec<(MetricId, MetricId, f64)>,
}

fn spread(scorecard: &Scorecard, evaluation: &Evaluation, root: MetricId) -> Spread {
    let mut spread = Spread { drags: Vec::new(), handed: Vec::new() };
    let score = evaluation.standing(root).thread.score;
    let Some(score) = score.filter(|_| !scorecard.graph.is_leaf(root)) else { return spread };
    let mut points = vec![0.0; evaluation.standings.len()];
    points[root.index()] = 100.0 - score;
    // Parents first: a shared node has all its points before it hands them on.
    for id in scorecard.graph.children_first().iter().rev() {
        let edges = scorecard.graph.children(*id);
        let mine = points[id.index()];
        if mine <= 0.0 || edges.is_empty() {
            continue;
        }
        let parts = parts(edges, &evaluation.standing(*id).weights, &evaluation.standings);
        points[id.index()] = 0.0;
        for (edge, share) in edges.iter().zip(shares_of_shortfall(&parts, scorecard.metric(*id).rollup)) {
            points[edge.child.index()] += mine * share;
            if share > 0.0 {
                spread.handed.push((*id, edge.child, mine * share));
            }
        }
    }
    let costly = scorecard.ids().filter(|id| points[id.index()] > 1e-12);
    spread.drags = costly.map(|leaf| Drag { leaf, points: points[leaf.index()] }).collect();
    spread.drags.sort_by(|a, b| b.points.total_cmp(&a.points));
    spread
}
