//! `05_xmr.json`: limits, signals, icons and false alarms of process-behaviour charts, from Python and from what NHS-R,
//! Wheeler and spc_plotly publish.

use goldthread::evaluate::{Assurance, Process, Promise, Series, Variation};
use goldthread::metric::Polarity;
use goldthread::number::Number;
use goldthread::period::Grain;
use goldthread::stats::xmr::{Centring, Limits, Side, Signal, limits, signals};
use serde_json::Value;

use super::program::{close, double, list, text, vectors};

const TOLERANCE: f64 = 1e-12;

fn numbers(value: &Value) -> Vec<f64> {
    list(value).iter().map(double).collect()
}

fn series(value: &Value) -> Vec<Option<f64>> {
    numbers(value).into_iter().map(Some).collect()
}

fn of(values: &[Option<f64>], centring: Centring) -> Limits {
    limits(values, centring).expect("limits")
}

/// Every number of a `computed` table of the vectors, with the near limits and the upper limit of ranges.
fn assert_limits(limits: &Limits, computed: &Value) {
    let fields = [
        ("mean", limits.centre),
        ("amr", limits.range),
        ("lpl", limits.lower),
        ("upl", limits.upper),
        ("nlpl", limits.near_lower),
        ("nupl", limits.near_upper),
        ("url_3.268", limits.range_upper),
    ];
    for (name, actual) in fields {
        assert!(close(actual, double(&computed[name]), TOLERANCE), "{name}: {actual}, expected {}", computed[name]);
    }
}

/// The words of the vectors for a signal.
fn label(signal: &Option<Signal>) -> &'static str {
    match signal {
        None => "Common Cause",
        Some(Signal::Outside(Side::High)) => "Above UCL",
        Some(Signal::Outside(Side::Low)) => "Below LCL",
        Some(Signal::Trend(Side::High)) => "7 Point Trend (Increasing)",
        Some(Signal::Trend(Side::Low)) => "7 Point Trend (Decreasing)",
        Some(Signal::TwoOfThree(Side::High)) => "2 in 3 Above CL",
        Some(Signal::TwoOfThree(Side::Low)) => "2 in 3 Below CL",
        Some(Signal::Shift(Side::High)) => "7 Points Above CL",
        Some(Signal::Shift(Side::Low)) => "7 Points Below CL",
    }
}

fn assert_labels(values: &[Option<f64>], limits: &Limits, expected: &Value) {
    let found = signals(values, limits);
    let labels: Vec<&str> = found.iter().map(label).collect();
    assert_eq!(labels, list(expected).iter().map(text).collect::<Vec<_>>());
}

/// A monthly series of these values with one target.
fn monthly(values: &[Option<f64>], target: Option<f64>) -> Series {
    let target = target.and_then(Number::approx).map(Promise::Level);
    Series { values: values.to_vec(), begun: Vec::new(), grain: Grain::Month, target }
}

fn judged(values: &[Option<f64>], target: Option<f64>, better: Option<Polarity>) -> Process {
    monthly(values, target).process(better).expect("a process")
}

fn better(direction: &str) -> Option<Polarity> {
    match direction {
        "increase" => Some(Polarity::Higher),
        "decrease" => Some(Polarity::Lower),
        "neutral" => None,
        other => panic!("no direction: {other}"),
    }
}

/// The words of the vectors for the last point's icon.
fn icon(variation: Variation) -> String {
    let word = match variation {
        Variation::Common => return "common_cause".to_owned(),
        Variation::Improvement(_) => "improvement",
        Variation::Concern(_) => "concern",
        Variation::Neutral(_) => "neutral",
    };
    let side = match variation.signal().expect("a signal").side() {
        Side::High => "high",
        Side::Low => "low",
    };
    format!("{word}_{side}")
}

fn word(assurance: Option<Assurance>) -> Value {
    match assurance {
        None => Value::Null,
        Some(Assurance::Passes) => "consistent_pass".into(),
        Some(Assurance::HitOrMiss) => "inconsistent".into(),
        Some(Assurance::Fails) => "consistent_fail".into(),
    }
}

