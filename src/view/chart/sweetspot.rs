//! Each metric's influence on customer goals against its influence on business goals.
//!
//! The influence of a metric on a goal is the share of the goal's weight that flows through it: the product of the shares
//! of weight along a path, summed over all paths. On a lens it is the mean over the lens's goals that anything feeds: the
//! scorecard ranks no goal above another, and so what is counted stays a share, of which the leaves make up the whole.

use std::collections::BTreeSet;

use super::{Heading, Refusal, Subject};
use crate::evaluate::{Evaluation, influence, lost};
use crate::metric::{Lens, MetricId, Role, Rollup, Scorecard};
use crate::prose;
use crate::status::Status;

/// The most metrics that are named in a note.
const NAMED: usize = 3;

/// Each metric's influence on customer goals against its influence on business goals.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweetspot {
    /// What stands around it.
    pub heading: Heading,
    /// In file order; each has influence on one of the two at least.
    pub points: Vec<SweetspotPoint>,
}

/// One metric.
#[derive(Clone, Debug, PartialEq)]
pub struct SweetspotPoint {
    /// Its name.
    pub name: String,
    /// Its influence on customer goals, a share from 0 to 1.
    pub customer: f64,
    /// Its influence on business goals, a share from 0 to 1.
    pub business: f64,
    /// The most points of thread score that it costs any goal.
    pub drag: f64,
    /// How it stands.
    pub status: Status,
}

/// To whom a metric matters: where its influence is no less than the mean of those drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quadrant {
    /// To customers and to the business.
    Both,
    /// To customers alone.
    Customers,
    /// To the business alone.
    Business,
    /// To neither more than others do.
    Neither,
}

impl Quadrant {
    /// All of them, the weightiest first.
    pub const ALL: [Quadrant; 4] = [Quadrant::Both, Quadrant::Customers, Quadrant::Business, Quadrant::Neither];

    /// The words for it.
    pub fn words(self) -> &'static str {
        match self {
            Quadrant::Both => "matters to both",
            Quadrant::Customers => "matters to customers",
            Quadrant::Business => "matters to the business",
            Quadrant::Neither => "matters less",
        }
    }
}

impl Sweetspot {
    /// The chart of the leaves, or of the metrics chosen; goals are what is influenced, and are no points.
    ///
    /// # Errors
    /// The goals are all of one lens, or no metric selected feeds any of them.
    pub fn of(subject: &Subject<'_>) -> Result<Sweetspot, Refusal> {
        let (scorecard, evaluation) = (subject.scorecard(), subject.evaluation);
        if !subject.by.is_empty() {
            let reason = "`sweetspot` has no panels: influence is the same in every part";
            return Err(Refusal::new(reason, "leave `--by` out, or draw `trend`"));
        }
        let goals = [goals_of(scorecard, Lens::Customer), goals_of(scorecard, Lens::Business)];
        refuse_one_lens(&goals)?;
        refuse_unfed(scorecard, &goals)?;
        let shares = goals.each_ref().map(|goals| mean_influence(scorecard, evaluation, goals));
        let drag = drag(scorecard, evaluation);
        let is_candidate =
            |id: &&MetricId| !scorecard.metric(**id).is_goal() && (subject.is_chosen || scorecard.graph.is_leaf(**id));
        let candidates: Vec<MetricId> = subject.selected.iter().filter(is_candidate).copied().collect();
        let is_linked = |id: &MetricId| shares.iter().any(|shares| shares[id.index()] > 0.0);
        let (linked, unlinked): (Vec<MetricId>, Vec<MetricId>) = candidates.into_iter().partition(is_linked);
        let point = |id: &MetricId| SweetspotPoint {
            name: scorecard.metric(*id).name.clone(),
            customer: shares[0][id.index()],
            business: shares[1][id.index()],
            drag: drag[id.index()],
            status: evaluation.standing(*id).status(),
        };
        let points: Vec<SweetspotPoint> = linked.iter().map(point).collect();
        if points.is_empty() {
            let reason = "none of these metrics feeds a goal";
            return Err(Refusal::new(reason, "name others, or say what they move: `drives = [...]`"));
        }
        let mut chart = Sweetspot { heading: Heading::default(), points };
        chart.heading = Heading {
            title: chart.message(),
            subtitle: subject.subtitle(),
            notes: notes(scorecard, &goals, &unlinked),
            description: chart.in_words(),
        };
        Ok(chart)
    }

