//! Metrics that never have a value.

use crate::diagnostic::{Diagnostic, Severity};
use crate::evaluate::Point;
use crate::graph::Tie;
use crate::lint::{Check, Example, Group, Record, Rule};
use crate::metric::{Metric, MetricId};
use crate::prose;

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "no-value",
    group: Group::Numbers,
    severity: Severity::Warning,
    summary: "a metric has no value in any period, though there are data",
    what: "Finds metrics that have no value in any of the last 24 periods up to the as-of, although the source they are \
           measured from has rows in some of them, or every input of their definition has a value in some of them.",
    why: "A `where` that matches no row, a column that is blank throughout, a ratio over nothing: the metric is grey from \
          its first day, has no weight in any score, and nobody notices, because nothing ever changed.",
    example: Example::of(
        r#"
[metrics.fcr]
name = "First-contact resolution"
source = "calls"
where = "region = 'norht'"
value = "sum(resolved) / sum(handled)"
unit = "percent"
better = "higher"
target = 0.75
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
where = "region = 'north'"
value = "sum(resolved) / sum(handled)"
unit = "percent"
better = "higher"
target = 0.75
threshold = 0.70
owner = "Head of Service"
stage = "get help"
drives = [{ to = "churn", weight = 2, lag = 1, because = "exit survey: having to call again comes first" }]
"#,
    ),
    check: Check::Record(check),
};

fn check(record: &Record<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (id, metric, history) in record.metrics() {
        if has_value(history) || !has_data(record, id, metric) {
            continue;
        }
        let message =
            format!("`{}` has no value in any of the last {}", metric.id, prose::count(history.len(), "period"));
        let place = metric.measurement().map_or(&metric.place, |measurement| &measurement.place);
        let finding = RULE.finding(&metric.id, message).at(place, "");
        let reason = history.last().and_then(|point| point.actual.as_ref().err());
        let finding = match reason {
            Some(reason) => finding.note(format!("in the last of them: {reason}")),
            None => finding,
        };
        findings.push(finding.help("look whether its `where` matches any row, and whether its columns are filled"));
    }
    findings
}

fn has_value(history: &[Point]) -> bool {
    history.iter().any(|point| point.actual.is_ok())
}

/// Whether there is something in these periods to make a value of.
fn has_data(record: &Record<'_>, id: MetricId, metric: &Metric) -> bool {
    let Some(begin) = record.histories[id.index()].first().map(|point| point.period.first()) else { return false };
    if metric.measurement().is_some() {
        let scan = record.plan.metrics[id.index()].as_ref().map(|planned| planned.scan);
        return scan.is_some_and(|scan| record.moments(scan).next_back().is_some_and(|last| last.first() >= begin));
    }
    let edges = record.scorecard.graph.children(id).iter();
    let mut inputs = edges.filter(|edge| matches!(edge.tie, Tie::Definition)).map(|edge| edge.child).peekable();
    inputs.peek().is_some() && inputs.all(|input| has_value(&record.histories[input.index()]))
}
