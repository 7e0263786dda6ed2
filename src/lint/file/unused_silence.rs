//! Silences that match nothing.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Example, Group, Rule};
use crate::metric::{Scorecard, Silence};
use crate::prose;

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
pub(in crate::lint) fn unused(silence: &Silence, scorecard: &Scorecard) -> Diagnostic {
    let Some(at) = &silence.at else {
        let message = format!("nothing is found by `{}`", silence.rule.value);
        return RULE.finding(&silence.rule.value, message).at(&silence.rule.place, "").help("remove this silence");
    };
    let known = ids(scorecard);
    if !at.value.contains(['*', '?', '[', '{']) && !known.contains(&at.value.as_str()) {
        let message = format!("nothing is called `{}`, so the silence fits nothing", at.value);
        let help = prose::nearest(&at.value, known).map(|near| format!("did you mean `{near}`?"));
        let help = help.unwrap_or_else(|| "write the id of a metric, department, source or stage".to_owned());
        return RULE.finding(&at.value, message).at(&at.place, "").help(help);
    }
    let message = format!("nothing at `{}` is found by `{}`", at.value, silence.rule.value);
    RULE.finding(&at.value, message).at(&at.place, "").help("remove this silence")
}

/// Everything a finding can be about.
fn ids(scorecard: &Scorecard) -> Vec<&str> {
    let metrics = scorecard.metrics.iter().map(|metric| metric.id.as_str());
    let departments = scorecard.departments.iter().map(|department| department.id.as_str());
    let sources = scorecard.sources.iter().map(|source| source.id.as_str());
    let stages = scorecard.stages.iter().map(|stage| stage.value.as_str());
    metrics.chain(departments).chain(sources).chain(stages).collect()
}
