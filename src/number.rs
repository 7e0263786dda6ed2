//! One number: exact decimal as long as arithmetic allows it, double precision after that.
//!
//! Owns addition, division, rounding, shares that add up, and the machine's way of writing a number. Knows no
//! unit, no metric and no rounding for people beyond "half away from zero, once".

mod quotient;

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};

/// A finite number.
///
/// Sums, differences and products of cells stay [`Number::Exact`] (28 significant digits), so money
/// keeps its cents. A quotient that has no short decimal form becomes [`Number::Approx`].
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// Exactly this decimal.
    Exact(Decimal),
    /// The nearest double; always finite.
    Approx(f64),
}

/// Why arithmetic has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The denominator is zero and so is the numerator.
    ZeroOfZero,
    /// The denominator is zero, the numerator is not.
    ZeroDenominator,
    /// The result is too large for a double.
    TooLarge,
    /// A sum has more digits than are kept, so that a part of it would be lost.
    TooLong,
}

impl Number {
    /// Zero, exactly.
    pub const ZERO: Number = Number::Exact(Decimal::ZERO);

    /// A double as a number; `None` for infinities and NaN.
    pub fn approx(value: f64) -> Option<Number> {
        value.is_finite().then_some(Number::Approx(value))
    }

    /// `mantissa / 10^scale`, exactly where 28 digits suffice, else the nearest double.
    pub fn from_scaled(mantissa: i128, scale: u32) -> Number {
        // Division of 128 bits is slow, and cells seldom need it.
        let (mantissa, scale) = match i64::try_from(mantissa) {
            Ok(short) => trimmed(short, scale),
            Err(_) => trimmed(mantissa, scale),
        };
        match Decimal::try_from_i128_with_scale(mantissa, scale) {
            Ok(decimal) => Number::Exact(decimal),
            // The standard library reads a decimal text as the nearest double; 128 bits are within its range.
            Err(_) => Number::Approx(format!("{mantissa}e-{scale}").parse().unwrap_or(f64::MAX)),
        }
    }

    /// The nearest double; never a negative zero.
    pub fn to_f64(self) -> f64 {
        let double = match self {
            Number::Exact(decimal) => quotient::to_f64(decimal),
            Number::Approx(value) => value,
        };
        // Only a negative zero is changed by this.
        double + 0.0
    }

    /// The decimal a reader of the machine text would see; `None` beyond 28 digits.
    pub fn to_decimal(self) -> Option<Decimal> {
        match self {
            Number::Exact(decimal) => Some(decimal),
            Number::Approx(value) => Decimal::from_str(&value.to_string()).ok(),
        }
    }

    /// `self + other`.
    pub fn plus(self, other: Number) -> Result<Number, Fault> {
        self.combine(other, exact_sum, |a, b| a + b)
    }

    /// `self - other`.
    pub fn minus(self, other: Number) -> Result<Number, Fault> {
        self.combine(other, |a, b| exact_sum(a, -b), |a, b| a - b)
    }

    /// `self * other`; exact only where no digit is lost.
    pub fn times(self, other: Number) -> Result<Number, Fault> {
        self.combine(other, exact_product, |a, b| a * b)
    }

    /// `self / other`; exact only where the quotient has a short decimal form, else the double nearest to it.
    ///
    /// # Errors
    /// A zero denominator, told apart by whether the numerator is zero too.
    pub fn divided_by(self, other: Number) -> Result<Number, Fault> {
        if other.is_zero() {
            return Err(if self.is_zero() { Fault::ZeroOfZero } else { Fault::ZeroDenominator });
        }
        if let (Number::Exact(a), Number::Exact(b)) = (self, other) {
            return Ok(quotient::quotient(a, b));
        }
        Number::approx(self.to_f64() / other.to_f64()).ok_or(Fault::TooLarge)
    }

    /// The difference a reader gets who subtracts the two printed numbers.
    ///
    /// A variance in a CSV file then ties to the actual and the target beside it, digit by digit.
    pub fn difference(self, other: Number) -> Option<Number> {
        let printed = self.to_decimal().zip(other.to_decimal());
        match printed.and_then(|(a, b)| exact_sum(a, -b)) {
            Some(decimal) => Some(Number::Exact(decimal)),
            None => Number::approx(self.to_f64() - other.to_f64()),
        }
    }

