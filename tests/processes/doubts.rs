//! Why limits are doubted: series that are no noise, each of a kind, and noise that is none of them.

use super::{all, of, of_grain};
use goldthread::evaluate::{Doubt, Season};
use goldthread::period::Grain;

/// Noise from a table of the digits of pi, twice as long as a year.
const PI: [f64; 24] = [
    1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.0, 5.0, 8.0, 9.0, 7.0, 9.0, 3.0, 2.0, 3.0, 8.0, 4.0, 6.0, 2.0, 6.0, 4.0,
    3.0,
];

#[test]
fn doubts_are_raised_where_values_are_no_noise_and_nowhere_else() {
    assert_eq!(of(&all(PI)).doubts, []);
    // A staircase of noise-free steps rises all along; its neighbours' correlation goes without saying.
    let trend = of(&all((0..24).map(f64::from)));
    assert_eq!(trend.doubts, [Doubt::Trending(1.0)]);
    assert!(matches!(of(&all((0..24).map(|place| -f64::from(place)))).doubts[..], [Doubt::Trending(by)] if by == -1.0));
    // One step, however clean, is no trend: √3/2 of a correlation with time, though neighbours are alike.
    let step = of(&all((0..24).map(|place| if place < 12 { 0.0 } else { 1.0 })));
    assert!(
        matches!(step.doubts[..], [Doubt::Autocorrelated(by), Doubt::Screening(share)] if by > 0.9 && share == 1.0)
    );
    // A level that moved amid noise does not repeat itself either.
    let moved = PI.into_iter().enumerate().map(|(place, value)| if place < 12 { value } else { value + 5.0 });
    let moved = of(&all(moved)).doubts;
    assert!(!moved.iter().any(|doubt| matches!(doubt, Doubt::Seasonal(..))), "{moved:?}");
    // A sawtooth of a year repeats itself.
    let year = [0.0, 3.0, 1.0, 5.0, 2.0, 8.0, 9.0, 7.0, 9.0, 4.0, 6.0, 1.0];
    let seasonal = of(&all(year.into_iter().chain(year)));
    assert!(
        seasonal.doubts.iter().any(|doubt| matches!(doubt, Doubt::Seasonal(Season::Year, by) if *by > 0.99)),
        "{:?}",
        seasonal.doubts
    );
    let short = of(&all(year.into_iter().chain(year).skip(1)));
    assert!(!short.doubts.iter().any(|doubt| matches!(doubt, Doubt::Seasonal(..))), "{:?}", short.doubts);
    // Of 23 ranges 21 are 1, two are 11: the mean is 43/23, of which 3.267 times is 6.1. Screened it is 1.
    let spike: Vec<f64> = (0..24).map(|place| if place == 12 { 11.0 } else { f64::from(place % 2) }).collect();
    let expected = 1.0 - 23.0 / (21.0 + 10.0 + 10.0);
    let found = of(&all(spike)).doubts;
    assert!(matches!(found[..], [Doubt::Screening(share)] if (share - expected).abs() < 1e-12), "{found:?}");
}

fn trends(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let doubts = of(&all(values)).doubts;
    doubts.iter().find_map(|doubt| if let Doubt::Trending(by) = doubt { Some(*by) } else { None })
}

#[test]
fn only_what_rises_or_falls_in_both_halves_does_so_all_along() {
    // Flat to the middle with a little noise, falling from there on: with time it goes at −.93 and does not fall all along.
    let flat_then = |step: f64| (0..24).map(move |at| f64::from(at % 2) * 0.1 + step * f64::from((at - 11).max(0)));
    assert_eq!(trends(flat_then(-1.0)), None);
    assert_eq!(trends(flat_then(1.0)), None);
    let falling_then_flat: Vec<f64> = flat_then(1.0).collect::<Vec<_>>().into_iter().rev().collect();
    assert_eq!(trends(falling_then_flat), None);
    // It is still far from noise, and that is said.
    let flat_then_falls = of(&all(flat_then(-1.0))).doubts;
    assert!(matches!(flat_then_falls[..], [Doubt::Autocorrelated(by), ..] if by > 0.9), "{flat_then_falls:?}");
    // Slower at first and faster then is all along; so is a line amid noise.
    assert!(trends((0..24).map(|at| f64::from(at * at))).is_some_and(|by| by > 0.9));
    assert!(trends((0..24).map(|at| PI[at] - 2.0 * at as f64)).is_some_and(|by| by < -0.9));
}

#[test]
fn quarters_repeat_their_year_days_their_week_and_weeks_their_year() {
    // Four quarters of a shop, six years of them, amid noise a tenth as large.
    let quarters = (0..24).map(|at| [20.0, 60.0, 40.0, 100.0][at % 4] + PI[at]);
    let days = (0..60).map(|at| [50.0, 52.0, 55.0, 51.0, 58.0, 20.0, 12.0][at % 7] + PI[at % 24]);
    let weeks = (0..104).map(|at| 40.0 * (at as f64 / 52.0 * std::f64::consts::TAU).sin() + PI[at % 24]);
    let found = |grain: Grain, values: Vec<f64>| {
        let doubts = of_grain(grain, &all(values)).process(None).expect("a process").doubts;
        doubts.into_iter().find_map(|doubt| match doubt {
            Doubt::Seasonal(season, by) if by > 0.8 => Some(season),
            _ => None,
        })
    };
    assert_eq!(found(Grain::Quarter, quarters.clone().collect()), Some(Season::Year));
    assert_eq!(found(Grain::Day, days.collect()), Some(Season::Week));
    assert_eq!(found(Grain::Week, weeks.collect()), Some(Season::Year));
    // Of years there is no season, and the same quarters without their pattern have none.
    assert_eq!(found(Grain::Year, quarters.take(15).collect()), None);
    assert_eq!(found(Grain::Quarter, PI.to_vec()), None);
}
