//! Series at the edges: constant, torn, too short, ending in nothing.

use super::{all, lines, months, of};
use goldthread::evaluate::{Doubt, NoLimits, Promise, Series, Variation};
use goldthread::metric::Polarity;
use goldthread::number::Number;
use goldthread::period::Grain;
use goldthread::stats::xmr::{Centring, Limits, Side, Signal, limits, signals};
use goldthread::unit::Unit;

#[test]
fn a_constant_series_lies_on_its_centre_and_varies_in_nothing() {
    // A tenth has no exact double: its mean must be it all the same.
    for value in [0.1, 5.0, 1e12 + 0.1, -1e-6] {
        let target = Some(Promise::Level(Number::approx(value * 2.0).expect("a number")));
        let series = Series { target, ..months(&all([value; 24])) };
        let found = series.process(Some(Polarity::Higher)).expect("a process");
        assert_eq!(lines(&found.limits), [value; 5]);
        assert_eq!(found.signals, [None; 24]);
        assert_eq!((found.variation, found.assurance), (Variation::Common, None));
        assert_eq!(found.doubts, [Doubt::NoVariation]);
    }
    assert_eq!(limits(&all([0.1; 12]), Centring::Screened).expect("limits").range, 0.0);
}

#[test]
fn no_range_spans_a_gap_and_no_run_crosses_one() {
    // Ranges 1, 1 and 2; 100 to 0 is none, for a month lies between.
    let values = [Some(1.0), Some(2.0), Some(3.0), Some(100.0), None, Some(0.0), Some(2.0)];
    let found = limits(&values, Centring::Mean).expect("limits");
    assert_eq!(found.range, (1.0 + 1.0 + 97.0 + 2.0) / 4.0);
    assert_eq!(found.centre, 108.0 / 6.0);
    let low: Vec<f64> = (0..14).map(|place| f64::from(place % 2)).collect();
    let high = |count: usize| (0..count).map(|place| Some(10.0 + f64::from(place as u8 % 2)));
    let whole: Vec<Option<f64>> = all(low.clone()).into_iter().chain(high(8)).collect();
    let wide = Limits {
        centre: 5.0,
        range: 9.0,
        lower: -19.0,
        upper: 29.0,
        near_lower: -11.0,
        near_upper: 21.0,
        range_upper: 30.0,
    };
    assert_eq!(signals(&whole, &wide)[14..], [Some(Signal::Shift(Side::High)); 8]);
    let mut torn = whole.clone();
    torn[18] = None;
    assert!(signals(&torn, &wide)[14..].iter().all(Option::is_none));
    // A point on the centre breaks a shift as a gap does.
    torn[18] = Some(5.0);
    assert!(signals(&torn, &wide)[14..].iter().all(Option::is_none));
}

#[test]
fn a_point_on_the_centre_is_on_neither_side_whatever_its_last_digit() {
    // Tenths: the sum of these is no exact double, and their mean is .3.
    let values = all([0.1, 0.5, 0.2, 0.4, 0.3, 0.1, 0.5, 0.2, 0.4, 0.3, 0.1, 0.5, 0.2, 0.4, 0.3]);
    let found = limits(&values, Centring::Mean).expect("limits");
    assert!((found.centre - 0.3).abs() < 1e-15);
    assert_eq!(found.side(0.1 + 0.2), None);
    assert_eq!(found.side(0.300_001), Some(Side::High));
}

#[test]
fn too_few_values_say_how_many_there_are() {
    let error = |values: &[Option<f64>]| months(values).process(None).expect_err("no process");
    assert_eq!(error(&[]), NoLimits::TooFew(0));
    assert_eq!(error(&[Some(1.0)]), NoLimits::TooFew(1));
    assert_eq!(error(&[None; 30]), NoLimits::TooFew(0));
    let eleven: Vec<Option<f64>> = (0..22).map(|place| (place % 2 == 0).then_some(1.0)).collect();
    assert_eq!(error(&eleven), NoLimits::TooFew(11));
    // Twelve values of which no two are neighbours have no range either.
    let apart: Vec<Option<f64>> = (0..24).map(|place| (place % 2 == 0).then_some(1.0)).collect();
    assert_eq!(error(&apart), NoLimits::TooFew(12));
    assert!(months(&all((0..12).map(|place| f64::from(place % 3)))).process(None).is_ok());
    // Since the last rebase there are too few, however many there were before.
    let values = all((0..24).map(|place| f64::from(place % 3)));
    let rebased = |at: usize| Series { begun: vec![(at, "a new counter".to_owned())], ..months(&values) };
    assert_eq!(rebased(13).process(None), Err(NoLimits::TooFew(11)));
    assert!(rebased(12).process(None).is_ok());
}

#[test]
fn a_last_period_without_a_value_is_a_signal_of_nothing() {
    let mut values = all((0..20).map(|place| f64::from(place % 3)));
    values.push(Some(50.0));
    assert_eq!(of(&values).variation, Variation::Improvement(Signal::Outside(Side::High)));
    assert_eq!(of(&values).run, 20..21);
    values.push(None);
    assert_eq!(of(&values).variation, Variation::Common);
    assert!(of(&values).run.is_empty());
    let concern = months(&values[..21]).process(Some(Polarity::Lower)).expect("a process");
    assert_eq!(concern.variation, Variation::Concern(Signal::Outside(Side::High)));
    let neutral = months(&values[..21]).process(Some(Polarity::Between)).expect("a process");
    assert_eq!(neutral.variation, Variation::Neutral(Signal::Outside(Side::High)));
}

#[test]
fn a_share_is_shown_between_nothing_and_all() {
    let shares = of(&all((0..12).map(|place| if place % 2 == 0 { 0.05 } else { 0.95 })));
    assert!(shares.limits.lower < 0.0 && shares.limits.upper > 1.0);
    let shown = shares.shown(&shares.limits, Some(&Unit::Percent));
    assert_eq!(lines(&shown), [0.0, 0.0, 0.5, 1.0, 1.0]);
    // What is no share keeps its limits, and so does a percentage that has been beyond.
    assert_eq!(shares.shown(&shares.limits, Some(&Unit::Ratio)), shares.limits);
    let growth = of(&all((0..12).map(|place| if place % 2 == 0 { -0.05 } else { 0.95 })));
    assert_eq!(growth.shown(&growth.limits, Some(&Unit::Percent)), growth.limits);
    assert_eq!(shares.limits.shown((2.0, 1.0)), shares.limits);
}

#[test]
fn histories_look_back_as_far_as_their_grain_asks() {
    let grains = [Grain::Day, Grain::Week, Grain::Month, Grain::Quarter, Grain::Year];
    assert_eq!(grains.map(goldthread::evaluate::memory), [60, 104, 24, 24, 15]);
}
