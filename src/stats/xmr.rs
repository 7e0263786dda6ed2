//! Process-behaviour charts of single values (XmR): limits from the moving range, and what is a signal against them.
//!
//! After Wheeler, with the constants that printed charts use (2.66, 3.268, 3.145, 3.865) and the signals of the NHS's
//! *Making Data Count*. A series is a value or nothing a period, in their order; there is no moving range across a gap.
//! Limits come from the range between neighbours and never from the standard deviation, which the very shifts that are
//! looked for would widen.

use std::ops::Range;

/// Ranges further from the mean range than this many of it are left out by [`Centring::Screened`], once.
const SCREEN: f64 = 3.267;

/// How limits are computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Centring {
    /// Mean plus and minus 2.66 mean ranges.
    #[default]
    Mean,
    /// The same, with ranges of 3.267 mean ranges and more left out once.
    Screened,
    /// Median plus and minus 3.145 median ranges.
    Median,
}

/// What a stable process stays within, in the unit of the values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// The centre line.
    pub centre: f64,
    /// The mean (or median) moving range the limits rest on.
    pub range: f64,
    /// The lower limit.
    pub lower: f64,
    /// The upper limit.
    pub upper: f64,
    /// Two thirds of the way from the centre to the lower limit.
    pub near_lower: f64,
    /// Two thirds of the way from the centre to the upper limit.
    pub near_upper: f64,
    /// The upper limit of the moving range itself.
    pub range_upper: f64,
}

/// On which side of the centre, or in which direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Above, or rising.
    High,
    /// Below, or falling.
    Low,
}

/// Why a point is no noise; a point with several is called by the first of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signal {
    /// Beyond a limit, strictly.
    Outside(Side),
    /// One of a run of points each above (below) the one before.
    Trend(Side),
    /// One of two among three consecutive points of one side that are beyond a near limit.
    TwoOfThree(Side),
    /// One of a run of consecutive points strictly on one side of the centre.
    Shift(Side),
}

impl Signal {
    /// Its side.
    pub fn side(self) -> Side {
        match self {
            Signal::Outside(side) | Signal::Trend(side) | Signal::TwoOfThree(side) | Signal::Shift(side) => side,
        }
    }
}

impl Limits {
    /// Whether a value lies above the upper limit, strictly.
    pub fn is_above(&self, value: f64) -> bool {
        self.compare(value, self.upper) == Some(Side::High)
    }

    /// Whether a value lies below the lower limit, strictly.
    pub fn is_below(&self, value: f64) -> bool {
        self.compare(value, self.lower) == Some(Side::Low)
    }

    /// On which side of the centre a value lies; `None` for one on it.
    pub fn side(&self, value: f64) -> Option<Side> {
        self.compare(value, self.centre)
    }

    /// The limits as a picture shows them where no value can lie beyond `low` and `high`: what is a signal stays with the
    /// limits themselves.
    pub fn shown(&self, (low, high): (f64, f64)) -> Limits {
        // Of bounds the wrong way round neither is kept to.
        let within = |value: f64| if low <= high { value.clamp(low, high) } else { value };
        Limits {
            lower: within(self.lower),
            upper: within(self.upper),
            near_lower: within(self.near_lower),
            near_upper: within(self.near_upper),
            ..*self
        }
    }

    /// On which side of a line a value lies; what differs by no more than doubles do in the last digits lies on it.
    fn compare(&self, value: f64, line: f64) -> Option<Side> {
        let rounding = 4.0 * f64::EPSILON * value.abs().max(line.abs()) + 1e-12 * self.range;
        if (value - line).abs() <= rounding { None } else { side(&value, line) }
    }

    fn is_outside(&self, value: f64) -> bool {
        self.is_above(value) || self.is_below(value)
    }

    /// Whether a value lies between a near limit and the limit.
    fn is_near(&self, value: f64) -> bool {
        let beyond = self.compare(value, self.near_upper) == Some(Side::High)
            || self.compare(value, self.near_lower) == Some(Side::Low);
        beyond && !self.is_outside(value)
    }
}

/// How many points make a shift and a trend.
pub const RUN: usize = 7;

/// The limits of a series; `None` where no two neighbours have a value.
pub fn limits(values: &[Option<f64>], centring: Centring) -> Option<Limits> {
    let present: Vec<f64> = values.iter().copied().flatten().collect();
    let ranges: Vec<f64> = values.windows(2).filter_map(|pair| Some((pair[1]? - pair[0]?).abs())).collect();
    if ranges.is_empty() {
        return None;
    }
    let (centre, range, width, upper) = match centring {
        Centring::Mean => (mean(&present), mean(&ranges), 2.66, 3.268),
        Centring::Screened => {
            let most = SCREEN * mean(&ranges);
            let kept: Vec<f64> = ranges.iter().copied().filter(|range| *range < most).collect();
            // Of a constant series every range is 0 and none is kept.
            (mean(&present), if kept.is_empty() { 0.0 } else { mean(&kept) }, 2.66, 3.268)
        }
        Centring::Median => (median(present), median(ranges), 3.145, 3.865),
    };
    let near = 2.0 / 3.0 * width * range;
    Some(Limits {
        centre,
        range,
        lower: centre - width * range,
        upper: centre + width * range,
        near_lower: centre - near,
        near_upper: centre + near,
        range_upper: upper * range,
    })
}

