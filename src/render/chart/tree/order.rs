//! In which order nodes stand in their columns, so that few ties cross: sweeps by the mean place of neighbours, both ways,
//! and swaps of neighbours, from two beginnings; the best order seen is kept. The same input gives the same order.

use std::collections::BTreeMap;

/// How many sweeps, to the right and back, one beginning gets.
const SWEEPS: usize = 16;
/// After how many sweeps without a better order it ends.
const PATIENCE: usize = 5;
/// How many times neighbours are swapped after a sweep, at most.
const SWAPS: usize = 8;

/// Nodes in columns, and a bend in every column that a tie only passes. Places are nodes, then bends.
#[derive(Clone, Debug)]
pub(super) struct Net {
    /// How many places are nodes; the others are bends.
    pub(super) nodes: usize,
    /// The places of each column, from top to bottom.
    pub(super) columns: Vec<Vec<usize>>,
    /// The places each is tied to in the column left of it.
    pub(super) left: Vec<Vec<usize>>,
    /// And right of it.
    pub(super) right: Vec<Vec<usize>>,
    /// The places of each tie, from parent to child.
    pub(super) chains: Vec<Vec<usize>>,
}

impl Net {
    /// The net of nodes in columns, ordered.
    pub(super) fn new(layer: &[usize], edges: &[(usize, usize)]) -> Net {
        let columns = layer.iter().max().map_or(0, |last| last + 1);
        let mut net = Net {
            nodes: layer.len(),
            columns: vec![Vec::new(); columns],
            left: vec![Vec::new(); layer.len()],
            right: vec![Vec::new(); layer.len()],
            chains: Vec::new(),
        };
        layer.iter().enumerate().for_each(|(node, column)| net.columns[*column].push(node));
        for (parent, child) in edges {
            let mut chain = vec![*parent];
            for column in layer[*parent] + 1..layer[*child] {
                chain.push(net.left.len());
                net.columns[column].push(net.left.len());
                net.left.push(Vec::new());
                net.right.push(Vec::new());
            }
            chain.push(*child);
            for pair in chain.windows(2) {
                net.right[pair[0]].push(pair[1]);
                net.left[pair[1]].push(pair[0]);
            }
            net.chains.push(chain);
        }
        net.settle();
        net
    }

    /// The number of crossings of all ties.
    pub(super) fn crossings(&self) -> usize {
        let at = self.positions();
        (1..self.columns.len()).map(|column| self.crossings_before(column, &at)).sum()
    }

    fn settle(&mut self) {
        let beginnings = [self.walked(&self.right, false), self.walked(&self.left, true)];
        let mut best: Option<(usize, Vec<Vec<usize>>)> = None;
        for beginning in beginnings {
            self.columns = beginning;
            let mut patience = PATIENCE;
            for sweep in 0..SWEEPS {
                let crossings = self.crossings();
                if best.as_ref().is_none_or(|(known, _)| crossings < *known) {
                    best = Some((crossings, self.columns.clone()));
                    patience = PATIENCE;
                } else {
                    patience -= 1;
                }
                if crossings == 0 || patience == 0 {
                    break;
                }
                self.sweep(sweep % 4 >= 2);
                self.swap();
            }
        }
        if let Some((_, columns)) = best {
            self.columns = columns;
        }
        self.number();
    }

