//! Steps of the customer's journey nobody looks at.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Design, Example, Group, Rule};

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "empty-stage",
    group: Group::Thread,
    severity: Severity::Warning,
    summary: "a stage of the journey has no metric",
    what: "Finds entries of `[journey] stages` that no metric and no goal names as its `stage`.",
    why: "The customer takes that step too. Where nothing is measured, the scorecard is blind, and customers are lost there \
          that no metric accounts for.",
    example: Example::of(
        r#"
[journey]
stages = ["join", "use", "get help"]
"#,
    ),
    instead: Example::of(
        r#"
[journey]
stages = ["join", "use", "get help"]

[metrics.new_customers]
name = "New customers"
source = "billing"
value = "sum(joined)"
unit = "customers"
better = "higher"
target = 1620
threshold = 1500
owner = "Head of Sales"
stage = "join"
drives = [{ to = "arpu", lag = 3, because = "new contracts are on the current tariff, which is the dearest" }]
"#,
    ),
    check: Check::Design(check),
};

fn check(design: &Design<'_>) -> Vec<Diagnostic> {
    let used: BTreeSet<&str> = design.metrics().filter_map(|(_, metric)| metric.stage.as_deref()).collect();
    let empty = design.scorecard.stages.iter().filter(|stage| !used.contains(stage.value.as_str()));
    let finding = |stage: &crate::diagnostic::Placed<String>| {
        let message = format!("the stage `{}` has no metric", stage.value);
        let help = format!("say `stage = \"{}\"` where it is measured, or remove the stage", stage.value);
        RULE.finding(&stage.value, message).at(&stage.place, "").help(help)
    };
    empty.map(finding).collect()
}
