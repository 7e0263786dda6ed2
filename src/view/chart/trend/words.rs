//! Numbers inside sentences of a heading, in the digits that the picture shows.

use crate::number::Number;
use crate::prose;
use crate::unit::Unit;
use crate::view::{Promised, Quantity};

/// A quantity with its unit.
pub(super) fn quantity(quantity: &Quantity) -> String {
    let suffix = quantity.unit.suffix();
    let space = if suffix.is_empty() { "" } else { " " };
    format!("{}{space}{suffix}", digits(quantity))
}

/// A promise with its unit, told once.
pub(super) fn promised(promised: &Promised) -> String {
    match promised {
        Promised::Level(level) => quantity(level),
        Promised::Range(low, high) => format!("{} to {}", digits(low), quantity(high)),
    }
}

/// A value beside what was promised for it.
pub(super) fn against(actual: &Quantity, target: &Promised) -> String {
    format!("{} against {}", short(actual), promised(target))
}

/// A quantity before another one of its unit: a unit that is a word is told once.
pub(super) fn short(actual: &Quantity) -> String {
    if actual.unit.suffix().chars().count() <= 2 { quantity(actual) } else { digits(actual) }
}

fn digits(quantity: &Quantity) -> String {
    let number = match quantity.unit {
        Unit::Percent => quantity.number.times(Number::from(100)).unwrap_or(quantity.number),
        _ => quantity.number,
    };
    prose::grouped(&number.rounded(quantity.decimals)).replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_a_sentence_is_the_number_shown() {
        let of = |number: &str, unit, decimals| {
            let number = Number::Exact(number.parse().unwrap());
            Quantity { number, unit, decimals, is_difference: false }
        };
        assert_eq!(quantity(&of("0.01779", Unit::Percent, 2)), "1.78 %");
        assert_eq!(quantity(&of("-1234567.5", Unit::Count, 0)), "−1,234,568");
        let range = Promised::Range(of("1", Unit::Days, 1), of("2.5", Unit::Days, 1));
        assert_eq!(promised(&range), "1.0 to 2.5 d");
        let level = |number, unit| Promised::Level(of(number, unit, 0));
        let euro = || Unit::Currency("EUR".into());
        assert_eq!(against(&of("535", euro(), 0), &level("640", euro())), "535 against 640 EUR");
        assert_eq!(against(&of("0.5", Unit::Percent, 0), &level("1", Unit::Percent)), "50 % against 100 %");
    }
}
