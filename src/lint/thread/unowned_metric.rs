//! Metrics nobody runs.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Design, Example, Group, Rule};

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "unowned-metric",
    group: Group::Thread,
    severity: Severity::Warning,
    summary: "a metric has no owner",
    what: "Finds metrics without an `owner`, or with an empty one. Goals have a `sponsor` instead; the lead of a department \
           is not taken for the owner of its metrics.",
    why: "A red number that is nobody's is looked at by everybody and acted on by no one. The owner is the person whom the \
          report sends the reader to.",
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
stage = "use"
drives = [{ to = "churn", lag = 1, because = "a line that fails is the product failing" }]
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
drives = [{ to = "churn", lag = 1, because = "a line that fails is the product failing" }]
"#,
    ),
    check: Check::Design(check),
};

fn check(design: &Design<'_>) -> Vec<Diagnostic> {
    let has_owner = |owner: &Option<String>| owner.as_deref().is_some_and(|owner| !owner.trim().is_empty());
    let unowned = design.metrics().filter(|(_, metric)| !metric.is_goal() && !has_owner(&metric.owner));
    let finding = |metric: &crate::metric::Metric| {
        let help = "name the one person who runs it: `owner = \"Head of Service\"`";
        RULE.finding(&metric.id, format!("`{}` has no owner", metric.id)).at(&metric.place, "").help(help)
    };
    unowned.map(|(_, metric)| finding(metric)).collect()
}
