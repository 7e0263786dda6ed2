//! What ties the metrics of a tree: the ties of the graph, and where metrics between two of them are not selected, one tie
//! that stands for the way through them.

use std::collections::BTreeSet;

use crate::evaluate::{Evaluation, flow, shares};
use crate::graph::Tie;
use crate::metric::{MetricId, Scorecard};

/// What ties two metrics of a tree.
#[derive(Clone, Debug, PartialEq)]
pub struct TreeEdge {
    /// The position of the metric that is fed.
    pub parent: usize,
    /// The position of the metric that feeds it.
    pub child: usize,
    /// How.
    pub tied: Tied,
    /// The part of the parent's weight that comes by it, 0 to 1.
    pub share: f64,
}

/// Arithmetic, belief, or a way through metrics that are not drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Tied {
    /// The child is an input of the parent's definition.
    Definition,
    /// The child is claimed to move the parent.
    Link {
        /// After how many periods.
        lag: u32,
        /// Why it is believed.
        because: Option<String>,
    },
    /// The child feeds the parent through metrics that are not selected.
    Through {
        /// The names of those on any way between the two, in file order.
        names: Vec<String>,
    },
}

/// The ties between the metrics selected (`ids`, in file order): each metric to the nearest ones selected below it. A child
/// that feeds it directly and by others too is tied directly.
pub(super) fn edges(scorecard: &Scorecard, evaluation: &Evaluation, ids: &[MetricId]) -> Vec<TreeEdge> {
    let mut edges = Vec::new();
    for (parent, id) in ids.iter().enumerate() {
        let ways = Ways::from(scorecard, evaluation, *id, ids);
        for child_id in &ways.ends {
            let Ok(child) = ids.binary_search(child_id) else { continue };
            let share = ways.share[child_id.index()];
            let children = scorecard.graph.children(*id);
            let (tied, share) = match children.iter().position(|edge| edge.child == *child_id) {
                Some(at) => (direct(&children[at].tie), shares(evaluation, *id)[at]),
                None => (Tied::Through { names: ways.between(scorecard, *child_id) }, share),
            };
            edges.push(TreeEdge { parent, child, tied, share });
        }
    }
    edges
}

fn direct(tie: &Tie) -> Tied {
    match tie {
        Tie::Definition => Tied::Definition,
        Tie::Link(link) => Tied::Link { lag: link.lag, because: link.because.clone() },
    }
}

/// All ways down from one metric that end at the first metric selected.
struct Ways {
    /// Where they end, in the order of the graph.
    ends: Vec<MetricId>,
    /// The part of the metric's weight that reaches each metric, all ways together, by position in the scorecard.
    share: Vec<f64>,
    /// The metrics not selected that they pass.
    passed: BTreeSet<MetricId>,
}

impl Ways {
    fn from(scorecard: &Scorecard, evaluation: &Evaluation, from: MetricId, ids: &[MetricId]) -> Ways {
        let is_end = |id: &MetricId| ids.binary_search(id).is_ok();
        let below = |id: MetricId| scorecard.graph.children(id).iter().map(|edge| edge.child);
        let (mut ends, mut passed, mut seen) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        let mut open: Vec<MetricId> = below(from).rev().collect();
        while let Some(node) = open.pop() {
            if !seen.insert(node) {
                continue;
            }
            if is_end(&node) {
                ends.push(node);
            } else {
                passed.insert(node);
                open.extend(below(node).rev());
            }
        }
        // What is selected keeps what reaches it.
        let hands_on = |id: MetricId| id == from || passed.contains(&id);
        let share = flow(scorecard, from, |id| if hands_on(id) { shares(evaluation, id) } else { Vec::new() });
        Ways { ends, share, passed }
    }

    /// The names of the metrics passed on the ways to one end.
    fn between(&self, scorecard: &Scorecard, end: MetricId) -> Vec<String> {
        let above = scorecard.graph.above(end);
        let on_the_way = self.passed.iter().filter(|id| above.contains(id) && self.reaches(scorecard, **id, end));
        on_the_way.map(|id| scorecard.metric(*id).name.clone()).collect()
    }

    /// Whether a way from a metric passed to an end passes none but such.
    fn reaches(&self, scorecard: &Scorecard, from: MetricId, end: MetricId) -> bool {
        let (mut open, mut seen) = (vec![from], BTreeSet::new());
        while let Some(node) = open.pop() {
            for edge in scorecard.graph.children(node) {
                if edge.child == end {
                    return true;
                }
                if self.passed.contains(&edge.child) && seen.insert(edge.child) {
                    open.push(edge.child);
                }
            }
        }
        false
    }
}
