//! Links that cannot move the goals they lead to.

use crate::diagnostic::{Diagnostic, Severity};
use crate::evaluate::flow;
use crate::graph::{Edge, Tie};
use crate::lint::{Check, Design, Example, Group, Rule};
use crate::metric::{Link, Metric, MetricId, Rollup, Scorecard};

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "weightless-link",
    group: Group::Thread,
    severity: Severity::Warning,
    summary: "a link weighs too little to matter to any goal",
    what: "Finds links whose share of every goal above them is under 2 %. The share is the link's weight divided by the sum \
           of the weights of all children of the node it leads to, times the shares of the ways from that node up to the \
           goal, added up over all ways. Inputs of a definition weigh what `input_weights` says. What those weigh that it \
           leaves out only the data know: they are given a weight of 1 together, and any one of them may have all of it. At \
           a node with `rollup = \"weakest\"` any child may decide: each has a share of 1, and links to such a node are never \
           found. Nor are links from a `critical` metric, or from one with a critical metric below it. Of a thread that has \
           too little from some link on, that link alone is found. A link that leads to no goal is another rule's: \
           `unlinked-metric`.",
    why: "Were the driver to fall from its target to its threshold, the goal's thread score would not fall by two points out \
          of a hundred: nobody would see it. The link makes the thread longer to read, and lets its owner believe that the \
          work counts.",
    example: Example::of(
        r#"
[metrics.bill_questions]
name = "Calls about the bill"
source = "calls"
value = "sum(about_bill) / sum(handled)"
unit = "percent"
better = "lower"
target = 0.12
threshold = 0.16
owner = "Head of Service"
stage = "use"
drives = [{ to = "churn", weight = 0.05, lag = 1, because = "who does not understand the bill compares prices" }]
"#,
    ),
    instead: Example::of(
        r#"
[metrics.bill_questions]
name = "Calls about the bill"
source = "calls"
value = "sum(about_bill) / sum(handled)"
unit = "percent"
better = "lower"
target = 0.12
threshold = 0.16
owner = "Head of Service"
stage = "use"
drives = [{ to = "churn", weight = 0.5, lag = 1, because = "who does not understand the bill compares prices" }]
"#,
    ),
    check: Check::Design(check),
};

/// Links with less of every goal cannot matter.
const LEAST_SHARE: f64 = 0.02;

fn check(design: &Design<'_>) -> Vec<Diagnostic> {
    let scorecard = design.scorecard;
    let is_critical = critical_below(scorecard);
    let mut findings = Vec::new();
    for Reach { link, goal, of_node, nodes } in reaches(scorecard) {
        let is_weakest = scorecard.metric(link.to).rollup == Rollup::Weakest;
        // Where the node has too little itself, a link further up is at fault.
        let is_at_fault = nodes >= LEAST_SHARE && of_node * nodes < LEAST_SHARE;
        if !is_at_fault || is_weakest || is_critical[link.from.index()] {
            continue;
        }
        let id = |metric| &scorecard.metric(metric).id;
        let (from, to, goal) = (id(link.from), id(link.to), id(goal));
        let share = percent(of_node * nodes);
        let message = format!("the link from `{from}` to `{to}` cannot matter: it has {share} of `{goal}`");
        let finding = RULE.finding(from, message).at(&link.place, "");
        let way = format!("it has {} of `{to}`, which has {} of `{goal}`", percent(of_node), percent(nodes.min(1.0)));
        let finding = if to == goal { finding } else { finding.note(way) };
        findings.push(finding.help("drop the link, or give it the weight it is believed to have"));
    }
    findings
}

/// `0.9 %`, with as many decimals as it takes for what is under 2 % not to read as 2 %.
fn percent(share: f64) -> String {
    if share < 0.0005 {
        return "less than 0.1 %".to_owned();
    }
    let at = |decimals: usize| format!("{:.decimals$}", share * 100.0);
    let misleads = |text: &String| share < LEAST_SHARE && text.starts_with('2');
    let text = (1..=6).map(at).find(|text| !misleads(text)).unwrap_or_else(|| at(6));
    format!("{text} %")
}

/// What a link has at most of any goal.
#[derive(Debug)]
struct Reach<'s> {
    link: &'s Link,
    /// The goal of which it has the most; of equals the one it leads to, else the first.
    goal: MetricId,
    /// Of the node it leads to: 0 to 1.
    of_node: f64,
    /// What that node has of the goal: 0 to 1, or more where any one child may have all the weight.
    nodes: f64,
}

/// Every link that leads to a goal, by what it leads to. Takes as many steps as goals times edges, however many ways
/// there are.
fn reaches(scorecard: &Scorecard) -> Vec<Reach<'_>> {
    let shares: Vec<Vec<f64>> = scorecard.ids().map(|id| shares(scorecard, id)).collect();
    // Of each node: the goal of which it has the most, and how much.
    // A goal has all of itself, and another goal must have more to be told instead.
    let all_of_itself = |id: MetricId| scorecard.metric(id).is_goal().then_some((id, 1.0));
    let mut most: Vec<Option<(MetricId, f64)>> = scorecard.ids().map(all_of_itself).collect();
    for goal in scorecard.ids().filter(|id| scorecard.metric(*id).is_goal()) {
        for (most, share) in most.iter_mut().zip(flow(scorecard, goal, |id| shares[id.index()].clone())) {
            if share > most.map_or(0.0, |(_, known)| known) {
                *most = Some((goal, share));
            }
        }
    }
    let mut found = Vec::new();
    for (node, (most, shares)) in scorecard.ids().zip(most.into_iter().zip(&shares)) {
        let Some((goal, nodes)) = most else { continue };
        for (edge, of_node) in scorecard.graph.children(node).iter().zip(shares) {
            if let Tie::Link(link) = &edge.tie {
                found.push(Reach { link, goal, of_node: *of_node, nodes });
            }
        }
    }
    found
}

