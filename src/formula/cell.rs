//! Reading a number from a cell: exactly, or not at all.
//!
//! The one reader of numbers: the fast way through polars and the careful way that finds the place of
//! an error both call it, so that they cannot disagree.

use std::fmt;

/// How many decimals fixed-point values keep; a power of ten over which every sum is an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scale(u32);

impl Scale {
    /// Enough for money, rates and what a double prints in ordinary sizes; leaves 20 digits before the point.
    pub const USUAL: Scale = Scale(18);
    /// For files with longer fractions; leaves 11 digits before the point.
    pub const FINE: Scale = Scale(27);

    /// The number of decimals.
    pub fn decimals(self) -> u32 {
        self.0
    }

    /// The smallest scale of at least these decimals, and no smaller than this one; `None` where 128 bits hold no 1 at it.
    pub fn holding(self, decimals: u32) -> Option<Scale> {
        let scale = Scale(self.0.max(decimals));
        (scale.0 < POWERS.len() as u32).then_some(scale)
    }
}

/// Why a cell is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CellFault {
    /// Not a plain decimal number.
    NotANumber,
    /// More decimals than the scale keeps.
    TooFine,
    /// More digits than a sum could hold.
    TooLarge,
    /// Compared with a date, and no date as ISO writes it.
    NotADate,
    /// Another currency than the source's.
    OtherCurrency,
    /// A percent sign in a column whose declared scale is not that of percentages.
    SignBesideScale,
    /// In a file whose number format is not known yet: a lone point before three digits.
    Ambiguous,
    /// Beyond 1 where a share is meant, without a percent sign or a declared scale.
    BeyondOne,
}

impl fmt::Display for CellFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CellFault::NotANumber => "not a number",
            CellFault::TooFine => "more than 27 decimals",
            CellFault::TooLarge => "too large to be summed exactly",
            CellFault::NotADate => "no date as ISO writes it",
            CellFault::OtherCurrency => "in another currency",
            CellFault::SignBesideScale => "written with a percent sign, and `scale` says otherwise",
            CellFault::Ambiguous => "two numbers, depending on the format",
            CellFault::BeyondOne => "beyond 1, and no share",
        })
    }
}

/// Reads `12`, `-3.50`, `+.5`, `1.2e-3` as an integer count of `10^-scale`; blank is missing.
///
/// # Errors
/// Anything else, and what would have to be rounded or would overflow.
pub fn parse_cell(text: &str, scale: Scale) -> Result<Option<i128>, CellFault> {
    let bytes = text.trim_ascii().as_bytes();
    let Some(first) = bytes.first() else { return Ok(None) };
    let (negative, unsigned) = match first {
        b'-' => (true, &bytes[1..]),
        b'+' => (false, &bytes[1..]),
        _ => (false, bytes),
    };
    // Up to 18 characters cannot overflow 64 bits: the way nearly every cell goes.
    let value = match short_decimal(unsigned, scale) {
        Some(value) => value,
        None => long_decimal(unsigned, scale)?,
    };
    Ok(Some(if negative { -value } else { value }))
}

const POWERS: [i128; 39] = {
    let mut powers = [1i128; 39];
    let mut exponent = 1;
    while exponent < 39 {
        powers[exponent] = powers[exponent - 1] * 10;
        exponent += 1;
    }
    powers
};

fn short_decimal(bytes: &[u8], scale: Scale) -> Option<i128> {
    if bytes.is_empty() || bytes.len() > 18 {
        return None;
    }
    let mut value = 0u64;
    let mut point = None;
    for (index, byte) in bytes.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            value = value * 10 + u64::from(digit);
        } else if *byte == b'.' && point.is_none() && bytes.len() > 1 {
            point = Some(index);
        } else {
            return None;
        }
    }
    let decimals = point.map_or(0, |point| bytes.len() - point - 1);
    let power = POWERS[(scale.0 as usize).checked_sub(decimals)?];
    match u64::try_from(power) {
        // 64 by 64 bits cannot leave 128, and is one instruction.
        Ok(power) if value <= i64::MAX as u64 => Some((u128::from(value) * u128::from(power)) as i128),
        _ => i128::from(value).checked_mul(power),
    }
}

