//! Why limits are to be taken with care: what a series does that noise does not.
//!
//! Limits assume that a value says nothing of the next one. Where that fails, signals are no surprise: of a series that
//! follows its neighbours at .8, two in five last points are "signals" although nothing changed.

use crate::period::Grain;
use crate::stats::correlation::{correlation, lagged, with_time, without_line};
use crate::stats::xmr::{self, Centring, Limits};

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
    /// Values rise or fall all along: the correlation with time.
    Trending(f64),
}

impl Doubt {
    /// Whether limits say nothing of what is to come.
    pub(super) fn is_of_no_process(&self) -> bool {
        matches!(self, Doubt::NoVariation | Doubt::Trending(_))
    }
}

/// Pairs that a correlation takes: those of twelve values without a gap.
const LEAST_PAIRS: usize = 11;
/// Beyond this, values follow their neighbours.
const FOLLOWS: f64 = 0.5;
/// Beyond this, values follow the year before: of twelve pairs chance alone gets there once in fifty.
const SEASONAL: f64 = 0.6;
/// Beyond this, a series trends. One step, however clean, reaches .87.
const TRENDS: f64 = 0.9;
/// The least share by which screening must move limits to be worth a word.
const SCREENS: f64 = 0.1;

/// The doubts about limits of values of one grain, the gravest first.
pub(super) fn doubts(values: &[Option<f64>], limits: &Limits, grain: Grain) -> Vec<Doubt> {
    if limits.range == 0.0 {
        return vec![Doubt::NoVariation];
    }
    let trending = strong(&with_time(values), TRENDS, f64::abs).map(Doubt::Trending);
    // What rises all along follows its neighbours too, and the trend says more.
    let follows = || strong(&lagged(values, 1), FOLLOWS, |correlation| correlation).map(Doubt::Autocorrelated);
    let year = year(grain).filter(|year| values.len() >= 2 * year);
    let seasonal = year.and_then(|year| strong(&years(values, year), SEASONAL, |correlation| correlation));
    let seasonal = seasonal.map(Doubt::Seasonal);
    let screened = xmr::limits(values, Centring::Screened).map(|screened| 1.0 - screened.range / limits.range);
    let screening = screened.filter(|share| *share > SCREENS).map(Doubt::Screening);
    [trending.or_else(follows), seasonal, screening].into_iter().flatten().collect()
}

/// Each value behind that of a year before, without the line that fits each side of the pairs best: of a trend, or of a
/// level that has moved, both sides tell the same.
fn years(values: &[Option<f64>], year: usize) -> Vec<(f64, f64)> {
    let pairs: Vec<Option<(f64, f64)>> =
        values.iter().zip(&values[year..]).map(|(before, now)| before.zip(*now)).collect();
    let side = |part: fn((f64, f64)) -> f64| without_line(&pairs.iter().map(|pair| pair.map(part)).collect::<Vec<_>>());
    let (before, now) = (side(|pair| pair.0), side(|pair| pair.1));
    before.into_iter().zip(now).filter_map(|(before, now)| before.zip(now)).collect()
}

/// A correlation of enough pairs, where the size of it is beyond a bound.
fn strong(pairs: &[(f64, f64)], bound: f64, size: fn(f64) -> f64) -> Option<f64> {
    let found = if pairs.len() < LEAST_PAIRS { None } else { correlation(pairs) };
    found.filter(|correlation| size(*correlation) > bound)
}

/// How many periods a year has; `None` where it is one.
fn year(grain: Grain) -> Option<usize> {
    match grain {
        Grain::Day => Some(365),
        Grain::Week => Some(52),
        Grain::Month => Some(12),
        Grain::Quarter => Some(4),
        Grain::Year => None,
    }
}