    /// The same number with its sign turned.
    pub fn negated(self) -> Number {
        match self {
            Number::Exact(decimal) => Number::Exact(-decimal),
            Number::Approx(value) => Number::Approx(-value),
        }
    }

    /// The number without its sign.
    pub fn abs(self) -> Number {
        match self {
            Number::Exact(decimal) => Number::Exact(decimal.abs()),
            Number::Approx(value) => Number::Approx(value.abs()),
        }
    }

    /// Whether this is zero.
    pub fn is_zero(self) -> bool {
        match self {
            Number::Exact(decimal) => decimal.is_zero(),
            Number::Approx(value) => value == 0.0,
        }
    }

    /// Rounds half away from zero to `decimals` places and keeps trailing zeros.
    pub fn rounded(self, decimals: u32) -> String {
        match self.to_decimal() {
            Some(decimal) => {
                let rounded = decimal.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
                let text = padded(rounded, decimals);
                // A rounded -0.00 reads as a sign that is not there.
                if rounded.is_zero() { text.trim_start_matches('-').to_owned() } else { text }
            }
            None => format!("{:.*}", decimals as usize, self.to_f64()),
        }
    }

    fn combine(
        self,
        other: Number,
        exact: impl Fn(Decimal, Decimal) -> Option<Decimal>,
        approx: impl Fn(f64, f64) -> f64,
    ) -> Result<Number, Fault> {
        if let (Number::Exact(a), Number::Exact(b)) = (self, other)
            && let Some(result) = exact(a, b)
        {
            return Ok(Number::Exact(result));
        }
        Number::approx(approx(self.to_f64(), other.to_f64())).ok_or(Fault::TooLarge)
    }
}

/// A decimal with zeros behind it until it has so many decimals: the crate's own formats panic beyond 32 characters.
fn padded(decimal: Decimal, decimals: u32) -> String {
    let mut text = decimal.to_string();
    let zeros = decimals.saturating_sub(decimal.scale()) as usize;
    if zeros > 0 && decimal.scale() == 0 {
        text.push('.');
    }
    text.push_str(&"0".repeat(zeros));
    text
}

/// The same number with as few decimals as it needs.
fn trimmed<M>(mut mantissa: M, mut scale: u32) -> (i128, u32)
where
    M: Copy + From<u8> + Into<i128> + PartialEq + std::ops::Rem<Output = M> + std::ops::Div<Output = M>,
{
    let ten = M::from(10u8);
    while scale > 0 && mantissa % ten == M::from(0u8) {
        mantissa = mantissa / ten;
        scale -= 1;
    }
    (mantissa.into(), scale)
}

/// How many of `units` go to each weight, by largest remainder: they add up to `units`, each is within one unit of its exact
/// share, and of equal remainders the earlier one gets the unit.
///
/// Weights are finite and not negative; where they are all zero, so are the shares.
pub fn shares(weights: &[f64], units: u32) -> Vec<u32> {
    let total: f64 = weights.iter().sum();
    if total <= 0.0 {
        return vec![0; weights.len()];
    }
    let exact: Vec<f64> = weights.iter().map(|weight| weight / total * f64::from(units)).collect();
    let mut shares: Vec<u32> = exact.iter().map(|share| share.floor() as u32).collect();
    let left = units.saturating_sub(shares.iter().sum());
    let mut order: Vec<usize> = (0..weights.len()).collect();
    // A stable sort: equals stay in their order. Remainders that differ only by how doubles round are equal.
    let remainder = |at: usize| (exact[at].fract() * 1e9).round();
    order.sort_by(|a, b| remainder(*b).total_cmp(&remainder(*a)));
    order.iter().take(left as usize).for_each(|at| shares[*at] += 1);
    shares
}

