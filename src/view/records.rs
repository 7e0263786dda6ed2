//! The report as rows for other programs: one a metric, segment and period, columns in an order that
//! only ever grows at its end.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::Steadiness;
use crate::evaluate::{Caveat, Evaluation, Figure, Note, Processes, Promise, Reading, Standing};
use crate::ledger::{self, Ledger};
use crate::metric::{MetricId, Scorecard};
use crate::number::Number;
use crate::unit::Unit;

/// A table of typed cells.
#[derive(Clone, Debug)]
pub struct Records<'r> {
    /// The scorecard's name.
    pub scorecard: String,
    /// The last complete period, or the one asked for.
    pub as_of: String,
    /// The size of the periods.
    pub grain: &'static str,
    /// Column names.
    pub columns: Vec<String>,
    /// Rows, each as long as the columns.
    pub rows: Vec<Vec<Field<'r>>>,
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Field<'f> {
    /// Text.
    Text(Cow<'f, str>),
    /// A number at full precision.
    Number(Number),
    /// Nothing; `reason` says why where an actual or a target is absent.
    Absent,
}

impl<'f> Field<'f> {
    /// A text.
    pub fn text(text: impl Into<Cow<'f, str>>) -> Field<'f> {
        Field::Text(text.into())
    }
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
const AFTER_DIMENSIONS: [(&str, Kind); 23] = [
    ("unit", Kind::Text),
    ("actual", Kind::Number),
    ("numerator", Kind::Number),
    ("denominator", Kind::Number),
    ("target", Kind::Number),
    ("threshold", Kind::Number),
    ("variance", Kind::Number),
    ("prior", Kind::Number),
    ("change", Kind::Number),
    ("prior_year", Kind::Number),
    ("ytd", Kind::Number),
    ("score", Kind::Number),
    ("thread_score", Kind::Number),
    ("status", Kind::Text),
    ("reason", Kind::Text),
    ("target_high", Kind::Number),
    ("threshold_high", Kind::Number),
    ("where", Kind::Text),
    ("caveat", Kind::Text),
    ("variation", Kind::Text),
    ("signal", Kind::Text),
    ("assurance", Kind::Text),
    ("closed", Kind::Number),
];

/// Columns that may stand beside those of every row: actual, target and variance as people read them.
pub const DISPLAYED: [&str; 3] = ["actual_display", "target_display", "variance_display"];

/// What the cells of a column are, whatever they happen to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
}

/// The number that a column of a row is; `None` for columns of texts, those of dimensions among them.
pub fn number_named(column: &str) -> Option<&'static str> {
    let (name, kind) = AFTER_DIMENSIONS.into_iter().find(|(name, _)| *name == column)?;
    (kind == Kind::Number).then_some(name)
}

/// Makes rows, for any number of evaluations one after the other.
#[derive(Clone, Debug)]
pub struct Recorder<'s> {
    scorecard: &'s Scorecard,
    as_of: String,
    by: &'s [String],
    condition: Option<&'s str>,
    processes: &'s Processes,
    ledger: Option<&'s Ledger>,
    beside: Vec<String>,
}

/// What all rows of one evaluation have in common.
#[derive(Clone, Debug)]
pub struct RecordHead {
    period: String,
    first: String,
    last: String,
    level: String,
}

