//! `Number` against integers: what is exact says so, and what is not is the nearest double.

use goldthread::number::Number;

use super::program::{Fraction, double, list, text, vectors};

fn exact(text: &str) -> Number {
    Number::Exact(text.parse().unwrap_or_else(|_| panic!("not a decimal: {text}")))
}

#[test]
fn numbers_are_rounded_half_away_from_zero() {
    let vectors = vectors("01_rollup.json");
    let cases = list(&vectors["rounding"]);
    assert_eq!(cases.len(), 6);
    for case in cases {
        let written = text(&case["in"]);
        assert_eq!(exact(written).rounded(2), text(&case["half_up"]), "{written}");
        // A double is rounded by the digits a reader sees, not by the binary fraction behind them.
        let double: f64 = written.parse().expect("a number");
        assert_eq!(Number::Approx(double).rounded(2), text(&case["half_up"]), "{written} as a double");
    }
}

#[test]
fn changes_are_differences() {
    let vectors = vectors("01_rollup.json");
    let mut tested = 0;
    for case in list(&vectors["change"]) {
        let number = |name: &str| case[name].as_i64().map(Number::from);
        if let (Some(current), Some(prior), Some(change)) = (number("current"), number("prior"), number("abs")) {
            tested += 1;
            assert_eq!(current.difference(prior).expect("a difference").to_string(), change.to_string());
        }
    }
    assert_eq!(tested, 7);
    let case = &vectors["pp_vs_pct"];
    let (current, prior) = (double(&case["current"]), double(&case["prior"]));
    let change = Number::Approx(current).difference(Number::Approx(prior)).expect("a difference");
    let points = change.times(Number::from(100)).expect("points");
    assert_eq!(points.to_string(), case["pp"].to_string());
}

/// `a / b` in lowest terms ends as a decimal if and only if `b` has no prime factor but 2 and 5.
#[test]
fn quotients_of_whole_numbers_are_exact_or_the_nearest_double() {
    for a in (-40..=40i64).chain([808_282_288, 99_999_999_999, 123_456_789_012_345]) {
        for b in (1..=128i64).chain([283_992, 1_000_003, 999_999_999_989]) {
            let quotient = Number::from(a).divided_by(Number::from(b)).expect("a quotient");
            let mut rest = i128::from(b) / i128::from(gcd(a, b));
            while rest % 2 == 0 {
                rest /= 2;
            }
            while rest % 5 == 0 {
                rest /= 5;
            }
            if rest == 1 {
                Fraction::new(a.into(), b.into()).assert_is(&quotient.to_string(), &format!("{a}/{b}"));
            } else {
                assert!(matches!(quotient, Number::Approx(_)), "{a}/{b} has no end, yet {quotient} claims to be exact");
                assert_eq!(quotient.to_string(), (a as f64 / b as f64).to_string(), "{a}/{b}");
            }
        }
    }
}

fn gcd(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Products and sums either keep every digit or are doubles; none loses a digit in silence.
#[test]
fn no_digit_is_lost_in_silence() {
    let numbers = [
        "0.1",
        "-2.5",
        "19.99",
        "1000000.01",
        "-0.000001",
        "123456789.123456789",
        "-98765432109876.54321",
        "0.0000000000001",
        "12345678901234567890",
        "1234567890.1234567890123",
        "3",
        "7922816251426433.7593543950335",
    ];
    for a in numbers {
        for b in numbers {
            let (x, y) = (parts(a), parts(b));
            // The true results, in integers: 128 bits hold the product of any two of 38 digits in all.
            if let Some(mantissa) = x.0.checked_mul(y.0) {
                check(exact(a).times(exact(b)).expect("a product"), mantissa, x.1 + y.1, &format!("{a} * {b}"));
            }
            let scale = x.1.max(y.1);
            let (left, right) = (x.0 * 10i128.pow(scale - x.1), y.0 * 10i128.pow(scale - y.1));
            check(exact(a).plus(exact(b)).expect("a sum"), left + right, scale, &format!("{a} + {b}"));
            check(exact(a).minus(exact(b)).expect("a difference"), left - right, scale, &format!("{a} - {b}"));
        }
    }
}

fn parts(text: &str) -> (i128, u32) {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    (format!("{whole}{fraction}").parse().expect("digits"), fraction.len() as u32)
}

fn check(found: Number, mut mantissa: i128, mut scale: u32, what: &str) {
    while scale > 0 && mantissa % 10 == 0 {
        (mantissa, scale) = (mantissa / 10, scale - 1);
    }
    let mut digits = format!("{:0width$}", mantissa.abs(), width = scale as usize + 1);
    if scale > 0 {
        digits.insert(digits.len() - scale as usize, '.');
    }
    let expected = if mantissa < 0 { format!("-{digits}") } else { digits };
    match found {
        Number::Exact(_) => assert_eq!(found.to_string(), expected, "{what}"),
        Number::Approx(value) => {
            let true_value: f64 = expected.parse().expect("a number");
            assert!((value - true_value).abs() <= 2.0 * f64::EPSILON * true_value.abs(), "{what}: {value}");
        }
    }
}
