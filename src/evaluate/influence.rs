//! Influence: how the weight of a node is shared out over all that is below it.
//!
//! Owns shares of weight, which are of the scorecard's making; what is lost over whom, which is of the scores', is `thread`'s.

use super::Evaluation;
use crate::metric::{MetricId, Scorecard};

/// The share of a node's weight that each of its children has, in the order of the graph's edges: they add up to 1, or are
/// all 0 where none weighs anything.
pub fn shares(evaluation: &Evaluation, id: MetricId) -> Vec<f64> {
    let weights = &evaluation.standing(id).weights;
    let total: f64 = weights.iter().sum();
    weights.iter().map(|weight| if total > 0.0 { weight / total } else { 0.0 }).collect()
}

/// The share of a node's weight that flows through each metric, over all ways, by position in the scorecard; 1 through the
/// node itself, 0 through what is not below it. The leaves below it have all of it.
pub fn influence(scorecard: &Scorecard, evaluation: &Evaluation, root: MetricId) -> Vec<f64> {
    flow(scorecard, root, |id| shares(evaluation, id))
}

/// What flows through each metric of what begins at a node as 1, by position in the scorecard, where each node hands on to
/// its children `shares` of what it has, in the order of the graph's edges; one without shares keeps it.
pub fn flow(scorecard: &Scorecard, root: MetricId, shares: impl Fn(MetricId) -> Vec<f64>) -> Vec<f64> {
    let mut has = vec![0.0; scorecard.metrics.len()];
    has[root.index()] = 1.0;
    // Parents first: a shared node has all there is for it before it hands it on.
    for id in scorecard.graph.children_first().iter().rev() {
        let own = has[id.index()];
        if own > 0.0 {
            for (edge, share) in scorecard.graph.children(*id).iter().zip(shares(*id)) {
                has[edge.child.index()] += own * share;
            }
        }
    }
    has
}
