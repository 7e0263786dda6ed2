//! Goals no department works on.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Design, Example, Group, Rule};
use crate::metric::Scorecard;

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "unreached-goal",
    group: Group::Thread,
    severity: Severity::Warning,
    summary: "no department's metric reaches a goal",
    what: "Finds goals below which, over any path of links and definitions, there is no metric that belongs to a \
           department. The goal's own department and other goals do not count: they say where an outcome is read, not \
           who works on it.",
    why: "A goal without a thread is a wish: when it is missed, no one can say what to do about it, and when it is met, \
          no one knows why.",
    example: Example::of(
        r#"
[goals.growth]
name = "New customers"
source = "billing"
value = "sum(joined)"
unit = "customers"
better = "higher"
target = 1620
threshold = 1500
sponsor = "Chief Commercial Officer"
"#,
    ),
    instead: Example::of(
        r#"
[goals.growth]
name = "New customers"
source = "billing"
value = "sum(joined)"
unit = "customers"
better = "higher"
target = 1620
threshold = 1500
sponsor = "Chief Commercial Officer"

[metrics.arpu]
name = "Revenue per customer"
source = "billing"
value = "sum(revenue) / first(opening)"
unit = "EUR"
better = "higher"
target = 31.5
threshold = 30
owner = "Head of Pricing"
drives = [{ to = "growth", lag = 1, because = "the dearer the tariff, the more of our own sellers offer it" }]
"#,
    ),
    check: Check::Design(check),
};

fn check(design: &Design<'_>) -> Vec<Diagnostic> {
    let worked_on = worked_on(design.scorecard);
    let unreached = design.metrics().filter(|(id, metric)| metric.is_goal() && !worked_on[id.index()]);
    let finding = |metric: &crate::metric::Metric| {
        let message = format!("no department's metric reaches the goal `{}`", metric.id);
        let link = format!("drives = [{{ to = \"{}\", because = \"...\" }}]", metric.id);
        let help = format!("let the metrics of those who can move it say `{link}`");
        RULE.finding(&metric.id, message).at(&metric.place, "").help(help)
    };
    unreached.map(|(_, metric)| finding(metric)).collect()
}

/// Of each metric, in file order: whether a department's metric lies below it, itself left out.
fn worked_on(scorecard: &Scorecard) -> Vec<bool> {
    let mut worked_on = vec![false; scorecard.metrics.len()];
    for id in scorecard.graph.children_first() {
        worked_on[id.index()] = scorecard.graph.children(*id).iter().any(|edge| {
            let is_departments =
                !scorecard.metric(edge.child).is_goal() && scorecard.department_of(edge.child).is_some();
            is_departments || worked_on[edge.child.index()]
        });
    }
    worked_on
}
