//! Goalposts moved after the game.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::moved_since_closed::moved;
use crate::diagnostic::{Diagnostic, Severity};
use crate::evaluate::{Promise, derived_threshold, promise_of};
use crate::lint::amount::{amounts, bar, from_when, promise};
use crate::lint::{Check, Example, Group, Record, Rule};
use crate::metric::{Bar, Bars, Metric, Schedule, Scorecard};
use crate::number::Number;
use crate::period::{Grain, Period};

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "target-changed-late",
    group: Group::Targets,
    severity: Severity::Warning,
    summary: "a target, a threshold or `better` was changed for periods that had already ended",
    what: "Compares with the earlier version of the scorecard that `--against` names, metric by metric of the same \
           id, and finds targets, thresholds and `better` that differ for periods that ended by the as-of: of the \
           last 24, those with an actual. Thresholds are compared as they hold, those that `[scoring] tolerance` \
           derives from the target too, unless they moved with the target alone. A target that was added is not \
           found, one that was dropped is. Those measured from a source, and those of coarser grains, are left \
           alone. Where periods are closed, it also compares with what the ledger says was promised in each of them: a target \
           or declared threshold that `close` froze and that is another now is found without `--against`.",
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

fn check(record: &Record<'_>) -> Vec<Diagnostic> {
    let mut findings = record.earlier.map_or(Vec::new(), |earlier| since_earlier(record, earlier));
    // What both tell is told once.
    let told: BTreeSet<Option<String>> = findings.iter().map(|finding| finding.about.clone()).collect();
    for (_, metric, _) in record.metrics().filter(|(_, metric, _)| !told.contains(&Some(metric.id.clone()))) {
        findings.extend(record.ledger.map_or(Vec::new(), |ledger| moved(record, ledger, metric)));
    }
    findings
}

fn since_earlier(record: &Record<'_>, earlier: &Scorecard) -> Vec<Diagnostic> {
    if earlier.grain != record.scorecard.grain {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (_, metric, history) in record.metrics() {
        let Some(before) = earlier.metrics.iter().find(|before| before.id == metric.id) else { continue };
        let ended: Vec<Period> = history.iter().filter(|p| p.actual.is_ok()).map(|point| point.period).collect();
        let then = Promised { metric: before, grain: earlier.grain, tolerance: earlier.scoring.tolerance };
        let now = Promised { metric, grain: record.scorecard.grain, tolerance: record.scorecard.scoring.tolerance };
        findings.extend(turned(record, &then, &now, &ended));
        let targets = changes(&then, &now, Promised::target, &ended);
        let mut thresholds = changes(&then, &now, Promised::threshold, &ended);
        // What was derived moves with what it is derived from: that is told once.
        let turned = then.metric.better != now.metric.better;
        thresholds.retain(|change| {
            let are_derived = change.old.is_derived && change.new.is_none_or(|new| new.is_derived);
            let has_target = targets.iter().any(|target| target.period == change.period);
            !(are_derived && (turned || (has_target && then.tolerance == now.tolerance)))
        });
        findings.extend(finding(record, "target", &targets, metric, metric.target.as_ref(), None));
        let derived = thresholds.last().and_then(|last| derivation(last, then.tolerance, now.tolerance));
        let bars = metric.threshold.as_ref().or(metric.target.as_ref());
        findings.extend(finding(record, "threshold", &thresholds, metric, bars, derived));
    }
    findings
}

/// What a version of the scorecard promises of a metric.
pub(super) struct Promised<'m> {
    pub(super) metric: &'m Metric,
    pub(super) grain: Grain,
    pub(super) tolerance: Decimal,
}

/// A target or a threshold as it holds.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Held {
    pub(super) bar: Bar,
    pub(super) is_derived: bool,
}

/// It is measured from a source: nobody writes it.
pub(super) struct Measured;

impl Promised<'_> {
    fn on(&self, bars: Option<&Bars>, period: Period) -> Result<Option<Held>, Measured> {
        match bars.and_then(|bars| bars.at(self.grain)) {
            Some(Schedule::Measured(_)) => Err(Measured),
            schedule => {
                Ok(schedule.and_then(|schedule| schedule.on(period.last())).map(|bar| Held { bar, is_derived: false }))
            }
        }
    }

    pub(super) fn target(&self, period: Period) -> Result<Option<Held>, Measured> {
        self.on(self.metric.target.as_ref(), period)
    }

    /// The declared one, else the tolerance on the worse side of the target.
    pub(super) fn threshold(&self, period: Period) -> Result<Option<Held>, Measured> {
        if self.metric.threshold.is_some() {
            return self.on(self.metric.threshold.as_ref(), period);
        }
        let derived = |held: Held| Some(Held { bar: self.derived(held.bar)?, is_derived: true });
        Ok(self.target(period)?.and_then(derived))
    }

    fn derived(&self, target: Bar) -> Option<Bar> {
        match derived_threshold(promise_of(target), self.metric.better, self.tolerance).ok()? {
            Promise::Level(Number::Exact(level)) => Some(Bar::Level(level)),
            Promise::Range(Number::Exact(low), Number::Exact(high)) => Some(Bar::Range(low, high)),
            // What is declared is exact, and so is a share of it, unless that has too many digits.
            _ => None,
        }
    }
}

