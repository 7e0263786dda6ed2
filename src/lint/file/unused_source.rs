//! Sources nothing is measured from.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Design, Example, Group, Rule};
use crate::metric::Source;

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "unused-source",
    group: Group::File,
    severity: Severity::Warning,
    summary: "nothing is measured from a source",
    what: "Finds sources that no metric and no goal names as its `source`. Their files are not read, so nothing else can be \
           said of them.",
    why: "A department goes on sending files that nobody reads, or a metric that was meant to read them reads others. Either \
          is worth knowing before someone asks where the numbers are.",
    example: Example::of(
        r#"
[sources.survey]
path = "data/survey-*.csv"
department = "service"
period = "month"
"#,
    ),
    instead: Example::with(
        r#"
[sources.survey]
path = "data/survey-*.csv"
department = "service"
period = "month"

[metrics.satisfied]
name = "Callers who were satisfied"
source = "survey"
value = "sum(satisfied) / sum(asked)"
unit = "percent"
better = "higher"
target = 0.80
threshold = 0.70
owner = "Head of Service"
drives = [{ to = "churn", lag = 1, because = "exit survey: the last call decides" }]
"#,
        &[(
            "data/survey-2026.csv",
            "month,asked,satisfied\n2026-07,412,330\n2026-08,398,299\n2026-09,405,316\n2026-10,421,345\n",
        )],
    ),
    check: Check::Design(check),
};

fn check(design: &Design<'_>) -> Vec<Diagnostic> {
    let measurements = design.metrics().filter_map(|(_, metric)| metric.measurement());
    let used: BTreeSet<usize> = measurements.map(|measurement| measurement.source.index()).collect();
    let finding = |source: &Source| {
        let message = format!("nothing is measured from the source `{}`", source.id);
        let help = format!("measure from it, `source = \"{}\"`, or remove it", source.id);
        RULE.finding(&source.id, message).at(&source.place, "").help(help)
    };
    let unused = design.scorecard.sources.iter().enumerate().filter(|(at, _)| !used.contains(at));
    unused.map(|(_, source)| finding(source)).collect()
}
