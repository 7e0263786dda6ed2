//! Targets that ask for nothing more.

use crate::diagnostic::{Diagnostic, Severity};
use crate::evaluate::{Point, Promise};
use crate::lint::amount::{amount, amounts, bar, from_when, literal};
use crate::lint::targets::target_scale;
use crate::lint::{Check, Example, Group, Record, Rule};
use crate::metric::{Bars, Metric, Polarity, Schedule};
use crate::number::Number;
use crate::status::Status;
use crate::unit::Unit;

/// How many periods in a row a target must have been met.
const PERIODS: usize = 12;

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "target-always-met",
    group: Group::Targets,
    severity: Severity::Warning,
    summary: "the target was met in each of the last twelve periods",
    what: "Finds metrics that met their target in each of the last 12 periods up to the as-of, while the target did \
           not become harder at any time within them. Left alone are ranges, targets in another unit by mistake \
           (`target-scale`), and targets that cannot be raised: 100 % where more is better, 0 where less is better \
           and the unit is percent, minutes, hours, days, count or a noun.",
    why: "A target that is always met asks for nothing. It shows green whatever happens below it, and hides that the \
           figure could be falling towards it.",
    example: Example::of(
        r#"
[metrics.arpu]
name = "Revenue per customer"
source = "billing"
value = "sum(revenue) / first(opening)"
unit = "EUR"
better = "higher"
target = 30.5
threshold = 30
owner = "Head of Pricing"

[goals.clv]
name = "Customer lifetime value"
value = "arpu / churn"
unit = "EUR"
better = "higher"
target = 1525
threshold = 1300
sponsor = "Chief Financial Officer"
"#,
    ),
    instead: Example::of(
        r#"
[metrics.arpu]
name = "Revenue per customer"
source = "billing"
value = "sum(revenue) / first(opening)"
unit = "EUR"
better = "higher"
target = { "2025-01" = 30.5, "2026-07" = 31.5 }
threshold = 30
owner = "Head of Pricing"

[goals.clv]
name = "Customer lifetime value"
value = "arpu / churn"
unit = "EUR"
better = "higher"
target = 1525
threshold = 1300
sponsor = "Chief Financial Officer"
"#,
    ),
    check: Check::Record(check),
};

fn check(record: &Record<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (_, metric, history) in record.metrics() {
        let (Some(better), Some(bars)) = (metric.better, &metric.target) else { continue };
        let Some(recent) = history.len().checked_sub(PERIODS).map(|from| &history[from..]) else { continue };
        let Some(target) = always_met(recent, better).filter(|target| can_be_raised(metric, better, *target)) else {
            continue;
        };
        // A target of another scale is met, or missed, by mistake.
        if target_scale::is_mistaken(metric, history) {
            continue;
        }
        let message = format!("`{}` met its target in each of the last {PERIODS} periods", metric.id);
        let finding = RULE.finding(&metric.id, message).at(&bars.place, "");
        let closest = closest(recent, better);
        let finding = match closest {
            Some(value) if value != target => {
                let (worst, target) = amounts(metric, value, target);
                finding.note(format!("at its worst it was {worst}, against {target}"))
            }
            _ => finding.note(format!("the target is {}", amount(metric, target))),
        };
        findings.push(finding.help(help(record, metric, bars, closest.map(|worst| (worst, target, better)), history)));
    }
    findings
}

/// The target in force last, where every period met its own and it became no harder.
fn always_met(recent: &[Point], better: Polarity) -> Option<Number> {
    let level = |point: &Point| match point.target {
        Some(Promise::Level(level)) if point.status == Some(Status::OnTarget) => Some(level),
        _ => None,
    };
    let levels = recent.iter().map(level).collect::<Option<Vec<Number>>>()?;
    let became_harder = levels.windows(2).any(|pair| is_harder(better, pair[1], pair[0]));
    if became_harder { None } else { levels.last().copied() }
}

/// Whether one target asks for more than another.
fn is_harder(better: Polarity, target: Number, than: Number) -> bool {
    match better {
        Polarity::Higher => target > than,
        Polarity::Lower => target < than,
        Polarity::Between => false,
    }
}

/// What to ask for: what the worst of these periods already was, from the period after the as-of on.
fn help(
    record: &Record<'_>,
    metric: &Metric,
    bars: &Bars,
    known: Option<(Number, Number, Polarity)>,
    history: &[Point],
) -> String {
    let calendar = &record.scorecard.calendar;
    let Some(next) = calendar.shift(record.as_of, 1).map(|next| from_when(calendar, next)) else {
        return "ask for more".to_owned();
    };
    let more = known.and_then(|(worst, target, better)| {
        literal(metric, worst, |told| is_harder(better, told, target)).filter(|_| is_harder(better, worst, target))
    });
    let first = history.iter().find(|point| point.actual.is_ok());
    match (bars.at(record.scorecard.grain), more, first) {
        (Some(Schedule::Measured(_)), ..) => format!("ask whoever plans it for more from {next} on"),
        (Some(Schedule::Always(now)), Some(more), Some(first)) if bars.by_grain.len() == 1 => {
            let (first, now) = (from_when(calendar, first.period), bar(*now));
            format!("ask for what it does already: `target = {{ \"{first}\" = {now}, \"{next}\" = {more} }}`")
        }
        (Some(_), Some(more), _) => format!("ask for what it does already: add `\"{next}\" = {more}`"),
        _ => format!("ask for more from {next} on"),
    }
}

/// Whether anything better than the target is possible.
fn can_be_raised(metric: &Metric, better: Polarity, target: Number) -> bool {
    let is_share = metric.unit == Some(Unit::Percent);
    match better {
        Polarity::Higher => !(is_share && target >= Number::from(1)),
        Polarity::Lower => {
            let cannot_be_negative = matches!(
                metric.unit,
                Some(Unit::Percent | Unit::Count | Unit::Minutes | Unit::Hours | Unit::Days | Unit::Noun(_))
            );
            !(cannot_be_negative && target <= Number::ZERO)
        }
        Polarity::Between => false,
    }
}

/// The worst value there was.
fn closest(recent: &[Point], better: Polarity) -> Option<Number> {
    let values = recent.iter().filter_map(|point| point.actual.as_ref().ok()).map(|reading| reading.value);
    values.reduce(|a, b| if (b < a) == (better == Polarity::Higher) { b } else { a })
}
