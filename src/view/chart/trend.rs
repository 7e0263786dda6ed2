//! Metrics over time, with target, threshold, prior year and process limits.
//!
//! One panel a metric, or one panel a segment of one metric on a scale that all share. Says what is drawn in each period
//! and what is a signal; `panel` reads it, `message` puts it into a title, `notes` into what one must know.

mod message;
mod notes;
mod panel;

use super::{Heading, Refusal, Subject};
use crate::evaluate::{CaveatKind, Evaluation, Point, history};
use crate::metric::{MetricId, Value};
use crate::observe::Segment;
use crate::period::{Grain, Period};
use crate::prose;
use crate::stats::xmr::Signal;
use crate::status::Status;
use crate::unit::Unit;
use crate::view::{Promised, Quantity, segment_name};

/// The most panels of a picture.
pub const MOST_PANELS: usize = 12;

/// Panels over the same periods.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// What stands around it.
    pub heading: Heading,
    /// The size of a period.
    pub grain: Grain,
    /// The names of the periods, oldest first; at least one.
    pub periods: Vec<String>,
    /// At least one, with a value in at least one of them.
    pub panels: Vec<TrendPanel>,
    /// Whether numbers of one panel may be held against those of another.
    pub scale: TrendScale,
}

/// Whose scale a panel is drawn on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrendScale {
    /// Each its own: panels are of different metrics.
    Own,
    /// One for all: panels are parts of one metric.
    Shared,
}

/// One metric, or one segment of it.
#[derive(Clone, Debug, PartialEq)]
pub struct TrendPanel {
    /// Of the metric; where panels are segments, of the segment.
    pub name: String,
    /// Of its numbers.
    pub unit: Unit,
    /// One a period.
    pub points: Vec<TrendPoint>,
    /// How it stands in the last period.
    pub status: Status,
    /// What the process stays within while nothing changes; none where there are too few values, and of a part.
    pub limits: Vec<TrendLimits>,
    /// Why no period has a value, where that is so.
    pub absence: Option<String>,
}

/// One period of a panel.
#[derive(Clone, Debug, PartialEq)]
pub struct TrendPoint {
    /// What was read.
    pub actual: Option<Quantity>,
    /// What it rests on.
    pub footing: Footing,
    /// How it stood.
    pub status: Status,
    /// What was promised; none for what is held against nothing.
    pub target: Option<Promised>,
    /// The least that is acceptable; none for what is held against nothing.
    pub threshold: Option<Promised>,
    /// What was read a year before; only what is like the actual, or like a part of it.
    pub prior_year: Option<Quantity>,
    /// Whether the year before is of those alone who reported then and now.
    pub prior_year_is_of_both: bool,
    /// What it is a signal of.
    pub signal: Option<Signal>,
}

/// What a value rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Footing {
    /// Everything.
    Whole,
    /// Less than everything, and still like others.
    Noted(CaveatKind),
    /// Less than everything, and held against nothing.
    Unlike(CaveatKind),
}

/// Process limits over some periods.
#[derive(Clone, Debug, PartialEq)]
pub struct TrendLimits {
    /// Positions of the first and the last period they are of.
    pub span: (usize, usize),
    /// The centre line.
    pub centre: Quantity,
    /// The lower limit as it is shown: of a share never below nothing.
    pub lower: Quantity,
    /// The upper limit as it is shown: of a share never above all.
    pub upper: Quantity,
}

impl TrendPanel {
    /// The last value, with its position.
    pub fn last(&self) -> Option<(usize, &Quantity)> {
        let mut values = self.points.iter().enumerate().rev();
        values.find_map(|(index, point)| Some((index, point.actual.as_ref()?)))
    }
}

/// What one panel is of.
struct Cut<'c> {
    id: MetricId,
    evaluation: &'c Evaluation,
    name: String,
}

impl Cut<'_> {
    fn segment(&self) -> Option<&Segment> {
        self.evaluation.segment.as_ref()
    }
}

