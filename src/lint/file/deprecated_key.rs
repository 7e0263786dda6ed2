//! Keys under a name they no longer have.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Design, Example, Group, Rule};

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "deprecated-key",
    group: Group::File,
    severity: Severity::Warning,
    summary: "a key is written under a name it no longer has",
    what: "Finds keys that are still read under an older name: `weights` of a metric or goal, which is `input_weights` now. \
           Both names in one table are an error of the scorecard before any rule looks.",
    why: "A later version stops reading the old name. And it was given up for a reason: `weights` was taken for the weights \
          of drivers, which stand in their `drives`.",
    example: Example::of(
        r#"
[goals.clv]
name = "Customer lifetime value"
value = "arpu / churn"
weights = { arpu = 1, churn = 2 }
unit = "EUR"
better = "higher"
target = 1500
threshold = 1300
sponsor = "Chief Financial Officer"
"#,
    ),
    instead: Example::of(
        r#"
[goals.clv]
name = "Customer lifetime value"
value = "arpu / churn"
input_weights = { arpu = 1, churn = 2 }
unit = "EUR"
better = "higher"
target = 1500
threshold = 1300
sponsor = "Chief Financial Officer"
"#,
    ),
    check: Check::Design(check),
};

fn check(design: &Design<'_>) -> Vec<Diagnostic> {
    let finding = |key: &crate::metric::Deprecated| {
        let message = format!("`{}` of `{}` has another name now", key.old, key.about);
        RULE.finding(&key.about, message).at(&key.place, "").help(format!("write `{}`", key.new))
    };
    design.scorecard.deprecated.iter().map(finding).collect()
}