/// What each value of a series is a signal of, against limits; a missing value is none and ends a run.
pub fn signals(values: &[Option<f64>], limits: &Limits) -> Vec<Option<Signal>> {
    let sides: Vec<Option<Side>> = values.iter().map(|value| limits.side((*value)?)).collect();
    let steps: Vec<Option<Side>> = values.windows(2).map(|pair| side(pair[1].as_ref()?, pair[0]?)).collect();
    let mut found: Vec<Option<Signal>> = vec![None; values.len()];
    // The weakest first: what is stronger replaces it.
    for (start, run) in sides.windows(RUN).enumerate() {
        if let Some(side) = all_alike(run) {
            found[start..start + RUN].fill(Some(Signal::Shift(side)));
        }
    }
    for (start, three) in sides.windows(3).enumerate() {
        let Some(side) = all_alike(three) else { continue };
        let beyond: Vec<usize> =
            (start..start + 3).filter(|at| values[*at].is_some_and(|value| limits.is_near(value))).collect();
        if beyond.len() >= 2 {
            beyond.into_iter().for_each(|at| found[at] = Some(Signal::TwoOfThree(side)));
        }
    }
    for (start, run) in steps.windows(RUN - 1).enumerate() {
        if let Some(side) = all_alike(run) {
            found[start..start + RUN].fill(Some(Signal::Trend(side)));
        }
    }
    for (at, value) in values.iter().enumerate() {
        if let Some(value) = value.filter(|value| limits.is_outside(*value)) {
            found[at] = Some(Signal::Outside(if limits.is_above(value) { Side::High } else { Side::Low }));
        }
    }
    found
}

/// The points up to the last one that a signal at the last one is made of; empty without a signal there.
pub fn last_run(values: &[Option<f64>], limits: &Limits, signals: &[Option<Signal>]) -> Range<usize> {
    let end = values.len();
    signals.last().copied().flatten().map_or(end..end, |signal| run_at(values, limits, signal, end - 1))
}

/// The points that a signal at one of them is made of: all neighbours that lie beyond the limit, on the side of the
/// centre or in the direction, even where one of them is a stronger signal too; of two in three from the first to the
/// last that are beyond the near limit. Empty where that point is no such signal.
pub fn run_at(values: &[Option<f64>], limits: &Limits, signal: Signal, at: usize) -> Range<usize> {
    let holds_value = |at: usize, holds: &dyn Fn(f64) -> bool| values[at].is_some_and(holds);
    let while_each = |holds: &dyn Fn(usize) -> bool| {
        if !holds(at) {
            return at..at;
        }
        let start = (0..at).rev().take_while(|at| holds(*at)).last().unwrap_or(at);
        start..(at + 1..values.len()).take_while(|at| holds(*at)).last().unwrap_or(at) + 1
    };
    match signal {
        Signal::Outside(Side::High) => while_each(&|at| holds_value(at, &|value| limits.is_above(value))),
        Signal::Outside(Side::Low) => while_each(&|at| holds_value(at, &|value| limits.is_below(value))),
        Signal::Shift(run) => while_each(&|at| holds_value(at, &|value| limits.side(value) == Some(run))),
        Signal::TwoOfThree(run) => {
            let is_near =
                |at: &usize| holds_value(*at, &|value| limits.is_near(value) && limits.side(value) == Some(run));
            let on_side = |at: usize| holds_value(at, &|value| limits.side(value) == Some(run));
            let threes = (at.saturating_sub(2)..=at).filter(|start| start + 3 <= values.len());
            let of_three = |start: usize| (start..start + 3).filter(is_near).collect::<Vec<usize>>();
            let made = threes.filter(|start| (*start..start + 3).all(on_side)).map(of_three);
            let made: Vec<usize> = made.filter(|near| near.len() >= 2 && near.contains(&at)).flatten().collect();
            made.iter().min().zip(made.iter().max()).map_or(at..at, |(first, last)| *first..last + 1)
        }
        Signal::Trend(run) => {
            let goes_on =
                |to: &usize| values[*to].zip(values[to - 1]).and_then(|(now, before)| side(&now, before)) == Some(run);
            let start = (1..=at).rev().take_while(goes_on).last().map_or(at, |to| to - 1);
            let end = (at + 1..values.len()).take_while(goes_on).last().unwrap_or(at) + 1;
            if end - start > 1 { start..end } else { at..at }
        }
    }
}

fn side(value: &f64, centre: f64) -> Option<Side> {
    match value.partial_cmp(&centre)? {
        std::cmp::Ordering::Greater => Some(Side::High),
        std::cmp::Ordering::Less => Some(Side::Low),
        std::cmp::Ordering::Equal => None,
    }
}

fn all_alike(sides: &[Option<Side>]) -> Option<Side> {
    let first = *sides.first()?;
    first.filter(|_| sides.iter().all(|side| *side == first))
}

/// The mean of at least one value: of equal ones exactly theirs, so that a constant series lies on its centre.
fn mean(values: &[f64]) -> f64 {
    let first = values[0];
    first + values.iter().map(|value| value - first).sum::<f64>() / values.len() as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { f64::midpoint(values[middle - 1], values[middle]) }
}
