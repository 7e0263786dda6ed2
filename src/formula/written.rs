//! Numbers as people and spreadsheets write them: `1.234,5`, `(1,234)`, `12.5 %`, `€ 12.50`, `5-`.
//!
//! Turns a written number into the plain decimal [`parse_cell`](super::parse_cell) reads, or says why it is none. What
//! a text proves of its format, and what it leaves open (`1,005` is two numbers), is [`Proof`]'s. Never guesses.

use super::{CellFault, Scale, parse_cell};
use crate::unit::{CURRENCY_SIGNS, is_currency};

/// How numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberFormat {
    /// Before the fraction.
    pub decimal: DecimalMark,
    /// Between thousands.
    pub groups: Groups,
}

/// The character before the fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalMark {
    /// `12.5`.
    Point,
    /// `12,5`.
    Comma,
}

/// What may stand between thousands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Groups {
    /// Nothing.
    None,
    /// The comma of `1,234.5` or the point of `1.234,5`.
    Mark,
    /// A blank of any width.
    Blank,
    /// An apostrophe, straight or curved.
    Apostrophe,
    /// Any of them: what a format that was found out allows.
    Any,
}

impl NumberFormat {
    /// The machine's way: `1234.5`.
    pub const PLAIN: NumberFormat = NumberFormat { decimal: DecimalMark::Point, groups: Groups::None };

    /// A format found by its decimal mark.
    pub fn found(decimal: DecimalMark) -> NumberFormat {
        NumberFormat { decimal, groups: Groups::Any }
    }

    /// The format of an example: `1,234.5`, `1.234,5`, `1 234,5`, `1'234.5`, `1234.5`, `1234,5`.
    pub fn like(example: &str) -> Option<NumberFormat> {
        let rest = example.trim().strip_prefix('1')?;
        let group = rest.chars().next()?;
        let (groups, rest) = match group {
            '2' => (Groups::None, rest),
            ' ' | '\u{a0}' | '\u{202f}' => (Groups::Blank, &rest[group.len_utf8()..]),
            '\'' | '\u{2019}' => (Groups::Apostrophe, &rest[group.len_utf8()..]),
            ',' | '.' => (Groups::Mark, &rest[1..]),
            _ => return None,
        };
        let fraction = rest.strip_prefix("234")?;
        let decimal = match fraction.chars().next()? {
            '.' if group != '.' => DecimalMark::Point,
            ',' if group != ',' => DecimalMark::Comma,
            _ => return None,
        };
        let digits = &fraction[1..];
        (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then_some(NumberFormat { decimal, groups })
    }

    /// As the scorecard writes it.
    pub fn example(self) -> &'static str {
        match (self.decimal, self.groups) {
            (DecimalMark::Point, Groups::None) => "1234.5",
            (DecimalMark::Point, Groups::Mark | Groups::Any) => "1,234.5",
            (DecimalMark::Point, Groups::Blank) => "1 234.5",
            (DecimalMark::Point, Groups::Apostrophe) => "1'234.5",
            (DecimalMark::Comma, Groups::None) => "1234,5",
            (DecimalMark::Comma, Groups::Mark | Groups::Any) => "1.234,5",
            (DecimalMark::Comma, Groups::Blank) => "1 234,5",
            (DecimalMark::Comma, Groups::Apostrophe) => "1'234,5",
        }
    }

    fn groups_with(self, c: char) -> bool {
        match c {
            ',' => self.decimal == DecimalMark::Point && matches!(self.groups, Groups::Mark | Groups::Any),
            '.' => self.decimal == DecimalMark::Comma && matches!(self.groups, Groups::Mark | Groups::Any),
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' => matches!(self.groups, Groups::Blank | Groups::Any),
            '\'' | '\u{2019}' => matches!(self.groups, Groups::Apostrophe | Groups::Any),
            _ => false,
        }
    }

    fn decimal(self) -> char {
        match self.decimal {
            DecimalMark::Point => '.',
            DecimalMark::Comma => ',',
        }
    }
}

