//! Scores and statuses: where every cut-off is applied.
//!
//! Owns how an actual becomes a score and a status, and how children's scores become a parent's.
//! Knows numbers only; which number belongs to which metric is asked elsewhere.

use crate::metric::{Polarity, Rollup, Scoring};

/// How a metric stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// At or beyond the target.
    OnTarget,
    /// Between target and threshold.
    AtRisk,
    /// At or beyond the threshold, on the worse side.
    OffTarget,
    /// There is an actual and nothing to hold it against.
    NoTarget,
    /// There is no actual.
    NoData,
}

impl Status {
    /// All of them, best first.
    pub const ALL: [Status; 5] =
        [Status::OnTarget, Status::AtRisk, Status::OffTarget, Status::NoTarget, Status::NoData];

    /// The word for it, the same in every output and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Status::OnTarget => "on-target",
            Status::AtRisk => "at-risk",
            Status::OffTarget => "off-target",
            Status::NoTarget => "no-target",
            Status::NoData => "no-data",
        }
    }
}

/// Target and threshold of one period, as doubles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Goalposts {
    /// One side: higher or lower is better.
    OneSided {
        /// Score 100 from here on.
        target: f64,
        /// Score 0 from here on, on the worse side.
        threshold: f64,
    },
    /// Two sides: inside the target range is best.
    Between {
        /// The range that scores 100.
        target: (f64, f64),
        /// Outside this range the score is 0.
        threshold: (f64, f64),
    },
}

/// Whether `a >= b`, where what binary fractions lose (0.1 + 0.2 against 0.3) counts as equal: some units in
/// the fourteenth digit, so that a cent short of a billion is short.
fn at_least(a: f64, b: f64) -> bool {
    a >= b - 1e-14 * a.abs().max(b.abs())
}

impl Goalposts {
    /// 0 at the threshold, 100 at the target, linear between, capped to 0..100.
    pub fn score(&self, actual: f64) -> f64 {
        match *self {
            Goalposts::OneSided { target, threshold } => {
                // Where the two coincide there is nothing between; `judge` decides by the status alone.
                if target == threshold {
                    return 0.0;
                }
                ((actual - threshold) / (target - threshold) * 100.0).clamp(0.0, 100.0)
            }
            Goalposts::Between { target: (low, high), threshold: (low_fail, high_fail) } => {
                let (edge, fail) = if actual < low { (low, low_fail) } else { (high, high_fail) };
                if low <= actual && actual <= high {
                    100.0
                } else if edge == fail {
                    0.0
                } else {
                    ((actual - fail) / (edge - fail) * 100.0).clamp(0.0, 100.0)
                }
            }
        }
    }

    /// On-target at or beyond the target, off-target at or beyond the threshold on the worse side,
    /// at-risk between; unrounded.
    pub fn status(&self, actual: f64, better: Polarity) -> Status {
        match (*self, better) {
            (Goalposts::OneSided { target, threshold }, Polarity::Lower) => {
                three_way(at_least(target, actual), at_least(actual, threshold))
            }
            (Goalposts::OneSided { target, threshold }, _) => {
                three_way(at_least(actual, target), at_least(threshold, actual))
            }
            (Goalposts::Between { target: (low, high), threshold: (low_fail, high_fail) }, _) => three_way(
                at_least(actual, low) && at_least(high, actual),
                at_least(low_fail, actual) || at_least(actual, high_fail),
            ),
        }
    }

    /// How far an actual lies short of its target, in steps from target to threshold: 0 at the target or better, 1 at the
    /// threshold, more beyond it. The one measure by which metrics of different units are further from their targets than
    /// others. `None` where target and threshold coincide, so that there is no step, for one that is short.
    pub fn steps_short(&self, actual: f64) -> Option<f64> {
        let (edge, fail) = match *self {
            Goalposts::OneSided { target, threshold } => (target, threshold),
            Goalposts::Between { target: (low, _), threshold: (low_fail, _) } if actual < low => (low, low_fail),
            Goalposts::Between { target: (_, high), threshold: (_, high_fail) } => (high, high_fail),
        };
        let steps = (actual - edge) / (fail - edge);
        (edge != fail && steps.is_finite()).then_some(steps.max(0.0))
    }

    /// Score and status together; they never contradict each other at the ends.
    pub fn judge(&self, actual: f64, better: Polarity) -> (f64, Status) {
        let status = self.status(actual, better);
        let score = match status {
            Status::OnTarget => 100.0,
            Status::OffTarget => 0.0,
            _ => self.score(actual),
        };
        (score, status)
    }
}

fn three_way(met: bool, failed: bool) -> Status {
    match (met, failed) {
        (true, _) => Status::OnTarget,
        (false, true) => Status::OffTarget,
        (false, false) => Status::AtRisk,
    }
}

/// The status a thread score stands for.
///
/// `critical_off_target`: whether a critical leaf below is off-target; nothing above it is on-target.
pub fn thread_status(score: Option<f64>, critical_off_target: bool, scoring: &Scoring) -> Status {
    match score {
        None => Status::NoData,
        Some(score) if at_least(score, scoring.on_target) => {
            if critical_off_target {
                Status::AtRisk
            } else {
                Status::OnTarget
            }
        }
        Some(score) if at_least(score, scoring.at_risk) => Status::AtRisk,
        Some(_) => Status::OffTarget,
    }
}

