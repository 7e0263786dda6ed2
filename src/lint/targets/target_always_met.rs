//! Targets that ask for nothing more.

use crate::diagnostic::{Diagnostic, Severity};
use crate::evaluate::{Point, Promise};
use crate::lint::amount::{amount, amounts};
use crate::lint::targets::target_scale;
use crate::lint::{Check, Example, Group, Record, Rule};
use crate::metric::{Metric, Polarity, Schedule};
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
           not become harder within them. Left alone are ranges, and targets that cannot be raised: 100 % where more \
           is better, 0 where less is better and the unit is percent, count or a noun.",
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
        if target_scale::is_off_scale(history) {
            continue;
        }
        let message = format!("`{}` met its target in each of the last {PERIODS} periods", metric.id);
        let finding = RULE.finding(&metric.id, message).at(&bars.place, "");
        let finding = match closest(recent, better) {
            Some(value) if value != target => {
                let (worst, target) = amounts(metric, value, target);
                finding.note(format!("at its worst it was {worst}, against {target}"))
            }
            _ => finding.note(format!("the target is {}", amount(metric, target))),
        };
        let is_measured = bars.by_grain.iter().any(|(_, schedule)| matches!(schedule, Schedule::Measured(_)));
        findings.push(finding.help(match is_measured {
            true => "ask whoever plans it for more",
            false => "ask for more from the next period on: `target = { \"2025-04\" = 450, \"2026-04\" = 480 }`",
        }));
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
    let (first, last) = (*levels.first()?, *levels.last()?);
    let is_harder = match better {
        Polarity::Higher => last > first,
        Polarity::Lower => last < first,
        Polarity::Between => true,
    };
    (!is_harder).then_some(last)
}

/// Whether anything better than the target is possible.
fn can_be_raised(metric: &Metric, better: Polarity, target: Number) -> bool {
    let is_share = metric.unit == Some(Unit::Percent);
    match better {
        Polarity::Higher => !(is_share && target >= Number::from(1)),
        Polarity::Lower => {
            let cannot_be_negative = matches!(metric.unit, Some(Unit::Percent | Unit::Count | Unit::Noun(_)));
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
