//! Whether a metric's last figures are signal or noise: limits, signals, variation and assurance of its history.
//!
//! The mathematics is `stats`'; here it meets what a metric is: which way is better, what was promised, when it was
//! changed on purpose. Limits are a statement about noise, so only what is whole, final and read is a point of them.

use std::ops::Range;

use super::doubt::{Doubt, doubts};
use super::promise::Promise;
use crate::metric::Polarity;
use crate::period::Grain;
use crate::stats::xmr::{self, Centring, Limits, Side, Signal};
use crate::unit::Unit;

/// Fewer values than this have no limits.
pub const LEAST_VALUES: usize = 12;

/// A metric's series held against its own limits.
#[derive(Clone, Debug, PartialEq)]
pub struct Process {
    /// The actuals of whole periods, oldest first.
    pub values: Vec<Option<f64>>,
    /// What they stay within while nothing changes: the last phase's.
    pub limits: Limits,
    /// What each of them is a signal of, against the limits of its own phase.
    pub signals: Vec<Option<Signal>>,
    /// What the value of the last period says; common cause where it has none to say anything.
    pub variation: Variation,
    /// The points up to the last one that its signal is made of; empty without one.
    pub run: Range<usize>,
    /// What the limits say of the last target; `None` without a target of one level, and where values never vary or
    /// rise or fall all along.
    pub assurance: Option<Assurance>,
    /// Why the limits are to be taken with care.
    pub doubts: Vec<Doubt>,
    /// The stretches between rebases, oldest first; never empty, and together all points.
    pub phases: Vec<Phase>,
}

/// A stretch of a series in which the process was not changed on purpose.
#[derive(Clone, Debug, PartialEq)]
pub struct Phase {
    /// Its points.
    pub points: Range<usize>,
    /// What its values stay within; `None` where it has fewer than twelve.
    pub limits: Option<Limits>,
    /// What changed as it began; `None` for one that begins before all that is looked at.
    pub because: Option<String>,
}

/// What the last value of a series is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variation {
    /// Noise: nothing to explain.
    Common,
    /// A signal on the better side.
    Improvement(Signal),
    /// A signal on the worse side.
    Concern(Signal),
    /// A signal of a metric that is neither.
    Neutral(Signal),
}

impl Variation {
    /// The signal, if it is one.
    pub fn signal(self) -> Option<Signal> {
        match self {
            Variation::Common => None,
            Variation::Improvement(signal) | Variation::Concern(signal) | Variation::Neutral(signal) => Some(signal),
        }
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Variation::Common => "common cause",
            Variation::Improvement(_) => "improvement",
            Variation::Concern(_) => "concern",
            Variation::Neutral(_) => "neutral",
        }
    }
}

/// What is to be expected of a target while the process stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assurance {
    /// It will be met.
    Passes,
    /// It will be met or missed by chance.
    HitOrMiss,
    /// It will be missed.
    Fails,
}

impl Assurance {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Assurance::Passes => "passes",
            Assurance::HitOrMiss => "hit or miss",
            Assurance::Fails => "fails",
        }
    }
}

/// Why there are no limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoLimits {
    /// So many values since the last rebase, of the twelve it takes.
    TooFew(usize),
}

/// What a process is made of.
#[derive(Clone, Debug)]
pub struct Series {
    /// A value or nothing a period, oldest first.
    pub values: Vec<Option<f64>>,
    /// The points with which a phase begins, in order, and what changed.
    pub begun: Vec<(usize, String)>,
    /// The size of the periods.
    pub grain: Grain,
    /// What was promised for the last of them.
    pub target: Option<Promise>,
}

