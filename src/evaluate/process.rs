//! Whether a metric's last figures are signal or noise: limits, signals, variation and assurance of its history.
//!
//! The mathematics is `stats`'; here it meets what a metric is: which way is better, what was promised.

use super::history::Point;
use super::promise::Promise;
use crate::metric::Polarity;
use crate::stats::xmr::{self, Centring, Limits, Signal};

/// Fewer values than this have no limits.
pub const LEAST_VALUES: usize = 12;

/// A metric's series held against its own limits.
#[derive(Clone, Debug, PartialEq)]
pub struct Process {
    /// The actuals of whole periods, oldest first.
    pub values: Vec<Option<f64>>,
    /// What they stay within while nothing changes.
    pub limits: Limits,
    /// What each of them is a signal of.
    pub signals: Vec<Option<Signal>>,
    /// What the last value says.
    pub variation: Variation,
    /// What the limits say of the last target; `None` without a target of one level.
    pub assurance: Option<Assurance>,
    /// Why the limits are to be taken with care.
    pub doubts: Vec<Doubt>,
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

/// What is to be expected of a target while the process stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assurance {
    /// It will be met.
    Passes,
    /// It will be met or missed by chance.
    HitOrMiss,
    /// It will be missed.
    Fails,
}

/// Why limits are to be taken with care.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Doubt {
    /// Every value is the same.
    NoVariation,
    /// Values follow their neighbours: the correlation at lag 1.
    Autocorrelated(f64),
    /// Values follow those of a year before: the correlation at that lag.
    Seasonal(f64),
    /// Without its largest moving ranges the limits would lie so much closer: a share of their distance.
    Screening(f64),
}

/// Why there are no limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoLimits {
    /// So many values, of the twelve it takes.
    TooFew(usize),
}

/// Limits and signals of a history.
///
/// # Errors
/// Fewer than twelve values.
pub fn process(points: &[Point], better: Option<Polarity>) -> Result<Process, NoLimits> {
    let values: Vec<Option<f64>> =
        points.iter().map(|point| point.actual.as_ref().ok().map(|reading| reading.value.to_f64())).collect();
    let count = values.iter().flatten().count();
    let limits = xmr::limits(&values, Centring::Mean).filter(|_| count >= LEAST_VALUES);
    let limits = limits.ok_or(NoLimits::TooFew(count))?;
    let signals = xmr::signals(&values, &limits);
    let last = values.iter().rposition(Option::is_some);
    let variation = variation(last.and_then(|last| signals[last]), better);
    let target = points.last().and_then(|point| match point.target? {
        Promise::Level(level) => Some(level.to_f64()),
        Promise::Range(..) => None,
    });
    let assurance = target.and_then(|target| assurance(target, &limits, better?));
    Ok(Process { values, limits, signals, variation, assurance, doubts: Vec::new() })
}

/// What a signal at the end of a series means for a metric.
fn variation(signal: Option<Signal>, better: Option<Polarity>) -> Variation {
    use crate::stats::xmr::Side;
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
    let (above, below) = (target > limits.upper, target < limits.lower);
    match better {
        Polarity::Between => None,
        Polarity::Higher if above => Some(Assurance::Fails),
        Polarity::Higher if below => Some(Assurance::Passes),
        Polarity::Lower if above => Some(Assurance::Passes),
        Polarity::Lower if below => Some(Assurance::Fails),
        _ => Some(Assurance::HitOrMiss),
    }
}
