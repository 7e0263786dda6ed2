//! One metric that counts twice in what it drives.

use crate::diagnostic::{Diagnostic, Severity};
use crate::graph::Graph;
use crate::lint::{Check, Design, Example, Group, Rule};
use crate::metric::{Link, MetricId};

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "counted-twice",
    group: Group::Thread,
    severity: Severity::Warning,
    summary: "a metric drives another directly and through a third",
    what: "Finds links from a metric to a node that the metric also feeds another way: it lies below another child of that \
           node, over links or definitions. A definition's input that lies below another input is arithmetic, and not \
           found. Two links from one metric to one node are an error of the scorecard before any rule looks.",
    why: "Its score is counted at the node with more weight than anyone gave it, and its bad month is charged twice. Most \
          often one of the two claims was meant: that it moves the third metric, and the third the goal.",
    example: Example::of(
        r#"
[metrics.fault_rate]
name = "Faults per 100 lines"
source = "network"
value = "100 * sum(faults) / sum(lines)"
unit = "faults"
better = "lower"
target = 1.2
threshold = 1.6
owner = "Head of Operations"
stage = "use"
drives = [
  { to = "churn", lag = 1, because = "a line that fails is the product failing" },
  { to = "repair_in_time", because = "crews that are swamped are late" },
]
"#,
    ),
    instead: Example::of(
        r#"
[metrics.fault_rate]
name = "Faults per 100 lines"
source = "network"
value = "100 * sum(faults) / sum(lines)"
unit = "faults"
better = "lower"
target = 1.2
threshold = 1.6
owner = "Head of Operations"
stage = "use"
drives = [{ to = "repair_in_time", because = "crews that are swamped are late" }]
"#,
    ),
    check: Check::Design(check),
};

fn check(design: &Design<'_>) -> Vec<Diagnostic> {
    let id = |metric: MetricId| design.scorecard.metric(metric).id.as_str();
    let mut findings = Vec::new();
    for (link, path) in counted_twice(&design.scorecard.graph) {
        let (from, to) = (id(link.from), id(link.to));
        let way: Vec<&str> = path.iter().map(|metric| id(*metric)).collect();
        // The last step before the node is the sibling through which it counts again.
        let through = way[way.len() - 2];
        let message = format!("`{from}` counts twice in `{to}`: by this link and through `{through}`");
        let finding = RULE.finding(from, message).at(&link.place, "");
        let other = design.scorecard.graph.links_into(path[1]).find(|other| other.from == link.from);
        let finding =
            other.into_iter().fold(finding, |finding, other| finding.at(&other.place, "the other way begins here"));
        let finding = finding.note(format!("the other way is {}", way.join(" → ")));
        findings.push(finding.help(format!("drop one of the two ways from `{from}` to `{to}`")));
    }
    findings
}

/// Links whose driver also lies below a sibling, each with the other way up: from the driver over the sibling to the node.
fn counted_twice(graph: &Graph) -> Vec<(&Link, Vec<MetricId>)> {
    let mut found = Vec::new();
    let mut walk = Walk { seen: vec![None; graph.children_first().len()], graph };
    for node in graph.children_first() {
        // What has no other parent has no other way.
        let has_other_parent = |link: &&Link| graph.parents(link.from).len() > 1;
        let links: Vec<&Link> = graph.links_into(*node).filter(has_other_parent).collect();
        if links.is_empty() || graph.children(*node).len() < 2 {
            continue;
        }
        walk.below_children(*node);
        found.extend(links.into_iter().filter_map(|link| Some((link, walk.way_up(*node, link.from)?))));
    }
    found
}

/// One walk down from the children of a node at a time: every metric below is entered once.
struct Walk<'g> {
    graph: &'g Graph,
    /// Of each metric: the node whose walk entered it last, and from which metric above it.
    seen: Vec<Option<(MetricId, MetricId)>>,
}

impl Walk<'_> {
    /// Enters all that lies below a child of `node`.
    fn below_children(&mut self, node: MetricId) {
        let mut open: Vec<MetricId> = self.graph.children(node).iter().map(|edge| edge.child).collect();
        while let Some(above) = open.pop() {
            for edge in self.graph.children(above) {
                let seen = &mut self.seen[edge.child.index()];
                if seen.is_none_or(|(walk, _)| walk != node) {
                    *seen = Some((node, above));
                    open.push(edge.child);
                }
            }
        }
    }

    /// From a child of `node` up to it, other than directly; nothing where there is no such way.
    fn way_up(&self, node: MetricId, child: MetricId) -> Option<Vec<MetricId>> {
        let above =
            |metric: &MetricId| self.seen[metric.index()].filter(|(walk, _)| *walk == node).map(|(_, above)| above);
        let mut way: Vec<MetricId> = std::iter::successors(Some(child), above).collect();
        way.push(node);
        (way.len() > 2).then_some(way)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Files, Place};
    use crate::graph::{Edge, Tie};

    /// A graph of links and definitions, each as parent and child.
    fn graph(count: usize, links: &[(usize, usize)], definitions: &[(usize, usize)]) -> Graph {
        let file = Files::default().add("scorecard.toml", "");
        let mut children: Vec<Vec<Edge>> = vec![Vec::new(); count];
        for (parent, child) in definitions {
            children[*parent].push(Edge { child: MetricId::at(*child), tie: Tie::Definition });
        }
        for (parent, child) in links {
            let (from, to) = (MetricId::at(*child), MetricId::at(*parent));
            let place = Place { file, span: 0..0 };
            let link = Link { from, to, weight: 1.0, lag: 0, because: None, place };
            children[*parent].push(Edge { child: from, tie: Tie::Link(link) });
        }
        Graph::new(children).expect("no loop")
    }

    fn ways(graph: &Graph) -> Vec<Vec<usize>> {
        counted_twice(graph).iter().map(|(_, way)| way.iter().map(|metric| metric.index()).collect()).collect()
    }

    #[test]
    fn a_sibling_is_found_at_any_depth_over_links_and_definitions() {
        assert_eq!(ways(&graph(3, &[(0, 1), (0, 2), (1, 2)], &[])), [[2, 1, 0]]);
        assert_eq!(ways(&graph(4, &[(0, 1), (1, 2), (0, 3)], &[(2, 3)])), [[3, 2, 1, 0]]);
        assert_eq!(ways(&graph(3, &[(0, 2)], &[(0, 1), (1, 2)])), [[2, 1, 0]]);
    }

    #[test]
    fn two_nodes_driven_by_one_metric_count_it_once_each() {
        assert!(ways(&graph(3, &[(0, 2), (1, 2)], &[])).is_empty());
        // Below two siblings, but not a driver of their parent: no link is at fault.
        assert!(ways(&graph(4, &[(0, 1), (0, 2), (1, 3), (2, 3)], &[])).is_empty());
        // Arithmetic over arithmetic.
        assert!(ways(&graph(3, &[], &[(0, 1), (0, 2), (1, 2)])).is_empty());
    }

    #[test]
    fn a_walk_of_one_node_is_not_taken_for_another_s() {
        // 3 lies below 1, which drives 0; at 4, of which 3 and 2 are children, it does not.
        let found = ways(&graph(5, &[(0, 1), (1, 3), (4, 3), (4, 2), (0, 3)], &[]));
        assert_eq!(found, [[3, 1, 0]]);
    }
}