    /// Brings nodes into the order of their numbers as far as that changes no crossing: all upside down where that is
    /// nearer, and those with the same neighbours among each other.
    fn number(&mut self) {
        let (mut falling, mut rising) = (0_usize, 0_usize);
        for column in &self.columns {
            let nodes: Vec<usize> = column.iter().copied().filter(|place| *place < self.nodes).collect();
            for (index, upper) in nodes.iter().enumerate() {
                let below = nodes[index + 1..].iter().filter(|lower| *lower < upper).count();
                (falling, rising) = (falling + below, rising + nodes.len() - index - 1 - below);
            }
        }
        for column in &mut self.columns {
            if falling > rising {
                column.reverse();
            }
            let mut alike: BTreeMap<(&[usize], &[usize]), Vec<usize>> = BTreeMap::new();
            for (position, place) in column.iter().enumerate().filter(|(_, place)| **place < self.nodes) {
                alike.entry((&self.left[*place], &self.right[*place])).or_default().push(position);
            }
            for positions in alike.into_values() {
                let mut nodes: Vec<usize> = positions.iter().map(|position| column[*position]).collect();
                nodes.sort_unstable();
                positions.into_iter().zip(nodes).for_each(|(position, node)| column[position] = node);
            }
        }
    }

    /// The places of each column in the order in which a walk along ties meets them: trees come without a crossing.
    fn walked(&self, next: &[Vec<usize>], from_the_end: bool) -> Vec<Vec<usize>> {
        let mut column_of = vec![0; self.left.len()];
        for (column, places) in self.columns.iter().enumerate() {
            places.iter().for_each(|place| column_of[*place] = column);
        }
        let (mut columns, mut seen) = (vec![Vec::new(); self.columns.len()], vec![false; self.left.len()]);
        let starts: Vec<usize> = match from_the_end {
            false => self.columns.iter().flatten().copied().collect(),
            true => self.columns.iter().rev().flatten().copied().collect(),
        };
        for start in starts {
            let mut open = vec![start];
            while let Some(place) = open.pop() {
                if !std::mem::replace(&mut seen[place], true) {
                    columns[column_of[place]].push(place);
                    open.extend(next[place].iter().rev());
                }
            }
        }
        columns
    }

    fn positions(&self) -> Vec<usize> {
        let mut at = vec![0; self.left.len()];
        for places in &self.columns {
            places.iter().enumerate().for_each(|(position, place)| at[*place] = position);
        }
        at
    }

    /// Orders each column by the mean place of its neighbours in the column before, to the right and then back.
    fn sweep(&mut self, reverses_equals: bool) {
        let mut at = self.positions();
        let count = self.columns.len();
        for column in (1..count).chain((0..count.saturating_sub(1)).rev()).enumerate() {
            let (step, column) = column;
            let neighbours = if step + 1 < count { &self.left } else { &self.right };
            let mean = |place: &usize| {
                let of = &neighbours[*place];
                let sum: usize = of.iter().map(|other| at[*other]).sum();
                (!of.is_empty()).then(|| sum as f64 / of.len() as f64)
            };
            let places = &self.columns[column];
            let mut tied: Vec<(f64, usize)> = places.iter().filter_map(|place| Some((mean(place)?, *place))).collect();
            if reverses_equals {
                tied.reverse();
            }
            tied.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut tied = tied.into_iter().map(|(_, place)| place);
            // Those without a neighbour stay where they are.
            let ordered: Vec<usize> = places
                .iter()
                .map(|place| if neighbours[*place].is_empty() { *place } else { tied.next().unwrap_or(*place) })
                .collect();
            ordered.iter().enumerate().for_each(|(position, place)| at[*place] = position);
            self.columns[column] = ordered;
        }
    }

    /// Swaps neighbours in a column as long as that removes crossings.
    fn swap(&mut self) {
        let mut at = self.positions();
        for _ in 0..SWAPS {
            let mut better = false;
            for column in 0..self.columns.len() {
                for upper in 1..self.columns[column].len() {
                    let (a, b) = (self.columns[column][upper - 1], self.columns[column][upper]);
                    if self.crossings_of(b, a, &at) < self.crossings_of(a, b, &at) {
                        self.columns[column].swap(upper - 1, upper);
                        at.swap(a, b);
                        better = true;
                    }
                }
            }
            if !better {
                break;
            }
        }
    }

