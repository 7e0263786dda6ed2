//! What holds for every series.

use proptest::prelude::{ProptestConfig, Strategy, any, prop, prop_assert, prop_assert_eq, proptest};

use super::lines;
use goldthread::stats::xmr::{Centring, Side, Signal, last_run, limits, run_at, signals};

/// Whole numbers with gaps: their arithmetic is exact, so that ties stay ties.
fn series() -> impl Strategy<Value = Vec<Option<f64>>> {
    let value = (any::<u8>(), -40i32..40).prop_map(|(gap, value)| (gap > 20).then_some(f64::from(value)));
    prop::collection::vec(value, 2..60)
}

fn other_way(signal: Signal) -> Signal {
    let turned = |side| if side == Side::High { Side::Low } else { Side::High };
    match signal {
        Signal::Outside(side) => Signal::Outside(turned(side)),
        Signal::Trend(side) => Signal::Trend(turned(side)),
        Signal::TwoOfThree(side) => Signal::TwoOfThree(turned(side)),
        Signal::Shift(side) => Signal::Shift(turned(side)),
    }
}

fn are_close(actual: &[f64], expected: &[f64]) -> bool {
    actual.iter().zip(expected).all(|(a, e)| (a - e).abs() <= 1e-9 * e.abs().max(1.0))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn another_scale_moves_limits_and_no_signal(values in series(), factor in 1i32..1000, level in -100_000i32..100_000) {
        for centring in [Centring::Mean, Centring::Screened, Centring::Median] {
            let Some(own) = limits(&values, centring) else { continue };
            let scaled = |value: f64| value * f64::from(factor) + f64::from(level);
            let others: Vec<Option<f64>> = values.iter().map(|value| value.map(scaled)).collect();
            let found = limits(&others, centring).expect("limits");
            prop_assert!(are_close(&lines(&found), &lines(&own).map(scaled)), "{found:?}, {own:?}");
            prop_assert!(are_close(&[found.range_upper], &[own.range_upper * f64::from(factor)]));
            prop_assert_eq!(signals(&others, &found), signals(&values, &own));
        }
    }

    #[test]
    fn a_mirror_mirrors_every_signal(values in series()) {
        let Some(own) = limits(&values, Centring::Mean) else { return Ok(()) };
        let others: Vec<Option<f64>> = values.iter().map(|value| value.map(|value| -value)).collect();
        let found = limits(&others, Centring::Mean).expect("limits");
        let mut mirrored = lines(&own).map(|line| -line);
        mirrored.reverse();
        prop_assert!(are_close(&lines(&found), &mirrored));
        let turned: Vec<Option<Signal>> = signals(&values, &own).into_iter().map(|one| one.map(other_way)).collect();
        prop_assert_eq!(signals(&others, &found), turned);
    }

    #[test]
    fn a_run_ends_with_the_series_and_holds_its_signal(values in series()) {
        let Some(own) = limits(&values, Centring::Mean) else { return Ok(()) };
        let found = signals(&values, &own);
        let run = last_run(&values, &own, &found);
        prop_assert_eq!(run.end, values.len());
        prop_assert_eq!(run.is_empty(), found[values.len() - 1].is_none());
        prop_assert!(run.clone().all(|at| values[at].is_some()), "a gap in {:?}", run);
        // No limit is crossed by a value of none, and gaps are signals of nothing.
        prop_assert!(values.iter().zip(&found).all(|(value, signal)| value.is_some() || signal.is_none()));
        match found[values.len() - 1] {
            Some(Signal::Shift(_) | Signal::Trend(_)) => prop_assert!(run.len() >= 7),
            Some(Signal::TwoOfThree(_)) => prop_assert!((2..=3).contains(&run.len())),
            _ => {}
        }
    }

    #[test]
    fn a_run_holds_the_point_it_is_asked_for_and_nothing_that_is_not_of_it(values in series()) {
        let Some(own) = limits(&values, Centring::Mean) else { return Ok(()) };
        let found = signals(&values, &own);
        for (at, signal) in found.iter().enumerate() {
            let Some(signal) = *signal else { continue };
            let run = run_at(&values, &own, signal, at);
            prop_assert!(run.contains(&at), "{:?} of {:?} at {}", run, signal, at);
            let each: Vec<f64> = values[run.clone()].iter().map(|value| value.expect("no gap")).collect();
            let high = signal.side() == Side::High;
            // Whole numbers: what lies on a side of the centre does so by more than rounding.
            let beyond = |line: f64| each.iter().all(|value| if high { *value > line } else { *value < line });
            let (least, holds) = match signal {
                Signal::Outside(_) => (1, beyond(if high { own.upper } else { own.lower })),
                Signal::Shift(_) => (7, beyond(own.centre)),
                Signal::TwoOfThree(_) => (2, beyond(own.centre)),
                Signal::Trend(_) => (7, each.windows(2).all(|pair| (pair[1] > pair[0]) == high && pair[1] != pair[0])),
            };
            prop_assert!(run.len() >= least && holds, "{:?} of {:?} at {}: {:?}", run, signal, at, each);
        }
        prop_assert_eq!(last_run(&values, &own, &found).end, values.len());
    }
}
