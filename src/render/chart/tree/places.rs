//! How high nodes and bends stand: near what they are tied to, long ties straight, nothing over anything.
//!
//! The sum over all ties of weight times squared difference of heights is made small, one column after the other, each time
//! exactly: with the order and the distances given, that is a regression on ascending values.

use super::order::Net;

/// How many times all columns are settled, to the right and back.
const ROUNDS: usize = 60;

/// What places need of a column.
pub(super) struct Room<'r> {
    /// The height of each node, in units.
    pub(super) heights: &'r [f64],
    /// Between nodes.
    pub(super) gap: f64,
    /// How much each tie pulls more than others: 1 for most.
    pub(super) pulls: &'r [f64],
}

/// A bend's height and its distance from others.
const BEND: f64 = 6.0;
const BEND_GAP: f64 = 9.0;

/// The middle of each place of a net, from top to bottom, in units.
pub(super) fn middles(net: &Net, room: &Room<'_>) -> Vec<f64> {
    let ties = ties(net, room.pulls);
    let columns: Vec<Vec<f64>> = (0..net.columns.len()).map(|column| distances(net, room, column)).collect();
    let mut middle = vec![0.0; net.left.len()];
    for (places, offsets) in net.columns.iter().zip(&columns) {
        places.iter().zip(offsets).for_each(|(place, offset)| middle[*place] = *offset);
    }
    let count = net.columns.len();
    for _ in 0..ROUNDS {
        for column in (0..count).chain((0..count).rev()) {
            settle(&net.columns[column], &columns[column], &ties, &mut middle);
        }
    }
    middle.iter().map(|middle| (middle * 2.0).round() / 2.0).collect()
}

/// What each place is tied to, and how strongly: ties between bends most, so that long ones are straight.
fn ties(net: &Net, pulls: &[f64]) -> Vec<Vec<(usize, f64)>> {
    let mut ties = vec![Vec::new(); net.left.len()];
    for (chain, pull) in net.chains.iter().zip(pulls) {
        for pair in chain.windows(2) {
            let bends = pair.iter().filter(|place| **place >= net.nodes).count();
            let weight = pull * [1.0, 3.0, 12.0][bends];
            ties[pair[0]].push((pair[1], weight));
            ties[pair[1]].push((pair[0], weight));
        }
    }
    ties
}

/// How far below the first place of a column each is at least.
fn distances(net: &Net, room: &Room<'_>, column: usize) -> Vec<f64> {
    let height = |place: usize| room.heights.get(place).copied().filter(|_| place < net.nodes).unwrap_or(BEND);
    let places = &net.columns[column];
    let mut offsets = Vec::with_capacity(places.len());
    let mut bottom: Option<(f64, usize)> = None;
    for place in places {
        let half = height(*place) / 2.0;
        let top = match bottom {
            None => 0.0,
            Some((bottom, above)) if *place < net.nodes && above < net.nodes => bottom + room.gap,
            Some((bottom, _)) => bottom + BEND_GAP,
        };
        offsets.push(top + half);
        bottom = Some((top + 2.0 * half, *place));
    }
    offsets
}

/// Puts the places of one column where the pull of their neighbours is least, in their order and at their distances.
fn settle(places: &[usize], offsets: &[f64], ties: &[Vec<(usize, f64)>], middle: &mut [f64]) {
    // Places pressed together: weight, weighted sum of where each would begin, how many.
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    for (place, offset) in places.iter().zip(offsets) {
        let weight: f64 = ties[*place].iter().map(|(_, weight)| weight).sum();
        let pulled: f64 = ties[*place].iter().map(|(other, weight)| weight * middle[*other]).sum();
        // What nothing pulls stays, and gives way.
        let (weight, pulled) = if weight > 0.0 { (weight, pulled) } else { (1e-6, 1e-6 * middle[*place]) };
        let mut block = (weight, pulled - weight * offset, 1);
        while let Some(above) = blocks.pop_if(|above| above.1 / above.0 >= block.1 / block.0) {
            block = (above.0 + block.0, above.1 + block.1, above.2 + block.2);
        }
        blocks.push(block);
    }
    let begins = blocks.iter().flat_map(|(weight, sum, count)| std::iter::repeat_n(sum / weight, *count));
    for ((place, offset), begin) in places.iter().zip(offsets).zip(begins) {
        middle[*place] = begin + offset;
    }
}

#[cfg(test)]
mod tests {
    use super::super::layers::layers;
    use super::*;

    fn placed(count: usize, edges: &[(usize, usize)]) -> (Net, Vec<f64>) {
        let net = Net::new(&layers(count, edges), edges);
        let room = Room { heights: &vec![40.0; count], gap: 10.0, pulls: &vec![1.0; edges.len()] };
        let middles = middles(&net, &room);
        (net, middles)
    }

    #[test]
    fn a_parent_stands_in_the_middle_of_its_children() {
        let (_, middles) = placed(4, &[(0, 1), (0, 2), (0, 3)]);
        assert_eq!((middles[2] - middles[1], middles[3] - middles[2]), (50.0, 50.0));
        assert_eq!(middles[0], middles[2]);
    }

    #[test]
    fn a_chain_is_a_straight_line() {
        let (_, middles) = placed(5, &[(0, 1), (1, 2), (2, 3), (3, 4)]);
        assert!(middles.iter().all(|middle| *middle == middles[0]), "{middles:?}");
    }

    #[test]
    fn a_tie_over_several_columns_is_nearly_straight_where_it_only_passes() {
        let (net, middles) = placed(6, &[(0, 1), (1, 2), (2, 3), (3, 4), (0, 4), (0, 5)]);
        let bends: Vec<f64> = net.chains[4][1..4].iter().map(|bend| middles[*bend]).collect();
        let (least, most) = bends.iter().fold((f64::MAX, f64::MIN), |(a, b), y| (a.min(*y), b.max(*y)));
        assert!(bends.len() == 3 && most - least <= 12.0, "{bends:?}");
    }
}