#[test]
fn limits_are_those_of_nhs_r_to_its_last_digit() {
    let vectors = vectors("05_xmr.json");
    let mut y = series(&vectors["nhsr_r1"]["y"]);
    let r1 = of(&y, Centring::Mean);
    assert_limits(&r1, &vectors["nhsr_r1"]["computed"]);
    let published = |limits: &Limits, of: &Value, digits: f64| {
        for (name, actual) in [("mean_col", limits.centre), ("lpl", limits.lower), ("upl", limits.upper)] {
            if let Some(expected) = of[name].as_f64() {
                assert!((actual - expected).abs() <= digits, "{name}: {actual}, published {expected}");
            }
        }
    };
    published(&r1, &vectors["nhsr_r1"]["expected_from_NHSR_snapshot"], 5e-7);
    // Nothing lies beyond 3.267 mean ranges: screening finds nothing.
    assert_eq!(of(&y, Centring::Screened), r1);
    for (index, facet) in list(&vectors["nhsr_facets"]["computed"]).iter().enumerate() {
        let limits = of(&y[index * 10..index * 10 + 10], Centring::Mean);
        let (actual, expected) = ([limits.centre, limits.lower, limits.upper], numbers(facet));
        assert!(actual.iter().zip(&expected).all(|(a, e)| close(*a, *e, TOLERANCE)), "{actual:?} {expected:?}");
    }
    y[14] = Some(double(&vectors["nhsr_r2_screened"]["y15_set_to"]));
    let (screened, plain) = (of(&y, Centring::Screened), of(&y, Centring::Mean));
    assert_limits(&screened, &vectors["nhsr_r2_screened"]["computed"]);
    assert_limits(&plain, &vectors["nhsr_r3_unscreened"]["computed"]);
    published(&screened, &vectors["nhsr_r2_screened"]["expected"], 5e-7);
    published(&plain, &vectors["nhsr_r3_unscreened"]["expected"], 5e-7);
}

#[test]
fn limits_are_those_of_other_publishers() {
    let vectors = vectors("05_xmr.json");
    let vignette = &vectors["nhsr_vignette"];
    let y = series(&vignette["y"]);
    assert_limits(&of(&y, Centring::Screened), &vignette["screened"]);
    assert_limits(&of(&y, Centring::Mean), &vignette["unscreened"]);
    let plotly = &vectors["spc_plotly_readme"];
    let limits = of(&series(&plotly["y"]), Centring::Mean);
    assert_limits(&limits, &plotly["computed"]);
    let published = [
        ("mean", limits.centre),
        ("mR_mean", limits.range),
        ("mR_upper", limits.range_upper),
        ("npl_upper", limits.upper),
    ];
    for (name, actual) in published {
        assert!((actual - double(&plotly["expected"][name])).abs() < 1e-9, "{name}: {actual}");
    }
    let wheeler = &vectors["wheeler_exercise_1988H2"];
    let limits = of(&series(&wheeler["y"]), Centring::Mean);
    assert_limits(&limits, &wheeler["computed"]);
    // Wheeler rounds the constant of the range to 3.27.
    assert!((limits.range * 3.27 - double(&wheeler["url_3.27"])).abs() < 1e-12);
}

#[test]
fn the_median_variant_and_the_constants_behind_all_of_them() {
    let vectors = vectors("05_xmr.json");
    let (r1, expected) = (&vectors["nhsr_r1"], &vectors["nhsr_r1"]["median_variant"]);
    let found = of(&series(&r1["y"]), Centring::Median);
    let about = numbers(&expected["limits_about_median"]);
    let each = [
        (found.centre, double(&expected["median"])),
        (found.range, double(&expected["median_mr"])),
        (found.lower, about[0]),
        (found.upper, about[1]),
        (found.range_upper, double(&expected["url"])),
    ];
    assert!(each.iter().all(|(actual, expected)| close(*actual, *expected, TOLERANCE)), "{each:?}");
    // About the mean, which is Excel's form of it, the limits are as far apart.
    let wide = numbers(&expected["limits_about_mean"]);
    assert!(close(found.upper - found.lower, wide[1] - wide[0], TOLERANCE));
    let (exact, usual) = (&vectors["constants"], &vectors["constants"]["conventional"]);
    let steps = [Some(0.0), Some(1.0), Some(0.0), Some(1.0)];
    let (mean, median) = (of(&steps, Centring::Mean), of(&steps, Centring::Median));
    let factors = [
        (mean.upper - mean.centre, "X_mean", "E2=3/d2"),
        (mean.range_upper, "mR_mean", "D4=1+3*d3/d2"),
        (median.upper - median.centre, "X_median", "3/d4"),
        (median.range_upper, "mR_median", "(d2+3*d3)/d4"),
    ];
    for (actual, name, theory) in factors {
        assert!(close(actual, double(&usual[name]), TOLERANCE), "{name}: {actual}");
        assert!((actual / double(&exact[theory]) - 1.0).abs() < 6e-4, "{name} is {theory}, rounded");
    }
}