/// The sum, where its digits fit: the crate's own addition rounds in silence beyond 28 digits.
fn exact_sum(a: Decimal, b: Decimal) -> Option<Decimal> {
    let (a, b) = (a.normalize(), b.normalize());
    let scale = a.scale().max(b.scale());
    let aligned = |d: Decimal| d.mantissa().checked_mul(10i128.checked_pow(scale - d.scale())?);
    Decimal::try_from_i128_with_scale(aligned(a)?.checked_add(aligned(b)?)?, scale).ok()
}

/// The product, where its digits fit; see [`exact_sum`].
fn exact_product(a: Decimal, b: Decimal) -> Option<Decimal> {
    let (a, b) = (a.normalize(), b.normalize());
    Decimal::try_from_i128_with_scale(a.mantissa().checked_mul(b.mantissa())?, a.scale() + b.scale()).ok()
}

impl From<Decimal> for Number {
    fn from(decimal: Decimal) -> Self {
        Number::Exact(decimal)
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Number::Exact(Decimal::from(value))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Number::Exact(a), Number::Exact(b)) => Some(a.cmp(b)),
            _ => self.to_f64().partial_cmp(&other.to_f64()),
        }
    }
}

/// The machine's form: every digit, never an exponent, no trailing zeros.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Number::Exact(decimal) if decimal.is_zero() => f.write_str("0"),
            Number::Exact(decimal) => write!(f, "{}", decimal.normalize()),
            Number::Approx(value) if *value == 0.0 => f.write_str("0"),
            Number::Approx(value) => write!(f, "{value}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::Exact(Decimal::from_str(text).or_else(|_| Decimal::from_scientific(text)).expect("a decimal literal"))
    }

    fn number_of(mantissa: i128, scale: u32) -> Number {
        Number::Exact(Decimal::from_i128_with_scale(mantissa, scale))
    }

    #[test]
    fn a_quotient_is_exact_when_it_has_a_short_decimal_form() {
        assert_eq!(number("96.9").divided_by(number("100")).unwrap().to_string(), "0.969");
        assert_eq!(number("1").divided_by(number("3")).unwrap().to_string(), "0.3333333333333333");
    }

    #[test]
    fn a_quotient_that_only_looks_exact_at_28_digits_is_a_double() {
        assert_eq!(number("80").divided_by(number("108")).unwrap().to_string(), "0.7407407407407407");
        assert_eq!(number("1e-20").plus(number("1e15")).unwrap().to_string(), "1000000000000000");
    }

    /// Numerator, denominator, the nearest double of the quotient, and the quotient of the doubles.
    const NEAREST: [(&str, &str, &str, &str); 4] = [
        ("-72192.29", "3142", "-22.976540420114578", "-22.976540420114574"),
        ("-628218541.52", "9573", "-65623.99890525437", "-65623.99890525435"),
        ("-44.08", "6726", "-0.006553672316384181", "-0.00655367231638418"),
        ("9.78", "737", "0.013270013568521031", "0.01327001356852103"),
    ];

    #[test]
    fn a_quotient_is_the_nearest_double_of_the_exact_one() {
        // Python: float(Fraction(a) / Fraction(b)), and float(a) / float(b).
        for (a, b, nearest, of_doubles) in NEAREST {
            let found = number(a).divided_by(number(b)).unwrap().to_f64();
            assert_eq!(found.to_string(), nearest, "{a} / {b}");
            assert_eq!((a.parse::<f64>().unwrap() / b.parse::<f64>().unwrap()).to_string(), of_doubles);
        }
    }

    #[test]
    fn a_zero_denominator_says_which_kind() {
        assert_eq!(number("0").divided_by(number("0")), Err(Fault::ZeroOfZero));
        assert_eq!(number("5").divided_by(number("0.00")), Err(Fault::ZeroDenominator));
    }

    #[test]
    fn differences_are_those_of_the_printed_numbers() {
        let actual = Number::Approx(0.1 + 0.2);
        assert_eq!(actual.to_string(), "0.30000000000000004");
        assert_eq!(number("0.7").difference(number("0.8")).unwrap().to_string(), "-0.1");
        assert_eq!(Number::Approx(0.7).difference(number("0.8")).unwrap().to_string(), "-0.1");
    }

    #[test]
    fn rounding_never_shows_a_negative_zero() {
        assert_eq!(number("-0.004").rounded(2), "0.00");
        assert_eq!(number("-0.005").rounded(2), "-0.01");
        assert_eq!(number("1250").rounded(1), "1250.0");
    }

    #[test]
    fn digits_and_decimals_have_room_together() {
        assert_eq!(number("12345678901234567890").rounded(12), "12345678901234567890.000000000000");
        assert_eq!(number("-79228162514264337593543950335").rounded(28).len(), 1 + 29 + 1 + 28);
        assert_eq!(Number::Approx(1e30).rounded(12), "1000000000000000019884624838656.000000000000");
    }

    #[test]
    fn large_sums_keep_their_cents() {
        assert_eq!(Number::from_scaled(1_000_368_072_453 * 10i128.pow(16), 18).to_string(), "10003680724.53");
        assert_eq!(
            number("333333").times(number("19.99")).unwrap().minus(number("6666653.34")).unwrap().to_string(),
            "-3326.67"
        );
    }

    #[test]
    fn shares_go_to_the_largest_remainders_and_ties_by_order() {
        assert_eq!(shares(&[1.0, 1.0, 1.0], 10_000), [3334, 3333, 3333]);
        assert_eq!(shares(&[1.0, 1.0, 1.0], 100), [34, 33, 33]);
        // 16.67, 33.33 and 50: one unit is left, and the largest remainder has it.
        assert_eq!(shares(&[1.0, 2.0, 3.0], 100), [17, 33, 50]);
        // 12.5 eight times: four units are left for the first four.
        assert_eq!(shares(&[0.1; 8], 100), [13, 13, 13, 13, 12, 12, 12, 12]);
        assert_eq!(shares(&[0.0, 5.0], 100), [0, 100]);
        assert_eq!(shares(&[0.0, 0.0], 100), [0, 0]);
        assert_eq!(shares(&[], 100), [0; 0]);
    }

    #[test]
    fn a_double_is_never_a_negative_zero() {
        for zero in [Number::ZERO.negated(), Number::Approx(-0.0), number("-0.00")] {
            assert!(zero.to_f64().is_sign_positive());
            assert_eq!(zero.to_string(), "0");
        }
        assert_eq!(Number::Approx(-5e-324).to_f64(), -5e-324);
    }

    proptest::proptest! {
        #[test]
        fn rounding_is_that_of_long_division(
            mantissa in -(1i128 << 95)..(1i128 << 95), scale in 0u32..29, decimals in 0u32..29,
        ) {
            let found = number_of(mantissa, scale).rounded(decimals);
            // Twice the digits cut off, against what they are cut to: a half goes away from zero.
            let cut = 10u128.pow(scale.saturating_sub(decimals));
            let (units, rest) = (mantissa.unsigned_abs() / cut, mantissa.unsigned_abs() % cut);
            let units = units + u128::from(rest * 2 >= cut && cut > 1);
            let sign = if mantissa < 0 && units > 0 { "-" } else { "" };
            let zeros = "0".repeat(decimals.saturating_sub(scale) as usize);
            let digits = format!("{units:0>width$}{zeros}", width = decimals.min(scale) as usize + 1);
            let (whole, rest) = digits.split_at(digits.len() - decimals as usize);
            let expected = if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") };
            proptest::prop_assert_eq!(found, expected);
        }

        #[test]
        fn shares_add_up_and_each_is_within_a_unit(
            weights in proptest::collection::vec(0u32..1000, 1..40), units in 1u32..20_000,
        ) {
            let total: u64 = weights.iter().map(|weight| u64::from(*weight)).sum();
            let doubles: Vec<f64> = weights.iter().map(|weight| f64::from(*weight)).collect();
            let found = shares(&doubles, units);
            proptest::prop_assume!(total > 0);
            proptest::prop_assert_eq!(found.iter().sum::<u32>(), units);
            for (weight, share) in weights.iter().zip(&found) {
                // |share - weight * units / total| < 1, in whole numbers.
                let exact = u64::from(*weight) * u64::from(units);
                proptest::prop_assert!((u64::from(*share) * total).abs_diff(exact) < total);
            }
        }
    }
}
