//! How one metric stands: its actual held against what is like it, and against nothing else.
//!
//! A part of a period is compared with nothing; a provisional total only with those who reported in both
//! periods. Owns these comparisons and the notes on what a figure rests on.

use std::collections::BTreeSet;

use super::absence::Absence;
use super::caveat::{Caveat, CaveatKind, Figure, Note};
use super::promise::{self, Promise};
use super::reading::{Reader, Reading};
use super::roster::adds_over_members;
use super::window::Window;
use crate::metric::{MetricId, Value};
use crate::number::Number;
use crate::observe::Segment;
use crate::period::Period;
use crate::status::{Combined, Goalposts, Status};

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
    /// The period before; while a total is provisional, of those who reported in both.
    pub prior: Result<Number, Absence>,
    /// Actual minus prior; while a total is provisional, both of those who reported in both.
    pub change: Option<Number>,
    /// The same period a year before; like `prior` while a total is provisional.
    pub prior_year: Result<Number, Absence>,
    /// Fiscal year to date.
    pub ytd: Result<Number, Absence>,
    /// The actuals of the last periods up to this one, oldest first; only those like one another.
    pub trend: Vec<Option<f64>>,
    /// What it was when it was last whole, for a metric measured that has no actual.
    pub last_known: Option<LastKnown>,
    /// Its earlier figures that are of those who reported then and now.
    in_both: BTreeSet<Figure>,
    /// What its figures rest on that is not whole, not final or could not be read.
    pub notes: Vec<Note>,
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
    /// Whether an input of a definition is there as a part.
    pub(super) has_inputs: bool,
}

impl Standing {
    /// The status a reader is shown: its own where it has a value, else its thread's.
    pub fn status(&self) -> Status {
        self.own_status.unwrap_or(self.thread_status)
    }

    /// How far the actual lies short of its target, in steps from target to threshold; `None` without one of the three, or
    /// where there is no such step.
    pub fn steps_short(&self) -> Option<f64> {
        let actual = self.actual.as_ref().ok()?.value.to_f64();
        posts(&self.target, &self.threshold)?.steps_short(actual)
    }

    /// Whether there is something to say of it as a part: a value, a reason why there is none where it or one of its
    /// inputs has rows, or that its cells were rejected.
    ///
    /// A part without the metric is not a part of it, and one of a metric without totals has none.
    pub fn is_part(&self) -> bool {
        let lost = |note: &Note| {
            note.figure == Figure::Actual && matches!(note.caveat, Caveat::Rejected { most, .. } if most > 0)
        };
        let nothing = |reason: &Absence| {
            reason.is_without_total() || reason.is_without_parts() || (reason.is_of_nothing() && !self.has_inputs)
        };
        !self.actual.as_ref().err().is_some_and(nothing) || self.notes.iter().any(lost)
    }

    /// The first reason that keeps it from being whole.
    pub fn reason(&self) -> Option<&Absence> {
        self.actual.as_ref().err().or(self.target.as_ref().err()).or(self.threshold.as_ref().err())
    }

    /// Whether an earlier figure, and what it is compared with, is of those who reported in both periods.
    pub fn is_of_both(&self, figure: Figure) -> bool {
        self.in_both.contains(&figure)
    }

    /// The caveats of some of its figures, each kind once.
    pub fn kinds(&self, figures: &[Figure]) -> BTreeSet<CaveatKind> {
        let notes = self.notes.iter().filter(|note| figures.contains(&note.figure));
        notes.map(|note| note.caveat.kind()).collect()
    }
}

/// What a metric was when it was last whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LastKnown {
    /// When.
    pub period: Period,
    /// How much.
    pub value: Number,
    /// How many periods before the one reported on.
    pub ago: usize,
}

/// Whether the last actuals are gathered for each metric, which reports for people show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trends {
    /// They are.
    Kept,
    /// They are not: a standing's trend is empty.
    Left,
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
/// How many periods back a value that is no longer reported is looked for.
const MEMORY: i64 = 120;

