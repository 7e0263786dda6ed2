//! From observations to standings: actual, target, status, score, thread score, drag, with a reason
//! wherever a value is absent.
//!
//! Plain arithmetic on small tables, no data frame. `reading` computes values of any stretch of time
//! from base aggregates, `promise` targets, `thread` what the far ends of the thread say. Formats nothing.

mod absence;
mod nature;
mod promise;
mod reading;
mod thread;

use crate::metric::{Bar, MetricId, Scorecard, Value};
use crate::number::Number;
use crate::observe::{Observations, Segment};
use crate::period::{Calendar, Grain, Period};
use crate::plan::Plan;
use crate::status::{Combined, Goalposts, Status};

pub use absence::Absence;
pub use nature::Nature;
pub use promise::Promise;
pub use reading::{Reader, Reading, Window};
pub use thread::{Drag, drags, weakest_path};

/// Everything a report of one period and segment can say.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// The period reported on.
    pub period: Period,
    /// The segment; `None` for the whole.
    pub segment: Option<Segment>,
    /// One a metric, in file order.
    pub standings: Vec<Standing>,
}

impl Evaluation {
    /// How a metric stands.
    pub fn standing(&self, id: MetricId) -> &Standing {
        &self.standings[id.index()]
    }
}

/// How one metric stands in one period.
#[derive(Clone, Debug)]
pub struct Standing {
    /// What was read.
    pub actual: Result<Reading, Absence>,
    /// What was promised.
    pub target: Result<Promise, Absence>,
    /// The least that is acceptable, declared or derived.
    pub threshold: Result<Promise, Absence>,
    /// Beyond the promise.
    pub stretch: Option<Promise>,
    /// Actual minus target; for a range, the distance to its nearer edge, 0 inside.
    pub variance: Option<Number>,
    /// The period before.
    pub prior: Result<Number, Absence>,
    /// Actual minus prior.
    pub change: Option<Number>,
    /// The same period a year before.
    pub prior_year: Result<Number, Absence>,
    /// Fiscal year to date.
    pub ytd: Result<Number, Absence>,
    /// The actuals of the last periods up to this one, oldest first.
    pub trend: Vec<Option<f64>>,
    /// Own score, 0 to 100.
    pub score: Option<f64>,
    /// Own status; `None` for a metric without a value.
    pub own_status: Option<Status>,
    /// What the far ends of the thread say.
    pub thread: Combined,
    /// The status the thread score stands for.
    pub thread_status: Status,
    /// The weight of each child, in the order of the graph's edges.
    pub weights: Vec<f64>,
    /// Watermelon or windfall.
    pub mark: Option<Mark>,
}

impl Standing {
    /// The status a reader is shown: its own where it has a value, else its thread's.
    pub fn status(&self) -> Status {
        self.own_status.unwrap_or(self.thread_status)
    }
}

/// Thread and own status at odds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The thread is on target, the node's own actual is not.
    Watermelon,
    /// The node's own actual is on target, its thread is not.
    Windfall,
}

impl Mark {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Mark::Watermelon => "watermelon",
            Mark::Windfall => "windfall",
        }
    }
}

/// How many periods a trend shows.
const TREND: i64 = 12;

/// Evaluates every metric for one period and segment.
pub fn evaluate(reader: &Reader<'_>, period: Period, segment: Option<&Segment>) -> Evaluation {
    let scorecard = reader.scorecard();
    let mut standings: Vec<Standing> = scorecard.ids().map(|id| own_standing(reader, id, period, segment)).collect();
    thread::score(reader, period, segment, &mut standings);
    for id in scorecard.ids() {
        let is_leaf = scorecard.graph.is_leaf(id);
        let standing = &mut standings[id.index()];
        standing.mark = if is_leaf { None } else { mark(standing) };
    }
    Evaluation { period, segment: segment.cloned(), standings }
}

fn mark(standing: &Standing) -> Option<Mark> {
    let judged = |status: Status| matches!(status, Status::OnTarget | Status::AtRisk | Status::OffTarget);
    let own = standing.own_status.filter(|status| judged(*status))?;
    match (own, standing.thread_status) {
        (Status::OnTarget, thread) if judged(thread) && thread != Status::OnTarget => Some(Mark::Windfall),
        (own, Status::OnTarget) if own != Status::OnTarget => Some(Mark::Watermelon),
        _ => None,
    }
}