/// A child's part in its parent's score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// Its weight; zero or more.
    pub weight: f64,
    /// Its thread score, 0 to 100, where it has one.
    pub score: Option<f64>,
    /// The share of its own weight that has data, 0 to 1.
    pub coverage: f64,
    /// Its score if all that is missing below were 0, and if it were 100.
    pub bounds: Option<(f64, f64)>,
}

/// A parent's score from its children's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Combined {
    /// `None` under the least coverage.
    pub score: Option<f64>,
    /// The share of weight that has data, 0 to 1.
    pub coverage: f64,
    /// The score if all that is missing were 0, and if it were 100.
    pub bounds: Option<(f64, f64)>,
}

/// The lowest score a geometric mean sees, so that one zero does not erase the rest.
const GEOMETRIC_FLOOR: f64 = 1.0;

/// Combines children's scores. Parts without a score carry no weight.
pub fn combine(parts: &[Part], rollup: Rollup, min_coverage: f64) -> Combined {
    let total: f64 = parts.iter().map(|part| part.weight).sum();
    let covered: f64 = parts.iter().filter(|part| part.score.is_some()).map(|part| part.weight * part.coverage).sum();
    // An empty sum is -0.
    let coverage = if total > 0.0 { (covered / total).abs() } else { 0.0 };
    let present: Vec<(f64, f64)> = parts.iter().filter_map(|part| Some((part.weight, part.score?))).collect();
    let weight: f64 = present.iter().map(|(weight, _)| weight).sum();
    if weight <= 0.0 || !at_least(coverage, min_coverage) {
        return Combined { score: None, coverage, bounds: None };
    }
    let filled = |missing: f64, bound: fn((f64, f64)) -> f64| -> f64 {
        let score = |part: &Part| part.bounds.map(bound).or(part.score).unwrap_or(missing);
        let all: Vec<(f64, f64)> = parts.iter().map(|part| (part.weight, score(part))).collect();
        centre(&all, rollup)
    };
    Combined {
        score: Some(centre(&present, rollup)),
        coverage,
        bounds: Some((filled(0.0, |bounds| bounds.0), filled(100.0, |bounds| bounds.1))),
    }
}

/// The centre of weighted scores; the weights' sum is positive.
fn centre(parts: &[(f64, f64)], rollup: Rollup) -> f64 {
    let weight: f64 = parts.iter().map(|(weight, _)| weight).sum();
    match rollup {
        Rollup::Mean => parts.iter().map(|(weight, score)| weight * score).sum::<f64>() / weight,
        Rollup::Geometric => {
            let logs: f64 = parts.iter().map(|(weight, score)| weight * score.max(GEOMETRIC_FLOOR).ln()).sum();
            (logs / weight).exp().min(100.0)
        }
        Rollup::Weakest => {
            parts.iter().filter(|(weight, _)| *weight > 0.0).map(|(_, score)| *score).fold(100.0, f64::min)
        }
    }
}

/// How a node's shortfall falls to its children: shares that add up to 1, or all 0 where no child
/// falls short.
///
/// By weight times shortfall at a mean, by `weight * ln(100 / score)` at a geometric mean, and all to
/// the worst child (the first of equals) where the weakest decides.
pub fn shares_of_shortfall(parts: &[Part], rollup: Rollup) -> Vec<f64> {
    let short = |part: &Part| match (rollup, part.score) {
        (_, None) => 0.0,
        (Rollup::Mean, Some(score)) => part.weight * (100.0 - score),
        (Rollup::Geometric, Some(score)) => part.weight * (100.0 / score.clamp(GEOMETRIC_FLOOR, 100.0)).ln(),
        (Rollup::Weakest, Some(score)) if part.weight > 0.0 => 100.0 - score,
        (Rollup::Weakest, Some(_)) => 0.0,
    };
    let mut shares: Vec<f64> = parts.iter().map(short).collect();
    if rollup == Rollup::Weakest {
        let worst = shares.iter().copied().fold(0.0, f64::max);
        let first = shares.iter().position(|share| *share == worst && worst > 0.0);
        shares = (0..shares.len()).map(|index| f64::from(u8::from(Some(index) == first))).collect();
    }
    let total: f64 = shares.iter().sum();
    if total > 0.0 { shares.iter().map(|share| share / total).collect() } else { vec![0.0; shares.len()] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_short_is_measured_in_steps_from_target_to_threshold() {
        let higher = Goalposts::OneSided { target: 100.0, threshold: 80.0 };
        let short = [70.0, 80.0, 90.0, 100.0, 130.0].map(|actual| higher.steps_short(actual));
        assert_eq!(short, [1.5, 1.0, 0.5, 0.0, 0.0].map(Some));
        let zero = Goalposts::OneSided { target: 0.0, threshold: 10.0 };
        assert_eq!(zero.steps_short(5013.0), Some(501.3));
        let between = Goalposts::Between { target: (3.0, 6.0), threshold: (2.0, 8.0) };
        assert_eq!([1.0, 4.0, 7.0].map(|actual| between.steps_short(actual)), [2.0, 0.0, 0.5].map(Some));
        assert_eq!(Goalposts::OneSided { target: 0.0, threshold: 0.0 }.steps_short(5.0), None);
    }
}
