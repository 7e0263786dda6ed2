//! In which column each node stands: what is fed left of what feeds it. Knows numbers of nodes, and nothing of cards.

/// How often nodes are moved to shorten what ties them; it settles far earlier.
const ROUNDS: usize = 50;

/// The column of each of `count` nodes, from 0 on, for ties from parent to child without a loop.
///
/// Nodes without a parent stand in column 0. Every other one stands right of all its parents: as far left as they let it,
/// or as far right as its children let it where that makes its ties shorter.
pub(super) fn layers(count: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let (parents, children) = neighbours(count, edges);
    let mut layer = vec![0; count];
    let order = parents_first(&parents, &children);
    for node in &order {
        layer[*node] = parents[*node].iter().map(|parent| layer[*parent] + 1).max().unwrap_or(0);
    }
    for _ in 0..ROUNDS {
        let mut moved = false;
        for node in order.iter().rev() {
            let Some(first) = parents[*node].iter().map(|parent| layer[*parent] + 1).max() else { continue };
            let last = children[*node].iter().map(|child| layer[*child] - 1).min();
            let to = match last {
                Some(last) if children[*node].len() > parents[*node].len() => last,
                _ => first,
            };
            moved |= layer[*node] != to;
            layer[*node] = to;
        }
        if !moved {
            break;
        }
    }
    layer
}

/// Parents and children of each node.
pub(super) fn neighbours(count: usize, edges: &[(usize, usize)]) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
    let (mut parents, mut children) = (vec![Vec::new(); count], vec![Vec::new(); count]);
    for (parent, child) in edges {
        parents[*child].push(*parent);
        children[*parent].push(*child);
    }
    (parents, children)
}

fn parents_first(parents: &[Vec<usize>], children: &[Vec<usize>]) -> Vec<usize> {
    let mut waits: Vec<usize> = parents.iter().map(Vec::len).collect();
    let mut order: Vec<usize> = (0..parents.len()).filter(|node| waits[*node] == 0).collect();
    let mut next = 0;
    while let Some(node) = order.get(next).copied() {
        next += 1;
        for child in &children[node] {
            waits[*child] -= 1;
            if waits[*child] == 0 {
                order.push(*child);
            }
        }
    }
    order
}

/// The number of the part each node is in, where parts are tied by nothing; parts in the order of their first nodes.
pub(super) fn parts(count: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let (parents, children) = neighbours(count, edges);
    let mut part = vec![usize::MAX; count];
    let mut parts = 0;
    for start in 0..count {
        if part[start] != usize::MAX {
            continue;
        }
        let mut open = vec![start];
        part[start] = parts;
        while let Some(node) = open.pop() {
            for next in parents[node].iter().chain(&children[node]) {
                if part[*next] == usize::MAX {
                    part[*next] = parts;
                    open.push(*next);
                }
            }
        }
        parts += 1;
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_fed_stands_left_and_shared_nodes_stand_right_of_all_they_feed() {
        // 0 and 5 are goals; 3 feeds 1, which feeds 0, and 5.
        let edges = [(0, 1), (0, 2), (1, 3), (5, 3), (3, 4)];
        assert_eq!(layers(6, &edges), [0, 1, 1, 2, 3, 0]);
    }

    #[test]
    fn a_node_moves_to_its_children_where_they_are_more() {
        // 1 may stand in column 1 or 2; both its children are as far right as a longer way puts them.
        let edges = [(0, 1), (1, 5), (1, 6), (0, 2), (2, 3), (3, 5), (3, 6)];
        assert_eq!(layers(7, &edges), [0, 2, 1, 2, 0, 3, 3]);
    }

    #[test]
    fn parts_are_numbered_by_their_first_nodes() {
        assert_eq!(parts(6, &[(4, 0), (1, 2)]), [0, 1, 1, 2, 0, 3]);
    }
}
