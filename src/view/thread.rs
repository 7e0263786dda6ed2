//! One golden thread: from a metric up to its goals and down to its leaves.

use std::collections::BTreeSet;

use super::{Promised, Quantity, Shape, Steadiness};
use crate::evaluate::{Evaluation, Figure, Process, drags, shares, weakest_path};
use crate::graph::{Edge, Tie};
use crate::metric::{MetricId, Scorecard, Value};
use crate::period::{Grain, Period};
use crate::status::Status;

/// The report `thread` gives for one metric.
#[derive(Clone, Debug)]
pub struct ThreadView {
    /// The period's name.
    pub period: String,
    /// The size of a period, for lags.
    pub grain: Grain,
    /// The metric itself.
    pub head: Branch,
    /// Its department's name.
    pub department: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Its target.
    pub target: Option<Promised>,
    /// What its limits say, where it has some.
    pub steadiness: Option<Steadiness>,
    /// Its definition as written, where it has one.
    pub definition: Option<String>,
    /// What it feeds.
    pub up: Vec<Branch>,
    /// What feeds it.
    pub down: Vec<Branch>,
    /// What it costs each goal above, for a leaf.
    pub costs: Vec<Cost>,
    /// From the metric to where it loses the most; one name where it loses nothing.
    pub path: Vec<String>,
    /// Points the end of the path costs, and points lost in all.
    pub loss: Option<(f64, f64)>,
}

/// A node of the thread with what ties it to the node before.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Its name.
    pub name: String,
    /// Its actual.
    pub actual: Option<Quantity>,
    /// Why there is none.
    pub absent: Option<String>,
    /// What its figures rest on that is not whole, not final or could not be read.
    pub caveats: Vec<String>,
    /// Its status.
    pub status: Status,
    /// Its thread score and what that stands for; its own for a leaf.
    pub thread: Option<(f64, Status)>,
    /// What ties it; `None` for the head.
    pub tie: Option<TieShown>,
    /// Points of the head's thread score it costs, where it is a leaf below.
    pub drag: Option<f64>,
    /// Further nodes.
    pub next: Vec<Branch>,
    /// Whether its further nodes are shown elsewhere already.
    pub seen_above: bool,
}

/// Arithmetic or belief.
#[derive(Clone, Debug)]
pub enum TieShown {
    /// An input of a definition.
    Definition {
        /// Its share of the parent's weight, 0 to 1.
        share: f64,
    },
    /// A claim.
    Link {
        /// As declared.
        weight: f64,
        /// Its share of the parent's weight, 0 to 1.
        share: f64,
        /// In periods.
        lag: u32,
        /// Why it is believed.
        because: Option<String>,
    },
}

/// What a leaf costs a goal.
#[derive(Clone, Debug)]
pub struct Cost {
    /// The goal.
    pub goal: String,
    /// Points it costs.
    pub points: f64,
    /// Points the goal loses in all.
    pub lost: f64,
}

/// The thread through `id`.
pub fn thread(scorecard: &Scorecard, evaluation: &Evaluation, id: MetricId) -> ThreadView {
    let metric = scorecard.metric(id);
    let weaver = Weaver {
        scorecard,
        evaluation,
        drags: drags(scorecard, evaluation, id).into_iter().map(|drag| (drag.leaf, drag.points)).collect(),
    };
    let path = weakest_path(scorecard, evaluation, id);
    let score = evaluation.standing(id).thread.score;
    let end = path.last().filter(|end| **end != id);
    let loss = end.and_then(|end| Some((weaver.drag_of(*end)?, 100.0 - score?)));
    ThreadView {
        period: scorecard.calendar.name(evaluation.period),
        grain: evaluation.period.grain(),
        head: weaver.node(id, None),
        department: scorecard.department_of(id).map(|department| department.name.clone()),
        owner: metric.answerable().map(str::to_owned),
        target: evaluation.standing(id).target.as_ref().ok().map(|promise| Shape::of(metric).promised(*promise)),
        steadiness: None,
        definition: match &metric.value {
            Value::Defined(_) => written(scorecard, id),
            Value::Measured(measurement) => Some(measurement.formula.to_string()),
            Value::FromDrivers => None,
        },
        up: weaver.above(id, &mut BTreeSet::new()),
        down: weaver.below(id, &mut BTreeSet::new()),
        costs: costs(scorecard, evaluation, id),
        path: path.iter().map(|id| scorecard.metric(*id).name.clone()).collect(),
        loss,
    }
}