/// What was promised for a period, and what is said now.
pub(super) struct Change {
    pub(super) period: Period,
    pub(super) old: Held,
    pub(super) new: Option<Held>,
}

fn changes<'m>(
    then: &Promised<'m>,
    now: &Promised<'m>,
    what: impl Fn(&Promised<'m>, Period) -> Result<Option<Held>, Measured>,
    ended: &[Period],
) -> Vec<Change> {
    let change = |period: &Period| {
        let (Ok(Some(old)), Ok(new)) = (what(then, *period), what(now, *period)) else { return None };
        (new.map(|new| new.bar) != Some(old.bar)).then_some(Change { period: *period, old, new })
    };
    ended.iter().filter_map(change).collect()
}

/// The finding of the changes of a target or threshold.
pub(super) fn finding(
    record: &Record<'_>,
    what: &str,
    changes: &[Change],
    metric: &Metric,
    bars: Option<&Bars>,
    derivation: Option<String>,
) -> Option<Diagnostic> {
    let calendar = &record.scorecard.calendar;
    let (first, last) = (changes.first()?, changes.last()?);
    let when = when(record, first.period, last.period);
    let mut finding = RULE.finding(&metric.id, format!("the {what} of `{}` was changed for {when}", metric.id));
    finding = finding.at(bars.map_or(&metric.place, |bars| &bars.place), "");
    finding = finding.note(told(metric, first, &calendar.name(first.period)));
    if (first.old, first.new) != (last.old, last.new) {
        finding = finding.note(told(metric, last, &calendar.name(last.period)));
    }
    finding = derivation.into_iter().fold(finding, Diagnostic::note);
    let old = bar(last.old.bar);
    let since = changes.iter().find(|change| change.old == last.old)?;
    let from = from_when(calendar, since.period);
    let next = calendar.shift(record.as_of, 1).map(|next| from_when(calendar, next));
    Some(finding.help(match (last.new, next) {
        (Some(new), Some(next)) => format!(
            "keep what was promised, and date the new one: `{what} = {{ \"{from}\" = {old}, \"{next}\" = {} }}`",
            bar(new.bar)
        ),
        _ => format!("keep what was promised: `{what} = {old}`"),
    }))
}

/// The finding of a metric that is read the other way round.
fn turned(record: &Record<'_>, then: &Promised<'_>, now: &Promised<'_>, ended: &[Period]) -> Option<Diagnostic> {
    let (old, new) = (then.metric.better?, now.metric.better?);
    let is_promised = |period: &&Period| !matches!(then.target(**period), Ok(None));
    let (first, last) = (ended.iter().find(is_promised)?, ended.iter().rev().find(is_promised)?);
    if old == new {
        return None;
    }
    let metric = now.metric;
    let when = when(record, *first, *last);
    let message = format!("`better` of `{}` was changed for {when}", metric.id);
    let finding = RULE.finding(&metric.id, message).at(&metric.place, "");
    let finding = finding.note(format!("from `{}` to `{}`", old.word(), new.word()));
    Some(finding.help("keep it as it was; what is to be read the other way is a metric with an id of its own"))
}

fn when(record: &Record<'_>, first: Period, last: Period) -> String {
    let name = |period| record.scorecard.calendar.name(period);
    match first == last {
        true => format!("a period that had ended: {}", name(first)),
        false => format!("periods that had ended: {} to {}", name(first), name(last)),
    }
}

/// Which of two thresholds followed from the target, and how.
fn derivation(change: &Change, then: Decimal, now: Decimal) -> Option<String> {
    let (then, now) = (then.normalize(), now.normalize());
    let is_derived = change.new.map(|new| new.is_derived);
    match (change.old.is_derived, is_derived == Some(true)) {
        (true, true) => {
            Some(format!("it is derived from the target, by a `tolerance` of {then} before and of {now} now"))
        }
        (true, false) => Some(format!("it was derived from the target, by a `tolerance` of {then}")),
        (false, true) => Some(format!("it is now derived from the target, by a `tolerance` of {now}")),
        (false, false) => None,
    }
}

fn told(metric: &Metric, change: &Change, name: &str) -> String {
    let (old, new) = match (change.old.bar, change.new.map(|new| new.bar)) {
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