impl<'s> Recorder<'s> {
    /// A recorder of reports as of a period, split by some dimensions, of the rows that meet a condition; with the processes
    /// of the wholes that are reported.
    pub fn new(
        scorecard: &'s Scorecard,
        as_of: crate::period::Period,
        by: &'s [String],
        condition: Option<&'s str>,
        processes: &'s Processes,
    ) -> Recorder<'s> {
        let as_of = scorecard.calendar.name(as_of);
        Recorder { scorecard, as_of, by, condition, processes, ledger: None, beside: Vec::new() }
    }

    /// The same beside what was closed.
    pub fn with_ledger(self, ledger: &'s Ledger) -> Recorder<'s> {
        Recorder { ledger: Some(ledger), ..self }
    }

    /// The same for a table that has columns of its own too: no dimension's column is named like them.
    pub fn with_beside(self, beside: Vec<String>) -> Recorder<'s> {
        Recorder { beside, ..self }
    }

    /// The names of the columns.
    pub fn columns(&self) -> Vec<String> {
        let before = BEFORE_DIMENSIONS.iter().map(|name| (*name).to_owned());
        let dimensions = self.by.iter().map(|name| self.dimension_column(name));
        before.chain(dimensions).chain(AFTER_DIMENSIONS.iter().map(|(name, _)| (*name).to_owned())).collect()
    }

    /// A dimension's column; one named like a column of another kind is told apart, from every other dimension too.
    ///
    /// What else is asked for makes no difference: a dimension has one name in all tables of a layout.
    fn dimension_column(&self, name: &str) -> String {
        let is_dimension = |column: &String| self.scorecard.sources.iter().any(|one| one.dimensions.contains(column));
        let mut column = name.to_owned();
        while self.is_taken(&column) || column != name && is_dimension(&column) {
            column.insert_str(0, "dim_");
        }
        column
    }

    fn is_taken(&self, column: &str) -> bool {
        let mut after = AFTER_DIMENSIONS.iter();
        BEFORE_DIMENSIONS.contains(&column)
            || after.any(|(name, _)| *name == column)
            || DISPLAYED.contains(&column)
            || self.beside.iter().any(|name| name == column)
    }

    /// What the rows of an evaluation have in common.
    pub fn head(&self, evaluation: &Evaluation) -> RecordHead {
        let period = evaluation.period;
        let level = match &evaluation.segment {
            None if self.condition.is_some() => "part".to_owned(),
            None => "total".to_owned(),
            Some(segment) => self.by[..segment.len()].join("/"),
        };
        RecordHead {
            period: self.scorecard.calendar.name(period),
            first: period.first().to_string(),
            last: period.last().to_string(),
            level,
        }
    }

    /// The row of a metric.
    pub fn record<'r>(&'r self, head: &'r RecordHead, evaluation: &'r Evaluation, id: MetricId) -> Vec<Field<'r>> {
        let (scorecard, standing) = (self.scorecard, evaluation.standing(id));
        let metric = scorecard.metric(id);
        let mut row = Vec::with_capacity(BEFORE_DIMENSIONS.len() + self.by.len() + AFTER_DIMENSIONS.len());
        let parent = scorecard.graph.parents(id).first().map(|parent| scorecard.metric(*parent).id.as_str());
        row.extend([
            Field::text(self.as_of.as_str()),
            Field::text(head.period.as_str()),
            Field::text(head.first.as_str()),
            Field::text(head.last.as_str()),
            Field::text(evaluation.period.grain().word()),
            Field::text(head.level.as_str()),
            Field::text(metric.id.as_str()),
            Field::text(metric.name.as_str()),
            maybe(parent),
            maybe(scorecard.department_of(id).map(|department| department.name.as_str())),
            maybe(metric.answerable()),
            maybe(metric.stage.as_deref()),
        ]);
        let segment = evaluation.segment.as_deref().unwrap_or_default();
        row.extend((0..self.by.len()).map(|index| maybe(segment.get(index).map(String::as_str))));
        let reading = standing.actual.as_ref().ok();
        let part = |part: fn(&Reading) -> Option<Number>| number(reading.and_then(part));
        let is_leaf = scorecard.graph.is_leaf(id);
        row.extend([
            maybe(metric.unit.as_ref().map(Unit::word)),
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
            Field::text(standing.status().word()),
            standing.reason().map_or(Field::Absent, |reason| Field::text(reason.to_string())),
            high_end(standing.target.as_ref().ok()),
            high_end(standing.threshold.as_ref().ok()),
            maybe(self.condition),
            caveat(standing),
        ]);
        let of_whole = evaluation.segment.is_none();
        let steadiness = Steadiness::among(self.processes, id, evaluation.period, scorecard);
        row.extend(of_limits(steadiness.filter(|_| of_whole)));
        row.push(self.closed(evaluation, &metric.id));
        row
    }
}

impl Recorder<'_> {
    /// The actual as it was closed; what is of some rows only was never closed.
    fn closed(&self, evaluation: &Evaluation, id: &str) -> Field<'static> {
        let ledger = self.ledger.filter(|_| self.condition.is_none());
        let figure = ledger.and_then(|ledger| ledger.figure(evaluation.period, id, self.by, &evaluation.segment));
        number(figure.and_then(|figure| figure.number("actual")).and_then(ledger::number))
    }
}

fn maybe(value: Option<&str>) -> Field<'_> {
    value.map_or(Field::Absent, Field::text)
}

fn number(value: Option<Number>) -> Field<'static> {
    value.map_or(Field::Absent, Field::Number)
}

/// Rows for every evaluation given (wholes and segments), metrics in file order.
pub fn records<'r>(
    recorder: &'r Recorder<'r>,
    evaluations: &'r [(RecordHead, &'r Evaluation)],
    selected: &BTreeSet<MetricId>,
) -> Records<'r> {
    let mut rows = Vec::new();
    for id in selected {
        for (head, evaluation) in evaluations {
            // A part in which the metric has nothing is no row; a whole always is one.
            if evaluation.segment.is_none() || evaluation.standing(*id).is_part() {
                rows.push(recorder.record(head, evaluation, *id));
            }
        }
    }
    let grain = evaluations.first().map_or("", |(_, evaluation)| evaluation.period.grain().word());
    let scorecard = recorder.scorecard.title.clone();
    Records { scorecard, as_of: recorder.as_of.clone(), grain, columns: recorder.columns(), rows }
}

fn of_limits(steadiness: Option<Steadiness>) -> [Field<'static>; 3] {
    let Some(steadiness) = steadiness else { return [Field::Absent, Field::Absent, Field::Absent] };
    let maybe = |text: Option<String>| text.map_or(Field::Absent, Field::text);
    let assurance = steadiness.assurance.map(|assurance| assurance.word().to_owned());
    [Field::text(steadiness.variation.word()), maybe(steadiness.signal), maybe(assurance)]
}

/// A level, or the low end of a range.
fn low_end(promise: Option<&Promise>) -> Field<'static> {
    match promise {
        None => Field::Absent,
        Some(Promise::Level(level)) => Field::Number(*level),
        Some(Promise::Range(low, _)) => Field::Number(*low),
    }
}

/// The high end of a range.
fn high_end(promise: Option<&Promise>) -> Field<'static> {
    match promise {
        None | Some(Promise::Level(_)) => Field::Absent,
        Some(Promise::Range(_, high)) => Field::Number(*high),
    }
}

/// What its figures rest on, and why earlier ones are absent or of some only.
///
/// That a year to date lacks what its last period lacks goes without saying, and so does what is not compared
/// with a figure that says why by itself.
fn caveat(standing: &Standing) -> Field<'static> {
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
    if texts.is_empty() { Field::Absent } else { Field::text(texts.join("; ")) }
}

fn is_provisional(note: &Note) -> bool {
    matches!(note.caveat, Caveat::Provisional(_))
}