impl Trend {
    /// The chart of the metrics selected, or of the segments of one.
    ///
    /// # Errors
    /// Several metrics by segment; more panels than a picture holds; no value at all.
    pub fn of(subject: &Subject<'_>) -> Result<Trend, Refusal> {
        let (cuts, undrawn) = with_values(subject, cuts(subject)?);
        let histories: Vec<Vec<Point>> =
            cuts.iter().map(|cut| history(subject.reader, cut.id, cut.segment(), subject.periods)).collect();
        let (cuts, histories) = those_there(subject, cuts, histories);
        let has_value = |point: &Point| point.actual.is_ok();
        if !histories.iter().flatten().any(has_value) {
            return Err(empty(subject, &cuts, &histories));
        }
        if cuts.len() > MOST_PANELS {
            return Err(too_many(subject, &cuts));
        }
        let first = histories.iter().filter_map(|points| points.iter().position(has_value)).min().unwrap_or(0);
        let drawn: Vec<panel::Drawn> =
            cuts.iter().zip(&histories).map(|(cut, points)| panel::of(subject, cut, &points[first..])).collect();
        let calendar = &subject.scorecard().calendar;
        let names: Vec<String> = subject.periods[first..].iter().map(|period| calendar.name(*period)).collect();
        let grain = subject.evaluation.period.grain();
        let mut notes = notes::of(&drawn, &names, grain);
        notes.extend(undrawn);
        let scale = if subject.by.is_empty() { TrendScale::Own } else { TrendScale::Shared };
        let mut trend = Trend {
            heading: Heading { subtitle: subtitle(subject, &names), notes, ..Heading::default() },
            grain,
            periods: names,
            panels: drawn.into_iter().map(|drawn| drawn.panel).collect(),
            scale,
        };
        let (title, measure) = message::title(&trend, subject);
        trend.heading.title = title;
        trend.heading.notes.extend(measure.map(str::to_owned));
        trend.heading.description = message::description(&trend);
        Ok(trend)
    }
}

/// The line below the title, which says the range where several periods are drawn.
fn subtitle(subject: &Subject<'_>, names: &[String]) -> String {
    let [first, .., last] = names else { return subject.subtitle() };
    let condition = subject.condition.iter().map(|condition| format!("where {condition}"));
    let parts = [subject.scorecard().title.clone(), format!("{first} to {last}")];
    parts.into_iter().chain(condition).collect::<Vec<_>>().join(" · ")
}

/// A panel a metric, or a panel a segment.
fn cuts<'c>(subject: &Subject<'c>) -> Result<Vec<Cut<'c>>, Refusal> {
    let scorecard = subject.scorecard();
    let name = |id: MetricId| scorecard.metric(id).name.clone();
    if subject.by.is_empty() {
        let cut = |id: &MetricId| Cut { id: *id, evaluation: subject.evaluation, name: name(*id) };
        return match subject.selected.len() {
            0 => Err(Refusal::new("no metric is selected", "name one: `chart trend churn`")),
            _ => Ok(subject.selected.iter().map(cut).collect()),
        };
    }
    let mut selected = subject.selected.iter();
    let (Some(id), None) = (selected.next(), selected.next()) else {
        let count = prose::count(subject.selected.len(), if subject.is_chosen { "metric" } else { "goal" });
        let example = subject.selected.iter().next().map_or("churn", |id| &scorecard.metric(*id).id);
        return Err(Refusal::new(
            format!("`chart trend --by` draws the parts of one metric, and {count} are selected"),
            format!("name one: `chart trend {example} --by {}`", subject.by.join(",")),
        ));
    };
    if subject.segments.is_empty() {
        return Err(Refusal::new(
            format!("no rows have {} in these periods", prose::list(subject.by)),
            "ask for other periods with `-p`",
        ));
    }
    let name = |evaluation: &Evaluation| segment_name(evaluation.segment.as_deref().unwrap_or_default());
    let cut = |evaluation: &'c Evaluation| Cut { id: *id, evaluation, name: name(evaluation) };
    Ok(subject.segments.iter().map(cut).collect())
}