/// A number taken apart: its sign, digits, and what stood around them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrittenNumber<'t> {
    /// Below zero: a sign before or after, or parentheses.
    pub negative: bool,
    /// Digits with their marks, without sign and surroundings.
    pub digits: &'t str,
    /// Whether a percent sign stands beside it.
    pub percent: bool,
    /// The currency beside it: a sign or a code, as written.
    pub currency: Option<&'t str>,
}

impl<'t> WrittenNumber<'t> {
    /// Takes a text apart; `None` where it does not look like a number.
    pub fn parse(text: &'t str) -> Option<WrittenNumber<'t>> {
        let mut number = WrittenNumber { negative: false, digits: trimmed(text), percent: false, currency: None };
        if number.digits.len() > 128 {
            return None;
        }
        let mut signs = 0;
        // Signs, currency and percent sign stand in any order, each at most once.
        loop {
            let rest = number.digits;
            if let Some(inner) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
                (number.negative, number.digits) = (true, trimmed(inner));
                signs += 1;
            } else if let Some(rest) = rest.strip_prefix(MINUS).or_else(|| rest.strip_suffix(MINUS)) {
                (number.negative, number.digits) = (true, trimmed(rest));
                signs += 1;
            } else if let Some(rest) = rest.strip_prefix('+') {
                number.digits = trimmed(rest);
                signs += 1;
            } else if let Some(rest) = rest.strip_suffix('%').filter(|_| !number.percent) {
                (number.percent, number.digits) = (true, trimmed(rest));
            } else if number.currency.is_none()
                && let Some((currency, rest)) = currency_of(rest)
            {
                (number.currency, number.digits) = (Some(currency), trimmed(rest));
            } else {
                break;
            }
            if signs > 1 {
                return None;
            }
        }
        let starts = number.digits.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',');
        (starts && number.digits.bytes().any(|b| b.is_ascii_digit())).then_some(number)
    }

    /// The value in a format, as an integer count of `10^-scale`.
    ///
    /// # Errors
    /// Digits that the format does not allow; what would be rounded or would overflow.
    pub fn value(&self, format: NumberFormat, scale: Scale) -> Result<i128, CellFault> {
        let mut plain = String::with_capacity(self.digits.len() + 4);
        if self.negative {
            plain.push('-');
        }
        self.write_plain(format, &mut plain).ok_or(CellFault::NotANumber)?;
        if self.percent {
            // Two digits to the right, exactly.
            match plain.find(['e', 'E']) {
                Some(_) => return Err(CellFault::NotANumber),
                None => plain.push_str("e-2"),
            }
        }
        parse_cell(&plain, scale)?.ok_or(CellFault::NotANumber)
    }

    fn write_plain(&self, format: NumberFormat, out: &mut String) -> Option<()> {
        let (integer, fraction) = match self.digits.split_once(format.decimal()) {
            Some((integer, fraction)) => (integer, Some(fraction)),
            None => (self.digits, None),
        };
        let mut groups = integer.split(|c| format.groups_with(c));
        let first = groups.next()?;
        let mut several = false;
        let separators: Vec<char> = integer.chars().filter(|c| format.groups_with(*c)).collect();
        // One kind of separator in a number.
        if separators.windows(2).any(|pair| pair[0] != pair[1]) {
            return None;
        }
        out.push_str(first);
        for group in groups {
            if group.len() != 3 || !group.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            several = true;
            out.push_str(group);
        }
        if several
            && (first.is_empty()
                || first.len() > 3
                || !first.bytes().all(|b| b.is_ascii_digit())
                || first.starts_with('0'))
        {
            return None;
        }
        if let Some(fraction) = fraction {
            out.push('.');
            out.push_str(fraction);
        }
        Some(())
    }

    /// What the digits say of the format.
    pub fn proof(&self) -> Proof {
        let digits = self.digits;
        let marks: Vec<(usize, char)> = digits.char_indices().filter(|(_, c)| matches!(c, ',' | '.')).collect();
        let other_groups = digits.contains([' ', '\u{a0}', '\u{202f}', '\u{2009}', '\'', '\u{2019}']);
        let mark = |c: char| if c == '.' { DecimalMark::Point } else { DecimalMark::Comma };
        let opposite = |c: char| if c == '.' { DecimalMark::Comma } else { DecimalMark::Point };
        match marks.as_slice() {
            [] => Proof::Nothing,
            [(at, c)] => {
                let (before, after) = (&digits[..*at], &digits[at + 1..]);
                let groups_three = after.len() == 3 && after.bytes().all(|b| b.is_ascii_digit());
                let leads = (1..=3).contains(&before.len())
                    && before.bytes().all(|b| b.is_ascii_digit())
                    && !before.starts_with('0');
                if groups_three && leads && !other_groups { Proof::Open(mark(*c)) } else { Proof::Decimal(mark(*c)) }
            }
            // Twice the same: it groups. Two kinds: the last is the decimal one.
            [.., (_, a), (_, b)] if a == b => Proof::Decimal(opposite(*b)),
            [.., (_, last)] => Proof::Decimal(mark(*last)),
        }
    }
}