fn own_standing(reader: &Reader<'_>, id: MetricId, period: Period, segment: Option<&Segment>) -> Standing {
    let calendar = reader.calendar();
    let metric = reader.scorecard().metric(id);
    let window = Window::of(period);
    let actual = reader.read(id, window, segment);
    let number = |reading: Result<Reading, Absence>| reading.map(|reading| reading.value);
    let at = |period: Option<Period>| match period {
        Some(period) => number(reader.read(id, Window::of(period), segment)),
        None => Err(Absence::OutOfCalendar),
    };
    let (target, threshold) =
        (promise::target(reader, id, window, segment), promise::threshold(reader, id, window, segment));
    let value = actual.as_ref().ok().map(|reading| reading.value);
    let prior = at(calendar.shift(period, -1));
    let judged = value.and_then(|value| Some(posts(&target, &threshold)?.judge(value.to_f64(), metric.better?)));
    let own_status = match (&metric.value, value) {
        (Value::FromDrivers, _) => None,
        (_, None) => Some(Status::NoData),
        (_, Some(_)) => Some(judged.map_or(Status::NoTarget, |(_, status)| status)),
    };
    Standing {
        variance: value.zip(target.as_ref().ok()).and_then(|(value, target)| target.variance(value)),
        change: value.zip(prior.as_ref().ok().copied()).and_then(|(value, prior)| value.difference(prior)),
        prior,
        prior_year: at(calendar.year_before(period)),
        ytd: match calendar.year_to_date(period) {
            Some(days) => number(reader.read(id, Window::to_date(days, period.grain()), segment)),
            None => Err(Absence::OutOfCalendar),
        },
        trend: trend(reader, id, period, segment),
        stretch: promise::stretch(reader, id, window, segment).ok(),
        score: judged.map(|(score, _)| score),
        own_status,
        thread: Combined { score: None, coverage: 0.0, bounds: None },
        thread_status: Status::NoData,
        weights: Vec::new(),
        mark: None,
        actual,
        target,
        threshold,
    }
}

fn posts(target: &Result<Promise, Absence>, threshold: &Result<Promise, Absence>) -> Option<Goalposts> {
    match (target.as_ref().ok()?, threshold.as_ref().ok()?) {
        (Promise::Level(target), Promise::Level(threshold)) => {
            Some(Goalposts::OneSided { target: target.to_f64(), threshold: threshold.to_f64() })
        }
        (Promise::Range(low, high), Promise::Range(low_fail, high_fail)) => Some(Goalposts::Between {
            target: (low.to_f64(), high.to_f64()),
            threshold: (low_fail.to_f64(), high_fail.to_f64()),
        }),
        _ => None,
    }
}

fn trend(reader: &Reader<'_>, id: MetricId, period: Period, segment: Option<&Segment>) -> Vec<Option<f64>> {
    let at = |back: i64| {
        let period = reader.calendar().shift(period, -back)?;
        let reading = reader.read(id, Window::of(period), segment).ok()?;
        Some(reading.value.to_f64())
    };
    (0..TREND).rev().map(at).collect()
}

/// The last period of the scorecard's grain that every required source completes.
///
/// A source by day completes the periods up to its last day. `None` where a required source has no rows.
pub fn last_complete(scorecard: &Scorecard, plan: &Plan, observations: &Observations) -> Option<Period> {
    let required =
        plan.scans.iter().zip(&observations.tables).filter(|(scan, _)| scorecard.source(scan.source).required);
    let complete = required.map(|(_, table)| last_within(&scorecard.calendar, scorecard.grain, table.last()?.last()));
    complete.collect::<Option<Vec<Period>>>()?.into_iter().min()
}

/// The last period of `grain` that ends no later than `date`.
pub fn last_within(calendar: &Calendar, grain: Grain, date: jiff::civil::Date) -> Option<Period> {
    let period = calendar.containing(grain, date)?;
    if period.last() <= date { Some(period) } else { calendar.shift(period, -1) }
}

/// A bar as a promise.
pub(crate) fn promise_of(bar: Bar) -> Promise {
    match bar {
        Bar::Level(level) => Promise::Level(level.into()),
        Bar::Range(low, high) => Promise::Range(low.into(), high.into()),
    }
}
