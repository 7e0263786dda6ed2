//! Actuals against their targets, as Stephen Few draws them.
//!
//! Goals first, then departments, each in file order and each row on its own scale; where a dimension is asked for, one
//! group a metric, with its parts on one scale. Metrics without a value of their own have no actual to draw.

mod scale;
mod words;

use std::collections::BTreeSet;

use super::words::narrower;
use super::{Heading, Refusal, Subject};
use crate::evaluate::{CaveatKind, Evaluation, Standing};
use crate::metric::{Metric, MetricId, Polarity, Value};
use crate::number::Number;
use crate::prose;
use crate::status::Status;
use crate::view::{Order, Promised, Quantity, Remark, Shape, show};
use scale::Marked;

pub use scale::{BulletBand, BulletForm, BulletScale};

/// The most rows of one page.
const MOST_ROWS: usize = 60;

/// Actuals against targets, in groups.
#[derive(Clone, Debug, PartialEq)]
pub struct Bullet {
    /// What stands around it.
    pub heading: Heading,
    /// Never empty.
    pub groups: Vec<BulletGroup>,
    /// What marked figures rest on.
    pub remarks: Vec<Remark>,
}

/// Rows that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct BulletGroup {
    /// Goals, a department, or a metric of which the rows are parts; `None` where there is one group alone.
    pub head: Option<String>,
    /// The metric of which the rows are parts, all on one scale.
    pub whole: Option<BulletRow>,
    /// Never empty.
    pub rows: Vec<BulletRow>,
}

/// One metric, or one part of it.
#[derive(Clone, Debug, PartialEq)]
pub struct BulletRow {
    /// The name of the metric or of the part.
    pub name: String,
    /// What was read, or why nothing was.
    pub actual: Result<Quantity, String>,
    /// What the actual rests on that is not whole, not final or could not be read.
    pub marks: BTreeSet<CaveatKind>,
    /// What was promised.
    pub target: Option<Promised>,
    /// Best in class.
    pub benchmark: Option<Quantity>,
    /// Actual minus target.
    pub variance: Option<Quantity>,
    /// Whether the variance is on the better side.
    pub variance_is_good: Option<bool>,
    /// How many steps from target to threshold the actual lies short of its target, where that can be measured.
    pub steps_short: Option<f64>,
    /// How it stands.
    pub status: Status,
    /// Which way is better.
    pub better: Option<Polarity>,
    /// Where it is drawn; `None` without an actual.
    pub scale: Option<BulletScale>,
}

impl Bullet {
    /// The chart of the metrics selected that have a value of their own.
    ///
    /// # Errors
    /// None of them has; or there are more rows than one page holds.
    pub fn of(subject: &Subject<'_>) -> Result<Bullet, Refusal> {
        let scorecard = subject.scorecard();
        let has_value = |id: &MetricId| !matches!(scorecard.metric(*id).value, Value::FromDrivers);
        let (metrics, without): (Vec<MetricId>, Vec<MetricId>) = subject.selected.iter().partition(|id| has_value(id));
        let groups = if subject.by.is_empty() { grouped(subject, &metrics) } else { parted(subject, &metrics) };
        let rows: usize = groups.iter().map(|group| group.rows.len()).sum();
        if rows == 0 {
            return Err(nothing(subject, &metrics));
        }
        if rows > MOST_ROWS {
            let reason = format!("{} are too many for one page, which holds {MOST_ROWS}", prose::count(rows, "bar"));
            return Err(Refusal::new(reason, format!("name fewer metrics, such as {}", narrower(subject))));
        }
        let shown: BTreeSet<MetricId> = metrics.iter().copied().collect();
        let whole = std::slice::from_ref(subject.evaluation);
        let remarks = show(scorecard, whole, subject.segments, &shown, None, Order::Name, None).remarks;
        let not_parted = if subject.by.is_empty() { 0 } else { metrics.len() - groups.len() };
        let (title, measure) = words::title(&groups, subject.by);
        let mut notes = words::notes(&groups, without.len(), not_parted, subject.by);
        notes.extend(measure.map(|note| note.trim_end_matches('.').to_owned()));
        let heading = Heading { title, subtitle: subject.subtitle(), notes, description: words::description(&groups) };
        Ok(Bullet { heading, groups, remarks })
    }
}