/// What a number proves of the format it is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Nothing: it has neither point nor comma.
    Nothing,
    /// This is the decimal mark.
    Decimal(DecimalMark),
    /// One mark before three digits: it is the decimal mark or stands between thousands.
    Open(DecimalMark),
}

const MINUS: [char; 3] = ['-', '\u{2212}', '\u{2013}'];

fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}'))
}

/// Whether a currency as written beside a number is the one of an ISO 4217 code.
pub fn is_written(currency: &str, code: &str) -> bool {
    match currency {
        "€" => code == "EUR",
        "£" => matches!(code, "GBP" | "EGP" | "GIP" | "FKP" | "SHP" | "LBP" | "SYP" | "SDG" | "SSP"),
        "¥" => matches!(code, "JPY" | "CNY"),
        "₹" => code == "INR",
        "₩" => matches!(code, "KRW" | "KPW"),
        "₺" => code == "TRY",
        "₽" => code == "RUB",
        "₪" => code == "ILS",
        "฿" => code == "THB",
        "₫" => code == "VND",
        "₴" => code == "UAH",
        "₦" => code == "NGN",
        "$" => DOLLARS.contains(&code),
        other => other == code,
    }
}

/// The currencies that are written with a dollar sign.
const DOLLARS: [&str; 31] = [
    "USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "BBD", "BMD", "BND", "BSD", "BZD", "FJD", "GYD", "JMD", "KYD",
    "LRD", "NAD", "SBD", "SRD", "TTD", "XCD", "MXN", "ARS", "CLP", "COP", "UYU", "CUP", "DOP", "TOP", "WST",
];

