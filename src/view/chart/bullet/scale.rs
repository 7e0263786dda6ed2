//! The scale of a bullet: where it begins and ends, whether a bar may be drawn on it, and its ranges.
//!
//! A bar begins at zero, or its length would lie. Where everything that matters lies so close together that such a bar shows
//! nothing (99.915 % against 99.9 %), a dot on a cut scale is drawn instead.

use crate::evaluate::{Promise, Standing};
use crate::metric::Polarity;
use crate::number::Number;
use crate::unit::Unit;
use crate::view::{Quantity, Shape};

/// A bar shows nothing where all that matters lies within this share of its length.
const INDISTINCT: f64 = 0.03;
/// Room beyond the outermost value, as a share of the scale.
const ROOM: f64 = 0.06;
/// The same on a cut scale, on both sides.
const CUT_ROOM: f64 = 0.2;

/// Where a row is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct BulletScale {
    /// Bar or dot.
    pub form: BulletForm,
    /// Its left end: zero, or less where values are negative; of a cut scale where it begins.
    pub low: Quantity,
    /// Its right end.
    pub high: Quantity,
    /// From left to right, without gaps in what they cover; none without a target.
    pub bands: Vec<BulletBand>,
}

/// How the actual is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulletForm {
    /// A bar from zero.
    Bar,
    /// A dot on a scale that does not begin at zero.
    Dot,
}

/// One qualitative range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BulletBand {
    /// Where it begins, in the metric's own numbers.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// 0 beyond the threshold, 1 between threshold and target, 2 at the target or better.
    pub shade: u8,
}

/// The numbers that a scale must hold.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Marked {
    actual: Option<f64>,
    better: Option<Polarity>,
    target: Option<(f64, f64)>,
    threshold: Option<(f64, f64)>,
    stretch: Option<(f64, f64)>,
    benchmark: Option<f64>,
}

impl Marked {
    pub(super) fn of(standing: &Standing, better: Option<Polarity>, benchmark: Option<f64>) -> Marked {
        let ends = |promise: &Promise| match promise {
            Promise::Level(level) => (level.to_f64(), level.to_f64()),
            Promise::Range(low, high) => (low.to_f64(), high.to_f64()),
        };
        let target = standing.target.as_ref().ok().map(ends);
        Marked {
            actual: standing.actual.as_ref().ok().map(|reading| reading.value.to_f64()),
            better,
            target,
            threshold: standing.threshold.as_ref().ok().map(ends).filter(|_| target.is_some()),
            stretch: standing.stretch.as_ref().map(ends).filter(|_| target.is_some()),
            benchmark,
        }
    }

    fn values(&self) -> impl Iterator<Item = f64> {
        let pairs = [self.target, self.threshold, self.stretch].into_iter().flatten();
        self.actual.into_iter().chain(pairs.flat_map(|(low, high)| [low, high])).chain(self.benchmark)
    }

    /// A scale with this one's own ranges.
    pub(super) fn ranged(&self, scale: &BulletScale) -> BulletScale {
        let (low, high) = (scale.low.number.to_f64(), scale.high.number.to_f64());
        let clipped = |(from, to, shade): (f64, f64, u8)| BulletBand { from: from.max(low), to: to.min(high), shade };
        let bands = self.ranges(low, high).into_iter().map(clipped).filter(|band| band.from < band.to).collect();
        BulletScale { bands, ..scale.clone() }
    }

    /// Ranges from left to right; that of good ends at the stretch where there is one beyond the target.
    fn ranges(&self, low: f64, high: f64) -> Vec<(f64, f64, u8)> {
        let Some(target) = self.target else { return Vec::new() };
        let threshold = self.threshold.unwrap_or(target);
        // Without a threshold there are two: short of the target, and not.
        let worst = if self.threshold.is_some() { 0 } else { 1 };
        match self.better {
            Some(Polarity::Lower) => {
                let best = self.stretch.map_or(low, |stretch| if stretch.0 < target.0 { stretch.0 } else { low });
                vec![(best, target.0, 2), (target.0, threshold.0, 1), (threshold.0, high, worst)]
            }
            Some(Polarity::Between) => vec![
                (low, threshold.0, worst),
                (threshold.0, target.0, 1),
                (target.0, target.1, 2),
                (target.1, threshold.1, 1),
                (threshold.1, high, worst),
            ],
            Some(Polarity::Higher) | None => {
                let best = self.stretch.map_or(high, |stretch| if stretch.0 > target.0 { stretch.0 } else { high });
                vec![(low, threshold.0, worst), (threshold.0, target.0, 1), (target.0, best, 2)]
            }
        }
    }
}

/// A scale that holds them all, without ranges; `None` where none has an actual.
pub(super) fn of(rows: &[&Marked], shape: &Shape) -> Option<BulletScale> {
    let drawn = || rows.iter().filter(|row| row.actual.is_some());
    drawn().next()?;
    let values: Vec<f64> = drawn().flat_map(|row| row.values()).collect();
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let one = shape.value(Number::ZERO);
    let is_share = one.unit == Unit::Percent;
    // The least difference that people are shown.
    let step = 10f64.powi(-i32::try_from(one.decimals).unwrap_or(0) - if is_share { 2 } else { 0 });
    let (form, low, high) = if is_indistinct(least, most, step) {
        let room = (most - least) * CUT_ROOM;
        (BulletForm::Dot, ((least - room) / step).floor() * step, ((most + room) / step).ceil() * step)
    } else {
        let (low, high) = (least.min(0.0), most.max(0.0));
        let room = (high - low) * ROOM;
        let high = if most > 0.0 { high + room } else { high };
        let low = if least < 0.0 { low - room } else { low };
        // Of nothing but zeros.
        (BulletForm::Bar, low, if high > low { high } else { low + 1.0 })
    };
    // A share that never exceeds the whole needs no room beyond it.
    let high = if is_share && most <= 1.0 && high > 1.0 { 1.0 } else { high };
    let end = |value: f64| shape.value(Number::approx(value).unwrap_or(Number::ZERO));
    Some(BulletScale { form, low: end(low), high: end(high), bands: Vec::new() })
}

fn is_indistinct(least: f64, most: f64, step: f64) -> bool {
    let (spread, length) = (most - least, most.abs().max(least.abs()));
    let one_sign = least > 0.0 || most < 0.0;
    one_sign && spread >= step * 0.5 && spread < length * INDISTINCT
}
