//! The golden thread: goals, what feeds them, and the path on which most is lost.
//!
//! Every metric stands here once, however many it feeds. Owns which metrics and ties are drawn, which path is golden and
//! what the title says; where anything stands on a page is the renderer's.

mod ties;
mod title;

use std::collections::BTreeMap;

use super::words::{Culprits, WORTH_NAMING, heads};
use super::{Heading, Refusal, Subject};
use crate::evaluate::{Absence, Evaluation, Mark, drags, weakest_path};
use crate::metric::{MetricId, Scorecard};
use crate::period::Grain;
use crate::status::Status;
use crate::view::show::Row;
use crate::view::{Cause, Marks, Order, Promised, Quantity, Remark, show};

pub use ties::{Tied, TreeEdge};

/// The most metrics of which a picture can be read.
const MOST: usize = 300;

/// The most ties that can be told apart.
const MOST_TIES: usize = 600;

/// The golden thread: goals, what feeds them, and the path on which most is lost.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    /// What stands around it.
    pub heading: Heading,
    /// The size of a period of the scorecard, which lags are counted in, whatever period is reported on.
    pub grain: Grain,
    /// Every metric selected, once, in file order.
    pub nodes: Vec<TreeNode>,
    /// What ties them, parents in file order, the children of each in the order of the scorecard.
    pub edges: Vec<TreeEdge>,
    /// From the goal that one leaf costs the most to that leaf: positions of nodes, without those not selected; empty
    /// where nothing is lost that shows.
    pub gold: Vec<usize>,
    /// What marked figures rest on.
    pub remarks: Vec<Remark>,
    /// Why numbers are missing.
    pub causes: Vec<Cause>,
}

/// One metric.
#[derive(Clone, Debug, PartialEq)]
pub struct TreeNode {
    /// Which.
    pub id: MetricId,
    /// What the scorecard calls it, for selectors.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Whether the thread ends here.
    pub is_goal: bool,
    /// What was read.
    pub actual: Option<Quantity>,
    /// Whether it has a value at all; else it is scored from its drivers.
    pub is_valued: bool,
    /// What was promised.
    pub target: Option<Promised>,
    /// Actual minus target.
    pub variance: Option<Quantity>,
    /// Whether the variance is on the better side, or nothing.
    pub variance_is_good: Option<bool>,
    /// The last actuals, oldest first.
    pub trend: Vec<Option<f64>>,
    /// How it stands.
    pub status: Status,
    /// Thread score and what it stands for; of those that something feeds.
    pub thread: Option<(f64, Status)>,
    /// The share of weight with data, where under 1.
    pub coverage: Option<f64>,
    /// Watermelon or windfall.
    pub mark: Option<Mark>,
    /// Which of its figures rest on something that is not whole, not final or could not be read.
    pub marks: Marks,
    /// Its department's name.
    pub department: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What it costs those it costs the most.
    pub costs: Vec<TreeCost>,
}

/// What a leaf costs a goal of which it is the weakest link.
#[derive(Clone, Debug, PartialEq)]
pub struct TreeCost {
    /// The goal's name.
    pub goal: String,
    /// Points of its thread score.
    pub points: f64,
    /// Points the goal loses in all.
    pub lost: f64,
    /// Whether it is the goal of the golden path.
    pub is_golden: bool,
}

/// Where one goal loses the most.
struct Loss {
    goal: MetricId,
    path: Vec<MetricId>,
    points: f64,
    lost: f64,
}

