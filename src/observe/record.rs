//! One record of a file and its fields: what every form of file comes down to before it is understood.
//!
//! A file that holds numbers as binary doubles holds 0.1 + 0.2 as 0.30000000000000004: the last digits are the
//! arithmetic's, not the sender's. Such a number is read as spreadsheets show and compare it: with 15 significant digits,
//! and with 18 decimals at most; what is nearer to 0 than 10^-15, as is what is left of 0.1 + 0.2 - 0.3, is 0. Whole
//! numbers are read as they are.

use std::borrow::Cow;

/// One field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Field<'f> {
    /// Without quotes, as the file has it.
    pub(super) text: Cow<'f, str>,
    /// Whether the file itself says what it is: then its text is plain, whatever the format of written numbers.
    pub(super) kind: Kind,
}

/// What a file says of a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text: what it means is to be found out.
    #[default]
    Written,
    /// A number or a date.
    Typed,
    /// A number shown as a percentage; its text is the fraction.
    Percent,
    /// A number shown with a percent sign that is only written beside it; its text is the percentage.
    Hundredths,
    /// A number shown in a currency, which its text leaves out.
    Money(Currency),
}

/// The sign or code of a currency, as a file shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Currency([u8; Currency::LONGEST]);

impl Currency {
    const LONGEST: usize = 8;

    /// A sign or code; what is longer than any is cut.
    pub(super) fn of(written: &str) -> Currency {
        let mut bytes = [0; Currency::LONGEST];
        let end = (0..=written.len().min(Currency::LONGEST)).rev().find(|at| written.is_char_boundary(*at));
        let kept = &written.as_bytes()[..end.unwrap_or(0)];
        bytes[..kept.len()].copy_from_slice(kept);
        Currency(bytes)
    }

    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default().trim_end_matches('\0')
    }
}

/// A record whose fields own their texts.
#[derive(Clone, Debug, Default)]
pub(super) struct TableRow {
    /// Its number in the file, from 1.
    pub(super) number: u64,
    pub(super) fields: Vec<Field<'static>>,
}

impl Field<'static> {
    pub(super) fn owned(text: impl Into<String>, kind: Kind) -> Field<'static> {
        Field { text: Cow::Owned(text.into()), kind }
    }
}

/// Nearer to 0 there is no number, only what is left of others.
const NOTHING: f64 = 1e-15;

/// A double as the decimal that was meant: 15 significant digits, at most 18 decimals; a whole number as it is.
pub(super) fn decimal(value: f64) -> String {
    if !value.is_finite() || value.fract() == 0.0 {
        return value.to_string();
    }
    if value.abs() < NOTHING {
        return "0".to_owned();
    }
    let scientific = format!("{value:.14e}");
    let exponent = scientific.split_once('e').and_then(|(_, exponent)| exponent.parse::<i64>().ok()).unwrap_or(0);
    shortened(&format!("{value:.*}", usize::try_from((14 - exponent).clamp(0, 18)).unwrap_or(0)))
}

/// The same of a double of half the size, whose shortest decimal has at most nine digits.
pub(super) fn short_decimal(value: f32) -> String {
    if value.is_finite() && f64::from(value.abs()) < NOTHING {
        return "0".to_owned();
    }
    let shortest = value.to_string();
    match shortest.split_once('.') {
        Some((_, fraction)) if fraction.len() > 18 => shortened(&format!("{value:.18}")),
        _ => shortest,
    }
}

/// A decimal without the noughts at its end.
fn shortened(text: &str) -> String {
    if !text.contains('.') {
        return text.to_owned();
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl TableRow {
    /// The row as a line for people, and where in it a field stands.
    pub(super) fn line(&self, field: Option<usize>) -> (String, std::ops::Range<usize>) {
        let (mut line, mut span) = (String::new(), None);
        for (index, cell) in self.fields.iter().enumerate() {
            if index > 0 {
                line.push_str(" | ");
            }
            let start = line.len();
            line.push_str(&cell.text);
            match &cell.kind {
                Kind::Written | Kind::Typed | Kind::Percent => {}
                Kind::Hundredths => line.push_str(" %"),
                Kind::Money(currency) => line.extend([" ", currency.as_str()]),
            }
            if field == Some(index) {
                span = Some(start..line.len());
            }
        }
        let whole = 0..line.len();
        (line, span.unwrap_or(whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_double_is_the_decimal_that_was_meant() {
        for (value, text) in [
            (0.1 + 0.2, "0.3"),
            (0.1 + 0.2 - 0.3, "0"),
            (2.5e-15, "0.0000000000000025"),
            (1234.56, "1234.56"),
            (-0.06, "-0.06"),
            (1.0 - 0.9, "0.1"),
            (100.0 * 1.1, "110"),
            (2.675, "2.675"),
            (1.0 / 3.0, "0.333333333333333"),
            (1.0 / 81.0, "0.0123456790123457"),
            (2.5e-10, "0.00000000025"),
            (1e-30, "0"),
            (-1e-30, "0"),
            // Whole numbers are kept to the last digit: they may be no amounts.
            (1_234_567_890_123_456.0, "1234567890123456"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (1e22, "10000000000000000000000"),
            (999_999_999_999_999.9, "1000000000000000"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(decimal(value), text);
        }
        for (value, text) in [(0.1, "0.1"), (1234.56, "1234.56"), (16_777_216.0, "16777216"), (1e-30, "0")] {
            assert_eq!(short_decimal(value), text);
        }
    }

    #[test]
    fn a_line_shows_what_stands_beside_a_number() {
        let field = |text: &str, kind| Field::owned(text, kind);
        let money = Kind::Money(Currency::of("USD"));
        let row = TableRow { number: 2, fields: vec![field("12.5", money), field("0.9", Kind::Hundredths)] };
        assert_eq!(row.line(Some(0)), ("12.5 USD | 0.9 %".to_owned(), 0..8));
        assert_eq!(Currency::of("\u{20ac}\u{20ac}\u{20ac}").as_str(), "\u{20ac}\u{20ac}");
    }
}
