//! Two metrics that are one.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Severity};
use crate::evaluate::Point;
use crate::graph::MetricId;
use crate::lint::{Check, Example, Group, Record, Rule};
use crate::number::Number;
use crate::prose;

/// How many periods must be the same.
const SAME: usize = 6;

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "same-series",
    group: Group::Numbers,
    severity: Severity::Warning,
    summary: "two measured metrics have the same value in every period",
    what: "Finds metrics measured from a source that equal another one before them in the file in every period that \
           both have, of the last 24, where the last 6 values of both are of the same periods and are not all alike.",
    why: "Two measures of two things do not agree to the last digit for half a year. One was copied and not changed, \
           or a column was filled from another; if both feed a score, the same thing counts twice.",
    example: Example::of(
        r#"
[metrics.bill_questions]
name = "Calls about the bill"
source = "calls"
value = "sum(resolved) / sum(handled)"
unit = "percent"
better = "higher"
target = 0.73
threshold = 0.70
owner = "Head of Service"
stage = "use"
drives = [{ to = "churn", lag = 1, because = "who does not understand the bill compares prices" }]
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
drives = [{ to = "churn", lag = 1, because = "who does not understand the bill compares prices" }]
"#,
    ),
    check: Check::Record(check),
};

fn check(record: &Record<'_>) -> Vec<Diagnostic> {
    // By the last values with their places: what is the same everywhere is the same there.
    let mut firsts: HashMap<Vec<(usize, String)>, Vec<MetricId>> = HashMap::new();
    let mut findings = Vec::new();
    for (id, metric, history) in record.metrics() {
        let Some(measurement) = metric.measurement() else { continue };
        let Some(tail) = tail(history) else { continue };
        let firsts = firsts.entry(tail).or_default();
        let same = firsts.iter().find_map(|first| {
            let shared = shared(history, &record.histories[first.index()])?;
            Some((record.scorecard.metric(*first), shared))
        });
        let Some((first, shared)) = same else {
            firsts.push(id);
            continue;
        };
        let periods = prose::count(shared, "period");
        let message = format!("`{}` is the same as `{}` in all {periods} that both have", metric.id, first.id);
        let place = first.measurement().map_or(&first.place, |measurement| &measurement.place);
        let finding = RULE.finding(&metric.id, message).at(&measurement.place, "").at(place, "the other");
        findings.push(finding.help("measure what its name says, or drop one of the two"));
    }
    findings
}

fn value(point: &Point) -> Option<Number> {
    point.actual.as_ref().ok().map(|reading| reading.value)
}

/// The last values with their positions; `None` where there are too few or they do not vary.
fn tail(history: &[Point]) -> Option<Vec<(usize, String)>> {
    let values = history.iter().enumerate().rev().filter_map(|(at, point)| Some((at, value(point)?.to_string())));
    let tail: Vec<(usize, String)> = values.take(SAME).collect();
    let varies = tail.iter().any(|(_, value)| *value != tail[0].1);
    (tail.len() == SAME && varies).then_some(tail)
}

/// How many periods both have, where they agree in all of them.
fn shared(a: &[Point], b: &[Point]) -> Option<usize> {
    let both: Vec<(Number, Number)> = a.iter().zip(b).filter_map(|(a, b)| value(a).zip(value(b))).collect();
    both.iter().all(|(a, b)| a == b).then_some(both.len())
}
