//! Goalposts moved after the game.

use crate::diagnostic::{Diagnostic, Severity};
use crate::evaluate::Promise;
use crate::lint::amount::{amounts, promise};
use crate::lint::{Check, Example, Group, Record, Rule};
use crate::metric::{Bar, Bars, Metric, Schedule, Scorecard};
use crate::period::{Grain, Period};

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "target-changed-late",
    group: Group::Targets,
    severity: Severity::Warning,
    summary: "a target was changed for periods that had already ended",
    what: "Compares with the earlier version of the scorecard that `--against` names, metric by metric of the same \
           id, and finds targets and thresholds that differ for periods that ended by the as-of: of the last 24, \
           those with an actual. A target that was added is not found, one that was dropped is. Those measured from \
           a source, and those of coarser grains, are left alone.",
    why: "A target is a promise made before. Changed after the period ended, it makes every report that was printed \
           wrong, and nobody can tell from the next one whether the figure got better or the aim got lower.",
    example: Example { tables: AFTER, files: &[], earlier: Some(BEFORE) },
    instead: Example {
        tables: r#"
[metrics.bill_questions]
name = "Calls about the bill"
source = "calls"
value = "sum(about_bill) / sum(handled)"
unit = "percent"
better = "lower"
target = { "2025-01" = 0.12, "2026-11" = 0.13 }
threshold = 0.16
owner = "Head of Service"
stage = "use"
drives = [{ to = "churn", lag = 1, because = "who does not understand the bill compares prices" }]
"#,
        files: &[],
        earlier: Some(BEFORE),
    },
    check: Check::Comparison(check),
};

const BEFORE: &str = r#"
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
"#;

const AFTER: &str = r#"
[metrics.bill_questions]
name = "Calls about the bill"
source = "calls"
value = "sum(about_bill) / sum(handled)"
unit = "percent"
better = "lower"
target = 0.13
threshold = 0.16
owner = "Head of Service"
stage = "use"
drives = [{ to = "churn", lag = 1, because = "who does not understand the bill compares prices" }]
"#;

fn check(record: &Record<'_>, earlier: &Scorecard) -> Vec<Diagnostic> {
    if earlier.grain != record.scorecard.grain {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (_, metric, history) in record.metrics() {
        let Some(before) = earlier.metrics.iter().find(|before| before.id == metric.id) else { continue };
        let ended: Vec<Period> = history.iter().filter(|p| p.actual.is_ok()).map(|point| point.period).collect();
        for (what, old, new) in
            [("target", &before.target, &metric.target), ("threshold", &before.threshold, &metric.threshold)]
        {
            let changes = changes(old.as_ref(), new.as_ref(), record.scorecard.grain, &ended);
            let (Some(first), Some(last)) = (changes.first(), changes.last()) else { continue };
            let name = |change: &Change| record.scorecard.calendar.name(change.period);
            let when = match changes.len() {
                1 => format!("a period that had ended: {}", name(first)),
                _ => format!("periods that had ended: {} to {}", name(first), name(last)),
            };
            let message = format!("the {what} of `{}` was changed for {when}", metric.id);
            let mut finding = RULE.finding(&metric.id, message);
            finding = finding.at(new.as_ref().map_or(&metric.place, |bars| &bars.place), "");
            finding = finding.note(told(metric, first, &name(first)));
            if (first.old, first.new) != (last.old, last.new) {
                finding = finding.note(told(metric, last, &name(last)));
            }
            let help = "keep what was promised, and date the new one: `{ \"2025-04\" = 450, \"2026-04\" = 480 }`";
            findings.push(finding.help(help));
        }
    }
    findings
}

/// What was promised for a period, and what is said now.
struct Change {
    period: Period,
    old: Bar,
    new: Option<Bar>,
}

fn changes(old: Option<&Bars>, new: Option<&Bars>, grain: Grain, ended: &[Period]) -> Vec<Change> {
    let of = |bars: Option<&Bars>| bars.and_then(|bars| bars.at(grain).cloned());
    let (old, new) = (of(old), of(new));
    let Some(old) = old else { return Vec::new() };
    if matches!(old, Schedule::Measured(_)) || matches!(new, Some(Schedule::Measured(_))) {
        return Vec::new();
    }
    let change = |period: &Period| {
        let (old, new) = (old.on(period.last())?, new.as_ref().and_then(|new| new.on(period.last())));
        (new != Some(old)).then_some(Change { period: *period, old, new })
    };
    ended.iter().filter_map(change).collect()
}

fn told(metric: &Metric, change: &Change, name: &str) -> String {
    let (old, new) = match (change.old, change.new) {
        (Bar::Level(old), Some(Bar::Level(new))) => amounts(metric, old.into(), new.into()),
        (old, new) => {
            let text = |bar: Bar| match bar {
                Bar::Level(level) => promise(metric, Promise::Level(level.into())),
                Bar::Range(low, high) => promise(metric, Promise::Range(low.into(), high.into())),
            };
            (text(old), new.map_or_else(|| "none".to_owned(), text))
        }
    };
    format!("{name}: from {old} to {new}")
}
