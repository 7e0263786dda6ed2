//! How one metric did period by period: the series that rules look at and charts draw, and which of it is a point of
//! the metric's process.

use super::absence::Absence;
use super::caveat::Caveat;
use super::promise::{self, Promise};
use super::reading::{Reader, Reading};
use super::standing::posts;
use super::window::Window;
use crate::metric::{MetricId, Value};
use crate::observe::Segment;
use crate::period::Period;
use crate::status::Status;

/// One metric in one period, held against what was promised for it and nothing else.
#[derive(Clone, Debug)]
pub struct Point {
    /// When.
    pub period: Period,
    /// What was read.
    pub actual: Result<Reading, Absence>,
    /// What was promised, whether or not the actual is of the kind it was promised for.
    pub target: Option<Promise>,
    /// The least that is acceptable.
    pub threshold: Option<Promise>,
    /// `None` for a metric without a value.
    pub status: Option<Status>,
}

/// A metric, or one segment of it, in each of some periods, in their order.
pub fn history(reader: &Reader<'_>, id: MetricId, segment: Option<&Segment>, periods: &[Period]) -> Vec<Point> {
    let metric = reader.scorecard().metric(id);
    let point = |period: Period| {
        let window = Window::of(period);
        let actual = reader.read(id, window, segment);
        let target = promise::target(reader, id, window, segment);
        let threshold = promise::threshold(reader, id, window, segment);
        let alike = actual.as_ref().ok().filter(|reading| reading.unlike(reader.nature(id)).is_none());
        let judged =
            alike.and_then(|reading| Some(posts(&target, &threshold)?.judge(reading.value.to_f64(), metric.better?).1));
        let status = match (&metric.value, &actual) {
            (Value::FromDrivers, _) => None,
            (_, Err(_)) => Some(Status::NoData),
            (_, Ok(_)) => Some(judged.unwrap_or(Status::NoTarget)),
        };
        Point { period, actual, target: target.ok(), threshold: threshold.ok(), status }
    };
    periods.iter().map(|period| point(*period)).collect()
}

/// A reading as a point of a process.
///
/// Limits are a statement about noise, and a figure of fewer days, fewer who report or fewer rows has more of it, even
/// where it may be compared.
pub(super) fn settled(reading: &Reading) -> Option<f64> {
    let unsettles = |caveat: &Caveat| match caveat {
        Caveat::Partial { .. } | Caveat::Provisional(_) => true,
        // Rows of no known period would unsettle every one.
        Caveat::Rejected { most, .. } => *most > 0,
        Caveat::Below { .. } => false,
    };
    (!reading.caveats.iter().any(unsettles)).then(|| reading.value.to_f64())
}

/// What changed on purpose as a period began: of a coarser one, since the one before began.
pub(super) fn rebased(reader: &Reader<'_>, id: MetricId, period: Period) -> Option<String> {
    let rebases = &reader.scorecard().metric(id).rebases;
    let before = reader.calendar().shift(period, -1).filter(|_| !rebases.is_empty())?;
    let since =
        rebases.iter().filter(|rebase| before.first() < rebase.at.first() && rebase.at.first() <= period.first());
    let reasons: Vec<&str> = since.map(|rebase| rebase.because.as_str()).collect();
    (!reasons.is_empty()).then(|| reasons.join("; "))
}