impl ThreadView {
    /// The same, with what the limits of its metric say of the period.
    pub fn with_process(self, scorecard: &Scorecard, period: Period, process: Option<&Process>) -> ThreadView {
        let steadiness = process.map(|process| Steadiness::of(process, period, &scorecard.calendar));
        ThreadView { steadiness, ..self }
    }
}

/// A definition with ids in place of positions.
pub(super) fn written(scorecard: &Scorecard, id: MetricId) -> Option<String> {
    let Value::Defined(formula) = &scorecard.metric(id).value else { return None };
    let named = formula.try_map(&mut |term| {
        use crate::formula::Term;
        let name = scorecard.metric(*term.metric()).id.clone();
        Ok::<_, std::convert::Infallible>(match term {
            Term::Metric(_) => Term::Metric(name),
            Term::Previous(_) => Term::Previous(name),
            Term::Trailing(_, periods) => Term::Trailing(name, *periods),
        })
    });
    named.ok().map(|formula| formula.to_string())
}

fn costs(scorecard: &Scorecard, evaluation: &Evaluation, id: MetricId) -> Vec<Cost> {
    if !scorecard.graph.is_leaf(id) {
        return Vec::new();
    }
    let goals =
        scorecard.graph.above(id).into_iter().filter(|above| *above != id && scorecard.metric(*above).is_goal());
    let cost = |goal: MetricId| {
        let lost = 100.0 - evaluation.standing(goal).thread.score?;
        let points =
            drags(scorecard, evaluation, goal).into_iter().find(|drag| drag.leaf == id).map_or(0.0, |drag| drag.points);
        Some(Cost { goal: scorecard.metric(goal).name.clone(), points, lost })
    };
    goals.filter_map(cost).collect()
}

struct Weaver<'w> {
    scorecard: &'w Scorecard,
    evaluation: &'w Evaluation,
    drags: Vec<(MetricId, f64)>,
}

impl Weaver<'_> {
    fn drag_of(&self, id: MetricId) -> Option<f64> {
        self.drags.iter().find(|(leaf, _)| *leaf == id).map(|(_, points)| *points)
    }

    fn node(&self, id: MetricId, tie: Option<TieShown>) -> Branch {
        let (metric, standing) = (self.scorecard.metric(id), self.evaluation.standing(id));
        Branch {
            name: metric.name.clone(),
            actual: standing.actual.as_ref().ok().map(|reading| Shape::of(metric).value(reading.value)),
            absent: standing.actual.as_ref().err().map(ToString::to_string),
            caveats: standing.notes.iter().filter(|note| is_shown(note.figure)).map(ToString::to_string).collect(),
            status: standing.status(),
            thread: standing.thread.score.map(|score| (score, standing.thread_status)),
            tie,
            drag: None,
            next: Vec::new(),
            seen_above: false,
        }
    }

    fn below(&self, id: MetricId, seen: &mut BTreeSet<MetricId>) -> Vec<Branch> {
        let edges = self.scorecard.graph.children(id);
        let mut branches = Vec::new();
        for (edge, share) in edges.iter().zip(shares(self.evaluation, id)) {
            let mut branch = self.node(edge.child, Some(tie(edge, share)));
            let first = seen.insert(edge.child);
            branch.seen_above = !first && !self.scorecard.graph.is_leaf(edge.child);
            branch.drag = self.drag_of(edge.child).filter(|_| first);
            if first {
                branch.next = self.below(edge.child, seen);
            }
            branches.push(branch);
        }
        branches
    }

    fn above(&self, id: MetricId, seen: &mut BTreeSet<MetricId>) -> Vec<Branch> {
        let mut branches = Vec::new();
        for parent in self.scorecard.graph.parents(id) {
            let edges = self.scorecard.graph.children(*parent);
            let Some((edge, share)) =
                edges.iter().zip(shares(self.evaluation, *parent)).find(|(edge, _)| edge.child == id)
            else {
                continue;
            };
            let mut branch = self.node(*parent, Some(tie(edge, share)));
            let first = seen.insert(*parent);
            branch.seen_above = !first && !self.scorecard.graph.parents(*parent).is_empty();
            if first {
                branch.next = self.above(*parent, seen);
            }
            branches.push(branch);
        }
        branches
    }
}

fn is_shown(figure: Figure) -> bool {
    matches!(figure, Figure::Actual | Figure::Target | Figure::Thread)
}

fn tie(edge: &Edge, share: f64) -> TieShown {
    match &edge.tie {
        Tie::Definition => TieShown::Definition { share },
        Tie::Link(link) => TieShown::Link { weight: link.weight, share, lag: link.lag, because: link.because.clone() },
    }
}
