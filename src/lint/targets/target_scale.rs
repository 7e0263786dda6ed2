//! Targets of another order of magnitude than what is measured.

use crate::diagnostic::{Diagnostic, Severity};
use crate::evaluate::{Point, Promise};
use crate::lint::amount::{amount, promise};
use crate::lint::{Check, Example, Group, Record, Rule};
use crate::metric::Metric;
use crate::number::Number;
use crate::unit::Unit;

/// From how many times on a target is of another scale.
const TIMES: i64 = 20;

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "target-scale",
    group: Group::Targets,
    severity: Severity::Warning,
    summary: "the target is twenty times larger or smaller than every figure seen",
    what: "Finds metrics whose target last in force is more than 20 times as large as every actual of the last 24 \
           periods, or less than a twentieth of each. Actuals and targets of 0 or of another sign are not compared. \
           `target-always-met` and `target-never-met` then leave the metric alone, unless it is a percentage with a \
           target of 100 % or less: that may be meant.",
    why: "No plan is wrong by twenty times: the two are written in different units. 80 stands for 80 %, which is \
           held as 0.8; thousands stand for single euros. The status is decided by the mistake and by nothing else.",
    example: Example::of(
        r#"
[metrics.fcr]
name = "First-contact resolution"
source = "calls"
value = "sum(resolved) / sum(handled)"
unit = "percent"
better = "higher"
target = 75
threshold = 70
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
    for (_, metric, history) in record.metrics() {
        let Some(bars) = metric.target.as_ref().filter(|_| is_off_scale(history)) else { continue };
        let last = values(history).last();
        let (Some(target), Some(last)) = (last_target(history), last) else { continue };
        let message = format!(
            "the target of `{}` is {}, and its actuals are about {}",
            metric.id,
            promise(metric, target),
            amount(metric, last)
        );
        let help = match fraction(metric, target) {
            Some(fraction) => format!("a percentage is held as a fraction: write {fraction}"),
            None => "write the target in the unit of the value".to_owned(),
        };
        findings.push(RULE.finding(&metric.id, message).at(&bars.place, "").help(help));
    }
    findings
}

/// What a percentage above 100 % was meant as, where it is a target of the scorecard: `0.75` for 75 %.
fn fraction(metric: &Metric, target: Promise) -> Option<String> {
    if !is_above_all(metric, target) {
        return None;
    }
    let hundredth = |number: Number| number.divided_by(Number::from(100)).ok();
    match target {
        Promise::Level(level) => Some(format!("`{}` for {level} %", hundredth(level)?)),
        Promise::Range(low, high) => {
            let (less, more) = (hundredth(low)?, hundredth(high)?);
            Some(format!("`{{ low = {less}, high = {more} }}` for {low} to {high} %"))
        }
    }
}

/// Whether a target is of a percentage and above 100 % of it.
fn is_above_all(metric: &Metric, target: Promise) -> bool {
    let (Promise::Level(low) | Promise::Range(low, _)) = target;
    metric.unit == Some(Unit::Percent) && low > Number::from(1)
}

/// Whether the target is in another unit by mistake. Other rules then have nothing to say of it.
///
/// A percentage of 100 % or less may well be meant, however far it is from what is measured.
pub(in crate::lint) fn is_mistaken(metric: &Metric, history: &[Point]) -> bool {
    let may_be_meant = |target| metric.unit == Some(Unit::Percent) && !is_above_all(metric, target);
    is_off_scale(history) && !last_target(history).is_some_and(may_be_meant)
}

/// Whether the target is of another scale than every actual seen.
pub(in crate::lint) fn is_off_scale(history: &[Point]) -> bool {
    let Some(target) = last_target(history) else { return false };
    let (low, high) = match target {
        Promise::Level(level) => (level, level),
        Promise::Range(low, high) => (low, high),
    };
    let actuals: Vec<Number> = values(history).filter(|value| !value.is_zero()).collect();
    is_far(low, high, &actuals)
}

/// Whether a range is many times above, or many times below, every one of some numbers of its sign.
fn is_far(low: Number, high: Number, actuals: &[Number]) -> bool {
    let is_negative = |number: Number| number < Number::ZERO;
    if actuals.is_empty() || low.is_zero() || high.is_zero() || is_negative(low) != is_negative(high) {
        return false;
    }
    let (near, far) = if is_negative(low) { (high.abs(), low.abs()) } else { (low, high) };
    let times = |number: Number| number.times(Number::from(TIMES)).unwrap_or(number);
    let same_sign = actuals.iter().all(|actual| is_negative(*actual) == is_negative(low));
    let above = || actuals.iter().all(|actual| near > times(actual.abs()));
    let below = || actuals.iter().all(|actual| times(far) < actual.abs());
    same_sign && (above() || below())
}

fn last_target(history: &[Point]) -> Option<Promise> {
    history.iter().rev().find_map(|point| point.target)
}

fn values(history: &[Point]) -> impl Iterator<Item = Number> {
    history.iter().filter_map(|point| point.actual.as_ref().ok()).map(|reading| reading.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn far_is_twenty_times_from_every_actual() {
        let far = |low: i64, high: i64, actuals: &[i64]| {
            let actuals: Vec<Number> = actuals.iter().copied().map(Number::from).collect();
            is_far(Number::from(low), Number::from(high), &actuals)
        };
        assert!(far(2001, 2001, &[100, 50]));
        assert!(!far(2000, 2000, &[100, 50]));
        assert!(!far(2001, 2001, &[101, 50]));
        assert!(far(4, 4, &[81, 500]));
        assert!(!far(5, 5, &[100, 500]));
        assert!(!far(3, 90, &[81, 500]), "one end of the range is near");
        assert!(far(-2001, -2001, &[-100]));
        assert!(!far(2001, 2001, &[-100]) && !far(0, 0, &[100]) && !far(5, 5, &[]));
    }
}
