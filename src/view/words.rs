//! Numbers for people: rounded once, grouped by threes, with their unit. The one place that writes them, for sentences of
//! views as for every format.

use super::{Promised, Quantity};
use crate::number::Number;
use crate::prose::grouped;
use crate::unit::Unit;

/// What stands where nothing is.
pub(crate) const NOTHING: &str = "—";

/// A number for people, in the parts that are aligned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Sign and digits before the point.
    pub(crate) integer: String,
    /// Point and digits after it; may be empty.
    pub(crate) fraction: String,
    /// The unit; may be empty.
    pub(crate) suffix: String,
}

impl Shown {
    pub(crate) fn of(quantity: &Quantity) -> Shown {
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

    /// The number with a comma for its decimal sign, and points between its groups of three.
    pub(crate) fn with_comma(mut self) -> Shown {
        self.integer = self.integer.replace(',', ".");
        self.fraction = self.fraction.replace('.', ",");
        self
    }

    /// The number without its unit.
    pub(crate) fn bare(mut self) -> Shown {
        self.suffix.clear();
        self
    }

    /// The number with marks behind its unit.
    pub(crate) fn marked(mut self, marks: &str) -> Shown {
        if !self.suffix.is_empty() && !marks.is_empty() {
            self.suffix.push(' ');
        }
        self.suffix.push_str(marks);
        self
    }

    /// The number without its unit, unless that is a sign of one or two characters.
    pub(crate) fn short(mut self) -> Shown {
        if self.suffix.chars().count() > 2 {
            self.suffix.clear();
        }
        self
    }
}

/// A quantity on a line of text.
pub(crate) fn inline(quantity: &Quantity) -> String {
    written(&Shown::of(quantity))
}

/// A quantity before another one of its unit: a unit that is a word is told once.
pub(crate) fn short(quantity: &Quantity) -> String {
    written(&Shown::of(quantity).short())
}

/// A value beside what was promised for it.
pub(crate) fn against(actual: &Quantity, target: &Promised) -> String {
    format!("{} against {}", short(actual), promised(target))
}

/// A number with its unit on a line of text.
pub(crate) fn written(shown: &Shown) -> String {
    let space = if shown.suffix.is_empty() { "" } else { " " };
    format!("{}{}{space}{}", shown.integer, shown.fraction, shown.suffix)
}

/// A promise on a line of text.
pub(crate) fn promised(promised: &Promised) -> String {
    match promised {
        Promised::Level(level) => inline(level),
        Promised::Range(low, high) => range(Shown::of(low), &Shown::of(high)),
    }
}

/// From one number to another, the unit told once.
pub(crate) fn range(low: Shown, high: &Shown) -> String {
    format!("{} to {}", written(&low.bare()), written(high))
}

/// A score with one decimal.
pub(crate) fn score(score: f64) -> String {
    Number::approx(score).map_or_else(|| NOTHING.to_owned(), |number| number.rounded(1))
}

/// A plain number with so many decimals.
pub(crate) fn decimals(value: f64, decimals: u32) -> String {
    Number::approx(value).map_or_else(|| NOTHING.to_owned(), |number| number.rounded(decimals).replace('-', "−"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(text: &str, unit: Unit, decimals: u32, is_difference: bool) -> Quantity {
        Quantity { number: Number::Exact(text.parse().expect("a decimal")), unit, decimals, is_difference }
    }

    #[test]
    fn a_number_in_a_sentence_is_the_number_shown() {
        let of = |number, unit, decimals| quantity(number, unit, decimals, false);
        assert_eq!(inline(&of("0.01779", Unit::Percent, 2)), "1.78 %");
        assert_eq!(inline(&of("-1234567.5", Unit::Count, 0)), "−1,234,568");
        let range = Promised::Range(of("1", Unit::Days, 1), of("2.5", Unit::Days, 1));
        assert_eq!(promised(&range), "1.0 to 2.5 d");
        let level = |number, unit| Promised::Level(of(number, unit, 0));
        let euro = || Unit::Currency("EUR".into());
        assert_eq!(against(&of("535", euro(), 0), &level("640", euro())), "535 against 640 EUR");
        assert_eq!(against(&of("0.5", Unit::Percent, 0), &level("1", Unit::Percent)), "50 % against 100 %");
    }

    #[test]
    fn percent_and_percentage_points_are_kept_apart() {
        assert_eq!(inline(&quantity("0.8", Unit::Percent, 1, false)), "80.0 %");
        assert_eq!(inline(&quantity("-0.004", Unit::Percent, 1, true)), "−0.4 pp");
        assert_eq!(inline(&quantity("0.004", Unit::Percent, 1, true)), "+0.4 pp");
        assert_eq!(inline(&quantity("0.00001", Unit::Percent, 1, true)), "0.0 pp");
        assert_eq!(inline(&quantity("1234567.891", Unit::Currency("EUR".into()), 2, false)), "1,234,567.89 EUR");
    }
}