/// Everything but what the thread says.
pub(super) fn own(
    reader: &Reader<'_>,
    id: MetricId,
    period: Period,
    segment: Option<&Segment>,
    trends: Trends,
) -> Standing {
    let (calendar, metric) = (reader.calendar(), reader.scorecard().metric(id));
    let look = Look { reader, id, period, segment };
    let window = Window::of(period);
    let mut actual = reader.read(id, window, segment);
    let prior = look.compared(&actual, Figure::Prior, calendar.shift(period, -1));
    let prior_year = look.compared(&actual, Figure::PriorYear, calendar.year_before(period));
    if let Ok(reading) = &mut actual {
        look.note_growth(reading, &prior);
    }
    let (target, threshold) = (
        look.held(&actual, promise::target(reader, id, window, segment)),
        look.held(&actual, promise::threshold(reader, id, window, segment)),
    );
    let value = actual.as_ref().ok().map(|reading| reading.value);
    let judged = value.and_then(|value| Some(posts(&target, &threshold)?.judge(value.to_f64(), metric.better?)));
    let own_status = match (&metric.value, value) {
        (Value::FromDrivers, _) => None,
        (_, None) => Some(Status::NoData),
        (_, Some(_)) => Some(judged.map_or(Status::NoTarget, |(_, status)| status)),
    };
    let ytd = match calendar.year_to_date(period) {
        Some(days) => reader.read(id, Window::to_date(days, period.grain()), segment),
        None => Err(Absence::OutOfCalendar),
    };
    let mut notes = look.notes(&actual, &ytd);
    notes.extend(noted(Figure::Prior, prior.caveats));
    notes.extend(noted(Figure::PriorYear, prior_year.caveats));
    notes.sort_by_key(|note| note.figure);
    let both = [(Figure::Prior, prior.in_both), (Figure::PriorYear, prior_year.in_both)];
    Standing {
        in_both: both.into_iter().filter(|(_, in_both)| *in_both).map(|(figure, _)| figure).collect(),
        variance: value.zip(target.as_ref().ok()).and_then(|(value, target)| target.variance(value)),
        change: prior.now.zip(prior.before.as_ref().ok()).and_then(|(now, before)| now.difference(*before)),
        prior: prior.before,
        prior_year: prior_year.before,
        ytd: ytd.map(|reading| reading.value),
        trend: if trends == Trends::Kept { look.trend() } else { Vec::new() },
        last_known: look.last_known(&actual),
        notes,
        stretch: look.held(&actual, promise::stretch(reader, id, window, segment)).ok(),
        score: judged.map(|(score, _)| score),
        own_status,
        thread: Combined { score: None, coverage: 0.0, bounds: None },
        thread_status: Status::NoData,
        weights: Vec::new(),
        mark: None,
        has_inputs: false,
        actual,
        target,
        threshold,
    }
}

/// An actual beside an earlier period, like for like.
struct Compared {
    /// The actual, or what of it is like what was before.
    now: Option<Number>,
    before: Result<Number, Absence>,
    /// What the earlier figure rests on.
    caveats: Vec<Caveat>,
    /// Whether both are of those who reported in both.
    in_both: bool,
}

/// One metric, period and segment looked at.
struct Look<'l> {
    reader: &'l Reader<'l>,
    id: MetricId,
    period: Period,
    segment: Option<&'l Segment>,
}

