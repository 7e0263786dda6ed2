//! Holes in what was reported.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Severity};
use crate::evaluate::Point;
use crate::lint::numbers::stale_data::is_silent;
use crate::lint::{Check, Example, Group, MEMORY, Record, Rule};
use crate::metric::{Duplicates, Source};
use crate::period::{Calendar, Grain, Period};
use crate::prose;

/// One of how many periods may lack at most, for the rest to be the rule.
const PART: usize = 3;
/// The same of days: who is closed on Sundays lacks one in seven, and nothing is missing.
const PART_OF_DAYS: usize = 100;

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "missing-periods",
    group: Group::Numbers,
    severity: Severity::Warning,
    summary: "between its first and its last period, a source or a metric lacks some",
    what: "Finds sources without a row in some of the last 24 periods, between others in which they have rows: periods \
           of the scorecard, or else the source's own finer ones within them; and metrics measured from a source without \
           a value in some of these periods, between others, in which the source has rows. More than a third lacking is \
           a rhythm and no hole (a survey every quarter), and so is more than a hundredth of days (a shop closed on \
           Sundays), so that a scorecard by day has no holes. Finer periods are not looked at where rows are events, which \
           a `key` or `duplicates = \"sum\"` says.",
    why: "A month that was never sent is no month in which nothing happened. No quarter and no year over it can be \
           reported, a missing day makes its month too small without a word, and a trend jumps over the hole as if \
           it were one step.",
    example: Example::with(
        TABLES,
        &[(
            "data/network.csv",
            "\
month,lines,faults,repaired_in_a_day
2026-03,70000,855,733
2026-04,70500,812,668
2026-05,71000,861,740
2026-06,71500,822,682
2026-08,72500,951,827
2026-09,73000,880,739
2026-10,73500,842,690
",
        )],
    ),
    instead: Example::with(
        TABLES,
        &[(
            "data/network.csv",
            "\
month,lines,faults,repaired_in_a_day
2026-03,70000,855,733
2026-04,70500,812,668
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
"#;

fn check(record: &Record<'_>) -> Vec<Diagnostic> {
    let calendar = &record.scorecard.calendar;
    let mut findings = Vec::new();
    for (position, scan) in record.plan.scans.iter().enumerate() {
        let source = record.scorecard.source(scan.source);
        let Some(missing) = missing(source, position, record) else { continue };
        let message = format!("`{}` has no row in {}", source.id, listed(&missing, calendar));
        let help = "ask for the file of then; where nothing happened, a row of zeros says so";
        findings.push(RULE.finding(&source.id, message).at(&source.path_place, "").help(help));
    }
    let reported: Vec<BTreeSet<Period>> =
        (0..record.plan.scans.len()).map(|scan| periods_of(record, scan, record.scorecard.grain)).collect();
    for (id, metric, history) in record.metrics() {
        let planned = record.plan.metrics[id.index()].as_ref();
        let (Some(measurement), Some(planned)) = (metric.measurement(), planned) else { continue };
        let Some(missing) = holes(history, &reported[planned.scan]) else { continue };
        let message = format!("`{}` has no value in {}", metric.id, listed(&missing, calendar));
        let source = &record.scorecard.source(measurement.source).id;
        let help = format!("`{source}` has rows then: look whether its cells are blank");
        let finding = RULE.finding(&metric.id, message).at(&measurement.place, "");
        let first = history.iter().find(|point| missing.first() == Some(&point.period));
        let finding = match first.and_then(|point| point.actual.as_ref().err()) {
            Some(reason) => finding.note(format!("in {}: {reason}", calendar.name(missing[0]))),
            None => finding,
        };
        findings.push(finding.help(help));
    }
    findings
}

/// `2025-03`, `2 periods: 2025-03 and 2025-07`, `5 periods, from 2025-03 to 2026-01`.
fn listed(missing: &[Period], calendar: &Calendar) -> String {
    let name = |period: &Period| calendar.name(*period);
    let noun = if missing.iter().all(|period| period.grain() == Grain::Day) { "day" } else { "period" };
    match missing {
        [one] => name(one),
        [first, .., last] if missing.len() > 4 => {
            format!("{}, the first {}, the last {}", prose::count(missing.len(), noun), name(first), name(last))
        }
        few => prose::join(&few.iter().map(name).collect::<Vec<_>>(), "and"),
    }
}

/// The periods between others in which a source has no row, of the scorecard's grain or else of its own.
fn missing(source: &Source, scan: usize, record: &Record<'_>) -> Option<Vec<Period>> {
    let (calendar, grain) = (&record.scorecard.calendar, record.scorecard.grain);
    let since = calendar.shift(record.as_of, 1 - MEMORY)?.first();
    // A day on which nothing happened has no row of an event.
    let events = source.written.key.is_some() || source.written.duplicates == Duplicates::Sum;
    let own = record.observations.tables[scan].grain.filter(|own| *own < grain && !events);
    [Some(grain), own].into_iter().flatten().find_map(|grain| {
        let mut seen = periods_of(record, scan, grain);
        seen.retain(|period| period.first() >= since);
        let (first, last) = (*seen.first()?, *seen.last()?);
        let next = |period: &Period| calendar.shift(*period, 1);
        let all: Vec<Period> = std::iter::successors(Some(first), next).take_while(|period| *period <= last).collect();
        let missing: Vec<Period> = all.iter().filter(|period| !seen.contains(period)).copied().collect();
        let part = if grain == Grain::Day { PART_OF_DAYS } else { PART };
        is_hole(missing.len(), all.len(), part).then_some(missing)
    })
}

/// The periods of a grain in which a scan's source has rows.
fn periods_of(record: &Record<'_>, scan: usize, grain: Grain) -> BTreeSet<Period> {
    record.moments(scan).filter_map(|period| record.scorecard.calendar.containing(grain, period.first())).collect()
}

/// The periods between others in which a metric has no value, and its source has rows.
fn holes(history: &[Point], reported: &BTreeSet<Period>) -> Option<Vec<Period>> {
    let first = history.iter().position(|point| point.actual.is_ok())?;
    let last = history.iter().rposition(|point| point.actual.is_ok())?;
    let between = &history[first..=last];
    let is_hole_of = |point: &&Point| point.actual.as_ref().is_err_and(is_silent) && reported.contains(&point.period);
    let missing: Vec<Period> = between.iter().filter(is_hole_of).map(|point| point.period).collect();
    is_hole(missing.len(), between.len(), PART).then_some(missing)
}

/// Whether so few lack that the rest is the rule.
fn is_hole(missing: usize, all: usize, part: usize) -> bool {
    missing > 0 && missing * part <= all
}

#[cfg(test)]
mod tests {
    use super::is_hole;

    #[test]
    fn a_rhythm_is_no_hole() {
        assert!(is_hole(1, 12, 3));
        assert!(!is_hole(0, 12, 3));
        assert!(!is_hole(8, 12, 3), "every third month");
        assert!(!is_hole(104, 730, 100), "closed on Sundays");
        assert!(is_hole(2, 730, 100));
    }
}
