//! One panel: a metric's history beside what was promised, the year before and the limits of its process.

use std::ops::Range;

use super::super::Subject;
use super::{Cut, Footing, TrendLimits, TrendPanel, TrendPoint};
use crate::evaluate::{
    CaveatKind, Figure, Nature, NoLimits, Phase, Point, Process, Promise, Reading, history, process_at,
};
use crate::number::Number;
use crate::period::Period;
use crate::stats::xmr::Signal;
use crate::status::Status;
use crate::view::{Quantity, Shape};

/// A panel and what notes are made of.
pub(super) struct Drawn {
    pub(super) panel: TrendPanel,
    /// Limits of the values that are like one another; why there are none. `None` for a part of a metric: parts have no
    /// process, for each would add its own false alarms.
    pub(super) process: Option<Result<Seen, NoLimits>>,
    /// The words of each caveat, and of what is missing, with its position.
    pub(super) caveats: Vec<(usize, String)>,
    /// The positions of periods without a value from the first that has one on.
    pub(super) missing: Vec<usize>,
    /// Why the last of them has none.
    pub(super) because: Option<String>,
}

/// A process up to the last period, as every report of that period has it, and how much of it is drawn.
pub(super) struct Seen {
    pub(super) process: Process,
    /// The names of its periods, of those too that are not drawn.
    pub(super) names: Vec<String>,
    /// How many periods are drawn; of a process that is shorter the first of them lie before it.
    pub(super) drawn: usize,
}

impl Seen {
    /// `None` for a part.
    fn of(subject: &Subject<'_>, cut: &Cut<'_>, points: &[Point]) -> Option<Result<Seen, NoLimits>> {
        let (calendar, last) = (&subject.scorecard().calendar, points.last()?.period);
        let process = match cut.segment() {
            Some(_) => return None,
            None => process_at(subject.reader, cut.id, last),
        };
        let seen = |process: Process| {
            let back = (0..process.values.len() as i64).rev();
            let names = back.filter_map(|back| calendar.shift(last, -back)).map(|period| calendar.name(period));
            Seen { names: names.collect(), drawn: points.len(), process }
        };
        Some(process.map(seen))
    }

    /// Those of its points that are drawn.
    pub(super) fn visible(&self) -> Range<usize> {
        let count = self.process.values.len();
        count.saturating_sub(self.drawn)..count
    }

    /// What the period drawn at a position is a signal of.
    fn signal(&self, position: usize) -> Option<Signal> {
        let at = (self.process.signals.len() + position).checked_sub(self.drawn)?;
        self.process.signals.get(at).copied().flatten()
    }

    /// The limits of a phase where it is drawn.
    fn limits(&self, phase: &Phase, shape: &Shape) -> Option<TrendLimits> {
        let quantity = |value: f64| -> Option<Quantity> { Some(shape.value(Number::approx(value)?)) };
        let visible = self.visible();
        let (first, end) = (phase.points.start.max(visible.start), phase.points.end);
        // Positions among what is drawn, which ends with the process.
        let position = |at: usize| (at + self.drawn).checked_sub(self.process.values.len());
        let limits = self.process.shown(phase.limits.as_ref()?, Some(&shape.value(Number::ZERO).unit));
        (first < end).then_some(())?;
        Some(TrendLimits {
            span: (position(first)?, position(end - 1)?),
            centre: quantity(limits.centre)?,
            lower: quantity(limits.lower)?,
            upper: quantity(limits.upper)?,
        })
    }
}

