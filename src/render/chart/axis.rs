//! Axes: the ticks of a scale of values with just the digits that they need, the periods that are named below a plot.
//!
//! Knows numbers, names of periods and widths; draws nothing.

use std::collections::BTreeSet;

use plotters::coord::ranged1d::Ranged;
use plotters::coord::types::RangedCoordf64;

use super::letters::Letters;
use super::scene::Weight;
use crate::period::Grain;
use crate::prose::grouped;
use crate::unit::Unit;

/// A range smaller than this share of its numbers is no range: doubles have no more digits to tell them apart by.
const LEAST_RANGE: f64 = 1e-11;

/// A scale of values with its ticks.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ValueAxis {
    /// The least value.
    pub(super) low: f64,
    /// The largest, above the least.
    pub(super) high: f64,
    /// Values with what is written beside them, rising.
    pub(super) ticks: Vec<(f64, String)>,
    /// Of what the ticks are, said once.
    pub(super) unit: String,
    /// The power of a thousand that they are written in, where there is one.
    pub(super) power: Option<&'static str>,
    /// What values are multiplied by before they are written.
    factor: f64,
    /// Decimals of the ticks.
    decimals: usize,
}

impl ValueAxis {
    /// An axis that holds every value, with at most so many ticks; `None` without a value.
    pub(super) fn of(values: impl IntoIterator<Item = f64>, unit: &Unit, most: usize) -> Option<ValueAxis> {
        let values: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
        let (low, high) = widened(values.iter().copied().reduce(f64::min)?, values.iter().copied().reduce(f64::max)?);
        let factor = if *unit == Unit::Percent { 100.0 } else { 1.0 };
        let (ticks, step) = ticks(low * factor, high * factor, most.max(2));
        let largest = ticks.iter().fold(0.0_f64, |largest, tick| largest.max(tick.abs()));
        let (scale, word) = magnitude(largest, step);
        let decimals = decimals(step / scale);
        let unit = match (unit, word) {
            (Unit::Percent, None) => "%".to_owned(),
            (Unit::Percent, Some(word)) => format!("{word} %"),
            (Unit::Count, Some(word)) => word.to_owned(),
            (unit, Some(word)) => format!("{word} {unit}"),
            (unit, None) => unit.to_string(),
        };
        let ticks = ticks.into_iter().map(|tick| (tick / factor, written(tick / scale, decimals))).collect();
        Some(ValueAxis { low, high, ticks, unit, power: word, factor: factor / scale, decimals })
    }

    /// A value as short as the ticks, with one digit more, in the axis's unit.
    pub(super) fn written(&self, value: f64) -> String {
        written(value * self.factor, self.decimals + 1)
    }

    /// Where a value lies, from 0 at the least to 1 at the largest.
    pub(super) fn share(&self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }
}

fn written(number: f64, decimals: usize) -> String {
    let text = format!("{number:.decimals$}");
    // A rounded -0.0 reads as a sign that is not there.
    let is_zero = !text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
    grouped(if is_zero { text.trim_start_matches('-') } else { &text }).replace('-', "−")
}

/// A range that is one: around a single value a tenth of it on both sides, around 0 a half.
fn widened(low: f64, high: f64) -> (f64, f64) {
    let size = low.abs().max(high.abs());
    if high - low > size * LEAST_RANGE && high > low {
        return (low, high);
    }
    let around = if size > 0.0 { size * 0.1 } else { 0.5 };
    (low - around, high + around)
}

/// Round values between two, and the step from one to the next.
fn ticks(low: f64, high: f64, most: usize) -> (Vec<f64>, f64) {
    // plotters compares with absolute bounds, so it is asked for a range near 1.
    let size = 10f64.powi((high - low).log10().floor() as i32);
    let (from, to) = (low / size, high / size);
    let found = RangedCoordf64::from(from..to).key_points(most);
    let step = match found.as_slice() {
        [first, second, ..] => second - first,
        _ => 1.0,
    };
    // As whole steps: a sum of steps would carry its errors on.
    let whole: BTreeSet<i64> = found.iter().map(|tick| (tick / step).round() as i64).collect();
    let step = rounded(step) * size;
    let inside = |tick: &f64| (low - step * 1e-6..=high + step * 1e-6).contains(tick);
    (whole.into_iter().map(|count| count as f64 * step).filter(inside).collect(), step)
}

/// A step near 1 as 1, 2 or 5 times a power of ten.
fn rounded(step: f64) -> f64 {
    let power = 10f64.powi((step.log10() + 1e-9).floor() as i32);
    let lead = (step / power).round().clamp(1.0, 10.0);
    lead * power
}

