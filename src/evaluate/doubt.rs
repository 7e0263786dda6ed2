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
    /// Values follow those of a [`Season`] before: the correlation at that lag.
    Seasonal(Season, f64),
    /// Without its largest moving ranges the limits would lie so much closer: a share of their distance.
    Screening(f64),
    /// Values rise or fall all along, in the first half as in the second: the correlation with time of the whole.
    Trending(f64),
}

/// After how long values may repeat themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Season {
    /// Of days.
    Week,
    /// Of weeks, months and quarters.
    Year,
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
/// Beyond this, values follow the season before: of twelve pairs chance alone gets there once in fifty.
const SEASONAL: f64 = 0.6;
/// Beyond this, a series trends. One step, however clean, reaches .87.
const TRENDS: f64 = 0.9;
/// Beyond this, in the same direction, each half of it does too. Of what is flat first and falls then the whole reaches
/// −.93 and the first half nothing; of a line amid so much noise that the whole is at .9 each half is at .72.
const HALF_TRENDS: f64 = 0.5;
/// The least share by which screening must move limits to be worth a word.
const SCREENS: f64 = 0.1;

/// The doubts about limits of values of one grain, the gravest first.
pub(super) fn doubts(values: &[Option<f64>], limits: &Limits, grain: Grain) -> Vec<Doubt> {
    if limits.range == 0.0 {
        return vec![Doubt::NoVariation];
    }
    let trending = trend(&with_time(values)).map(Doubt::Trending);
    // What rises all along follows its neighbours too, and the trend says more.
    let follows = || strong(&lagged(values, 1), FOLLOWS, |correlation| correlation).map(Doubt::Autocorrelated);
    let seasonal = season(grain).filter(|(_, lag)| values.len() >= 2 * lag).and_then(|(season, lag)| {
        let found = strong(&seasons(values, lag), SEASONAL, |correlation| correlation)?;
        Some(Doubt::Seasonal(season, found))
    });
    let screened = xmr::limits(values, Centring::Screened).map(|screened| 1.0 - screened.range / limits.range);
    let screening = screened.filter(|share| *share > SCREENS).map(Doubt::Screening);
    [trending.or_else(follows), seasonal, screening].into_iter().flatten().collect()
}

/// The correlation with time of what rises or falls all along: of the whole, and in both halves of its values.
fn trend(pairs: &[(f64, f64)]) -> Option<f64> {
    let whole = strong(pairs, TRENDS, f64::abs)?;
    let (first, second) = pairs.split_at(pairs.len() / 2);
    let goes_along = |half| correlation(half).is_some_and(|found| found * whole.signum() > HALF_TRENDS);
    (goes_along(first) && goes_along(second)).then_some(whole)
}

/// Each value behind that of a season before, without the line that fits each side of the pairs best: of a trend, or of
/// a level that has moved, both sides tell the same.
fn seasons(values: &[Option<f64>], lag: usize) -> Vec<(f64, f64)> {
    let pairs: Vec<Option<(f64, f64)>> =
        values.iter().zip(&values[lag..]).map(|(before, now)| before.zip(*now)).collect();
    let side = |part: fn((f64, f64)) -> f64| without_line(&pairs.iter().map(|pair| pair.map(part)).collect::<Vec<_>>());
    let (before, now) = (side(|pair| pair.0), side(|pair| pair.1));
    before.into_iter().zip(now).filter_map(|(before, now)| before.zip(now)).collect()
}

/// A correlation of enough pairs, where the size of it is beyond a bound.
fn strong(pairs: &[(f64, f64)], bound: f64, size: fn(f64) -> f64) -> Option<f64> {
    let found = if pairs.len() < LEAST_PAIRS { None } else { correlation(pairs) };
    found.filter(|correlation| size(*correlation) > bound)
}

/// After what, and after how many periods, values of a grain may repeat themselves; `None` for years. Of days it is the
/// week: their year is longer than what limits are computed from.
fn season(grain: Grain) -> Option<(Season, usize)> {
    match grain {
        Grain::Day => Some((Season::Week, 7)),
        Grain::Week => Some((Season::Year, 52)),
        Grain::Month => Some((Season::Year, 12)),
        Grain::Quarter => Some((Season::Year, 4)),
        Grain::Year => None,
    }
}