/// A currency sign or the code of a currency, before or after.
fn currency_of(text: &str) -> Option<(&str, &str)> {
    let sign = |c: char| CURRENCY_SIGNS.contains(&c);
    let first = text.chars().next()?;
    let last = text.chars().next_back()?;
    if sign(first) {
        return Some(text.split_at(first.len_utf8()));
    }
    if sign(last) {
        let (rest, currency) = text.split_at(text.len() - last.len_utf8());
        return Some((currency, rest));
    }
    if text.len() > 3
        && text.is_char_boundary(3)
        && is_currency(&text[..3])
        && !text[3..].starts_with(char::is_alphabetic)
    {
        return Some(text.split_at(3));
    }
    let at = text.len().checked_sub(3).filter(|at| *at > 0 && text.is_char_boundary(*at))?;
    let is_code = is_currency(&text[at..]) && !text[..at].ends_with(char::is_alphabetic);
    is_code.then(|| (&text[at..], &text[..at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: i128 = 1_000_000_000_000_000_000;

    fn read(text: &str, example: &str) -> Option<i128> {
        let format = NumberFormat::like(example).unwrap();
        let value = WrittenNumber::parse(text)?.value(format, Scale::USUAL).ok()?;
        // In thousandths.
        assert_eq!(value % (ONE / 1000), 0);
        Some(value / (ONE / 1000))
    }

    #[test]
    fn every_format_reads_its_own_numbers() {
        for (text, example, thousandths) in [
            ("1,234.5", "1,234.5", 1_234_500),
            ("1234.5", "1,234.5", 1_234_500),
            ("1.234,5", "1.234,5", 1_234_500),
            ("1 234,5", "1 234,5", 1_234_500),
            ("1\u{202f}234\u{202f}567,5", "1 234,5", 1_234_567_500),
            ("1'234.5", "1'234.5", 1_234_500),
            ("1\u{2019}234.5", "1'234.5", 1_234_500),
            ("1,005", "1,234.5", 1_005_000),
            ("1,005", "1234,5", 1_005),
            ("(1,234)", "1,234.5", -1_234_000),
            ("\u{2212}5", "1234.5", -5_000),
            ("5-", "1234.5", -5_000),
            ("-5", "1234.5", -5_000),
            ("€ 12.50", "1234.5", 12_500),
            ("12.50 EUR", "1234.5", 12_500),
            ("-€12.50", "1234.5", -12_500),
            ("(€ 12.50)", "1234.5", -12_500),
            ("USD 1,200", "1,234.5", 1_200_000),
            ("12.5%", "1234.5", 125),
            ("12,5 %", "1234,5", 125),
            ("-12.5 %", "1234.5", -125),
            ("+3", "1234.5", 3_000),
            (".5", "1234.5", 500),
            (",5", "1234,5", 500),
        ] {
            assert_eq!(read(text, example), Some(thousandths), "{text} as {example}");
        }
    }

    #[test]
    fn what_the_format_does_not_allow_is_refused() {
        for (text, example) in [
            ("1,005", "1234.5"),
            ("1,00", "1,234.5"),
            ("1,2345", "1,234.5"),
            ("12,34,567", "1,234.5"),
            ("0,234", "1,234.5"),
            ("1.234.5", "1,234.5"),
            ("1 234'567", "1 234,5"),
            ("--5", "1234.5"),
            ("(-5)", "1234.5"),
            ("5%%", "1234.5"),
            ("$5€", "1234.5"),
            ("NaN", "1234.5"),
            ("inf", "1234.5"),
            ("1e5%", "1234.5"),
            ("12abc", "1234.5"),
            ("-", "1234.5"),
            ("()", "1234.5"),
            ("", "1234.5"),
        ] {
            assert_eq!(read(text, example), None, "{text} as {example}");
        }
    }

    #[test]
    fn a_number_says_what_it_proves() {
        use DecimalMark::{Comma, Point};
        for (text, proof) in [
            ("1234", Proof::Nothing),
            ("1 234", Proof::Nothing),
            ("12.5", Proof::Decimal(Point)),
            ("0.125", Proof::Decimal(Point)),
            ("1234.567", Proof::Decimal(Point)),
            ("1.234", Proof::Open(Point)),
            ("1,005", Proof::Open(Comma)),
            ("12,5", Proof::Decimal(Comma)),
            ("1.234.567", Proof::Decimal(Comma)),
            ("1,234,567", Proof::Decimal(Point)),
            ("1,234.5", Proof::Decimal(Point)),
            ("1.234,567", Proof::Decimal(Comma)),
            ("1 234,567", Proof::Decimal(Comma)),
        ] {
            assert_eq!(WrittenNumber::parse(text).unwrap().proof(), proof, "{text}");
        }
    }

    #[test]
    fn formats_are_told_by_example() {
        for example in ["1234.5", "1,234.5", "1 234.5", "1'234.5", "1234,5", "1.234,5", "1 234,5", "1'234,5"] {
            assert_eq!(NumberFormat::like(example).unwrap().example(), example);
        }
        for example in ["", "1", "1.234.5", "1,234,5", "5.1", "1_234.5", "1,234", "1234"] {
            assert_eq!(NumberFormat::like(example), None, "{example}");
        }
    }
}
