//! Division of decimals, and decimals as doubles: rounded once, to the nearest.

use rust_decimal::Decimal;

use super::{Number, exact_product};

/// The quotient itself where it has a short decimal form, else the double nearest to it. `b` is not zero.
///
/// Dividing two doubles would round three times: both numbers, and the result.
pub(super) fn quotient(a: Decimal, b: Decimal) -> Number {
    match a.checked_div(b) {
        Some(digits) if exact_product(digits, b) == Some(a) => Number::Exact(digits),
        _ => Number::Approx(nearest(a, b)),
    }
}

/// Digits of a quotient that are worked out. Those of 96 bits and 28 decimals are fractions of less than 190 bits, and the
/// middle of two doubles has 54: where the two differ, they do so by more than one part in 2^244.
const ENOUGH: usize = 75;
/// Digits that are worked out at a time; a remainder of 96 bits has room for them in 128.
const AT_ONCE: u32 = 9;

/// The double nearest to a quotient, by long division.
///
/// The standard library reads a decimal text as the nearest double. A remainder is told by one digit more, so that what lies
/// beside the middle of two doubles is not taken for it.
fn nearest(a: Decimal, b: Decimal) -> f64 {
    if let Some(quotient) = of_doubles(a, b) {
        return quotient;
    }
    let (over, under) = (a.mantissa().unsigned_abs(), b.mantissa().unsigned_abs());
    let mut digits = (over / under).to_string();
    let (mut rest, mut decimals) = (over % under, 0);
    while rest != 0 && digits.trim_start_matches('0').len() < ENOUGH {
        rest *= 10u128.pow(AT_ONCE);
        digits.push_str(&format!("{:0width$}", rest / under, width = AT_ONCE as usize));
        rest %= under;
        decimals += i64::from(AT_ONCE);
    }
    if rest != 0 {
        digits.push('1');
        decimals += 1;
    }
    let exponent = i64::from(b.scale()) - i64::from(a.scale()) - decimals;
    let sign = if a.is_sign_negative() == b.is_sign_negative() { "" } else { "-" };
    // Two numbers of 96 bits are within a double's range.
    format!("{sign}{digits}e{exponent}").parse().unwrap_or(f64::MAX)
}

/// The same where nothing is rounded but the result: two whole numbers that doubles hold.
fn of_doubles(a: Decimal, b: Decimal) -> Option<f64> {
    let scale = a.scale().max(b.scale());
    let whole = |decimal: Decimal| {
        let whole = decimal.mantissa().checked_mul(10i128.checked_pow(scale - decimal.scale())?)?;
        (whole.unsigned_abs() <= WHOLE).then_some(whole as f64)
    };
    Some(whole(a)? / whole(b)?)
}

/// Integers that a double holds, each of them.
const WHOLE: u128 = 1 << 53;
/// The greatest power of ten that a double holds.
const GREATEST_POWER: u32 = 22;

/// The double nearest to a decimal.
pub(super) fn to_f64(decimal: Decimal) -> f64 {
    let mantissa = decimal.mantissa();
    // Both ways round once; the crate's own conversion rounds twice. A whole double over a whole double is the quick one.
    if mantissa.unsigned_abs() <= WHOLE && decimal.scale() <= GREATEST_POWER {
        return mantissa as f64 / 10f64.powi(decimal.scale() as i32);
    }
    decimal.to_string().parse().unwrap_or(f64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn a_quotient_is_the_nearest_double_of_the_exact_one() {
        // `float(Fraction(a) / Fraction(b))` in Python, which rounds once.
        for (a, b, expected) in [
            ("1", "3", 0.333_333_333_333_333_3),
            ("-2", "3", -0.666_666_666_666_666_6),
            ("0.000000000001", "300", 3.333_333_333_333_333_2e-15),
            ("56.55", "4593296469390", 1.231_141_956_040_777_2e-11),
            ("802499999999999.99", "300000000000000", 2.675),
            ("0.0000000000000000000000000001", "7", 1.428_571_428_571_428_6e-29),
            ("79228162514264337593543950335", "0.0000000000000000000000000003", 2.640_938_750_475_478e56),
            ("1", "79228162514264337593543950335", 1.262_177_448_353_619e-29),
            // A hair beside the middle of 9007199254740992 and 9007199254740994.
            ("90071992556417129254740994", "10000000001", 9_007_199_254_740_994.0),
            ("90071992556417129254740992", "10000000001", 9_007_199_254_740_992.0),
            ("2702159776485348294783186952", "300000000007", 9_007_199_254_740_994.0),
            // The same beside middles of many digits.
            ("990352031442715862421943094", "9903520314427157387268849664", 0.10000000000000002),
            ("990352031442715862421943092", "9903520314427157387268849664", 0.1),
            ("825293359535596471845563052", "2475880078606789346817212416", 0.33333333333333337),
            ("825293359535596471845563050", "2475880078606789346817212416", 0.3333333333333333),
        ] {
            let Number::Approx(found) = quotient(decimal(a), decimal(b)) else { panic!("{a} / {b} is exact") };
            assert_eq!(found.to_bits(), f64::to_bits(expected), "{a} / {b} is {found}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_decimal_becomes_the_double_nearest_to_it(
            digits in proptest::num::i64::ANY, shorter in 0u32..63, scale in 0u32..29,
        ) {
            let decimal = Decimal::from_i128_with_scale((digits >> shorter).into(), scale);
            // The standard library reads a decimal text as the nearest double.
            let nearest: f64 = decimal.to_string().parse().unwrap();
            proptest::prop_assert_eq!((to_f64(decimal) + 0.0).to_bits(), (nearest + 0.0).to_bits());
        }

        #[test]
        fn long_division_agrees_with_that_of_doubles_where_that_rounds_once(a in 1i64..1 << 53, b in 1i64..1 << 53) {
            // Another way to write the numbers, in digits that doubles do not hold.
            let longer = |whole: i64| Decimal::from_i128_with_scale(i128::from(whole) * 10i128.pow(12), 12);
            let (a, b) = (Decimal::from(a), Decimal::from(b));
            let doubles = of_doubles(a, b).unwrap();
            let (a, b) = (longer(a.try_into().unwrap()), longer(b.try_into().unwrap()));
            proptest::prop_assert_eq!(of_doubles(a, b), None);
            proptest::prop_assert_eq!(nearest(a, b).to_bits(), doubles.to_bits());
        }
    }
}