/// Exponents, long fractions and large numbers.
fn long_decimal(bytes: &[u8], scale: Scale) -> Result<i128, CellFault> {
    let (mantissa, exponent) = match bytes.iter().position(|byte| matches!(byte, b'e' | b'E')) {
        None => (bytes, 0),
        Some(at) => (&bytes[..at], parse_exponent(&bytes[at + 1..]).ok_or(CellFault::NotANumber)?),
    };
    let point = mantissa.iter().position(|byte| *byte == b'.').unwrap_or(mantissa.len());
    let integer = &mantissa[..point];
    let fraction = mantissa.get(point + 1..).unwrap_or_default();
    let digits = || integer.iter().chain(fraction);
    if digits().count() == 0 || !digits().all(u8::is_ascii_digit) {
        return Err(CellFault::NotANumber);
    }
    let trailing_zeros = digits().rev().take_while(|digit| **digit == b'0').count();
    let kept = integer.len() + fraction.len() - trailing_zeros;
    let value = digits()
        .take(kept)
        .try_fold(0i128, |value, digit| value.checked_mul(10)?.checked_add(i128::from(digit - b'0')))
        .ok_or(CellFault::TooLarge)?;
    if value == 0 {
        return Ok(0);
    }
    let decimals = fraction.len() as i64 - trailing_zeros as i64 - exponent;
    let shift = i64::from(scale.0) - decimals;
    match usize::try_from(shift) {
        Err(_) => Err(CellFault::TooFine),
        Ok(shift) => POWERS.get(shift).and_then(|power| value.checked_mul(*power)).ok_or(CellFault::TooLarge),
    }
}

fn parse_exponent(bytes: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(bytes).ok()?;
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    (!digits.is_empty() && digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Option<i128>, CellFault> {
        parse_cell(text, Scale::USUAL)
    }

    const ONE: i128 = 1_000_000_000_000_000_000;

    #[test]
    fn reads_plain_decimals_exactly() {
        assert_eq!(read("12"), Ok(Some(12 * ONE)));
        assert_eq!(read(" -3.50 "), Ok(Some(-35 * ONE / 10)));
        assert_eq!(read("+.5"), Ok(Some(ONE / 2)));
        assert_eq!(read("5."), Ok(Some(5 * ONE)));
        assert_eq!(read("1.2e-3"), Ok(Some(12 * ONE / 10_000)));
        assert_eq!(read("1E5"), Ok(Some(100_000 * ONE)));
        assert_eq!(read("0.30000000000000004"), Ok(Some(300_000_000_000_000_040)));
        assert_eq!(read("0.1000000000000000000000000000"), Ok(Some(ONE / 10)));
        assert_eq!(read("00012.50"), Ok(Some(125 * ONE / 10)));
        assert_eq!(read("0e-400"), Ok(Some(0)));
        assert_eq!(read("12345678901234567890"), Ok(Some(12_345_678_901_234_567_890 * ONE)));
    }

    #[test]
    fn blank_is_missing_and_the_rest_is_refused() {
        assert_eq!(read(""), Ok(None));
        assert_eq!(read("  "), Ok(None));
        for text in [
            "-", "+", ".", "n/a", "1,005", "1 000", "12%", "0x1F", "1e", "1e+", "1.2.3", "--1", "NaN", "inf", "1_000",
            "１２",
        ] {
            assert_eq!(read(text), Err(CellFault::NotANumber), "{text}");
        }
    }

    #[test]
    fn what_would_be_rounded_or_overflow_is_refused() {
        assert_eq!(read("0.1234567890123456789"), Err(CellFault::TooFine));
        assert!(parse_cell("0.1234567890123456789", Scale::FINE).is_ok());
        assert_eq!(read("1e400"), Err(CellFault::TooLarge));
        assert_eq!(read("999999999999999999999"), Err(CellFault::TooLarge));
        assert_eq!(read("1e99999"), Err(CellFault::NotANumber));
    }
}
