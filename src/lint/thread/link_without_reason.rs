//! Links nobody says anything for.

use super::links;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Design, Example, Group, Rule};

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "link-without-reason",
    group: Group::Thread,
    severity: Severity::Warning,
    summary: "a link does not say why it is believed",
    what: "Finds entries of `drives` without a `because`, or with an empty one: an id alone (`drives = [\"churn\"]`) has \
           none. Inputs of definitions are arithmetic and need no reason.",
    why: "A link is a claim that people will act on and be judged by. With its reason beside it, it can be argued with and \
          tested against the data; without one, nobody dares remove it and nobody remembers who put it there.",
    example: Example::of(
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
drives = ["churn"]
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
drives = [{ to = "churn", because = "who does not understand the bill compares prices" }]
"#,
    ),
    check: Check::Design(check),
};

fn check(design: &Design<'_>) -> Vec<Diagnostic> {
    let id = |metric| &design.scorecard.metric(metric).id;
    let mut findings = Vec::new();
    for link in links(design.scorecard).filter(|link| link.because.is_none()) {
        let (from, to) = (id(link.from), id(link.to));
        let message = format!("nothing says why `{from}` should move `{to}`");
        let help = format!("write why it is believed: `{{ to = \"{to}\", because = \"...\" }}`");
        findings.push(RULE.finding(from, message).at(&link.place, "").help(help));
    }
    findings
}
