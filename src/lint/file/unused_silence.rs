//! Silences that match nothing.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Example, Group, Rule};
use crate::metric::Silence;

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "unused-silence",
    group: Group::File,
    severity: Severity::Warning,
    summary: "a silence in `[check]` matches no finding",
    what: "Finds entries of `[[check.ignore]]` that match no finding of a rule that looked.",
    why: "What it accepted is mended, or the silence never fitted. Left there, it hides the next finding of its kind, which \
          nobody has accepted.",
    example: Example::of(
        r#"
[[check.ignore]]
rule = "goal-without-sponsor"
at = "churn"
because = "the post is vacant until spring"
"#,
    ),
    instead: Example::of(
        r#"
[check]
"#,
    ),
    check: Check::Silences,
};

/// The finding for a silence that matched nothing.
pub(in crate::lint) fn unused(silence: &Silence) -> Diagnostic {
    let message = match &silence.at {
        Some(at) => format!("nothing at `{}` is found by `{}`", at.value, silence.rule.value),
        None => format!("nothing is found by `{}`", silence.rule.value),
    };
    let place = silence.at.as_ref().map_or(&silence.rule.place, |at| &at.place);
    let about = silence.at.as_ref().map_or(&silence.rule.value, |at| &at.value);
    RULE.finding(about, message).at(place, "").help("remove this silence")
}