/// By which power of a thousand ticks are divided so that they stay short, and its word.
fn magnitude(largest: f64, step: f64) -> (f64, Option<&'static str>) {
    let powers = [(1e12, "trillion"), (1e9, "billion"), (1e6, "million")];
    let fits = |power: f64| largest >= power && step * 1000.0 >= power * 0.999;
    powers.into_iter().find(|(power, _)| fits(*power)).map_or((1.0, None), |(power, word)| (power, Some(word)))
}

/// The fewest decimals that tell ticks a step apart from one another.
fn decimals(step: f64) -> usize {
    (-(step.log10() + 1e-9).floor()).clamp(0.0, 18.0) as usize
}

/// A period named below a plot.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PeriodLabel {
    /// Its position.
    pub(super) index: usize,
    /// Its name without its year.
    pub(super) short: String,
    /// Its year, where it is another than that of the label before.
    pub(super) year: Option<String>,
    /// The middle of it.
    pub(super) centre: f64,
    /// How wide it is.
    pub(super) width: f64,
}

/// Between two labels.
const GAP: f64 = 10.0;

/// As many names of periods as fit between two edges without touching, the last always, the first where both fit.
pub(super) fn periods(
    names: &[String],
    grain: Grain,
    place: &dyn Fn(usize) -> f64,
    letters: &Letters,
    (size, left, right): (f64, f64, f64),
) -> Vec<PeriodLabel> {
    let label = |index: usize, before: Option<usize>| {
        let (short, year) = parts(&names[index], grain);
        let known = before.and_then(|before| parts(&names[before], grain).1);
        let year = year.filter(|year| known.as_ref() != Some(year));
        let wide = |text: &str| letters.width(text, size, Weight::Regular);
        let width = wide(&short).max(year.as_deref().map_or(0.0, wide));
        let half = width / 2.0;
        let centre = place(index).min(right - half).max(left + half);
        PeriodLabel { index, short, year, centre, width }
    };
    let labels = |indices: &[usize]| -> Vec<PeriodLabel> {
        let before = |at: usize| at.checked_sub(1).map(|before| indices[before]);
        indices.iter().enumerate().map(|(at, index)| label(*index, before(at))).collect()
    };
    for stride in strides(grain).take_while(|stride| *stride < names.len().max(2) * 2) {
        let mut indices: Vec<usize> = (0..names.len()).rev().step_by(stride).collect();
        indices.reverse();
        if indices.first() != Some(&0) && !indices.is_empty() {
            indices.insert(0, 0);
            // The first is always named, so that its neighbour may have to go.
            let near = labels(&indices);
            if indices.len() > 2 && touch(&near[0], &near[1]) {
                indices.remove(1);
            }
        }
        let found = labels(&indices);
        if found.windows(2).all(|pair| !touch(&pair[0], &pair[1])) {
            return found;
        }
    }
    names.len().checked_sub(1).map(|last| labels(&[last])).unwrap_or_default()
}

fn touch(before: &PeriodLabel, after: &PeriodLabel) -> bool {
    before.centre + before.width / 2.0 + GAP > after.centre - after.width / 2.0
}

/// Every how many periods one is named: as calendars are divided.
fn strides(grain: Grain) -> impl Iterator<Item = usize> {
    let first: &[usize] = match grain {
        Grain::Day => &[1, 2, 7, 14, 28, 56],
        Grain::Week => &[1, 2, 4, 13, 26, 52],
        Grain::Month => &[1, 2, 3, 6, 12, 24, 60],
        Grain::Quarter => &[1, 2, 4, 8, 20],
        Grain::Year => &[1, 2, 5, 10],
    };
    let last = first.last().copied().unwrap_or(1);
    first.iter().copied().chain((1..20).map(move |power| last << power))
}

