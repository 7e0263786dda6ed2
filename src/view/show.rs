//! The scorecard as a tree, or as a list in an order asked for.

use std::collections::{BTreeMap, BTreeSet};

use super::causes::{Cause, causes};
use super::remarks::{Marks, Remark, remarks};
use super::{Promised, Quantity, Shape, Steadiness};
use crate::evaluate::{Evaluation, Mark, Processes, Standing, drags};
use crate::metric::{MetricId, Scorecard};
use crate::observe::Segment;
use crate::period::Period;
use crate::status::Status;

/// The report `show` gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Show {
    /// The scorecard's name.
    pub title: String,
    /// Which rows count, where only some do.
    pub condition: Option<String>,
    /// The names of the periods reported on, oldest first.
    pub periods: Vec<String>,
    /// The last period's days, for readers of fiscal names.
    pub days: String,
    /// As a tree in file order, or as a list.
    pub rows: Vec<Row>,
    /// The id of each row's metric.
    pub(super) ids: Vec<String>,
    /// One a goal shown that loses anything.
    pub weakest: Vec<Weakest>,
    /// Why numbers are missing, each reason with the metrics it holds for.
    pub causes: Vec<Cause>,
    /// What marked figures rest on.
    pub remarks: Vec<Remark>,
}

/// One metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Which.
    pub id: MetricId,
    /// Its name.
    pub name: String,
    /// Whether it is a goal.
    pub is_goal: bool,
    /// The names of the dimension values, for a part of the metric.
    pub segment: Option<Segmented>,
    /// For each level of the tree above it and its own: whether another row follows at that level.
    pub follows: Vec<bool>,
    /// Whether its children are shown at an earlier row.
    pub seen_above: bool,
    /// Its actual, in each period.
    pub actuals: Vec<Option<Quantity>>,
    /// Which of its figures rest on something that is not whole, not final or could not be read.
    pub marks: Marks,
    /// The last period's target.
    pub target: Option<Promised>,
    /// Actual minus target.
    pub variance: Option<Quantity>,
    /// Whether the variance is on the better side (or nothing).
    pub variance_is_good: Option<bool>,
    /// Actual minus the period before.
    pub change: Option<Quantity>,
    /// Whether the change is for the better.
    pub change_is_good: Option<bool>,
    /// The last actuals, oldest first.
    pub trend: Vec<Option<f64>>,
    /// The status shown.
    pub status: Status,
    /// What its limits say, where it has some and is no part.
    pub steadiness: Option<Steadiness>,
    /// Watermelon or windfall.
    pub mark: Option<Mark>,
    /// Thread score and what it stands for; `None` for leaves.
    pub thread: Option<(f64, Status)>,
    /// The share of weight with data, where under 1.
    pub coverage: Option<f64>,
    /// The lowest thread score among its children.
    pub worst: Option<f64>,
    /// The leaf that costs it most.
    pub weakest: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
}

/// The part of a metric a row speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segmented {
    /// Its values, in the order of the dimensions asked for.
    pub values: Vec<String>,
}

/// Where a goal loses the most.
#[derive(Clone, Debug, PartialEq)]
pub struct Weakest {
    /// The goal.
    pub goal: String,
    /// The leaf.
    pub leaf: String,
    /// Who answers for the leaf.
    pub owner: Option<String>,
    /// The leaf's department.
    pub department: Option<String>,
    /// Points of the goal's thread score it costs.
    pub points: f64,
    /// Of how many points lost in all.
    pub lost: f64,
}

/// The order of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The tree, in file order.
    #[default]
    Tree,
    /// The greatest drag on any goal first.
    Drag,
    /// The lowest score first.
    Score,
    /// The worst status first.
    Status,
    /// By name.
    Name,
}

/// What to show of evaluations (one a period, oldest first; the last one decides statuses) and of their segments, each of them
/// in every period.
pub fn show(
    scorecard: &Scorecard,
    evaluations: &[Evaluation],
    segments: &[Evaluation],
    selected: &BTreeSet<MetricId>,
    depth: Option<usize>,
    order: Order,
    condition: Option<String>,
) -> Show {
    let builder = Builder::new(scorecard, evaluations, segments, selected);
    let rows = match order {
        Order::Tree => builder.tree(depth),
        order => builder.list(order),
    };
    let causes = causes(scorecard, &builder.wholes, &builder.parts, &rows);
    let remarks = remarks(scorecard, &builder.wholes, &builder.parts, &rows);
    let goals: BTreeSet<MetricId> =
        rows.iter().filter(|row| row.is_goal && row.segment.is_none()).map(|row| row.id).collect();
    let weakest = goals.into_iter().filter_map(|id| builder.weakest_of(id)).collect();
    Show {
        title: scorecard.title.clone(),
        condition,
        periods: evaluations.iter().map(|evaluation| scorecard.calendar.name(evaluation.period)).collect(),
        days: builder.last.period.days().to_string(),
        ids: rows.iter().map(|row| scorecard.metric(row.id).id.clone()).collect(),
        rows,
        weakest,
        causes,
        remarks,
    }
}

