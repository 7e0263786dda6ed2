//! Labels beside one another on one line of their own: moved as little as possible until none covers another.

/// Places for labels of one height whose middles should be at `wanted`, between two edges: in the order of what is wanted,
/// with the least sum of squared moves; `None` where they do not fit.
pub(super) fn spread(wanted: &[f64], height: f64, (low, high): (f64, f64)) -> Option<Vec<f64>> {
    let count = wanted.len() as f64;
    if count * height > high - low + 1e-9 {
        return None;
    }
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]));
    // Without the heights of those above, labels that do not overlap are numbers that do not fall.
    let bare = order.iter().enumerate().map(|(above, index)| wanted[*index] - above as f64 * height);
    let (first, last) = (low + height / 2.0, high - height / 2.0 - (count - 1.0) * height);
    let mut places = vec![0.0; wanted.len()];
    for (above, (index, place)) in order.iter().zip(rising(bare)).enumerate() {
        places[*index] = place.min(last).max(first) + above as f64 * height;
    }
    Some(places)
}

/// The numbers that do not fall and are nearest to these: those that would fall share their mean.
fn rising(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for value in values {
        let (mut sum, mut count) = (value, 1);
        while let Some((before, of)) = pools.pop_if(|(before, of)| *before / *of as f64 > sum / count as f64) {
            (sum, count) = (sum + before, count + of);
        }
        pools.push((sum, count));
    }
    pools.into_iter().flat_map(|(sum, count)| std::iter::repeat_n(sum / count as f64, count)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn labels_move_apart_evenly_and_stay_inside() {
        assert_eq!(spread(&[50.0, 50.0], 10.0, (0.0, 100.0)), Some(vec![45.0, 55.0]));
        assert_eq!(spread(&[99.0, 10.0, 98.0], 10.0, (0.0, 100.0)), Some(vec![95.0, 10.0, 85.0]));
        assert_eq!(spread(&[0.0; 3], 10.0, (0.0, 29.0)), None);
        assert_eq!(spread(&[], 10.0, (0.0, 1.0)), Some(Vec::new()));
    }

    fn cost(wanted: &[f64], places: &[f64]) -> f64 {
        wanted.iter().zip(places).map(|(wanted, place)| (wanted - place).powi(2)).sum()
    }

    proptest! {
        #[test]
        fn labels_never_overlap_stay_inside_keep_their_order_and_move_least(
            wanted in proptest::collection::vec(-20.0..220.0f64, 0..12), nudge in -3.0..3.0f64, which in 0..12usize,
        ) {
            let (height, low, high) = (15.0, 0.0, 200.0);
            let places = spread(&wanted, height, (low, high)).unwrap();
            let legal = |places: &[f64]| {
                let inside = places.iter().all(|at| at - height / 2.0 >= low - 1e-6 && at + height / 2.0 <= high + 1e-6);
                let pairs = || (0..places.len()).flat_map(|a| (0..a).map(move |b| (a, b)));
                let apart = pairs().all(|(a, b)| (places[a] - places[b]).abs() >= height - 1e-6);
                let in_order = pairs().all(|(a, b)| (wanted[a] - wanted[b]) * (places[a] - places[b]) >= 0.0);
                inside && apart && in_order
            };
            prop_assert!(legal(&places), "{wanted:?} at {places:?}");
            // No other place of one label, or of it and all below, is legal and better.
            if let Some(at) = places.get(which).copied() {
                for together in [false, true] {
                    let moved: Vec<f64> = places.iter().enumerate().map(|(index, place)| {
                        let goes = index == which || (together && *place > at);
                        if goes { place + nudge } else { *place }
                    }).collect();
                    prop_assert!(!legal(&moved) || cost(&wanted, &moved) >= cost(&wanted, &places) - 1e-6);
                }
            }
        }
    }
}