impl Tree {
    /// The chart of the metrics selected.
    ///
    /// The golden path ends at the leaf that costs its goal more than any leaf costs any goal, the first in file order of
    /// equals. The weakest links of other goals say what they cost; their paths are not drawn: several golden paths would be
    /// none. Where no goal is
    /// selected, the metrics that feed no other one selected take the place of goals.
    ///
    /// # Errors
    /// No metric is selected, or more metrics or ties than can be read.
    pub fn of(subject: &Subject<'_>) -> Result<Tree, Refusal> {
        let scorecard = subject.scorecard();
        if subject.selected.is_empty() {
            return Err(Refusal::new("no metric is selected", "name others, or none for all of them"));
        }
        if subject.selected.len() > MOST {
            return Err(Refusal::new(
                format!("{} metrics are too many for a tree: {MOST} are the most", subject.selected.len()),
                "draw a part: `+ID` for all that feeds a metric, `dept:ID` for those of a department",
            ));
        }
        let ids: Vec<MetricId> = subject.selected.iter().copied().collect();
        let edges = ties::edges(scorecard, subject.evaluation, &ids);
        if edges.len() > MOST_TIES {
            return Err(Refusal::new(
                format!(
                    "{} ties are too many for a tree: {MOST_TIES} are the most that can be told apart",
                    edges.len()
                ),
                "draw a part: `+ID` for all that feeds a metric, `dept:ID` for those of a department",
            ));
        }
        let heads = heads(scorecard, &subject.selected);
        let losses: Vec<Loss> = heads.iter().filter_map(|head| loss(scorecard, subject.evaluation, *head)).collect();
        let culprits = Culprits::of(scorecard, subject.evaluation, &heads);
        let worst = culprits.as_ref().and_then(|most| losses.iter().find(|loss| loss.goal == most.goal()));
        let position = |id: &MetricId| ids.binary_search(id).ok();
        let gold = worst.map(|loss| loss.path.iter().filter_map(position).collect()).unwrap_or_default();
        let evaluations = std::slice::from_ref(subject.evaluation);
        let table = show(scorecard, evaluations, &[], &subject.selected, None, Order::Tree, None);
        let rows: BTreeMap<MetricId, &Row> = table.rows.iter().map(|row| (row.id, row)).collect();
        let nodes: Vec<TreeNode> =
            rows.values().map(|row| node(scorecard, subject.evaluation, row, &losses, worst)).collect();
        let mut tree = Tree {
            heading: Heading { subtitle: subject.subtitle(), ..Heading::default() },
            grain: scorecard.grain,
            nodes,
            edges,
            gold,
            remarks: table.remarks.clone(),
            causes: table.causes.clone(),
        };
        tree.heading.title = title::title(subject, &tree, &heads, culprits.as_ref());
        tree.heading.description = title::description(scorecard, &tree, &heads, worst);
        tree.heading.notes = title::notes(&tree);
        Ok(tree)
    }
}

/// Where a metric loses the most, where it loses anything that shows with one decimal.
fn loss(scorecard: &Scorecard, evaluation: &Evaluation, head: MetricId) -> Option<Loss> {
    let lost = 100.0 - evaluation.standing(head).thread.score?;
    let points = drags(scorecard, evaluation, head).first()?.points;
    (points >= WORTH_NAMING).then(|| Loss { goal: head, path: weakest_path(scorecard, evaluation, head), points, lost })
}

fn node(scorecard: &Scorecard, evaluation: &Evaluation, row: &Row, losses: &[Loss], worst: Option<&Loss>) -> TreeNode {
    let here = losses.iter().filter(|loss| loss.path.last() == Some(&row.id));
    let cost = |loss: &Loss| TreeCost {
        goal: scorecard.metric(loss.goal).name.clone(),
        points: loss.points,
        lost: loss.lost,
        is_golden: worst.is_some_and(|worst| worst.goal == loss.goal),
    };
    TreeNode {
        id: row.id,
        key: scorecard.metric(row.id).id.clone(),
        name: row.name.clone(),
        is_goal: row.is_goal,
        actual: row.actuals.last().cloned().flatten(),
        is_valued: !matches!(evaluation.standing(row.id).actual, Err(Absence::NoValue)),
        target: row.target.clone(),
        variance: row.variance.clone(),
        variance_is_good: row.variance_is_good,
        trend: row.trend.clone(),
        status: row.status,
        thread: row.thread,
        coverage: row.coverage,
        mark: row.mark,
        marks: row.marks.clone(),
        department: scorecard.department_of(row.id).map(|department| department.name.clone()),
        owner: row.owner.clone(),
        costs: here.map(cost).collect(),
    }
}
