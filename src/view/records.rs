//! The report as rows for other programs: one a metric, segment and period, columns in an order that
//! only ever grows at its end.

use std::collections::BTreeSet;

use super::Steadiness;
use crate::evaluate::{Caveat, Evaluation, Figure, Note, Processes, Promise, Reading, Standing};
use crate::metric::{MetricId, Scorecard};
use crate::number::Number;

/// A table of typed cells.
#[derive(Clone, Debug)]
pub struct Records {
    /// The scorecard's name.
    pub scorecard: String,
    /// The last complete period, or the one asked for.
    pub as_of: String,
    /// The size of the periods.
    pub grain: &'static str,
    /// Column names.
    pub columns: Vec<String>,
    /// Rows, each as long as the columns.
    pub rows: Vec<Vec<Field>>,
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Field {
    /// Text.
    Text(String),
    /// A number at full precision.
    Number(Number),
    /// Nothing; `reason` says why where an actual or a target is absent.
    Absent,
}

const BEFORE_DIMENSIONS: [&str; 12] = [
    "as_of",
    "period",
    "period_start",
    "period_end",
    "grain",
    "level",
    "id",
    "name",
    "parent",
    "department",
    "owner",
    "stage",
];
const AFTER_DIMENSIONS: [&str; 22] = [
    "unit",
    "actual",
    "numerator",
    "denominator",
    "target",
    "threshold",
    "variance",
    "prior",
    "change",
    "prior_year",
    "ytd",
    "score",
    "thread_score",
    "status",
    "reason",
    "target_high",
    "threshold_high",
    "where",
    "caveat",
    "variation",
    "signal",
    "assurance",
];

/// Rows for every evaluation given (wholes and segments), metrics in file order.
pub fn records(
    scorecard: &Scorecard,
    as_of: crate::period::Period,
    evaluations: &[&Evaluation],
    selected: &BTreeSet<MetricId>,
    by: &[String],
    condition: Option<&str>,
    processes: &Processes,
) -> Records {
    let mut columns: Vec<String> = BEFORE_DIMENSIONS.map(str::to_owned).to_vec();
    columns.extend(by.iter().map(|name| dimension_column(name)));
    columns.extend(AFTER_DIMENSIONS.map(str::to_owned));
    let mut rows = Vec::new();
    for id in selected {
        for evaluation in evaluations {
            // A part in which the metric has nothing is no row; a whole always is one.
            if evaluation.segment.is_none() || evaluation.standing(*id).is_part() {
                let mut row = record(scorecard, as_of, evaluation, *id, by, condition);
                let of_whole = evaluation.segment.is_none();
                let steadiness = Steadiness::among(processes, *id, evaluation.period, scorecard);
                row.extend(of_limits(steadiness.filter(|_| of_whole)));
                rows.push(row);
            }
        }
    }
    let grain = evaluations.first().map_or("", |evaluation| evaluation.period.grain().word());
    Records { scorecard: scorecard.title.clone(), as_of: scorecard.calendar.name(as_of), grain, columns, rows }
}

/// A dimension's column; one named like a column that is always there is told apart.
fn dimension_column(name: &str) -> String {
    let taken = BEFORE_DIMENSIONS.contains(&name) || AFTER_DIMENSIONS.contains(&name);
    if taken { format!("dim_{name}") } else { name.to_owned() }
}

fn record(
    scorecard: &Scorecard,
    as_of: crate::period::Period,
    evaluation: &Evaluation,
    id: MetricId,
    by: &[String],
    condition: Option<&str>,
) -> Vec<Field> {
    let (metric, standing, period) = (scorecard.metric(id), evaluation.standing(id), evaluation.period);
    let text = |text: &str| Field::Text(text.to_owned());
    let maybe = |value: Option<&str>| value.map_or(Field::Absent, text);
    let number = |value: Option<Number>| value.map_or(Field::Absent, Field::Number);
    let level = match &evaluation.segment {
        None if condition.is_some() => "part".to_owned(),
        None => "total".to_owned(),
        Some(_) => by.join("/"),
    };
    let parent = scorecard.graph.parents(id).first().map(|parent| scorecard.metric(*parent).id.as_str());
    let mut row = vec![
        Field::Text(scorecard.calendar.name(as_of)),
        Field::Text(scorecard.calendar.name(period)),
        Field::Text(period.first().to_string()),
        Field::Text(period.last().to_string()),
        text(period.grain().word()),
        Field::Text(level),
        text(&metric.id),
        text(&metric.name),
        maybe(parent),
        maybe(scorecard.department_of(id).map(|department| department.name.as_str())),
        maybe(metric.answerable()),
        maybe(metric.stage.as_deref()),
    ];
    row.extend((0..by.len()).map(|index| maybe(evaluation.segment.as_ref().map(|segment| segment[index].as_str()))));
    let reading = standing.actual.as_ref().ok();
    let part = |part: fn(&Reading) -> Option<Number>| number(reading.and_then(part));
    let is_leaf = scorecard.graph.is_leaf(id);
    row.extend([
        maybe(metric.unit.as_ref().map(ToString::to_string).as_deref()),
        part(|reading| Some(reading.value)),
        part(|reading| reading.numerator),
        part(|reading| reading.denominator),
        low_end(standing.target.as_ref().ok()),
        low_end(standing.threshold.as_ref().ok()),
        number(standing.variance),
        number(standing.prior.as_ref().ok().copied()),
        number(standing.change),
        number(standing.prior_year.as_ref().ok().copied()),
        number(standing.ytd.as_ref().ok().copied()),
        number(standing.score.and_then(Number::approx)),
        number(if is_leaf { None } else { standing.thread.score.and_then(Number::approx) }),
        text(standing.status().word()),
        reason(standing),
        high_end(standing.target.as_ref().ok()),
        high_end(standing.threshold.as_ref().ok()),
        maybe(condition),
        caveat(standing),
    ]);
    row
}

/// What limits say, in words: noise is `common cause`, and all is blank where there are no limits.
fn of_limits(steadiness: Option<Steadiness>) -> [Field; 3] {
    let Some(steadiness) = steadiness else { return [Field::Absent, Field::Absent, Field::Absent] };
    let maybe = |text: Option<String>| text.map_or(Field::Absent, Field::Text);
    let assurance = steadiness.assurance.map(|assurance| assurance.word().to_owned());
    [Field::Text(steadiness.variation.word().to_owned()), maybe(steadiness.signal), maybe(assurance)]
}

/// A level, or the low end of a range.
fn low_end(promise: Option<&Promise>) -> Field {
    match promise {
        None => Field::Absent,
        Some(Promise::Level(level)) => Field::Number(*level),
        Some(Promise::Range(low, _)) => Field::Number(*low),
    }
}

/// The high end of a range.
fn high_end(promise: Option<&Promise>) -> Field {
    match promise {
        None | Some(Promise::Level(_)) => Field::Absent,
        Some(Promise::Range(_, high)) => Field::Number(*high),
    }
}

/// The first reason that keeps the row from being whole.
fn reason(standing: &Standing) -> Field {
    let reason =
        standing.actual.as_ref().err().or(standing.target.as_ref().err()).or(standing.threshold.as_ref().err());
    reason.map_or(Field::Absent, |reason| Field::Text(reason.to_string()))
}

/// What its figures rest on, and why earlier ones are absent or of some only.
///
/// That a year to date lacks what its last period lacks goes without saying, and so does what is not compared
/// with a figure that says why by itself.
fn caveat(standing: &Standing) -> Field {
    let own = |other: &Caveat| {
        let mut notes = standing.notes.iter().filter(|note| note.figure == Figure::Actual);
        notes.any(|note| note.caveat.lacks_all_of(other))
    };
    let notes = standing.notes.iter().filter(|note| note.figure != Figure::YearToDate || !own(&note.caveat));
    let mut texts: Vec<String> = notes.map(ToString::to_string).collect();
    for (what, figure, value) in [
        ("period before", Figure::Prior, &standing.prior),
        ("year before", Figure::PriorYear, &standing.prior_year),
        ("year to date", Figure::YearToDate, &standing.ytd),
    ] {
        let mut tell = |text: String| texts.push(format!("{what} {text}"));
        match value {
            Err(reason) if standing.actual.as_ref().err().is_some_and(|own| own.to_string() == reason.to_string()) => {}
            Err(reason) if reason.is_insufficient() || reason.caveat().is_some_and(|caveat| !own(caveat)) => {
                tell(format!("absent: {reason}"));
            }
            Ok(_) if standing.is_of_both(figure) && !standing.notes.iter().any(is_provisional) => {
                tell("of those who reported in both".to_owned());
            }
            _ => {}
        }
    }
    if texts.is_empty() { Field::Absent } else { Field::Text(texts.join("; ")) }
}

fn is_provisional(note: &Note) -> bool {
    matches!(note.caveat, Caveat::Provisional(_))
}