/// A period's name as people say it beside its neighbours, and its year.
fn parts(name: &str, grain: Grain) -> (String, Option<String>) {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let Some((year, rest)) = name.split_once('-') else { return (name.to_owned(), None) };
    let month = |text: &str| text.parse::<usize>().ok().and_then(|month| MONTHS.get(month.checked_sub(1)?).copied());
    let short = match (grain, rest.split_once('-')) {
        (Grain::Month, _) => month(rest).map(str::to_owned),
        (Grain::Day, Some((of, day))) => month(of).map(|month| format!("{} {month}", day.trim_start_matches('0'))),
        _ => None,
    };
    (short.unwrap_or_else(|| rest.to_owned()), Some(year.to_owned()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(values: &[f64], unit: &Unit) -> Vec<String> {
        let axis = ValueAxis::of(values.iter().copied(), unit, 6).unwrap();
        axis.ticks.into_iter().map(|(_, text)| text).chain([axis.unit]).collect()
    }

    #[test]
    fn ticks_have_just_the_digits_of_their_step() {
        assert_eq!(written(&[0.011, 0.0193], &Unit::Percent), ["1.2", "1.4", "1.6", "1.8", "%"]);
        assert_eq!(written(&[0.0, 10.0], &Unit::Count), ["0", "2", "4", "6", "8", "10", "count"]);
        assert_eq!(written(&[-3.0, 2.0], &Unit::Days), ["−3", "−2", "−1", "0", "1", "2", "days"]);
        assert_eq!(written(&[1e-6, 3e-6], &Unit::Ratio).first().unwrap(), "0.0000010");
        assert_eq!(
            written(&[0.0, 1e12], &Unit::Currency("EUR".into())),
            ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0", "trillion EUR"]
        );
        // A small range far from 0 keeps every digit it needs.
        assert_eq!(written(&[1e9, 1e9 + 4.0], &Unit::Count)[1], "1,000,000,001");
        assert_eq!(written(&[4.0, 4.0], &Unit::Count), ["3.6", "3.8", "4.0", "4.2", "4.4", "count"]);
        assert_eq!(written(&[0.0], &Unit::Count), ["−0.4", "−0.2", "0.0", "0.2", "0.4", "count"]);
        assert_eq!(ValueAxis::of([f64::NAN], &Unit::Count, 5), None);
    }

    proptest! {
        #[test]
        fn ticks_differ_lie_inside_and_say_their_value(
            low in -1.0..1.0f64, size in 0.0..1.0f64, power in -6..=12i32, most in 2..9usize,
        ) {
            let scale = 10f64.powi(power);
            let axis = ValueAxis::of([low * scale, (low + size) * scale], &Unit::Score, most).unwrap();
            prop_assert!(axis.ticks.len() <= most.max(2) && !axis.ticks.is_empty(), "{axis:?}");
            let texts: BTreeSet<&String> = axis.ticks.iter().map(|(_, text)| text).collect();
            prop_assert_eq!(texts.len(), axis.ticks.len());
            let step = axis.ticks.get(1).map_or(axis.high - axis.low, |(value, _)| value - axis.ticks[0].0);
            let scale = match axis.unit.split(' ').next() {
                Some("trillion") => 1e12,
                Some("billion") => 1e9,
                Some("million") => 1e6,
                _ => 1.0,
            };
            for (value, text) in &axis.ticks {
                let read: f64 = text.replace(',', "").replace('−', "-").parse().unwrap();
                prop_assert!((read * scale - value).abs() <= step * 1e-3, "{value} is written {text}");
                prop_assert!((-1e-5..=1.0 + 1e-5).contains(&axis.share(*value)));
            }
        }

        #[test]
        fn names_of_periods_never_touch(count in 1..260usize, width in 120.0..1500.0f64, coarse in 0..3usize) {
            let letters = Letters::new(None).unwrap();
            let grain = [Grain::Month, Grain::Quarter, Grain::Year][coarse];
            let name = |index: usize| match grain {
                Grain::Month => format!("{}-{:02}", 2000 + index / 12, index % 12 + 1),
                Grain::Quarter => format!("FY{}-Q{}", 2000 + index / 4, index % 4 + 1),
                _ => format!("{}", 1700 + index),
            };
            let names: Vec<String> = (0..count).map(name).collect();
            let step = width / count as f64;
            let found = periods(&names, grain, &|index| (index as f64 + 0.5) * step, &letters, (12.0, 0.0, width));
            prop_assert_eq!(found.last().unwrap().index, count - 1);
            prop_assert_eq!(found[0].index, 0);
            for pair in found.windows(2) {
                prop_assert!(!touch(&pair[0], &pair[1]), "{pair:?}");
            }
            for label in &found {
                let (left, right) = (label.centre - label.width / 2.0, label.centre + label.width / 2.0);
                prop_assert!(left > -1e-6 && right < width + 1e-6);
            }
        }
    }

    #[test]
    fn years_are_told_where_they_change() {
        let letters = Letters::new(None).unwrap();
        let names: Vec<String> = ["2025-11", "2025-12", "2026-01", "2026-02"].map(str::to_owned).to_vec();
        let found = periods(&names, Grain::Month, &|index| index as f64 * 100.0, &letters, (12.0, -50.0, 350.0));
        let said: Vec<(&str, Option<&str>)> =
            found.iter().map(|label| (label.short.as_str(), label.year.as_deref())).collect();
        assert_eq!(said, [("Nov", Some("2025")), ("Dec", None), ("Jan", Some("2026")), ("Feb", None)]);
        assert_eq!(parts("2026-10-05", Grain::Day), ("5 Oct".to_owned(), Some("2026".to_owned())));
        assert_eq!(parts("FY2026-Q1", Grain::Quarter), ("Q1".to_owned(), Some("FY2026".to_owned())));
        assert_eq!(parts("FY2026", Grain::Year), ("FY2026".to_owned(), None));
    }
}