impl Series {
    /// Limits and signals.
    ///
    /// # Errors
    /// Fewer than twelve values since the last rebase.
    pub fn process(self, better: Option<Polarity>) -> Result<Process, NoLimits> {
        let phases = self.phases();
        let mut signals = Vec::with_capacity(self.values.len());
        for phase in &phases {
            let values = &self.values[phase.points.clone()];
            signals
                .extend(phase.limits.map_or_else(|| vec![None; values.len()], |limits| xmr::signals(values, &limits)));
        }
        let points = phases.last().map_or(0..0, |phase| phase.points.clone());
        let (values, start) = (&self.values[points.clone()], points.start);
        let too_few = NoLimits::TooFew(values.iter().flatten().count());
        let limits = phases.last().and_then(|phase| phase.limits).ok_or(too_few)?;
        let run = xmr::last_run(values, &limits, &signals[points]);
        let doubts = doubts(values, &limits, self.grain);
        let target = match self.target {
            // Where nothing varies there is no chance, and a trend leaves today's limits behind.
            Some(Promise::Level(level)) if !doubts.iter().any(Doubt::is_of_no_process) => Some(level.to_f64()),
            _ => None,
        };
        Ok(Process {
            limits,
            variation: variation(signals.last().copied().flatten(), better),
            run: start + run.start..start + run.end,
            assurance: target.zip(better).and_then(|(target, better)| assurance(target, &limits, better)),
            doubts,
            signals,
            phases,
            values: self.values,
        })
    }

    fn phases(&self) -> Vec<Phase> {
        let mut starts: Vec<(usize, Option<&String>)> =
            self.begun.iter().map(|(start, because)| (*start, Some(because))).collect();
        if starts.first().is_none_or(|(start, _)| *start > 0) {
            starts.insert(0, (0, None));
        }
        let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([self.values.len()]);
        let phase = |((start, because), end): (&(usize, Option<&String>), usize)| {
            let values = &self.values[*start..end];
            let enough = values.iter().flatten().count() >= LEAST_VALUES;
            let limits = if enough { xmr::limits(values, Centring::Mean) } else { None };
            Phase { points: *start..end, limits, because: because.cloned() }
        };
        starts.iter().zip(ends).map(phase).collect()
    }
}

impl Process {
    /// Whether the last period is a point: where it is none, a report of it has nothing to say.
    pub fn has_last(&self) -> bool {
        self.values.last().is_some_and(Option::is_some)
    }

    /// The points of a phase that its signal at a point is made of; empty without a signal there.
    pub fn run_at(&self, at: usize) -> Range<usize> {
        let phase = self.phases.iter().find(|phase| phase.points.contains(&at));
        let found = phase.and_then(|phase| Some((phase.points.clone(), phase.limits?, self.signals[at]?)));
        found.map_or(at..at, |(points, limits, signal)| {
            let run = xmr::run_at(&self.values[points.clone()], &limits, signal, at - points.start);
            points.start + run.start..points.start + run.end
        })
    }

    /// The limits as a picture shows them: a share of a whole does not leave 0 to 1 even where its limits do.
    pub fn shown(&self, limits: &Limits, unit: Option<&Unit>) -> Limits {
        limits.shown(bounds(unit, &self.values))
    }
}

/// What values of a unit can lie between: a percentage of which every value lies in 0 to 1 is taken for a share of a
/// whole; one that grew by more, or fell, has no bounds.
fn bounds(unit: Option<&Unit>, values: &[Option<f64>]) -> (f64, f64) {
    let is_share = unit == Some(&Unit::Percent) && values.iter().flatten().all(|value| (0.0..=1.0).contains(value));
    if is_share { (0.0, 1.0) } else { (f64::NEG_INFINITY, f64::INFINITY) }
}

/// What a signal at the end of a series means for a metric.
fn variation(signal: Option<Signal>, better: Option<Polarity>) -> Variation {
    match (signal, better) {
        (None, _) => Variation::Common,
        (Some(signal), None | Some(Polarity::Between)) => Variation::Neutral(signal),
        (Some(signal), Some(better)) if (signal.side() == Side::High) == (better == Polarity::Higher) => {
            Variation::Improvement(signal)
        }
        (Some(signal), Some(_)) => Variation::Concern(signal),
    }
}

/// What limits say of a target, strictly: one that lies on a limit is hit or missed.
fn assurance(target: f64, limits: &Limits, better: Polarity) -> Option<Assurance> {
    match better {
        Polarity::Between => None,
        Polarity::Higher if limits.is_above(target) => Some(Assurance::Fails),
        Polarity::Higher if limits.is_below(target) => Some(Assurance::Passes),
        Polarity::Lower if limits.is_above(target) => Some(Assurance::Passes),
        Polarity::Lower if limits.is_below(target) => Some(Assurance::Fails),
        _ => Some(Assurance::HitOrMiss),
    }
}