pub(super) fn of(subject: &Subject<'_>, cut: &Cut<'_>, points: &[Point]) -> Drawn {
    let metric = subject.scorecard().metric(cut.id);
    let (shape, nature) = (Shape::of(metric), subject.reader.nature(cut.id));
    let process = Seen::of(subject, cut, points);
    let seen = process.as_ref().and_then(|process| process.as_ref().ok());
    let standing = cut.evaluation.standing(cut.id);
    let mut before = prior_year(subject, cut, points, nature);
    if let Some(last) = before.last_mut() {
        // As every report of the last period has it: like for like, or not at all.
        *last = standing.prior_year.as_ref().ok().copied();
    }
    let mut drawn: Vec<TrendPoint> =
        points.iter().zip(before).map(|(point, before)| drawn(point, before, &shape, nature)).collect();
    for (index, point) in drawn.iter_mut().enumerate() {
        point.signal = seen.and_then(|seen| seen.signal(index));
    }
    if let Some(last) = drawn.last_mut() {
        last.prior_year_is_of_both = last.prior_year.is_some() && standing.is_of_both(Figure::PriorYear);
    }
    let absence = match points.last() {
        Some(Point { actual: Err(reason), .. }) => Some(reason.to_string()),
        _ => None,
    };
    let caveats = points.iter().enumerate().filter_map(|(index, point)| {
        let caveats = &point.actual.as_ref().ok()?.caveats;
        let words: Vec<String> = caveats.iter().map(ToString::to_string).collect();
        (!words.is_empty()).then(|| (index, words.join("; ")))
    });
    let first = points.iter().position(|point| point.actual.is_ok());
    let missing: Vec<usize> =
        (first.unwrap_or(points.len())..points.len()).filter(|index| points[*index].actual.is_err()).collect();
    Drawn {
        caveats: caveats.collect(),
        because: missing.last().and_then(|index| Some(points[*index].actual.as_ref().err()?.to_string())),
        missing,
        panel: TrendPanel {
            name: cut.name.clone(),
            unit: shape.value(Number::ZERO).unit,
            points: drawn,
            status: standing.status(),
            limits: seen.map_or(Vec::new(), |seen| {
                seen.process.phases.iter().filter_map(|phase| seen.limits(phase, &shape)).collect()
            }),
            absence: absence.filter(|_| first.is_none()),
        },
        process,
    }
}

/// The values a year before each period, where both are like whole and final ones.
fn prior_year(subject: &Subject<'_>, cut: &Cut<'_>, points: &[Point], nature: Nature) -> Vec<Option<Number>> {
    let calendar = &subject.scorecard().calendar;
    let before: Vec<Option<Period>> = points.iter().map(|point| calendar.year_before(point.period)).collect();
    let periods: Vec<Period> = before.iter().copied().flatten().collect();
    let mut found = history(subject.reader, cut.id, cut.segment(), &periods).into_iter();
    let value = |point: Point| {
        let reading = point.actual.ok()?;
        reading.unlike(nature).is_none().then_some(reading.value)
    };
    let found = before.into_iter().map(|period| period.and_then(|_| found.next()).and_then(value));
    let is_unlike = |point: &Point| point.actual.as_ref().is_ok_and(|reading| reading.unlike(nature).is_some());
    found.zip(points).map(|(before, point)| before.filter(|_| !is_unlike(point))).collect()
}

/// A point that is a signal of nothing.
fn drawn(point: &Point, before: Option<Number>, shape: &Shape, nature: Nature) -> TrendPoint {
    let reading = point.actual.as_ref().ok();
    let footing = reading.map_or(Footing::Whole, |reading| footing(reading, nature));
    let promised = |promise: Option<Promise>| match footing {
        Footing::Unlike(_) => None,
        Footing::Whole | Footing::Noted(_) => promise.map(|promise| shape.promised(promise)),
    };
    TrendPoint {
        actual: reading.map(|reading| shape.value(reading.value)),
        footing,
        status: point.status.unwrap_or(Status::NoData),
        target: promised(point.target),
        threshold: promised(point.threshold),
        prior_year: before.map(|value| shape.value(value)),
        prior_year_is_of_both: false,
        signal: None,
    }
}

fn footing(reading: &Reading, nature: Nature) -> Footing {
    let worst: Option<CaveatKind> = reading.caveats.iter().map(crate::evaluate::Caveat::kind).min();
    match (reading.unlike(nature), worst) {
        (Some(caveat), _) => Footing::Unlike(caveat.kind()),
        (None, Some(kind)) => Footing::Noted(kind),
        (None, None) => Footing::Whole,
    }
}
