//! Numbers for people: rounded once, grouped by threes, with their unit; sparklines.

use crate::number::Number;
use crate::prose::grouped;
use crate::unit::Unit;
use crate::view::{Promised, Quantity};

/// What stands where nothing is.
pub(super) const NOTHING: &str = "—";

/// A number for people, in the parts that are aligned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    /// Sign and digits before the point.
    pub(super) integer: String,
    /// Point and digits after it; may be empty.
    pub(super) fraction: String,
    /// The unit; may be empty.
    pub(super) suffix: String,
}

impl Shown {
    pub(super) fn of(quantity: &Quantity) -> Shown {
        let scaled = match quantity.unit {
            Unit::Percent => quantity.number.times(Number::from(100)).unwrap_or(quantity.number),
            _ => quantity.number,
        };
        let mut digits = grouped(&scaled.rounded(quantity.decimals));
        if quantity.is_difference
            && !digits.starts_with('-')
            && digits.bytes().any(|byte| (b'1'..=b'9').contains(&byte))
        {
            digits.insert(0, '+');
        }
        // A true minus lines up with the plus.
        let digits = digits.replace('-', "−");
        let (integer, fraction) = match digits.split_once('.') {
            Some((integer, fraction)) => (integer.to_owned(), format!(".{fraction}")),
            None => (digits, String::new()),
        };
        let suffix = if quantity.is_difference { quantity.unit.difference_suffix() } else { quantity.unit.suffix() };
        Shown { integer, fraction, suffix: suffix.to_owned() }
    }

    /// The number without its unit.
    pub(super) fn bare(mut self) -> Shown {
        self.suffix.clear();
        self
    }

    /// The number with marks behind its unit.
    pub(super) fn marked(mut self, marks: &str) -> Shown {
        if !self.suffix.is_empty() && !marks.is_empty() {
            self.suffix.push(' ');
        }
        self.suffix.push_str(marks);
        self
    }

    /// The number without its unit, unless that is a sign of one or two characters.
    pub(super) fn short(mut self) -> Shown {
        if self.suffix.chars().count() > 2 {
            self.suffix.clear();
        }
        self
    }
}

/// A quantity on a line of text.
pub(super) fn inline(quantity: &Quantity) -> String {
    let shown = Shown::of(quantity);
    let space = if shown.suffix.is_empty() { "" } else { " " };
    format!("{}{}{space}{}", shown.integer, shown.fraction, shown.suffix)
}

/// A promise on a line of text.
pub(super) fn promised(promised: &Promised) -> String {
    match promised {
        Promised::Level(level) => inline(level),
        Promised::Range(low, high) => {
            let low = Shown::of(low);
            format!("{}{} to {}", low.integer, low.fraction, inline(high))
        }
    }
}

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// One character a value, scaled to their own range; a dot where there is none.
pub(super) fn sparkline(values: &[Option<f64>]) -> String {
    let present = || values.iter().flatten().copied();
    let (low, high) = (present().fold(f64::INFINITY, f64::min), present().fold(f64::NEG_INFINITY, f64::max));
    let bar = |value: &Option<f64>| match value {
        None => '·',
        Some(_) if high == low => BARS[3],
        Some(value) => BARS[(((value - low) / (high - low) * 7.0).round() as usize).min(7)],
    };
    if present().next().is_none() { String::new() } else { values.iter().map(bar).collect() }
}

/// A score with one decimal.
pub(super) fn score(score: f64) -> String {
    Number::approx(score).map_or_else(|| NOTHING.to_owned(), |number| number.rounded(1))
}

/// A plain number with so many decimals.
pub(super) fn decimals(value: f64, decimals: u32) -> String {
    Number::approx(value).map_or_else(|| NOTHING.to_owned(), |number| number.rounded(decimals).replace('-', "−"))
}

/// A number at full precision, digits grouped.
pub(super) fn full(number: Number) -> String {
    grouped(&number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(text: &str, unit: Unit, decimals: u32, is_difference: bool) -> Quantity {
        Quantity { number: Number::Exact(text.parse().expect("a decimal")), unit, decimals, is_difference }
    }

    #[test]
    fn percent_and_percentage_points_are_kept_apart() {
        assert_eq!(inline(&quantity("0.8", Unit::Percent, 1, false)), "80.0 %");
        assert_eq!(inline(&quantity("-0.004", Unit::Percent, 1, true)), "−0.4 pp");
        assert_eq!(inline(&quantity("0.004", Unit::Percent, 1, true)), "+0.4 pp");
        assert_eq!(inline(&quantity("0.00001", Unit::Percent, 1, true)), "0.0 pp");
        assert_eq!(inline(&quantity("1234567.891", Unit::Currency("EUR".into()), 2, false)), "1,234,567.89 EUR");
    }

    #[test]
    fn sparklines_scale_to_their_own_range_and_show_gaps() {
        assert_eq!(sparkline(&[Some(1.0), None, Some(2.0)]), "▁·█");
        assert_eq!(sparkline(&[Some(5.0), Some(5.0)]), "▄▄");
        assert_eq!(sparkline(&[None, None]), "");
    }
}
