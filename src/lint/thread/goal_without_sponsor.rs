//! Goals that no one owns.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Design, Example, Group, Rule};
use crate::metric::Role;

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "goal-without-sponsor",
    group: Group::Thread,
    severity: Severity::Error,
    summary: "a goal has nobody accountable for it",
    what: "Finds goals without a `sponsor`, or with an empty one. Who the sponsor is, is not judged here: names of several \
           are found by `several-sponsors`.",
    why: "A goal that nobody answers for is decided by nobody: departments that pull apart have no one to settle it, and a \
          bad figure has no one to ask.",
    example: Example::of(
        r#"
[goals.churn]
name = "Monthly churn"
source = "billing"
value = "sum(lost) / first(opening)"
unit = "percent"
better = "lower"
target = 0.02
threshold = 0.025
lens = "customer"
sponsor = ""
"#,
    ),
    instead: Example::of(
        r#"
[goals.churn]
name = "Monthly churn"
source = "billing"
value = "sum(lost) / first(opening)"
unit = "percent"
better = "lower"
target = 0.02
threshold = 0.025
lens = "customer"
sponsor = "Chief Customer Officer"
"#,
    ),
    check: Check::Design(check),
};

fn check(design: &Design<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (_, metric) in design.metrics() {
        let Role::Goal { sponsor, .. } = &metric.role else { continue };
        if sponsor.as_deref().is_some_and(|sponsor| !sponsor.trim().is_empty()) {
            continue;
        }
        let message = format!("the goal `{}` has no sponsor", metric.id);
        let help = "name the one person who decides: `sponsor = \"Chief Customer Officer\"`";
        findings.push(RULE.finding(&metric.id, message).at(&metric.place, "").help(help));
    }
    findings
}