#[test]
fn every_point_has_the_label_and_every_end_the_icon_of_the_vectors() {
    let vectors = vectors("05_xmr.json");
    let cases = vectors["rule_cases"].as_object().expect("cases");
    assert_eq!(cases.len(), 8);
    for (name, case) in cases {
        let y = series(&case["y"]);
        let found = of(&y, Centring::Screened);
        assert_limits(&found, &case["limits"]);
        assert_labels(&y, &found, &case["labels"]);
        for direction in ["increase", "decrease", "neutral"] {
            let icon = icon(judged(&y, None, better(direction)).variation);
            assert_eq!(icon, text(&case["variation_icon"][direction]), "{name}, {direction}");
        }
    }
}

/// NHS-R marks a point once a run is complete, not the points that led to it: so each beginning of a series is asked for
/// its last point.
#[test]
fn runs_are_complete_where_nhs_r_says_so() {
    let vectors = vectors("05_xmr.json");
    let wide = |centre: f64| Limits {
        centre,
        range: 1000.0,
        lower: centre - 2660.0,
        upper: centre + 2660.0,
        near_lower: centre - 1773.0,
        near_upper: centre + 1773.0,
        range_upper: 3268.0,
    };
    let asked = |name: &str, centre: f64, is_it: &dyn Fn(Signal) -> bool| {
        let cases = list(&vectors["nhsr_unit_vectors"][name]);
        assert!(cases.len() >= 3);
        for case in cases {
            let (y, expected) = (series(&case[0]), numbers(&case[1]));
            for (index, expected) in expected.iter().enumerate() {
                let last = signals(&y[..=index], &wide(centre))[index].filter(|signal| is_it(*signal));
                assert_eq!(last.is_some(), *expected != 0.0, "{name}: {y:?} at {index}");
                if name == "seven_point_trend" && *expected != 0.0 {
                    assert_eq!(last.map(Signal::side), Some(if *expected > 0.0 { Side::High } else { Side::Low }));
                }
            }
        }
    };
    asked("seven_point_one_side_mean", 0.0, &|signal| matches!(signal, Signal::Shift(_)));
    asked("seven_point_trend", 4.0, &|signal| matches!(signal, Signal::Trend(_)));
}

/// Twelve values about a level whose limits are these two.
fn between(lower: f64, upper: f64) -> Vec<Option<f64>> {
    let (level, step) = (f64::midpoint(lower, upper), (upper - lower) / 2.0 / 2.66);
    (0..12).map(|index| Some(if index % 2 == 0 { level - step / 2.0 } else { level + step / 2.0 })).collect()
}

#[test]
fn targets_are_passed_failed_or_left_to_chance_as_nhs_r_says() {
    let vectors = vectors("05_xmr.json");
    let cases = &vectors["nhsr_unit_vectors"]["assurance"];
    let (lower, upper, target) = (numbers(&cases["lpl"]), numbers(&cases["upl"]), double(&cases["target"]));
    for direction in ["increase", "decrease", "neutral"] {
        for (index, expected) in list(&cases[direction]).iter().enumerate() {
            let process = judged(&between(lower[index], upper[index]), Some(target), better(direction));
            assert!(close(process.limits.lower, lower[index], 1e-9) && close(process.limits.upper, upper[index], 1e-9));
            assert_eq!(word(process.assurance), *expected, "{direction} {index}");
        }
    }
    let phase = &series(&vectors["rebase_at_13"]["y"])[12..];
    let cases = list(&vectors["assurance_cases"]);
    assert_eq!(cases.len(), 10);
    for case in cases {
        // A target on a limit is left to chance, whatever a double's last digit.
        let process = judged(phase, Some(double(&case["target"])), better(text(&case["direction"])));
        assert!(close(process.limits.lower, double(&case["lpl"]), TOLERANCE), "{case}");
        assert_eq!(word(process.assurance), case["result"], "{case}");
    }
}

