//! Targets and thresholds of one period.
//!
//! A target belongs to its grain: at a coarser grain a flow's targets add up, any other metric needs
//! its own.

use rust_decimal::Decimal;

use super::absence::Absence;
use super::caveat::{Caveat, gather};
use super::promise_of;
use super::reading::Reader;
use super::window::Window;
use crate::formula::Formula;
use crate::metric::{Bars, Metric, MetricId, Polarity, Schedule};
use crate::number::Number;
use crate::observe::Segment;
use crate::plan::{BoundAggregate, PlannedMetric};

/// What was promised: a number, or a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Promise {
    /// One number.
    Level(Number),
    /// From low to high.
    Range(Number, Number),
}

impl Promise {
    /// Actual minus target; for a range, the distance to its nearer edge, 0 inside.
    pub fn variance(&self, actual: Number) -> Option<Number> {
        match self {
            Promise::Level(target) => actual.difference(*target),
            Promise::Range(low, _) if actual < *low => actual.difference(*low),
            Promise::Range(_, high) if actual > *high => actual.difference(*high),
            Promise::Range(..) => Some(Number::ZERO),
        }
    }

    fn plus(self, other: Promise) -> Option<Promise> {
        match (self, other) {
            (Promise::Level(a), Promise::Level(b)) => Some(Promise::Level(a.plus(b).ok()?)),
            (Promise::Range(a, b), Promise::Range(c, d)) => Some(Promise::Range(a.plus(c).ok()?, b.plus(d).ok()?)),
            _ => None,
        }
    }
}

/// Which promise is looked up.
#[derive(Clone, Copy)]
enum Kind {
    Target,
    Threshold,
    Stretch,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Target => "target",
            Kind::Threshold => "threshold",
            Kind::Stretch => "stretch",
        }
    }

    fn bars(self, metric: &Metric) -> Option<&Bars> {
        match self {
            Kind::Target => metric.target.as_ref(),
            Kind::Threshold => metric.threshold.as_ref(),
            Kind::Stretch => metric.stretch.as_ref(),
        }
    }

    fn measured(self, planned: &PlannedMetric) -> &[Option<Formula<BoundAggregate>>] {
        match self {
            Kind::Target => &planned.target,
            Kind::Threshold => &planned.threshold,
            Kind::Stretch => &planned.stretch,
        }
    }
}

/// The target of a period.
pub(super) fn target(
    reader: &Reader<'_>,
    id: MetricId,
    window: Window,
    segment: Option<&Segment>,
) -> Result<Promise, Absence> {
    look_up(reader, id, Kind::Target, window, segment)
}

/// The stretch of a period.
pub(super) fn stretch(
    reader: &Reader<'_>,
    id: MetricId,
    window: Window,
    segment: Option<&Segment>,
) -> Result<Promise, Absence> {
    look_up(reader, id, Kind::Stretch, window, segment)
}

/// The threshold of a period: the declared one, else the tolerance on the worse side of the target.
pub(super) fn threshold(
    reader: &Reader<'_>,
    id: MetricId,
    window: Window,
    segment: Option<&Segment>,
) -> Result<Promise, Absence> {
    let metric = reader.scorecard().metric(id);
    if metric.threshold.is_some() {
        return look_up(reader, id, Kind::Threshold, window, segment);
    }
    derived_threshold(target(reader, id, window, segment)?, metric.better, reader.scorecard().scoring.tolerance)
}

/// The threshold of a target that declares none: the tolerance, a share of |target|, on its worse side.
///
/// # Errors
/// A target of 0, of which a share is no distance.
pub fn derived_threshold(target: Promise, better: Option<Polarity>, tolerance: Decimal) -> Result<Promise, Absence> {
    let tolerance = Number::Exact(tolerance);
    let distance = |edge: Number| -> Result<Number, Absence> {
        if edge.is_zero() && !tolerance.is_zero() {
            Err(Absence::ZeroTarget)
        } else {
            Ok(edge.abs().times(tolerance)?)
        }
    };
    match (target, better) {
        (Promise::Level(target), Some(Polarity::Lower)) => Ok(Promise::Level(target.plus(distance(target)?)?)),
        (Promise::Level(target), _) => Ok(Promise::Level(target.minus(distance(target)?)?)),
        (Promise::Range(low, high), _) => Ok(Promise::Range(low.minus(distance(low)?)?, high.plus(distance(high)?)?)),
    }
}

/// What the target and the threshold lost to rejected cells, where they are measured beside the actual.
pub(super) fn caveats(reader: &Reader<'_>, id: MetricId, window: Window, segment: Option<&Segment>) -> Vec<Caveat> {
    let mut caveats = Vec::new();
    for kind in [Kind::Target, Kind::Threshold] {
        let bars = kind.bars(reader.scorecard().metric(id));
        let index = bars.and_then(|bars| position(reader, bars, window)).map(|(index, _)| index);
        let formula = index.and_then(|index| measured(reader, id, kind, index));
        gather(&mut caveats, formula.and_then(|formula| reader.lost(id, formula, window, segment)));
    }
    caveats
}

/// Which of the bars holds in a window, and whether it was declared for that grain.
fn position(reader: &Reader<'_>, bars: &Bars, window: Window) -> Option<(usize, bool)> {
    let of = |grain| bars.by_grain.iter().position(|(declared, _)| *declared == grain);
    let own = of(window.grain()).map(|index| (index, true));
    own.or_else(|| of(reader.scorecard().grain).map(|index| (index, false)))
}

fn measured<'r>(reader: &Reader<'r>, id: MetricId, kind: Kind, index: usize) -> Option<&'r Formula<BoundAggregate>> {
    kind.measured(reader.plan().metrics[id.index()].as_ref()?).get(index)?.as_ref()
}

fn look_up(
    reader: &Reader<'_>,
    id: MetricId,
    kind: Kind,
    window: Window,
    segment: Option<&Segment>,
) -> Result<Promise, Absence> {
    let bars = kind.bars(reader.scorecard().metric(id)).ok_or(Absence::NoTarget)?;
    let base = reader.scorecard().grain;
    let (index, own) =
        position(reader, bars, window).ok_or(Absence::NeedsOwnTarget { what: kind.word(), grain: window.grain() })?;
    let schedule = &bars.by_grain[index].1;
    if let (Schedule::Measured(_), Some(formula)) = (schedule, measured(reader, id, kind, index)) {
        // A measured target rolls up by the rule of its own expression.
        let reading = reader.measure(id, formula, window, segment)?;
        return reading.caveats.first().map_or(Ok(Promise::Level(reading.value)), |partial| Err(partial.no_target()));
    }
    let nature = reader.nature(id);
    let of_a_part = segment.is_some() || reader.plan().asked.is_some();
    if of_a_part && !nature.is_intensive {
        return Err(Absence::TargetOfTheWhole);
    }
    let on = |date| schedule.on(date).map(promise_of).ok_or(Absence::NoTargetYet);
    if own {
        return on(window.days().last);
    }
    if !nature.is_flow {
        return Err(Absence::NeedsOwnTarget { what: kind.word(), grain: window.grain() });
    }
    let periods = reader.calendar().within(base, window.days());
    let mut promises = periods.iter().map(|period| on(period.last()));
    let first = promises.next().ok_or(Absence::NoTarget)??;
    promises.try_fold(first, |sum, promise| sum.plus(promise?).ok_or(Absence::NoTarget))
}