impl Look<'_> {
    /// A promise, unless the actual is not of the kind it was made for.
    fn held(&self, actual: &Result<Reading, Absence>, promise: Result<Promise, Absence>) -> Result<Promise, Absence> {
        let nature = self.reader.nature(self.id);
        let unlike = actual.as_ref().ok().and_then(|reading| reading.unlike(nature));
        match (promise, unlike) {
            (Ok(_), Some(caveat)) => Err(caveat.no_target()),
            (promise, _) => promise,
        }
    }

    fn compared(&self, actual: &Result<Reading, Absence>, figure: Figure, then: Option<Period>) -> Compared {
        let now = actual.as_ref().ok().map(|reading| reading.value);
        let refused = |reason| Compared { now, before: Err(reason), caveats: Vec::new(), in_both: false };
        let Some(then) = then else { return refused(Absence::OutOfCalendar) };
        let before = match self.reader.read(self.id, Window::of(then), self.segment) {
            Ok(before) => before,
            Err(reason) => return refused(reason),
        };
        let mine = actual.as_ref().map_or(&[][..], |reading| &reading.caveats);
        let of_kind = |kind| mine.iter().chain(&before.caveats).find(|caveat| caveat.kind() == kind);
        if let Some(partial) = of_kind(CaveatKind::Partial) {
            return refused(Absence::NotCompared(Box::new(partial.clone())));
        }
        let provisional = of_kind(CaveatKind::Provisional);
        let others = provisional.is_none() && self.has_others(&before, figure, then);
        match (provisional, now.filter(|_| !provisional.is_some_and(Caveat::is_mixed))) {
            (None, _) if !others || now.is_none() => {
                Compared { now, before: Ok(before.value), caveats: before.caveats, in_both: false }
            }
            (Some(late), None) => refused(Absence::NotCompared(Box::new(late.clone()))),
            _ => match self.like_for_like(then) {
                Ok((now, value)) => {
                    // That both are of some only is said once.
                    let told = mine.iter().any(|caveat| caveat.kind() == CaveatKind::Provisional);
                    let mut caveats = before.caveats;
                    caveats.retain(|caveat| !(told && caveat.kind() == CaveatKind::Provisional));
                    Compared { now: Some(now), before: Ok(value), caveats, in_both: true }
                }
                Err(reason) => refused(reason),
            },
        }
    }

    /// Whether an earlier figure is of others than now; a definition that looks back has been held to wholes.
    fn has_others(&self, before: &Reading, figure: Figure, then: Period) -> bool {
        let windows = (Window::of(self.period), Window::of(then));
        before.days.count() < 2 && self.reader.has_others(self.id, windows, self.segment, figure)
    }

    /// The values now and then of those who reported in both.
    fn like_for_like(&self, then: Period) -> Result<(Number, Number), Absence> {
        let (now, then) = (Window::of(self.period), Window::of(then));
        let read = |window, other| self.reader.read_like(self.id, window, self.segment, Some(other));
        Ok((read(now, then)?.value, read(then, now)?.value))
    }

    /// Completes the caveat of a provisional total by how those who reported in both have grown.
    fn note_growth(&self, reading: &mut Reading, prior: &Compared) {
        let planned = self.reader.plan().metrics[self.id.index()].as_ref();
        if !planned.is_some_and(|planned| adds_over_members(&planned.value)) {
            return;
        }
        // From zero, and over a change of sign, a relative change says nothing.
        let both = prior.now.zip(prior.before.as_ref().ok().copied());
        let growth = both.filter(|(now, before)| *before > Number::ZERO && *now >= Number::ZERO);
        let growth = growth.and_then(|(now, before)| now.minus(before).ok()?.divided_by(before).ok());
        for caveat in &mut reading.caveats {
            if let Caveat::Provisional(provisional) = caveat {
                provisional.growth = growth;
            }
        }
    }

    /// What the figures of this period rest on.
    fn notes(&self, actual: &Result<Reading, Absence>, ytd: &Result<Reading, Absence>) -> Vec<Note> {
        let window = Window::of(self.period);
        let of_actual = match actual {
            Ok(reading) => reading.caveats.clone(),
            // What is absent may be so because its cells were rejected.
            Err(_) => self.reader.rejected(self.id, window, self.segment),
        };
        let of_target = promise::caveats(self.reader, self.id, window, self.segment);
        let to_date = ytd.as_ref().map_or(Vec::new(), |reading| reading.caveats.clone());
        let target = noted(Figure::Target, of_target);
        noted(Figure::Actual, of_actual).chain(target).chain(noted(Figure::YearToDate, to_date)).collect()
    }

    fn trend(&self) -> Vec<Option<f64>> {
        let nature = self.reader.nature(self.id);
        let at = |back: i64| {
            let reading = self.back(back)?.1;
            reading.unlike(nature).is_none().then(|| reading.value.to_f64())
        };
        (0..TREND).rev().map(at).collect()
    }

    fn back(&self, periods: i64) -> Option<(Period, Reading)> {
        let period = self.reader.calendar().shift(self.period, -periods)?;
        Some((period, self.reader.read(self.id, Window::of(period), self.segment).ok()?))
    }

    fn last_known(&self, actual: &Result<Reading, Absence>) -> Option<LastKnown> {
        let stopped = matches!(
            actual,
            Err(Absence::NoRows { .. }
                | Absence::NothingCounted { .. }
                | Absence::Blank { .. }
                | Absence::Incomplete { .. }
                | Absence::Insufficient { .. })
        );
        // Parts come and go; that a whole has stopped is news.
        if !stopped || self.segment.is_some() {
            return None;
        }
        let nature = self.reader.nature(self.id);
        let whole =
            |ago: i64| Some((ago, self.back(ago)?)).filter(|(_, (_, reading))| reading.unlike(nature).is_none());
        let (ago, (period, reading)) = (1..=MEMORY).find_map(whole)?;
        Some(LastKnown { period, value: reading.value, ago: usize::try_from(ago).unwrap_or(usize::MAX) })
    }
}

fn noted(figure: Figure, caveats: impl IntoIterator<Item = Caveat>) -> impl Iterator<Item = Note> {
    caveats.into_iter().map(move |caveat| Note { figure, caveat })
}

/// Whether thread and own status are at odds.
pub(super) fn mark(standing: &Standing) -> Option<Mark> {
    let judged = |status: Status| matches!(status, Status::OnTarget | Status::AtRisk | Status::OffTarget);
    let own = standing.own_status.filter(|status| judged(*status))?;
    match (own, standing.thread_status) {
        (Status::OnTarget, thread) if judged(thread) && thread != Status::OnTarget => Some(Mark::Windfall),
        (own, Status::OnTarget) if own != Status::OnTarget => Some(Mark::Watermelon),
        _ => None,
    }
}

pub(super) fn posts(target: &Result<Promise, Absence>, threshold: &Result<Promise, Absence>) -> Option<Goalposts> {
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
