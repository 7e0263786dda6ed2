//! Targets and thresholds that are not what the ledger says was reported: a part of `target-changed-late`.

use super::target_changed_late::{Change, Held, Promised, finding};
use crate::diagnostic::Diagnostic;
use crate::ledger::{self, Figure, Ledger};
use crate::lint::Record;
use crate::metric::{Bar, Metric};
use crate::period::Period;

/// The findings of a metric: its target, and its threshold where one is declared.
pub(super) fn moved(record: &Record<'_>, ledger: &Ledger, metric: &Metric) -> Vec<Diagnostic> {
    let now = Promised { metric, grain: record.scorecard.grain, tolerance: record.scorecard.scoring.tolerance };
    let (mut targets, mut thresholds) = (Vec::new(), Vec::new());
    for closed in ledger.periods().filter(|closed| closed.period.grain() == record.scorecard.grain) {
        let period = closed.period;
        let Some(figure) = ledger.figure(period, &metric.id, &[], &None) else { continue };
        // A promise that was not held against an absent actual is not in the ledger.
        if figure.number("actual").is_none() {
            continue;
        }
        if let (Some(old), Ok(new)) = (bar(figure, "target", "target_high"), now.target(period)) {
            targets.extend(change(period, old, new));
        }
        let is_declared = metric.threshold.is_some();
        if let (Some(old), Ok(new)) = (bar(figure, "threshold", "threshold_high"), now.threshold(period)) {
            thresholds.extend(change(period, old, new).filter(|_| is_declared));
        }
    }
    let of_target = finding(record, "target", &targets, metric, metric.target.as_ref(), None);
    let bars = metric.threshold.as_ref();
    let of_threshold = finding(record, "threshold", &thresholds, metric, bars, None);
    of_target.into_iter().chain(of_threshold).collect()
}

fn change(period: Period, old: Bar, new: Option<Held>) -> Option<Change> {
    let is_same = new.is_some_and(|new| new.bar == old);
    (!is_same).then_some(Change { period, old: Held { bar: old, is_derived: false }, new })
}

/// A promise as it was closed; `None` where there was none, or it was no short decimal.
fn bar(figure: &Figure, low: &str, high: &str) -> Option<Bar> {
    let decimal = |name: &str| figure.number(name).and_then(ledger::number).and_then(crate::number::Number::to_decimal);
    match (decimal(low)?, figure.number(high)) {
        (level, None) => Some(Bar::Level(level)),
        (low, Some(_)) => Some(Bar::Range(low, decimal(high)?)),
    }
}
