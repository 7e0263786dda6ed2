//! How far numbers go together: with their neighbours, with what was a year ago, with the passing of time.
//!
//! A series is a value or nothing a period, in their order; a pair with a gap in it is no pair.

/// Pearson's correlation of pairs, −1 to 1; `None` for fewer than two, or where either side is always the same.
pub fn correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    let count = pairs.len() as f64;
    let (first, second) = *pairs.first()?;
    // Differences from the first pair lose no digits to a large common level.
    let near: Vec<(f64, f64)> = pairs.iter().map(|(a, b)| (a - first, b - second)).collect();
    let (mean_a, mean_b) = (sum(near.iter().map(|pair| pair.0)) / count, sum(near.iter().map(|pair| pair.1)) / count);
    let of = |part: &dyn Fn(&(f64, f64)) -> f64| sum(near.iter().map(part));
    let together = of(&|(a, b)| (a - mean_a) * (b - mean_b));
    let (alone_a, alone_b) = (of(&|(a, _)| (a - mean_a).powi(2)), of(&|(_, b)| (b - mean_b).powi(2)));
    let correlation = together / (alone_a * alone_b).sqrt();
    correlation.is_finite().then(|| correlation.clamp(-1.0, 1.0))
}

/// Each value behind the one `lag` periods before it, where both are there.
pub fn lagged(values: &[Option<f64>], lag: usize) -> Vec<(f64, f64)> {
    values.iter().zip(values.iter().skip(lag)).filter_map(|(before, now)| Some(((*before)?, (*now)?))).collect()
}

/// Each value behind its place in the series.
pub fn with_time(values: &[Option<f64>]) -> Vec<(f64, f64)> {
    values.iter().enumerate().filter_map(|(place, value)| Some((place as f64, (*value)?))).collect()
}

/// What is left of a series without the straight line that fits it best.
pub fn without_line(values: &[Option<f64>]) -> Vec<Option<f64>> {
    let pairs = with_time(values);
    let count = pairs.len() as f64;
    let mean = |part: fn(&(f64, f64)) -> f64| sum(pairs.iter().map(part)) / count;
    let (middle, level) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let spread = sum(pairs.iter().map(|(place, _)| (place - middle).powi(2)));
    let slope = match spread {
        0.0 => 0.0,
        spread => sum(pairs.iter().map(|(place, value)| (place - middle) * (value - level))) / spread,
    };
    let largest = pairs.iter().map(|(_, value)| value.abs()).fold(0.0, f64::max);
    let rest = |place: usize, value: f64| {
        let rest = value - level - slope * (place as f64 - middle);
        // What rounding leaves over would be correlated as if it meant something.
        if rest.abs() > 1e-12 * largest { rest } else { 0.0 }
    };
    values.iter().enumerate().map(|(place, value)| value.map(|value| rest(place, value))).collect()
}

fn sum(values: impl Iterator<Item = f64>) -> f64 {
    values.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_correlated_as_by_hand() {
        // Means 2 and 3; together 1·2 + 0 + 1·1 = 3, alone 2 and 14/3 of thirds: 3 / √(2 · 14/3).
        let pairs = [(1.0, 1.0), (2.0, 4.0), (3.0, 4.0)];
        assert!((correlation(&pairs).unwrap() - 3.0 / 12f64.sqrt()).abs() < 1e-15);
        assert_eq!(correlation(&[(1.0, 2.0), (2.0, 4.0), (5.0, 10.0)]), Some(1.0));
        assert_eq!(correlation(&[(1.0, 2.0)]), None);
        assert_eq!(correlation(&[(1.0, 2.0), (2.0, 2.0)]), None);
    }

    #[test]
    fn a_gap_makes_no_pair() {
        let values = [Some(1.0), None, Some(3.0), Some(4.0)];
        assert_eq!(lagged(&values, 1), [(3.0, 4.0)]);
        assert_eq!(lagged(&values, 2), [(1.0, 3.0)]);
        assert_eq!(lagged(&values, 9), []);
        assert_eq!(with_time(&values), [(0.0, 1.0), (2.0, 3.0), (3.0, 4.0)]);
    }

    #[test]
    fn nothing_is_left_of_a_line() {
        let line: Vec<Option<f64>> = (0..9).map(|place| (place != 4).then(|| 3.0 + 2.0 * f64::from(place))).collect();
        assert!(without_line(&line).iter().flatten().all(|rest| rest.abs() < 1e-12));
        assert_eq!(without_line(&line)[4], None);
        assert_eq!(without_line(&[Some(7.0)]), [Some(0.0)]);
    }
}