fn nothing(subject: &Subject<'_>, metrics: &[MetricId]) -> Refusal {
    if metrics.is_empty() {
        return Refusal::new("none of these metrics has a value of its own", "name others, or none for all of them");
    }
    let dimensions = prose::list(subject.by);
    Refusal::new(
        format!("none of these metrics has parts by {dimensions}"),
        "name a dimension of their sources, or leave `--by` out",
    )
}

/// Goals, then departments in file order, then metrics of no department.
fn grouped(subject: &Subject<'_>, metrics: &[MetricId]) -> Vec<BulletGroup> {
    let scorecard = subject.scorecard();
    let row = |id: &MetricId| {
        let drawn = Drawn::of(scorecard.metric(*id), subject.evaluation.standing(*id));
        let scale = scale::of(&[&drawn.marked], &drawn.shape);
        drawn.row(scorecard.metric(*id).name.clone(), scale.as_ref())
    };
    let group = |head: &str, is_in: &dyn Fn(&MetricId) -> bool| BulletGroup {
        head: Some(head.to_owned()),
        whole: None,
        rows: metrics.iter().filter(|id| is_in(id)).map(row).collect(),
    };
    let is_goal = |id: &MetricId| scorecard.metric(*id).is_goal();
    let mut groups = vec![group("Goals", &is_goal)];
    groups.extend(scorecard.department_ids().map(|department| {
        let name = &scorecard.departments[department.index()].name;
        group(name, &|id| !is_goal(id) && scorecard.department_id_of(*id) == Some(department))
    }));
    groups.push(group("No department", &|id| !is_goal(id) && scorecard.department_id_of(*id).is_none()));
    groups.retain(|group| !group.rows.is_empty());
    if let [one] = groups.as_mut_slice() {
        one.head = None;
    }
    groups
}

/// One group a metric that has parts.
fn parted(subject: &Subject<'_>, metrics: &[MetricId]) -> Vec<BulletGroup> {
    let group = |id: &MetricId| {
        let metric = subject.scorecard().metric(*id);
        let parts: Vec<(&Evaluation, Drawn)> = subject
            .segments
            .iter()
            .filter(|segment| segment.standing(*id).is_part())
            .map(|segment| (segment, Drawn::of(metric, segment.standing(*id))))
            .collect();
        let marked: Vec<&Marked> = parts.iter().map(|(_, drawn)| &drawn.marked).collect();
        let scale = scale::of(&marked, &Shape::of(metric));
        let name = |segment: &Evaluation| crate::view::segment_name(segment.segment.as_deref().unwrap_or_default());
        let rows: Vec<BulletRow> =
            parts.iter().map(|(segment, drawn)| drawn.row(name(segment), scale.as_ref())).collect();
        let whole = Drawn::of(metric, subject.evaluation.standing(*id)).row(metric.name.clone(), None);
        BulletGroup { head: Some(metric.name.clone()), whole: Some(whole), rows }
    };
    metrics.iter().map(group).filter(|group| !group.rows.is_empty()).collect()
}

/// What is drawn of a standing, before its scale is known.
struct Drawn<'d> {
    metric: &'d Metric,
    standing: &'d Standing,
    shape: Shape,
    marked: Marked,
}

impl<'d> Drawn<'d> {
    fn of(metric: &'d Metric, standing: &'d Standing) -> Drawn<'d> {
        let benchmark = metric.benchmark.map(|benchmark| Number::Exact(benchmark).to_f64());
        Drawn { metric, standing, shape: Shape::of(metric), marked: Marked::of(standing, metric.better, benchmark) }
    }

    /// The row, with its own ranges on a scale that others may share.
    fn row(&self, name: String, scale: Option<&BulletScale>) -> BulletRow {
        let (standing, shape) = (self.standing, &self.shape);
        let variance_is_good = standing.own_status.filter(|_| standing.variance.is_some());
        BulletRow {
            name,
            actual: match &standing.actual {
                Ok(reading) => Ok(shape.value(reading.value)),
                Err(reason) => Err(reason.to_string()),
            },
            marks: standing.kinds(&[crate::evaluate::Figure::Actual]),
            target: standing.target.as_ref().ok().map(|target| shape.promised(*target)),
            benchmark: self.metric.benchmark.map(|benchmark| shape.value(Number::Exact(benchmark))),
            variance: standing.variance.map(|variance| shape.difference(variance)),
            variance_is_good: variance_is_good.map(|status| status == Status::OnTarget),
            steps_short: standing.steps_short(),
            status: standing.status(),
            better: self.metric.better,
            scale: scale.filter(|_| standing.actual.is_ok()).map(|scale| self.marked.ranged(scale)),
        }
    }
}
