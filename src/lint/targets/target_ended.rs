//! Targets that nobody renewed.

use jiff::civil::Date;

use crate::diagnostic::{Diagnostic, Severity};
use crate::evaluate::Point;
use crate::lint::{Check, Example, Group, Record, Rule};
use crate::metric::{Metric, Schedule};

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "target-ended",
    group: Group::Targets,
    severity: Severity::Warning,
    summary: "the last target was set more than a year ago, or its column stopped",
    what: "Finds targets that were changed from date to date (two entries or more) and whose last entry begins more \
           than a year before the as-of; and targets measured from a source that have values in earlier ones of the \
           last 24 periods and none at the as-of, while the actual is there; and dated targets that begin only after \
           the as-of.",
    why: "Whoever dates targets means to renew them. A year that was not planned for is judged by the plan of the \
           year before, or by none at all, and a metric without a target drops out of every score above it.",
    example: Example::of(
        r#"
[metrics.repair_in_time]
name = "Faults repaired within a day"
source = "network"
value = "sum(repaired_in_a_day) / sum(faults)"
unit = "percent"
better = "higher"
target = { "2024-04" = 0.84, "2025-04" = 0.85 }
threshold = 0.75
critical = true
owner = "Head of Field Service"
stage = "get help"
drives = [{ to = "churn", weight = 2, lag = 2, because = "notice periods are two months" }]
"#,
    ),
    instead: Example::of(
        r#"
[metrics.repair_in_time]
name = "Faults repaired within a day"
source = "network"
value = "sum(repaired_in_a_day) / sum(faults)"
unit = "percent"
better = "higher"
target = { "2024-04" = 0.84, "2025-04" = 0.85, "2026-04" = 0.86 }
threshold = 0.75
critical = true
owner = "Head of Field Service"
stage = "get help"
drives = [{ to = "churn", weight = 2, lag = 2, because = "notice periods are two months" }]
"#,
    ),
    check: Check::Record(check),
};

fn check(record: &Record<'_>) -> Vec<Diagnostic> {
    let calendar = &record.scorecard.calendar;
    let mut findings = Vec::new();
    for (_, metric, history) in record.metrics() {
        let Some(bars) = &metric.target else { continue };
        let year_before = calendar.year_before(record.as_of).map(|period| period.first());
        let (message, help) = match (last_entry(metric), year_before) {
            _ if first_entry(metric).is_some_and(|first| first > record.as_of.last()) => (
                format!("the target of `{}` begins only after the as-of {}", metric.id, calendar.name(record.as_of)),
                "add what is promised until then",
            ),
            (Some(last), Some(limit)) if last < limit => (
                format!(
                    "the target of `{}` was last set from {last} on, more than a year before the as-of {}",
                    metric.id,
                    calendar.name(record.as_of)
                ),
                "add what is promised from this year on",
            ),
            _ => match stopped(metric, history) {
                Some(last) => (
                    format!(
                        "the target of `{}` ended with {}, its actual goes on",
                        metric.id,
                        calendar.name(last.period)
                    ),
                    "ask whoever sends the column for the target of these periods",
                ),
                None => continue,
            },
        };
        findings.push(RULE.finding(&metric.id, message).at(&bars.place, "").help(help));
    }
    findings
}

/// When the first dated target begins, where all are dated; at several grains, the earliest of all.
fn first_entry(metric: &Metric) -> Option<Date> {
    let mut first: Option<Date> = None;
    for (_, schedule) in &metric.target.as_ref()?.by_grain {
        let Schedule::From(dated) = schedule else { return None };
        let (begins, _) = dated.first()?;
        first = Some(first.map_or(*begins, |first| first.min(*begins)));
    }
    first
}

/// When the last of several dated targets begins; at several grains, the latest of all.
fn last_entry(metric: &Metric) -> Option<Date> {
    let mut last = None;
    for (_, schedule) in &metric.target.as_ref()?.by_grain {
        match schedule {
            Schedule::From(dated) if dated.len() > 1 => last = last.max(dated.last().map(|(from, _)| *from)),
            _ => return None,
        }
    }
    last
}

/// The last period with a measured target, where the actual goes on without it.
fn stopped<'h>(metric: &Metric, history: &'h [Point]) -> Option<&'h Point> {
    let schedules = &metric.target.as_ref()?.by_grain;
    let is_measured = schedules.iter().any(|(_, schedule)| matches!(schedule, Schedule::Measured(_)));
    let now = history.last().filter(|now| is_measured && now.actual.is_ok() && now.target.is_none())?;
    history.iter().rev().find(|point| point.period < now.period && point.target.is_some())
}
