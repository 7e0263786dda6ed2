//! Goals that everyone and so no one owns.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Design, Example, Group, Rule};
use crate::metric::Role;

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "goal-without-sponsor",
    group: Group::Thread,
    severity: Severity::Error,
    summary: "a goal has no one person accountable for it",
    what: "Finds goals without a `sponsor`, and goals whose `sponsor` names several: \"A and B\", \"A & B\", \"A / B\", \"A, B\".",
    why: "A goal owned by everyone is owned by no one: each sponsor waits for the other, and no one decides between departments.",
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
sponsor = "Head of Service and Head of Network"
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
        let help = "name the one person who decides: `sponsor = \"Chief Customer Officer\"`";
        match sponsor.as_deref().map(str::trim).filter(|sponsor| !sponsor.is_empty()) {
            None => {
                let message = format!("the goal `{}` has no sponsor", metric.id);
                findings.push(RULE.finding(&metric.id, message).at(&metric.place, "").help(help));
            }
            Some(sponsor) if several(sponsor) => {
                let message = format!("the goal `{}` has more than one sponsor: {sponsor}", metric.id);
                findings.push(RULE.finding(&metric.id, message).at(&metric.place, "").help(help));
            }
            Some(_) => {}
        }
    }
    findings
}

/// Whether a text names more than one person; "Head of Sales and Marketing" is one.
fn several(sponsor: &str) -> bool {
    let parts: Vec<&str> = sponsor.split([',', ';', '/', '&']).flat_map(|part| part.split(" and ")).collect();
    let is_office = |part: &str| {
        let title = part.split_whitespace().next().unwrap_or_default();
        ["chief", "head", "director", "vice", "vp", "president", "manager", "lead"]
            .contains(&title.to_lowercase().as_str())
    };
    parts.len() > 1 && parts[1..].iter().any(|part| is_office(part) || !is_office(parts[0]))
}
