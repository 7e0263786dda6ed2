//! Each metric's influence on customer goals against its influence on business goals.
//!
//! The influence of a metric on a goal is the share of the goal's weight that flows through it: the product of the shares
//! of weight along a path, summed over all paths. On a lens it is the mean over the lens's goals that anything feeds: the
//! scorecard ranks no goal above another, and so what is counted stays a share, of which the leaves make up the whole.

use std::collections::BTreeSet;

use super::words::{WORTH_NAMING, points};
use super::{Heading, Refusal, Subject};
use crate::evaluate::{Evaluation, influence, lost};
use crate::metric::{Lens, MetricId, Role, Rollup, Scorecard};
use crate::prose;
use crate::status::Status;

/// The most metrics that are named in a note.
const NAMED: usize = 3;

/// What binary fractions lose makes no difference between two drags.
const EQUAL: f64 = 1e-9;

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
    /// The goal it costs the most; `None` where it costs nothing.
    pub costs: Option<String>,
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
            drag: drag[id.index()].0,
            costs: drag[id.index()].1.map(|goal| scorecard.metric(goal).name.clone()),
            status: evaluation.standing(*id).status(),
        };
        let points: Vec<SweetspotPoint> = linked.iter().map(point).collect();
        if points.is_empty() {
            let reason = "none of these metrics feeds a goal";
            return Err(Refusal::new(reason, "name others, or say what they move: `drives = [...]`"));
        }
        let mut chart = Sweetspot { heading: Heading::default(), points };
        chart.heading = Heading {
            title: chart.message(subject.is_chosen),
            subtitle: subject.subtitle(),
            notes: notes(subject, &goals, &unlinked),
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

    /// What the points say: of those that touch both lenses at all, the one that costs the most.
    fn message(&self, is_chosen: bool) -> String {
        let both: Vec<&SweetspotPoint> =
            self.points.iter().filter(|point| point.customer > 0.0 && point.business > 0.0).collect();
        let shown = if is_chosen { " shown" } else { "" };
        let most = both.iter().map(|point| point.drag).fold(0.0, f64::max);
        let equals: Vec<&SweetspotPoint> =
            both.iter().copied().filter(|point| most >= WORTH_NAMING && most - point.drag <= EQUAL).collect();
        let of_all = self.points.iter().all(|point| point.drag <= most + EQUAL);
        let of = |point: &SweetspotPoint| point.costs.as_ref().map_or_else(String::new, |goal| format!(" of {goal}"));
        let touched = |point: &SweetspotPoint| {
            format!("customers ({}) and the business ({})", percent(point.customer), percent(point.business))
        };
        match (equals.as_slice(), both.as_slice()) {
            (_, []) => format!("No metric{shown} touches both customers and the business"),
            ([], both) if both.iter().any(|point| !is_judged(point.status)) => {
                format!("None of {} is known to cost a goal anything worth naming", touching(both.len(), shown))
            }
            ([], both) => format!("None of {} costs a goal anything worth naming", touching(both.len(), shown)),
            ([one], _) if of_all && !is_chosen => {
                format!("{} touches {} and costs the most: {} points{}", one.name, touched(one), points(most), of(one))
            }
            ([one], _) => format!(
                "{} touches {} and, of those{shown} that do, costs the most: {} points{}",
                one.name,
                touched(one),
                points(most),
                of(one)
            ),
            (several, both) => {
                let names: Vec<String> = several.iter().map(|point| point.name.clone()).collect();
                let names =
                    if names.len() == 2 { prose::join(&names, "and") } else { prose::count(names.len(), "metric") };
                let them = touching(both.len(), shown);
                format!("{names} cost the most of {them}: {} points each", points(most))
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

/// `the 3 metrics that touch customers and the business`.
fn touching(count: usize, shown: &str) -> String {
    match count {
        1 => format!("the metrics{shown} that touch customers and the business, of which there is 1,"),
        _ => format!("the {count} metrics{shown} that touch customers and the business"),
    }
}

/// Whether a metric has a score, so that it is known what it costs.
fn is_judged(status: Status) -> bool {
    !matches!(status, Status::NoData | Status::NoTarget)
}

/// A share as a percentage.
fn percent(share: f64) -> String {
    if share < 0.000_5 { "less than 0.1 %".to_owned() } else { format!("{} %", points(share * 100.0)) }
}

/// The most points that every metric costs any goal, and the first such goal.
fn drag(scorecard: &Scorecard, evaluation: &Evaluation) -> Vec<(f64, Option<MetricId>)> {
    let mut most = vec![(0.0_f64, None); evaluation.standings.len()];
    for goal in scorecard.ids().filter(|id| scorecard.metric(*id).is_goal()) {
        for (most, points) in most.iter_mut().zip(lost(scorecard, evaluation, goal)) {
            if points > most.0 + EQUAL {
                *most = (points, Some(goal));
            }
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

fn notes(subject: &Subject<'_>, goals: &[Vec<MetricId>; 2], unlinked: &[MetricId]) -> Vec<String> {
    let scorecard = subject.scorecard();
    let of_whom = if subject.is_chosen { "the metrics chosen, not of all" } else { "those drawn" };
    let name = |id: &MetricId| scorecard.metric(*id).name.clone();
    let names = |goals: &[MetricId]| prose::join(&goals.iter().map(name).collect::<Vec<_>>(), "and");
    let mut notes = vec![
        format!(
            "Influence: the share of a goal's weight that flows through a metric, as the mean over customer goals ({}) and \
             over business goals ({}).",
            names(&goals[0]),
            names(&goals[1])
        ),
        format!(
            "A metric matters where its influence is no less than the mean of {of_whom} (the thin lines). Size: the most \
             points of thread score that it costs any goal."
        ),
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