/// What each child of a node has of it, at most.
fn shares(scorecard: &Scorecard, id: MetricId) -> Vec<f64> {
    let (metric, edges) = (scorecard.metric(id), scorecard.graph.children(id));
    if metric.rollup == Rollup::Weakest {
        return vec![1.0; edges.len()];
    }
    let weights: Vec<Option<f64>> = edges.iter().map(|edge| weight(metric, edge)).collect();
    let left_out = if weights.contains(&None) { 1.0 } else { 0.0 };
    let sum = left_out + weights.iter().flatten().sum::<f64>();
    weights.into_iter().map(|weight| if sum > 0.0 { weight.unwrap_or(left_out) / sum } else { 0.0 }).collect()
}

/// `None` where only the data know.
fn weight(metric: &Metric, edge: &Edge) -> Option<f64> {
    match &edge.tie {
        Tie::Link(link) => Some(link.weight),
        Tie::Definition => {
            metric.input_weights.iter().find(|(input, _)| *input == edge.child).map(|(_, weight)| *weight)
        }
    }
}

/// Of each metric, in file order: whether it or one below it caps what is above, whatever it weighs.
fn critical_below(scorecard: &Scorecard) -> Vec<bool> {
    let mut critical = vec![false; scorecard.metrics.len()];
    for id in scorecard.graph.children_first() {
        let below = scorecard.graph.children(*id).iter().any(|edge| critical[edge.child.index()]);
        critical[id.index()] = below || scorecard.metric(*id).critical;
    }
    critical
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::thread::tests::scorecard;

    /// What a node has of a goal by walking every way up, one by one.
    fn by_every_way(scorecard: &Scorecard, node: MetricId, goal: MetricId) -> f64 {
        if node == goal {
            return 1.0;
        }
        let mut sum = 0.0;
        for parent in scorecard.graph.parents(node) {
            let children = scorecard.graph.children(*parent);
            let at = children.iter().position(|edge| edge.child == node).expect("a child");
            sum += shares(scorecard, *parent)[at] * by_every_way(scorecard, *parent, goal);
        }
        sum
    }

    /// A goal over layers of three metrics, each of which drives all three of the layer above: 3^layers ways.
    fn layers(count: usize) -> String {
        let mut text = "[goals.goal]\nname = \"Goal\"\n".to_owned();
        for layer in 0..count {
            for at in 0..3 {
                let to = |above: usize| match layer {
                    0 => format!("{{ to = \"goal\", weight = {} }}", at + 1),
                    _ => format!("{{ to = \"m{}_{above}\", weight = {} }}", layer - 1, 1 + (at + above) % 3),
                };
                let links: Vec<String> = (0..if layer == 0 { 1 } else { 3 }).map(to).collect();
                let value = if layer + 1 == count { "source = \"s\"\nvalue = \"sum(x)\"\nunit = \"x\"\n" } else { "" };
                text += &format!("[metrics.m{layer}_{at}]\n{value}drives = [{}]\n", links.join(", "));
            }
        }
        text + "[sources.s]\npath = \"s.csv\"\nperiod = \"month\"\n"
    }

    #[test]
    fn shares_are_those_of_every_way_added_up() {
        let scorecard = scorecard(&layers(6));
        let goal = scorecard.find("goal").expect("the goal");
        let all: Vec<Vec<f64>> = scorecard.ids().map(|id| super::shares(&scorecard, id)).collect();
        let found = flow(&scorecard, goal, |id| all[id.index()].clone());
        for id in scorecard.ids() {
            assert!((found[id.index()] - by_every_way(&scorecard, id, goal)).abs() < 1e-12);
        }
        let leaves = scorecard.ids().filter(|id| scorecard.graph.is_leaf(*id));
        assert!((leaves.map(|id| found[id.index()]).sum::<f64>() - 1.0).abs() < 1e-12, "leaves have all of the goal");
    }

    #[test]
    fn ways_without_number_are_not_walked() {
        let scorecard = scorecard(&layers(60));
        assert_eq!(reaches(&scorecard).len(), 3 + 59 * 9);
    }

    #[test]
    fn what_only_the_data_weigh_may_have_all_the_weight_there_is() {
        let scorecard = scorecard(
            "[sources.s]\npath = \"s.csv\"\nperiod = \"month\"\n\
             [goals.sum]\nvalue = \"a + b\"\nunit = \"x\"\n\
             [goals.known]\nvalue = \"a + b\"\nunit = \"x\"\ninput_weights = { a = 3, b = 1 }\n\
             [metrics.a]\nsource = \"s\"\nvalue = \"sum(a)\"\nunit = \"x\"\n\
             [metrics.b]\nsource = \"s\"\nvalue = \"sum(b)\"\nunit = \"x\"\n\
             [metrics.c]\nsource = \"s\"\nvalue = \"sum(c)\"\nunit = \"x\"\ndrives = [{ to = \"sum\", weight = 0.25 }]\n",
        );
        let shares = |id: &str| super::shares(&scorecard, scorecard.find(id).expect("a goal"));
        // By hand: 1 is given to `a` and `b` together, 0.25 to the link.
        assert_eq!(shares("sum"), [0.8, 0.8, 0.2]);
        assert_eq!(shares("known"), [0.75, 0.25]);
    }
}