    /// The mean influence of the points on customer goals and on business goals.
    pub fn means(&self) -> (f64, f64) {
        let mean = |influence: fn(&SweetspotPoint) -> f64| {
            self.points.iter().map(influence).sum::<f64>() / self.points.len().max(1) as f64
        };
        (mean(|point| point.customer), mean(|point| point.business))
    }

    /// To whom a point matters.
    pub fn quadrant(&self, point: &SweetspotPoint) -> Quadrant {
        // Where all are equal, the mean's last digit must not decide.
        let (customer, business) = self.means();
        let matters = |influence: f64, mean: f64| influence > 0.0 && influence >= mean * (1.0 - 1e-9);
        match (matters(point.customer, customer), matters(point.business, business)) {
            (true, true) => Quadrant::Both,
            (true, false) => Quadrant::Customers,
            (false, true) => Quadrant::Business,
            (false, false) => Quadrant::Neither,
        }
    }

    fn within(&self, quadrant: Quadrant) -> Vec<&SweetspotPoint> {
        self.points.iter().filter(|point| self.quadrant(point) == quadrant).collect()
    }

    /// What the points say: of those that matter to both, the one that costs the most.
    fn message(&self) -> String {
        let both = self.within(Quadrant::Both);
        let falls_short = |point: &&&SweetspotPoint| matches!(point.status, Status::AtRisk | Status::OffTarget);
        let mut worst: Option<&SweetspotPoint> = None;
        for point in both.iter().filter(falls_short) {
            if worst.is_none_or(|known| point.drag > known.drag) {
                worst = Some(point);
            }
        }
        let alike = "to customers and to the business alike";
        match (worst, both.as_slice()) {
            (Some(point), _) => format!("{} matters {alike}, and is {}", point.name, point.status.word()),
            (None, []) => format!("No metric matters much {alike}"),
            (None, [one]) => format!("{} matters most {alike}, and is {}", one.name, one.status.word()),
            (None, several) if several.iter().all(|point| point.status == Status::OnTarget) => {
                format!("All {} metrics that matter {alike} are on target", several.len())
            }
            (None, several) => {
                format!("{} metrics matter {alike}, and none is known to miss its target", several.len())
            }
        }
    }

    fn in_words(&self) -> String {
        let quadrant = |quadrant: Quadrant| {
            let points = self.within(quadrant);
            let names: Vec<String> =
                points.iter().map(|point| format!("{} ({})", point.name, point.status.word())).collect();
            (!names.is_empty()).then(|| format!("{}: {}.", prose::capitalised(quadrant.words()), names.join(", ")))
        };
        let said: Vec<String> = Quadrant::ALL.into_iter().filter_map(quadrant).collect();
        format!(
            "{} by their influence on customer goals (upwards) and on business goals (to the right). {}",
            prose::count(self.points.len(), "metric"),
            said.join(" ")
        )
    }
}

/// The goals of a lens.
fn goals_of(scorecard: &Scorecard, wanted: Lens) -> Vec<MetricId> {
    let is_of = |id: &MetricId| matches!(&scorecard.metric(*id).role, Role::Goal { lens, .. } if *lens == wanted);
    scorecard.ids().filter(is_of).collect()
}

fn refuse_one_lens([customer, business]: &[Vec<MetricId>; 2]) -> Result<(), Refusal> {
    match (customer.is_empty(), business.is_empty()) {
        (false, false) => Ok(()),
        (true, true) => Err(Refusal::new(
            "the scorecard has no goals, so nothing has influence on one",
            "declare a goal: `[goals.churn]` with `lens = \"customer\"`, `[goals.revenue]` with `lens = \"business\"`",
        )),
        (true, false) => Err(Refusal::new(
            "no goal is a customer goal: each has the lens `business`, which is the default",
            "set `lens = \"customer\"` on the goals that customers feel",
        )),
        (false, true) => Err(Refusal::new(
            "no goal is a business goal: each has the lens `customer`",
            "set `lens = \"business\"` on the goals that the enterprise lives on",
        )),
    }
}