/// Without the goals that nobody named and that have no value of their own; and a note that says so.
fn with_values<'c>(subject: &Subject<'_>, cuts: Vec<Cut<'c>>) -> (Vec<Cut<'c>>, Option<String>) {
    let metric = |cut: &Cut<'_>| subject.scorecard().metric(cut.id);
    let has_value = |cut: &Cut<'_>| !matches!(metric(cut).value, Value::FromDrivers);
    if subject.is_chosen || !subject.by.is_empty() || !cuts.iter().any(has_value) {
        return (cuts, None);
    }
    let (drawn, undrawn): (Vec<Cut<'c>>, Vec<Cut<'c>>) = cuts.into_iter().partition(has_value);
    let names: Vec<String> = undrawn.into_iter().map(|cut| cut.name).collect();
    let have = if names.len() == 1 { "has no value of its own" } else { "have no values of their own" };
    let note = (!names.is_empty()).then(|| format!("{} {have}: not drawn", prose::join(&names, "and")));
    (drawn, note)
}

/// Without the segments that the metric does not have: a part without it is not a part of it.
fn those_there<'c>(
    subject: &Subject<'_>,
    cuts: Vec<Cut<'c>>,
    histories: Vec<Vec<Point>>,
) -> (Vec<Cut<'c>>, Vec<Vec<Point>>) {
    let is_there = |cut: &Cut<'_>, points: &[Point]| {
        let late = cut.evaluation.standing(cut.id).is_part();
        late || points.iter().any(|point| point.actual.is_ok())
    };
    if subject.by.is_empty() || !cuts.iter().zip(&histories).any(|(cut, points)| is_there(cut, points)) {
        return (cuts, histories);
    }
    cuts.into_iter().zip(histories).filter(|(cut, points)| is_there(cut, points)).unzip()
}

/// Why nothing at all has a value.
fn empty(subject: &Subject<'_>, cuts: &[Cut<'_>], histories: &[Vec<Point>]) -> Refusal {
    let reason = histories.iter().filter_map(|points| points.last()?.actual.as_ref().err()).next();
    let reason = reason.map_or(String::new(), |reason| format!(": {reason}"));
    let calendar = &subject.scorecard().calendar;
    let span: Vec<String> = ends(subject.periods).into_iter().map(|period| calendar.name(period)).collect();
    let (span, help) = (span.join(" to "), "name other metrics, or ask for other periods with `-p`");
    match cuts {
        _ if !subject.by.is_empty() => {
            let metric = subject.selected.iter().next().map_or("", |id| &subject.scorecard().metric(*id).id);
            let by = prose::list(subject.by);
            Refusal::new(format!("no part of `{metric}` by {by} has a value in {span}{reason}"), help)
        }
        [one] => {
            let id = &subject.scorecard().metric(one.id).id;
            Refusal::new(format!("`{id}` has no value in {span}{reason}"), help)
        }
        several => {
            let first = &subject.scorecard().metric(several[0].id).id;
            let reason = reason.strip_prefix(": ").map_or(String::new(), |reason| format!("; `{first}`: {reason}"));
            Refusal::new(format!("none of these {} metrics has a value in {span}{reason}", several.len()), help)
        }
    }
}

/// The first and the last of some periods; once where they are the same.
fn ends(periods: &[Period]) -> Vec<Period> {
    match periods {
        [] => Vec::new(),
        [one] => vec![*one],
        [first, .., last] => vec![*first, *last],
    }
}

fn too_many(subject: &Subject<'_>, cuts: &[Cut<'_>]) -> Refusal {
    let count = cuts.len();
    let (Some(dimension), Some(first)) = (subject.by.first(), cuts.first().and_then(Cut::segment)) else {
        let ids = cuts.iter().take(2).map(|cut| subject.scorecard().metric(cut.id).id.as_str());
        return Refusal::new(
            format!("{count} metrics do not fit one picture, which holds {MOST_PANELS} panels"),
            format!("name fewer, such as `chart trend {}`", ids.collect::<Vec<_>>().join(" ")),
        );
    };
    let second = cuts.iter().filter_map(|cut| cut.segment()?.first()).find(|value| **value != first[0]);
    let quoted = |value: &String| format!("'{}'", value.replace('\'', "''"));
    let values: Vec<String> = first.first().into_iter().chain(second).map(quoted).collect();
    Refusal::new(
        format!("{count} parts do not fit one picture, which holds {MOST_PANELS} panels"),
        format!("choose some: `--where \"{dimension} in ({})\"`", values.join(", ")),
    )
}
