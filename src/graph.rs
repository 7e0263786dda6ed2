//! How metrics hang together: children, parents, an order in which children come first, threads.
//!
//! A graph with shared nodes and no cycles. Knows edges and nothing of what stands on a node.

use std::collections::BTreeSet;

use crate::diagnostic::Place;

/// A node: a metric or goal of the scorecard, by position in file order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MetricId(usize);

impl MetricId {
    /// The node at a position.
    pub(crate) fn at(position: usize) -> MetricId {
        MetricId(position)
    }

    /// Its position in the scorecard.
    pub fn index(self) -> usize {
        self.0
    }
}

/// The checked graph of a scorecard.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    children: Vec<Vec<Edge>>,
    parents: Vec<Vec<MetricId>>,
    /// Children before parents; ties in file order.
    order: Vec<MetricId>,
}

/// One child of a node, and what ties it there.
#[derive(Clone, Debug)]
pub struct Edge {
    /// The child.
    pub child: MetricId,
    /// Arithmetic or belief.
    pub tie: Tie,
}

/// What ties a child to its parent. The two are never confused, in types or in pictures.
#[derive(Clone, Debug)]
pub enum Tie {
    /// The child is an input of the parent's definition.
    Definition,
    /// The child is claimed to move the parent.
    Link(Link),
}

/// A claim: when `from` gets better, so does `to`.
#[derive(Clone, Debug)]
pub struct Link {
    /// The driver.
    pub from: MetricId,
    /// What it is claimed to move.
    pub to: MetricId,
    /// Its weight among the children of `to`; positive.
    pub weight: f64,
    /// After how many periods the effect is expected.
    pub lag: u32,
    /// Why it is believed.
    pub because: Option<String>,
    /// Where it is written.
    pub place: Place,
}

/// A loop, each node once, in the direction of the thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycle(pub Vec<MetricId>);

impl Graph {
    /// Builds the graph of `count` nodes from the children of each.
    ///
    /// # Errors
    /// Every separate loop found.
    pub fn new(children: Vec<Vec<Edge>>) -> Result<Graph, Vec<Cycle>> {
        let mut parents = vec![Vec::new(); children.len()];
        for (parent, edges) in children.iter().enumerate() {
            for edge in edges {
                parents[edge.child.0].push(MetricId(parent));
            }
        }
        let order = children_first(&children)?;
        Ok(Graph { children, parents, order })
    }

    /// What the node is computed or claimed to come from, inputs before drivers.
    pub fn children(&self, id: MetricId) -> &[Edge] {
        &self.children[id.0]
    }

    /// The links that lead to the node: its children without the inputs of its definition.
    pub fn links_into(&self, id: MetricId) -> impl Iterator<Item = &Link> {
        self.children(id).iter().filter_map(|edge| match &edge.tie {
            Tie::Link(link) => Some(link),
            Tie::Definition => None,
        })
    }

    /// What the node feeds, in file order.
    pub fn parents(&self, id: MetricId) -> &[MetricId] {
        &self.parents[id.0]
    }

    /// Whether nothing feeds the node.
    pub fn is_leaf(&self, id: MetricId) -> bool {
        self.children[id.0].is_empty()
    }

    /// Every node, children first.
    pub fn children_first(&self) -> &[MetricId] {
        &self.order
    }

    /// The node and all that feeds it.
    pub fn below(&self, id: MetricId) -> BTreeSet<MetricId> {
        reach(&[id], |node| self.children[node.0].iter().map(|edge| edge.child).collect())
    }

    /// Some nodes and all that feeds any of them.
    pub fn below_any(&self, ids: &[MetricId]) -> BTreeSet<MetricId> {
        reach(ids, |node| self.children[node.0].iter().map(|edge| edge.child).collect())
    }

    /// The node and all that it feeds.
    pub fn above(&self, id: MetricId) -> BTreeSet<MetricId> {
        reach(&[id], |node| self.parents[node.0].clone())
    }
}

fn reach(starts: &[MetricId], next: impl Fn(MetricId) -> Vec<MetricId>) -> BTreeSet<MetricId> {
    let mut seen: BTreeSet<MetricId> = starts.iter().copied().collect();
    let mut open = starts.to_vec();
    while let Some(node) = open.pop() {
        open.extend(next(node).into_iter().filter(|node| seen.insert(*node)));
    }
    seen
}

/// Depth-first order without recursion: a chain may be as long as the scorecard.
fn children_first(children: &[Vec<Edge>]) -> Result<Vec<MetricId>, Vec<Cycle>> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut marks = vec![Mark::New; children.len()];
    let (mut order, mut cycles) = (Vec::new(), Vec::new());
    for root in 0..children.len() {
        // Each entry: a node and how many of its children have been entered.
        let mut path: Vec<(usize, usize)> = Vec::new();
        if marks[root] == Mark::New {
            marks[root] = Mark::Open;
            path.push((root, 0));
        }
        while let Some((node, entered)) = path.last_mut() {
            let Some(edge) = children[*node].get(*entered) else {
                marks[*node] = Mark::Done;
                order.push(MetricId(*node));
                path.pop();
                continue;
            };
            *entered += 1;
            let child = edge.child.0;
            match marks[child] {
                Mark::Done => {}
                Mark::New => {
                    marks[child] = Mark::Open;
                    path.push((child, 0));
                }
                Mark::Open => {
                    let start = path.iter().position(|(node, _)| *node == child).unwrap_or_default();
                    // The path runs from parent to child; a thread runs the other way.
                    cycles.push(Cycle(path[start..].iter().rev().map(|(node, _)| MetricId(*node)).collect()));
                }
            }
        }
    }
    if cycles.is_empty() { Ok(order) } else { Err(cycles) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(usize, usize)], count: usize) -> Result<Graph, Vec<Cycle>> {
        let mut children: Vec<Vec<Edge>> = vec![Vec::new(); count];
        for (parent, child) in edges {
            children[*parent].push(Edge { child: MetricId(*child), tie: Tie::Definition });
        }
        Graph::new(children)
    }

    #[test]
    fn children_come_first_and_shared_nodes_once() {
        let graph = graph(&[(0, 1), (0, 2), (1, 3), (2, 3)], 4).unwrap();
        let order: Vec<usize> = graph.children_first().iter().map(|id| id.0).collect();
        assert_eq!(order, [3, 1, 2, 0]);
        assert_eq!(graph.below(MetricId(1)).len(), 2);
        assert_eq!(graph.above(MetricId(3)).len(), 4);
    }

    #[test]
    fn every_loop_is_found_in_the_direction_of_the_thread() {
        let cycles = graph(&[(0, 1), (1, 2), (2, 0), (3, 3)], 4).unwrap_err();
        assert_eq!(cycles, [Cycle(vec![MetricId(2), MetricId(1), MetricId(0)]), Cycle(vec![MetricId(3)])]);
    }

    #[test]
    fn a_chain_of_a_hundred_thousand_does_not_overflow_the_stack() {
        let edges: Vec<(usize, usize)> = (0..99_999).map(|node| (node, node + 1)).collect();
        assert_eq!(graph(&edges, 100_000).unwrap().children_first().len(), 100_000);
    }
}
