//! Axes of shares: places of numbers from 0 to 1 on a page, round percentages to read them by.

use super::axis::ValueAxis;
use crate::unit::Unit;

/// Between ticks, at least, in units.
const TICKS: f64 = 64.0;
/// Shares are unequal where the greatest is so many times the median.
const UNEQUAL: f64 = 4.0;

/// The least percentage that is written, above nought.
const LEAST: f64 = 0.01;

/// How shares become places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    Linear,
    /// Room for the small, where few are great; nought stays nought, as it does not with logarithms.
    SquareRoot,
}

impl Scale {
    /// The one on which all of these can be seen.
    pub(super) fn of(shares: impl Iterator<Item = f64>) -> Scale {
        let mut some: Vec<f64> = shares.filter(|share| *share > 0.0).collect();
        some.sort_by(f64::total_cmp);
        let is_unequal = some.last().is_some_and(|most| *most > UNEQUAL * some[some.len() / 2]);
        if is_unequal { Scale::SquareRoot } else { Scale::Linear }
    }

    fn place(self, share: f64) -> f64 {
        match self {
            Scale::Linear => share,
            Scale::SquareRoot => share.max(0.0).sqrt(),
        }
    }
}

/// One axis: from nought to the greatest share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    pub(super) scale: Scale,
    /// Above nought.
    pub(super) most: f64,
    /// Where nought and the greatest stand.
    pub(super) from: f64,
    pub(super) to: f64,
}

impl Axis {
    /// Where a share stands.
    pub(super) fn at(&self, share: f64) -> f64 {
        self.from + (self.to - self.from) * self.scale.place(share) / self.scale.place(self.most)
    }

    /// Round percentages far enough from each other, nought first.
    pub(super) fn ticks(&self) -> Vec<f64> {
        let round: Vec<f64> = match self.scale {
            Scale::SquareRoot => {
                let steps = [0.1, 1.0, 10.0].map(|power| [1.0, 2.0, 3.0, 5.0].map(|digit| digit * power));
                steps.into_iter().flatten().chain([60.0, 70.0, 80.0, 90.0, 100.0]).collect()
            }
            Scale::Linear => {
                let most = ((self.to - self.from).abs() / (1.5 * TICKS)) as usize;
                let axis = ValueAxis::of([0.0, self.most * 100.0], &Unit::Score, most);
                let ticks = axis.into_iter().flat_map(|axis| axis.ticks).map(|(percent, _)| percent);
                ticks.filter(|percent| *percent >= LEAST).collect()
            }
        };
        let mut ticks = vec![0.0];
        for percent in round.into_iter().filter(|percent| *percent <= self.most * 100.0 + 1e-9) {
            let last = ticks[ticks.len() - 1];
            if (self.at(percent / 100.0) - self.at(last / 100.0)).abs() >= TICKS {
                ticks.push(percent);
            }
        }
        ticks
    }
}

/// A percentage with as many digits as tell it from nought.
pub(super) fn percentage(percent: f64) -> String {
    let decimals = match percent {
        // What binary fractions lose is no digit.
        percent if (percent - percent.round()).abs() < 1e-9 => 0,
        percent if percent >= 0.095 => 1,
        _ => 2,
    };
    format!("{percent:.decimals$} %")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_apart() {
        let axis = |scale, most| Axis { scale, most, from: 0.0, to: 1000.0 };
        assert_eq!(axis(Scale::Linear, 0.37).ticks(), [0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0]);
        assert_eq!(axis(Scale::Linear, 0.6).ticks(), [0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0]);
        // By the root: 0.1 at 63, 0.2 at 89, 0.5 at 141, 1 at 200, 2 at 283, 3 at 346, 5 at 447, 10 at 632, 20 at 894.
        assert_eq!(axis(Scale::SquareRoot, 0.25).ticks(), [0.0, 0.2, 1.0, 2.0, 5.0, 10.0, 20.0]);
        assert_eq!(axis(Scale::Linear, 1e-6).ticks(), [0.0]);
    }

    #[test]
    fn percentages_have_the_digits_they_need() {
        let written = [0.0, 20.0, 30.000_000_000_000_004, 12.34, 0.1, 0.04].map(percentage);
        assert_eq!(written, ["0 %", "20 %", "30 %", "12.3 %", "0.1 %", "0.04 %"]);
    }
}