    /// Crossings of the ties of two neighbours, one above the other.
    fn crossings_of(&self, above: usize, below: usize, at: &[usize]) -> usize {
        let side = |ties: &[Vec<usize>]| -> usize {
            let lower = |upper: &usize| ties[below].iter().filter(|other| at[**other] < at[*upper]).count();
            ties[above].iter().map(lower).sum()
        };
        side(&self.left) + side(&self.right)
    }

    /// Crossings between a column and the one left of it.
    fn crossings_before(&self, column: usize, at: &[usize]) -> usize {
        let mut ends: Vec<(usize, usize)> = self.columns[column]
            .iter()
            .flat_map(|place| self.left[*place].iter().map(|other| (at[*other], at[*place])))
            .collect();
        ends.sort_unstable();
        // How many ends seen are at each position: a Fenwick tree.
        let size = self.columns[column].len();
        let mut seen = vec![0_usize; size + 1];
        let mut crossings = 0;
        for (known, (_, end)) in ends.iter().enumerate() {
            let (mut up_to, mut index) = (0, end + 1);
            while index > 0 {
                up_to += seen[index];
                index &= index - 1;
            }
            crossings += known - up_to;
            let mut index = end + 1;
            while index <= size {
                seen[index] += 1;
                index += index & index.wrapping_neg();
            }
        }
        crossings
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, proptest};

    use super::super::layers::layers;
    use super::super::tests::graph;
    use super::*;

    /// Crossings between columns, counted pair by pair.
    fn counted(net: &Net, columns: &[Vec<usize>]) -> usize {
        let mut at = vec![0; net.left.len()];
        columns.iter().for_each(|places| places.iter().enumerate().for_each(|(index, place)| at[*place] = index));
        let mut crossings = 0;
        for places in &columns[1.min(columns.len())..] {
            let ends: Vec<(usize, usize)> =
                places.iter().flat_map(|place| net.left[*place].iter().map(|left| (at[*left], at[*place]))).collect();
            for (index, a) in ends.iter().enumerate() {
                crossings +=
                    ends[index + 1..].iter().filter(|b| (a.0 < b.0 && a.1 > b.1) || (a.0 > b.0 && a.1 < b.1)).count();
            }
        }
        crossings
    }

    /// Columns in the order of numbers: what stands there before anything is ordered.
    fn in_order(net: &Net) -> Vec<Vec<usize>> {
        let sorted = |places: &Vec<usize>| {
            let mut places = places.clone();
            places.sort_unstable();
            places
        };
        net.columns.iter().map(sorted).collect()
    }

    #[test]
    fn a_tree_has_no_crossing_and_keeps_its_order() {
        let edges = [(0, 2), (0, 1), (1, 5), (2, 3), (2, 4)];
        let net = Net::new(&layers(6, &edges), &edges);
        assert_eq!((net.crossings(), counted(&net, &net.columns)), (0, 0));
        let twigs = [(0, 1), (0, 2), (1, 3), (1, 4), (2, 5), (2, 6)];
        assert_eq!(Net::new(&layers(7, &twigs), &twigs).columns, [vec![0], vec![1, 2], vec![3, 4, 5, 6]]);
    }

    #[test]
    fn two_by_two_cross_once() {
        let edges = [(0, 2), (0, 3), (1, 2), (1, 3)];
        assert_eq!(Net::new(&layers(4, &edges), &edges).crossings(), 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

        #[test]
        fn no_order_is_worse_than_that_of_the_file((count, edges) in graph(40)) {
            let layer = layers(count, &edges);
            let net = Net::new(&layer, &edges);
            prop_assert_eq!(net.crossings(), counted(&net, &net.columns));
            prop_assert!(net.crossings() <= counted(&net, &in_order(&net)));
            for (parent, child) in &edges {
                prop_assert!(layer[*parent] < layer[*child]);
            }
            let mut all: Vec<usize> = net.columns.iter().flatten().copied().collect();
            all.sort_unstable();
            prop_assert_eq!(all, (0..net.left.len()).collect::<Vec<usize>>());
        }
    }
}
