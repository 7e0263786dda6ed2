//! Metrics that feed nothing anyone has promised.

use super::{adrift, reaching};
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Design, Example, Group, Rule};

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "unlinked-metric",
    group: Group::Thread,
    severity: Severity::Warning,
    summary: "a metric reaches no goal",
    what: "Finds metrics from which no path of links and definitions leads up to a goal. An input of a definition feeds \
           what is computed from it. Where no metric of a whole department reaches a goal, `department-without-thread` \
           says so once, and this rule is silent about them.",
    why: "Whoever works on it cannot see what for, and nobody sees it when it is missed: it takes reporting time and room \
          on the scorecard, and moves nothing a customer feels. Either the thread has a gap, or the metric can go.",
    example: Example::of(
        r#"
[metrics.calls]
name = "Calls taken"
source = "calls"
value = "sum(handled)"
unit = "calls"
better = "lower"
target = 6500
threshold = 7000
owner = "Head of Service"
"#,
    ),
    instead: Example::of(
        r#"
[metrics.calls]
name = "Calls taken"
source = "calls"
value = "sum(handled)"
unit = "calls"
better = "lower"
target = 6500
threshold = 7000
owner = "Head of Service"
drives = [{ to = "churn", lag = 1, because = "nobody calls because all is well" }]
"#,
    ),
    check: Check::Design(check),
};

fn check(design: &Design<'_>) -> Vec<Diagnostic> {
    let reaching = reaching(design.scorecard);
    let adrift = adrift(design.scorecard, &reaching);
    let told_there = |id| design.scorecard.department_id_of(id).is_some_and(|department| adrift[department.index()]);
    let unlinked = design.metrics().filter(|(id, _)| !reaching[id.index()] && !told_there(*id));
    let finding = |metric: &crate::metric::Metric| {
        let message = format!("`{}` reaches no goal", metric.id);
        let help = "say what it moves: `drives = [{ to = \"...\", because = \"...\" }]`, or remove it";
        RULE.finding(&metric.id, message).at(&metric.place, "").help(help)
    };
    unlinked.map(|(_, metric)| finding(metric)).collect()
}
