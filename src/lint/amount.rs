//! Numbers in findings: rounded as the metric is shown, percent as percent, with the unit behind.
//!
//! Reports are formatted by `render`; a finding is a sentence, and its numbers stand inside it.

use rust_decimal::Decimal;

use crate::evaluate::Promise;
use crate::metric::{Bar, Metric};
use crate::number::Number;
use crate::period::{Calendar, Period};
use crate::prose::grouped;
use crate::unit::Unit;

/// How many decimals are added, at most, to tell two numbers apart, or one from 0.
const FINER: u32 = 6;

/// A number of a metric; what is not 0 does not read as 0.
pub(super) fn amount(metric: &Metric, number: Number) -> String {
    let usual = metric.shown_decimals();
    let zero = |decimals| written(metric, Number::ZERO, decimals);
    let mut finer = (usual..=usual + FINER).map(|decimals| (decimals, written(metric, number, decimals)));
    let told = finer.find(|(decimals, text)| number.is_zero() || *text != zero(*decimals));
    told.map_or_else(|| written(metric, number, usual), |(_, text)| text)
}

/// Two numbers of a metric, with as many decimals as it takes to see that they differ.
pub(super) fn amounts(metric: &Metric, a: Number, b: Number) -> (String, String) {
    let usual = metric.shown_decimals();
    let at = |decimals| (written(metric, a, decimals), written(metric, b, decimals));
    let told = (usual..=usual + FINER).map(at).find(|(a, b)| a != b);
    told.unwrap_or_else(|| at(usual))
}

/// A target or threshold of a metric.
pub(super) fn promise(metric: &Metric, promise: Promise) -> String {
    match promise {
        Promise::Level(level) => amount(metric, level),
        Promise::Range(low, high) => format!("{} to {}", amount(metric, low), amount(metric, high)),
    }
}

/// A number as the scorecard would hold it, a percentage as a fraction, with no more decimals than the metric is shown
/// with, or than it takes for `is_told` to see what it must.
pub(super) fn literal(metric: &Metric, number: Number, is_told: impl Fn(Number) -> bool) -> Option<String> {
    let usual = metric.shown_decimals() + if metric.unit == Some(Unit::Percent) { 2 } else { 0 };
    let digits = |decimals| {
        let text = number.rounded(decimals);
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    };
    let is_kept = |text: &String| text.parse().is_ok_and(|decimal: Decimal| is_told(Number::Exact(decimal)));
    (usual..=usual + FINER).map(digits).find(is_kept)
}

/// A bar as the scorecard would hold it, exactly.
pub(super) fn bar(bar: Bar) -> String {
    match bar {
        Bar::Level(level) => level.normalize().to_string(),
        Bar::Range(low, high) => format!("{{ low = {}, high = {} }}", low.normalize(), high.normalize()),
    }
}

/// A period as a key of the scorecard that dates what holds from then on.
pub(super) fn from_when(calendar: &Calendar, period: Period) -> String {
    let name = calendar.name(period);
    // A fiscal period may have a name of its own; its first day begins it too.
    let is_key = Period::parse(&name).is_some_and(|read| read.first() == period.first());
    if is_key { name } else { period.first().to_string() }
}

fn written(metric: &Metric, number: Number, decimals: u32) -> String {
    let unit = metric.unit.as_ref();
    let scaled = match unit {
        Some(Unit::Percent) => number.times(Number::from(100)).unwrap_or(number),
        _ => number,
    };
    let digits = grouped(&scaled.rounded(decimals));
    match unit.map_or("", Unit::suffix) {
        "" => digits,
        suffix => format!("{digits} {suffix}"),
    }
}
