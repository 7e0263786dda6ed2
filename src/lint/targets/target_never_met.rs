//! Targets that nobody reaches.

use crate::diagnostic::{Diagnostic, Severity};
use crate::evaluate::Point;
use crate::lint::amount::{amount, promise};
use crate::lint::targets::target_scale;
use crate::lint::{Check, Example, Group, Record, Rule};
use crate::prose;
use crate::status::Status;

/// How many periods must have been judged.
const LEAST: usize = 6;

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "target-never-met",
    group: Group::Targets,
    severity: Severity::Warning,
    summary: "the target was met in none of the periods judged",
    what: "Finds metrics that were held against their target in at least 6 of the last 24 periods and met it in \
           none. Targets in another unit by mistake are left to `target-scale`.",
    why: "A target that was never met is a wish. Nobody steers by it, and everything above it stays red whatever is \
           done. Either what would reach it was never begun, or it was never within reach.",
    example: Example::of(
        r#"
[metrics.fcr]
name = "First-contact resolution"
source = "calls"
value = "sum(resolved) / sum(handled)"
unit = "percent"
better = "higher"
target = 0.90
threshold = 0.70
owner = "Head of Service"
stage = "get help"
drives = [{ to = "churn", weight = 2, lag = 1, because = "exit survey: having to call again comes first" }]
"#,
    ),
    instead: Example::of(
        r#"
[metrics.fcr]
name = "First-contact resolution"
source = "calls"
value = "sum(resolved) / sum(handled)"
unit = "percent"
better = "higher"
target = { "2025-01" = 0.74, "2026-11" = 0.76 }
threshold = 0.70
stretch = 0.90
owner = "Head of Service"
stage = "get help"
drives = [{ to = "churn", weight = 2, lag = 1, because = "exit survey: having to call again comes first" }]
"#,
    ),
    check: Check::Record(check),
};

fn check(record: &Record<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (_, metric, history) in record.metrics() {
        let Some(bars) = &metric.target else { continue };
        let judged: Vec<&Point> = history.iter().filter(|point| is_judged(point)).collect();
        let met = judged.iter().any(|point| point.status == Some(Status::OnTarget));
        // A target of another scale is missed by mistake.
        if judged.len() < LEAST || met || target_scale::is_mistaken(metric, history) {
            continue;
        }
        let periods = prose::count(judged.len(), "period");
        let message = format!("`{}` met its target in none of the {periods} judged", metric.id);
        let finding = RULE.finding(&metric.id, message).at(&bars.place, "");
        let finding = match nearest(&judged) {
            Some(note) => finding.note(format!(
                "it came nearest in {}: {}, against {}",
                record.scorecard.calendar.name(note.period),
                note.actual.as_ref().map_or_else(|_| String::new(), |reading| amount(metric, reading.value)),
                note.target.map_or_else(String::new, |target| promise(metric, target)),
            )),
            None => finding,
        };
        findings.push(finding.help("promise what can be reached by steps, and keep the far aim as `stretch`"));
    }
    findings
}

fn is_judged(point: &Point) -> bool {
    matches!(point.status, Some(Status::OnTarget | Status::AtRisk | Status::OffTarget))
}

/// The period that missed by the least, the later of two.
fn nearest<'p>(judged: &[&'p Point]) -> Option<&'p Point> {
    let missed_by = |point: &Point| {
        let actual = point.actual.as_ref().ok()?.value;
        Some(point.target?.variance(actual)?.abs())
    };
    let missed = judged.iter().filter_map(|point| Some((*point, missed_by(point)?)));
    missed.reduce(|least, next| if next.1 <= least.1 { next } else { least }).map(|(point, _)| point)
}
