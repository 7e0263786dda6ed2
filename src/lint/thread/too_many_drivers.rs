//! Nodes with more drivers than anyone can weigh.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Design, Example, Group, Rule};
use crate::metric::Link;
use crate::prose;

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "too-many-drivers",
    group: Group::Thread,
    severity: Severity::Warning,
    summary: "a metric or goal has more drivers than anyone can weigh",
    what: "Finds metrics and goals that more than seven others drive, or more than `[check] most_drivers` says. Links count; \
           inputs of a definition do not: they are arithmetic, and there are as many as there are.",
    why: "With eight drivers of equal weight, each is an eighth: one can fail entirely and the goal hardly moves, so nobody is \
          sent anywhere. People hold about seven things apart; what is grouped under a driver of its own stays visible.",
    example: Example::of(
        r#"
[check]
most_drivers = 3
"#,
    ),
    instead: Example::of(
        r#"
[check]
most_drivers = 3

[metrics.line_quality]
name = "A line that works"
department = "network"
owner = "Chief Technology Officer"
stage = "use"
drives = [{ to = "churn", weight = 3, lag = 1, because = "a line that fails is the product failing" }]

[metrics.repair_in_time]
name = "Faults repaired within a day"
source = "network"
value = "sum(repaired_in_a_day) / sum(faults)"
unit = "percent"
better = "higher"
target = 0.85
threshold = 0.75
owner = "Head of Field Service"
stage = "get help"
drives = [{ to = "line_quality", weight = 2, because = "after a day without a line, customers hire one elsewhere" }]

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
drives = [{ to = "line_quality", because = "every fault is a line that does not work" }]
"#,
    ),
    check: Check::Design(check),
};

fn check(design: &Design<'_>) -> Vec<Diagnostic> {
    let (scorecard, most) = (design.scorecard, design.scorecard.checks.most_drivers);
    let mut findings = Vec::new();
    for (id, metric) in design.metrics() {
        let drivers: Vec<&Link> = scorecard.graph.links_into(id).collect();
        if drivers.len() <= most {
            continue;
        }
        let count = prose::count(drivers.len(), "driver");
        let message = format!("`{}` has {count}: no more than {most} can be weighed", metric.id);
        let ids = prose::list(drivers.iter().map(|link| &scorecard.metric(link.from).id));
        let finding = RULE.finding(&metric.id, message).at(&metric.place, "").note(format!("they are {ids}"));
        findings.push(finding.help("group some of them under a metric without a `value`, scored from its drivers"));
    }
    findings
}