fn refuse_unfed(scorecard: &Scorecard, goals: &[Vec<MetricId>; 2]) -> Result<(), Refusal> {
    let is_unfed = |goals: &&Vec<MetricId>| goals.iter().all(|goal| scorecard.graph.is_leaf(*goal));
    match goals.iter().position(|goals| is_unfed(&goals)) {
        None => Ok(()),
        Some(lens) => Err(Refusal::new(
            format!("no metric feeds a {} goal, so none has influence there", ["customer", "business"][lens]),
            format!("say what moves `{}`: `drives = [...]`", scorecard.metric(goals[lens][0]).id),
        )),
    }
}

/// The influence of every metric on some goals: the mean of its shares of those that anything feeds.
fn mean_influence(scorecard: &Scorecard, evaluation: &Evaluation, goals: &[MetricId]) -> Vec<f64> {
    let fed: Vec<MetricId> = goals.iter().copied().filter(|goal| !scorecard.graph.is_leaf(*goal)).collect();
    let mut mean = vec![0.0; evaluation.standings.len()];
    for goal in &fed {
        for (sum, share) in mean.iter_mut().zip(influence(scorecard, evaluation, *goal)) {
            *sum += share / fed.len() as f64;
        }
    }
    mean
}

/// The most points that every metric costs any goal.
fn drag(scorecard: &Scorecard, evaluation: &Evaluation) -> Vec<f64> {
    let mut most = vec![0.0_f64; evaluation.standings.len()];
    for goal in scorecard.ids().filter(|id| scorecard.metric(*id).is_goal()) {
        for (most, points) in most.iter_mut().zip(lost(scorecard, evaluation, goal)) {
            *most = most.max(points);
        }
    }
    most
}

/// Which nodes, goals or below them, are not scored by the mean that shares of weight are shares of.
fn otherwise_scored(scorecard: &Scorecard, goals: &[Vec<MetricId>; 2]) -> Option<String> {
    let is_below =
        |id: &MetricId| goals.iter().flatten().any(|goal| id == goal || scorecard.graph.above(*id).contains(goal));
    let with = |rollup: Rollup| -> Vec<String> {
        let ids = scorecard.ids().filter(|id| scorecard.metric(*id).rollup == rollup);
        let ids = ids.filter(|id| !scorecard.graph.is_leaf(*id) && is_below(id));
        ids.map(|id| scorecard.metric(id).name.clone()).collect()
    };
    let said = |names: Vec<String>, by: &str| match names.as_slice() {
        [] => None,
        few if few.len() <= NAMED => Some(format!("{} by {by}", prose::join(few, "and"))),
        many => Some(format!("{} by {by}", prose::count(many.len(), "metric"))),
    };
    let both = [said(with(Rollup::Weakest), "the weakest child"), said(with(Rollup::Geometric), "a geometric mean")];
    let both: Vec<String> = both.into_iter().flatten().collect();
    (!both.is_empty()).then(|| format!("Not scored by these shares: {}.", both.join("; ")))
}

fn notes(scorecard: &Scorecard, goals: &[Vec<MetricId>; 2], unlinked: &[MetricId]) -> Vec<String> {
    let name = |id: &MetricId| scorecard.metric(*id).name.clone();
    let names = |goals: &[MetricId]| prose::join(&goals.iter().map(name).collect::<Vec<_>>(), "and");
    let mut notes = vec![
        format!(
            "Influence: the share of a goal's weight that flows through a metric, as the mean over customer goals ({}) and \
             over business goals ({}).",
            names(&goals[0]),
            names(&goals[1])
        ),
        "A metric matters where its influence is no less than the mean of those drawn (the thin lines). Size: the most \
         points of thread score that it costs any goal."
            .to_owned(),
    ];
    notes.extend(otherwise_scored(scorecard, goals));
    let unfed: BTreeSet<MetricId> =
        goals.iter().flatten().copied().filter(|goal| scorecard.graph.is_leaf(*goal)).collect();
    if !unfed.is_empty() {
        let unfed: Vec<MetricId> = unfed.into_iter().collect();
        notes.push(format!("Nothing feeds {}; the mean is over the other goals.", names(&unfed)));
    }
    match unlinked {
        [] => {}
        few if few.len() <= NAMED => notes.push(format!("Left out, since no goal rests on them: {}.", names(few))),
        many => notes.push(format!("Left out: {} on which no goal rests.", prose::count(many.len(), "metric"))),
    }
    notes
}
