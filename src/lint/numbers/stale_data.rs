//! Data that no longer come.

use crate::diagnostic::{Diagnostic, Severity};
use crate::evaluate::{Absence, Point};
use crate::lint::{Check, Example, Group, Record, Rule};
use crate::period::Period;
use crate::prose;

/// How many periods before the as-of a source must end.
const BEHIND: i64 = 2;

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "stale-data",
    group: Group::Numbers,
    severity: Severity::Warning,
    summary: "a source or a metric has stopped, while others go on",
    what: "Finds sources that end two periods or more before the as-of, and metrics measured from a source that does \
           go on, which had values and have had none for longer than ever before up to the as-of, of the last 24 \
           periods. A required source holds the as-of back instead, which is told as `held-back`.",
    why: "A source that nobody requires can fall silent without a sound: its metrics turn grey, the weight of their \
           threads goes to the rest, and scores improve because what was bad is no longer counted.",
    example: Example::with(
        TABLES,
        &[(
            "data/network.csv",
            "\
month,lines,faults,repaired_in_a_day
2026-03,71000,861,740
2026-04,71500,822,682
2026-05,72000,905,769
2026-06,72500,951,827
2026-07,73000,880,739
2026-08,73500,842,690
",
        )],
    ),
    instead: Example::with(
        TABLES,
        &[(
            "data/network.csv",
            "\
month,lines,faults,repaired_in_a_day
2026-05,71000,861,740
2026-06,71500,822,682
2026-07,72000,905,769
2026-08,72500,951,827
2026-09,73000,880,739
2026-10,73500,842,690
",
        )],
    ),
    check: Check::Record(check),
};

const TABLES: &str = r#"
[sources.network]
path = "data/network.csv"
department = "network"
period = "month"
required = false
"#;

fn check(record: &Record<'_>) -> Vec<Diagnostic> {
    let mut findings = sources(record);
    findings.extend(metrics(record));
    findings
}

fn sources(record: &Record<'_>) -> Vec<Diagnostic> {
    let calendar = &record.scorecard.calendar;
    let ends: Vec<Option<Period>> = (0..record.plan.scans.len()).map(|scan| record.end(scan)).collect();
    let Some(furthest) = ends.iter().flatten().max().copied() else { return Vec::new() };
    let mut findings = Vec::new();
    for (scan, end) in record.plan.scans.iter().zip(ends) {
        let (source, Some(end)) = (record.scorecard.source(scan.source), end) else { continue };
        // One period late is what `required = false` is for; what is required holds the as-of back, unless that is given.
        if calendar.shift(end, BEHIND).is_none_or(|limit| limit > record.as_of) {
            continue;
        }
        let message = if end < furthest {
            let furthest = calendar.name(furthest);
            format!("`{}` ends {}, while other sources go on to {furthest}", source.id, calendar.name(end))
        } else {
            format!("`{}` ends {}, and the as-of is {}", source.id, calendar.name(end), calendar.name(record.as_of))
        };
        let help = "ask for its data, or take its metrics out: they have no value and no weight any more";
        findings.push(RULE.finding(&source.id, message).at(&source.path_place, "").help(help));
    }
    findings
}

fn metrics(record: &Record<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (id, metric, history) in record.metrics() {
        let Some(measurement) = metric.measurement() else { continue };
        let scan = record.plan.metrics[id.index()].as_ref().map(|planned| planned.scan);
        let goes_on = scan.and_then(|scan| record.end(scan)).is_some_and(|end| end >= record.as_of);
        let Some((last, silent)) = silence(history).filter(|_| goes_on) else { continue };
        let (last, periods) = (record.scorecard.calendar.name(last), prose::count(silent, "period"));
        let message = format!("`{}` had its last value in {last}, {periods} before the as-of", metric.id);
        let source = &record.scorecard.source(measurement.source).id;
        let help = format!("`{source}` goes on: look whether a column is blank, or a `where` no longer matches");
        let finding = RULE.finding(&metric.id, message).at(&measurement.place, "");
        let finding = match history.last().and_then(|point| point.actual.as_ref().err()) {
            Some(reason) => finding.note(reason.to_string()),
            None => finding,
        };
        findings.push(finding.help(help));
    }
    findings
}

/// When a metric had its last value and for how many periods it is silent since, where that is longer than ever.
fn silence(history: &[Point]) -> Option<(Period, usize)> {
    let now = history.last()?;
    if !now.actual.as_ref().is_err_and(is_silent) {
        return None;
    }
    let values: Vec<usize> = (0..history.len()).filter(|at| history[*at].actual.is_ok()).collect();
    let last = *values.last()?;
    let longest = values.windows(2).map(|pair| pair[1] - pair[0] - 1).max().unwrap_or(0);
    let silent = history.len() - 1 - last;
    (silent > longest).then(|| (history[last].period, silent))
}

/// Whether a value is absent because nothing came.
pub(in crate::lint) fn is_silent(absence: &Absence) -> bool {
    matches!(
        absence,
        Absence::NoRows { .. }
            | Absence::NothingCounted { .. }
            | Absence::Blank { .. }
            | Absence::Incomplete { .. }
            | Absence::Insufficient { .. }
    )
}
