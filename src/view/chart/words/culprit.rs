//! Which leaf costs which goal the most: the one rule by which every picture names a culprit.
//!
//! The greatest single drag of any leaf on any goal counts, whatever a goal loses in all. Owns that comparison, equals
//! included, and its sentence; knows no kind of chart.

use std::collections::BTreeSet;

use super::points;
use crate::evaluate::{Evaluation, drags};
use crate::metric::{MetricId, Scorecard};
use crate::prose;

/// The least number of points that shows with one decimal.
pub(in crate::view::chart) const WORTH_NAMING: f64 = 0.05;

/// What binary fractions lose makes no difference between two drags.
const EQUAL: f64 = 1e-9;

/// Of a name in a title, so that the numbers behind it are not what is left out.
const LONGEST_NAME: usize = 60;

/// The goals selected; where there is none, the metrics that feed no other one selected. In file order.
pub(in crate::view::chart) fn heads(scorecard: &Scorecard, selected: &BTreeSet<MetricId>) -> Vec<MetricId> {
    let goals: Vec<MetricId> = selected.iter().copied().filter(|id| scorecard.metric(*id).is_goal()).collect();
    if !goals.is_empty() {
        return goals;
    }
    let feeds = |id: &MetricId| scorecard.graph.above(*id).iter().any(|above| above != id && selected.contains(above));
    selected.iter().copied().filter(|id| !feeds(id)).collect()
}

/// The leaves that cost a goal more than any other leaf costs any goal, and those that cost as much.
pub(in crate::view::chart) struct Culprits {
    /// A goal and a leaf below it, goals in file order; never empty.
    pairs: Vec<(MetricId, MetricId)>,
    /// What each of the leaves costs, in points of the goal's thread score.
    points: f64,
    /// What the first of the goals loses in all.
    lost: f64,
}

impl Culprits {
    /// Those of these goals; `None` where no leaf costs any of them what one decimal shows.
    pub(in crate::view::chart) fn of(
        scorecard: &Scorecard,
        evaluation: &Evaluation,
        goals: &[MetricId],
    ) -> Option<Culprits> {
        let of_goal = |goal: &MetricId| {
            let mut drags = drags(scorecard, evaluation, *goal);
            drags.sort_by_key(|drag| drag.leaf);
            drags.into_iter().map(|drag| (*goal, drag.leaf, drag.points)).collect::<Vec<_>>()
        };
        let all: Vec<(MetricId, MetricId, f64)> = goals.iter().flat_map(of_goal).collect();
        let points = all.iter().map(|(.., points)| *points).fold(0.0, f64::max);
        let is_most = |points_of: f64| points - points_of <= EQUAL;
        let pairs: Vec<(MetricId, MetricId)> =
            all.iter().filter(|(.., one)| is_most(*one)).map(|(goal, leaf, _)| (*goal, *leaf)).collect();
        let (goal, _) = pairs.first().filter(|_| points >= WORTH_NAMING)?;
        let lost = 100.0 - evaluation.standing(*goal).thread.score?;
        Some(Culprits { pairs, points, lost })
    }

    /// The goal it is about: the first of equals.
    pub(in crate::view::chart) fn goal(&self) -> MetricId {
        self.pairs[0].0
    }

    /// `Calls costs Churn the most: 8.5 of 22.1 points`; of equals, all of them or how many.
    pub(in crate::view::chart) fn sentence(&self, scorecard: &Scorecard) -> String {
        let points = points(self.points);
        let goals: BTreeSet<MetricId> = self.pairs.iter().map(|(goal, _)| *goal).collect();
        let leaves: BTreeSet<MetricId> = self.pairs.iter().map(|(_, leaf)| *leaf).collect();
        let name = |id: MetricId| prose::shortened(&scorecard.metric(id).name, LONGEST_NAME);
        let named = |ids: &BTreeSet<MetricId>, noun: &str| match ids.len() {
            1 | 2 => prose::join(&ids.iter().map(|id| name(*id)).collect::<Vec<_>>(), "and"),
            many => prose::count(many, noun),
        };
        let (whose, whom) = (named(&leaves, "metric"), named(&goals, "goal"));
        match (self.pairs.as_slice(), leaves.len(), goals.len()) {
            (_, 1, 1) => format!("{whose} costs {whom} the most: {points} of {} points", super::points(self.lost)),
            (_, _, 1) => format!("{whose} cost {whom} the most: {points} of {} points each", super::points(self.lost)),
            (_, 1, _) => format!("{whose} costs {whom} the most: {points} points each"),
            ([(a, x), (b, y)], ..) => {
                let (a, b, x, y) = (name(*a), name(*b), name(*x), name(*y));
                format!("{x} costs {a} the most, and {y} costs {b} as much: {points} points each")
            }
            _ => {
                let (leaves, goals) = (prose::count(leaves.len(), "metric"), prose::count(goals.len(), "goal"));
                format!("{leaves} cost {goals} the most: {points} points each")
            }
        }
    }
}
