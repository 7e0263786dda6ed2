//! Goals and drivers that were promised nothing.

use crate::diagnostic::{Diagnostic, Severity};
use crate::graph::{MetricId, Tie};
use crate::lint::{Check, Design, Example, Group, Rule};
use crate::metric::{Scorecard, Value};

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "missing-target",
    group: Group::Targets,
    severity: Severity::Warning,
    summary: "a goal or a driver is measured and has no target",
    what: "Finds goals with a `value` and no `target`, and metrics that drive another, have a `value` and no \
           `target`, and rest on nothing that has one. Inputs of a definition need none of their own: the definition \
           is what was promised. A metric that feeds nothing is left alone.",
    why: "Without a target nobody can say whether a figure is good, so it has no score. A driver without one carries \
           no weight in any score above it: its thread looks the same whether it does well or badly.",
    example: Example::of(
        r#"
[metrics.bill_questions]
name = "Calls about the bill"
source = "calls"
value = "sum(about_bill) / sum(handled)"
unit = "percent"
owner = "Head of Service"
stage = "use"
drives = [{ to = "churn", lag = 1, because = "who does not understand the bill compares prices" }]
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
drives = [{ to = "churn", lag = 1, because = "who does not understand the bill compares prices" }]
"#,
    ),
    check: Check::Design(check),
};

fn check(design: &Design<'_>) -> Vec<Diagnostic> {
    let scorecard = design.scorecard;
    let rests = rests_on_a_target(scorecard);
    let mut findings = Vec::new();
    for (id, metric) in design.metrics() {
        if metric.target.is_some() || matches!(metric.value, Value::FromDrivers) {
            continue;
        }
        let message = if metric.is_goal() {
            format!("the goal `{}` has a value and no target", metric.id)
        } else if drives(scorecard, id) && !rests[id.index()] {
            format!("`{}` drives others and has no target: it carries no weight in any score", metric.id)
        } else {
            continue;
        };
        let help = "say which way is better and how much is promised: `better = \"higher\"`, `target = 0.8`";
        findings.push(RULE.finding(&metric.id, message).at(&metric.place, "").help(help));
    }
    findings
}

/// Of each metric, whether it or anything below it has a target.
fn rests_on_a_target(scorecard: &Scorecard) -> Vec<bool> {
    let mut rests = vec![false; scorecard.metrics.len()];
    for id in scorecard.graph.children_first() {
        let below = scorecard.graph.children(*id).iter().any(|edge| rests[edge.child.index()]);
        rests[id.index()] = below || scorecard.metric(*id).target.is_some();
    }
    rests
}

/// Whether a metric is claimed to move another.
fn drives(scorecard: &Scorecard, id: MetricId) -> bool {
    let graph = &scorecard.graph;
    let claims = |parent: &MetricId| {
        graph.children(*parent).iter().any(|edge| edge.child == id && matches!(edge.tie, Tie::Link(_)))
    };
    graph.parents(id).iter().any(claims)
}
