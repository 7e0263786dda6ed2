//! Thresholds that ask for more than the target does.

use crate::diagnostic::{Diagnostic, Severity};
use crate::evaluate::{Point, Promise};
use crate::lint::amount::promise;
use crate::lint::{Check, Example, Group, Record, Rule};
use crate::metric::Polarity;
use crate::prose;

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "threshold-beyond-target",
    group: Group::Targets,
    severity: Severity::Warning,
    summary: "in some period the threshold asks for more than the target",
    what: "Finds metrics whose declared threshold lay on the better side of their target in one or more of the last \
           24 periods. Constants are refused before any rule looks; this is about those that are measured from a \
           source, each beside a target or threshold that moves.",
    why: "The target is what is aimed at, the threshold the least that is acceptable. Where they cross, nothing lies \
           between the two: the score jumps from 0 to 100, and what misses the threshold may be called on target.",
    example: Example::with(
        TABLES,
        &[(
            "data/plan.csv",
            "\
month,handled,resolved,planned
2026-05,5939,4474,0.76
2026-06,6112,4621,0.75
2026-07,6525,4799,0.74
2026-08,6403,4717,0.69
2026-09,6716,4910,0.68
2026-10,6949,4932,0.74
",
        )],
    ),
    instead: Example::with(
        TABLES,
        &[(
            "data/plan.csv",
            "\
month,handled,resolved,planned
2026-05,5939,4474,0.76
2026-06,6112,4621,0.75
2026-07,6525,4799,0.74
2026-08,6403,4717,0.73
2026-09,6716,4910,0.73
2026-10,6949,4932,0.74
",
        )],
    ),
    check: Check::Record(check),
};

const TABLES: &str = r#"
[sources.calls]
path = "data/plan.csv"
department = "service"
period = "month"

[metrics.bill_questions]
name = "Calls not resolved"
source = "calls"
value = "sum(handled) - sum(resolved)"
unit = "count"
better = "lower"
target = 1700
threshold = 2000
owner = "Head of Service"
stage = "use"
drives = [{ to = "churn", lag = 1, because = "who has to call again compares prices" }]

[metrics.fcr]
name = "First-contact resolution"
source = "calls"
value = "sum(resolved) / sum(handled)"
unit = "percent"
better = "higher"
target = "only(planned)"
threshold = 0.70
owner = "Head of Service"
stage = "get help"
drives = [{ to = "churn", weight = 2, lag = 1, because = "exit survey: having to call again comes first" }]
"#;

fn check(record: &Record<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (_, metric, history) in record.metrics() {
        let (Some(better), Some(threshold)) = (metric.better, &metric.threshold) else { continue };
        let crossed = |point: &&Point| is_crossed(point, better);
        let Some(last) = history.iter().rev().find(crossed) else { continue };
        let (Some(aim), Some(least)) = (last.target, last.threshold) else { continue };
        let message = format!(
            "the threshold of `{}` asks for more than its target in {}",
            metric.id,
            prose::count(history.iter().filter(crossed).count(), "period")
        );
        let name = record.scorecard.calendar.name(last.period);
        let note = format!("last in {name}: threshold {}, target {}", promise(metric, least), promise(metric, aim));
        let side = match better {
            Polarity::Higher => "at or below the target",
            Polarity::Lower => "at or above the target",
            Polarity::Between => "outside the target's range on both sides",
        };
        let finding = RULE.finding(&metric.id, message).at(&threshold.place, "").note(note);
        findings.push(finding.help(format!("derive it from the target, or correct the data: it must lie {side}")));
    }
    findings
}

fn is_crossed(point: &Point, better: Polarity) -> bool {
    match (point.target, point.threshold, better) {
        (Some(Promise::Level(target)), Some(Promise::Level(threshold)), Polarity::Lower) => threshold < target,
        (Some(Promise::Level(target)), Some(Promise::Level(threshold)), _) => threshold > target,
        (Some(Promise::Range(low, high)), Some(Promise::Range(low_fail, high_fail)), _) => {
            low_fail > low || high_fail < high
        }
        _ => false,
    }
}