#[test]
fn a_rebased_process_has_the_limits_of_its_phases() {
    let vectors = vectors("05_xmr.json");
    let case = &vectors["rebase_at_13"];
    let y = series(&case["y"]);
    let whole = judged(&y, None, Some(Polarity::Higher));
    assert_limits(&whole.limits, &case["no_rebase"]);
    let labels = |process: &Process| process.signals.iter().map(label).collect::<Vec<_>>();
    assert_eq!(labels(&whole), list(&case["labels_no_rebase"]).iter().map(text).collect::<Vec<_>>());
    assert_eq!((whole.phases.len(), whole.phases[0].points.clone()), (1, 0..24));
    let begun = vec![(12, "a new counter".to_owned())];
    let rebased = Series { begun, ..monthly(&y, None) }.process(Some(Polarity::Higher)).expect("a process");
    assert_limits(&rebased.limits, &case["phase2"]);
    let phases: Vec<_> = rebased.phases.iter().map(|phase| (phase.points.clone(), phase.because.as_deref())).collect();
    assert_eq!(phases, [(0..12, None), (12..24, Some("a new counter"))]);
    assert_limits(&rebased.phases[0].limits.expect("limits"), &case["phase1"]);
    assert_eq!(labels(&rebased)[12..], list(&case["labels_phase2"]).iter().map(text).collect::<Vec<_>>());
    assert!(rebased.signals.iter().all(Option::is_none));
    // Fixed after twelve points, the limits call the step what it is.
    let fixed = of(&y[..12], Centring::Mean);
    assert_limits(&fixed, &case["fix_after_12"]);
    assert_labels(&y, &fixed, &case["labels_fix12"]);
}

/// Standard normal numbers from a linear congruential generator (Knuth's MMIX constants), by Box and Muller.
struct Noise(u64);

impl Noise {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let (length, angle) = ((-2.0 * self.uniform().ln()).sqrt(), 2.0 * std::f64::consts::PI * self.uniform());
        length * angle.cos()
    }
}

/// The vectors' rates are those of screened limits; without screening there are fewer alarms.
#[test]
fn noise_raises_as_many_false_alarms_as_it_should() {
    const RUNS: u32 = 4000;
    let vectors = vectors("05_xmr.json");
    let rates = &vectors["false_alarm_rates"];
    let mut noise = Noise(2_026);
    // Standard errors of two simulations of 4,000 runs, four of them.
    let alike = |actual: f64, expected: f64, of: &str| {
        let error = 4.0 * (2.0 * expected * (1.0 - expected) / f64::from(RUNS)).sqrt();
        assert!((actual - expected).abs() < error, "{of}: {actual}, expected {expected} give or take {error}");
    };
    for count in [12usize, 24, 36] {
        let mut any = 0;
        for _ in 0..RUNS {
            let values: Vec<Option<f64>> = (0..count).map(|_| Some(noise.normal())).collect();
            any += u32::from(signals(&values, &of(&values, Centring::Screened)).iter().any(Option::is_some));
        }
        alike(f64::from(any) / f64::from(RUNS), double(&rates[count.to_string()]["any"]), "any point");
    }
    for (name, follows) in [("", 0.0), ("_AR0.5", 0.5f64), ("_AR0.8", 0.8)] {
        let mut last = 0;
        for _ in 0..RUNS {
            let mut value = noise.normal() / (1.0 - follows * follows).sqrt();
            let mut next = || {
                let now = value;
                value = follows * value + noise.normal();
                Some(now)
            };
            let values: Vec<Option<f64>> = (0..24).map(|_| next()).collect();
            last += u32::from(signals(&values, &of(&values, Centring::Screened))[23].is_some());
        }
        let expected = double(&rates[format!("last_point_only_n24{name}")]);
        alike(f64::from(last) / f64::from(RUNS), expected, &format!("the last point{name}"));
    }
}