impl Show {
    /// The same, with what the limits of its metrics say of the period reported on.
    pub fn with_processes(mut self, scorecard: &Scorecard, period: Period, processes: &Processes) -> Show {
        for row in self.rows.iter_mut().filter(|row| row.segment.is_none()) {
            row.steadiness = Steadiness::among(processes, row.id, period, scorecard);
        }
        self
    }
}

struct Builder<'b> {
    scorecard: &'b Scorecard,
    /// One a period, oldest first.
    wholes: Vec<&'b Evaluation>,
    /// The same of each segment, in their order.
    parts: Vec<Vec<&'b Evaluation>>,
    last: &'b Evaluation,
    selected: &'b BTreeSet<MetricId>,
    /// The greatest drag of each leaf on any goal.
    drag: BTreeMap<MetricId, f64>,
}

impl<'b> Builder<'b> {
    fn new(
        scorecard: &'b Scorecard,
        evaluations: &'b [Evaluation],
        segments: &'b [Evaluation],
        selected: &'b BTreeSet<MetricId>,
    ) -> Builder<'b> {
        let last = &evaluations[evaluations.len() - 1];
        let mut drag: BTreeMap<MetricId, f64> = BTreeMap::new();
        for goal in scorecard.ids().filter(|id| scorecard.metric(*id).is_goal()) {
            for one in drags(scorecard, last, goal) {
                let most = drag.entry(one.leaf).or_default();
                *most = most.max(one.points);
            }
        }
        let mut parts: BTreeMap<&Segment, Vec<&Evaluation>> = BTreeMap::new();
        for evaluation in segments {
            if let Some(segment) = &evaluation.segment {
                parts.entry(segment).or_default().push(evaluation);
            }
        }
        let parts = parts.into_values().collect();
        Builder { scorecard, wholes: evaluations.iter().collect(), parts, last, selected, drag }
    }

    /// Roots are the selected metrics with no selected metric above them on every path shown.
    fn tree(&self, depth: Option<usize>) -> Vec<Row> {
        let mut under: BTreeSet<MetricId> = BTreeSet::new();
        for id in self.selected {
            under.extend(self.scorecard.graph.below(*id).into_iter().filter(|below| below != id));
        }
        // Goals stand at the top level even where they feed another goal.
        let roots: Vec<MetricId> = self
            .scorecard
            .ids()
            .filter(|id| self.selected.contains(id) && (!under.contains(id) || self.scorecard.metric(*id).is_goal()))
            .collect();
        let (mut rows, mut seen) = (Vec::new(), BTreeSet::new());
        for (index, root) in roots.iter().enumerate() {
            self.branch(*root, &[index + 1 < roots.len()], depth, &mut seen, &mut rows);
        }
        rows
    }

    fn branch(
        &self,
        id: MetricId,
        follows: &[bool],
        depth: Option<usize>,
        seen: &mut BTreeSet<MetricId>,
        rows: &mut Vec<Row>,
    ) {
        let children = self.shown_children(id);
        let top = follows.len() == 1;
        // A goal below another goal is only named there: its own tree stands at the top.
        let elsewhere = (!top && self.scorecard.metric(id).is_goal()) || !seen.insert(id);
        let row = self.row(id, follows.to_vec(), &self.wholes, None);
        rows.push(Row { seen_above: elsewhere && !children.is_empty(), ..row });
        if elsewhere {
            return;
        }
        rows.extend(self.segment_rows(id, follows));
        if depth.is_some_and(|depth| follows.len() >= depth) {
            return;
        }
        for (index, child) in children.iter().enumerate() {
            let deeper = [follows, &[index + 1 < children.len()]].concat();
            self.branch(*child, &deeper, depth, seen, rows);
        }
    }

    /// The nearest selected metrics below, each once, in the order of the graph.
    fn shown_children(&self, id: MetricId) -> Vec<MetricId> {
        let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
        let mut open: Vec<MetricId> = self.scorecard.graph.children(id).iter().rev().map(|edge| edge.child).collect();
        while let Some(node) = open.pop() {
            if !seen.insert(node) {
                continue;
            }
            if self.selected.contains(&node) {
                found.push(node);
            } else {
                open.extend(self.scorecard.graph.children(node).iter().rev().map(|edge| edge.child));
            }
        }
        found
    }

    fn list(&self, order: Order) -> Vec<Row> {
        let mut ids: Vec<MetricId> = self.selected.iter().copied().collect();
        let standing = |id: &MetricId| self.last.standing(*id);
        let score = |id: &MetricId| standing(id).score.or(standing(id).thread.score).unwrap_or(f64::INFINITY);
        match order {
            Order::Tree => {}
            Order::Drag => ids.sort_by(|a, b| self.drag_of(*b).total_cmp(&self.drag_of(*a))),
            Order::Score => ids.sort_by(|a, b| score(a).total_cmp(&score(b))),
            Order::Status => ids.sort_by_key(|id| match standing(id).status() {
                Status::OffTarget => 0,
                Status::AtRisk => 1,
                Status::OnTarget => 2,
                Status::NoTarget => 3,
                Status::NoData => 4,
            }),
            Order::Name => ids.sort_by_key(|id| self.scorecard.metric(*id).name.to_lowercase()),
        }
        ids.into_iter()
            .flat_map(|id| {
                std::iter::once(self.row(id, Vec::new(), &self.wholes, None)).chain(self.segment_rows(id, &[]))
            })
            .collect()
    }

    fn drag_of(&self, id: MetricId) -> f64 {
        self.drag.get(&id).copied().unwrap_or(0.0)
    }

    fn segment_rows(&self, id: MetricId, follows: &[bool]) -> Vec<Row> {
        let is_part = |evaluation: &&Evaluation| evaluation.standing(id).is_part();
        let present: Vec<&Vec<&Evaluation>> = self.parts.iter().filter(|part| part.iter().any(is_part)).collect();
        let children_follow = !self.shown_children(id).is_empty();
        let row = |(index, part): (usize, &&Vec<&Evaluation>)| {
            let mut deeper = follows.to_vec();
            deeper.push(children_follow || index + 1 < present.len());
            let segment = part[0].segment.clone().map(|values| Segmented { values });
            self.row(id, deeper, part, segment)
        };
        present.iter().enumerate().map(row).collect()
    }

    /// The row of a metric or of a part of it, of an evaluation a period; the last one decides.
    fn row(&self, id: MetricId, follows: Vec<bool>, evaluations: &[&Evaluation], segment: Option<Segmented>) -> Row {
        let metric = self.scorecard.metric(id);
        let evaluation = evaluations[evaluations.len() - 1];
        let standing = evaluation.standing(id);
        let shape = Shape::of(metric);
        let actual = |standing: &Standing| standing.actual.as_ref().ok().map(|reading| shape.value(reading.value));
        let is_leaf = self.scorecard.graph.is_leaf(id);
        let standings: Vec<&Standing> = evaluations.iter().map(|evaluation| evaluation.standing(id)).collect();
        let target = standing.target.as_ref().ok().map(|promise| shape.promised(*promise));
        Row {
            id,
            name: metric.name.clone(),
            is_goal: metric.is_goal(),
            follows,
            seen_above: false,
            actuals: standings.iter().map(|standing| actual(standing)).collect(),
            marks: Marks::of(&standings),
            variance_is_good: standing
                .own_status
                .filter(|_| standing.variance.is_some())
                .map(|status| status == Status::OnTarget),
            target,
            variance: standing.variance.map(|variance| shape.difference(variance)),
            change: standing.change.map(|change| shape.difference(change)),
            change_is_good: change_is_good(standing, metric.better),
            trend: standing.trend.clone(),
            status: standing.status(),
            steadiness: None,
            mark: standing.mark,
            thread: if is_leaf { None } else { standing.thread.score.map(|score| (score, standing.thread_status)) },
            coverage: Some(standing.thread.coverage).filter(|coverage| !is_leaf && *coverage < 1.0 - 1e-12),
            worst: self
                .scorecard
                .graph
                .children(id)
                .iter()
                .filter_map(|edge| evaluation.standing(edge.child).thread.score)
                .reduce(f64::min),
            weakest: drags(self.scorecard, evaluation, id)
                .first()
                .map(|drag| self.scorecard.metric(drag.leaf).name.clone()),
            owner: metric.answerable().map(str::to_owned),
            segment,
        }
    }

    fn weakest_of(&self, goal: MetricId) -> Option<Weakest> {
        let drag = *drags(self.scorecard, self.last, goal).first()?;
        let leaf = self.scorecard.metric(drag.leaf);
        Some(Weakest {
            goal: self.scorecard.metric(goal).name.clone(),
            leaf: leaf.name.clone(),
            owner: leaf.answerable().map(str::to_owned),
            department: self.scorecard.department_of(drag.leaf).map(|department| department.name.clone()),
            points: drag.points,
            lost: 100.0 - self.last.standing(goal).thread.score?,
        })
    }
}

fn change_is_good(standing: &Standing, better: Option<crate::metric::Polarity>) -> Option<bool> {
    let change = standing.change?;
    if change.is_zero() {
        return None;
    }
    let rises = change > crate::number::Number::ZERO;
    match better? {
        crate::metric::Polarity::Higher => Some(rises),
        crate::metric::Polarity::Lower => Some(!rises),
        crate::metric::Polarity::Between => None,
    }
}
