//! Figures that change their scale from one period to the next.

use crate::diagnostic::{Diagnostic, Severity};
use crate::evaluate::Point;
use crate::lint::amount::amount;
use crate::lint::{Check, Example, Group, Record, Rule};
use crate::number::Number;
use crate::prose;

/// From how many times on a change is one of scale.
const TIMES: i64 = 50;

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "scale-jump",
    group: Group::Numbers,
    severity: Severity::Warning,
    summary: "a measured figure became fifty times larger or smaller from one value to the next",
    what: "Finds metrics measured from a source that are 50 times or more as large in one of the last 24 periods as \
           in the last before it that has a value, or the other way round. Periods that are partial or \
           provisional count as without one. Values of 0, and of different signs, are not compared.",
    why: "Nothing real moves by fifty times in a period. Cents came for euros, percentages for fractions, a file \
           without its decimal mark; and the trend, the change and the year to date are all wrong with it.",
    example: Example::with(
        TABLES,
        &[(
            "data/billing.csv",
            "\
month,opening,lost,joined,revenue
2026-05,71090,1331,1590,2308925.15
2026-06,71349,1347,1725,2318842.40
2026-07,71727,1369,1596,2324613.02
2026-08,71954,1398,1653,231245409
2026-09,72209,1496,1581,2304663.77
2026-10,72294,1540,1660,2299659.32
",
        )],
    ),
    instead: Example::with(
        TABLES,
        &[(
            "data/billing.csv",
            "\
month,opening,lost,joined,revenue
2026-05,71090,1331,1590,2308925.15
2026-06,71349,1347,1725,2318842.40
2026-07,71727,1369,1596,2324613.02
2026-08,71954,1398,1653,2312454.09
2026-09,72209,1496,1581,2304663.77
2026-10,72294,1540,1660,2299659.32
",
        )],
    ),
    check: Check::Record(check),
};

const TABLES: &str = r#"
[sources.billing]
path = "data/billing.csv"
department = "finance"
period = "month"
"#;

fn check(record: &Record<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (id, metric, history) in record.metrics() {
        let Some(measurement) = metric.measurement() else { continue };
        let value = |point: &Point| record.whole(id, point).map(|reading| reading.value);
        let values: Vec<(&Point, Number)> = history.iter().filter_map(|point| Some((point, value(point)?))).collect();
        let jumps: Vec<(&Point, Number, Number)> = values
            .windows(2)
            .map(|pair| (pair[1].0, pair[0].1, pair[1].1))
            .filter(|(_, before, now)| is_jump(*before, *now))
            .collect();
        let (Some((point, before, now)), Some((last, ..))) = (jumps.first(), jumps.last()) else { continue };
        let name = record.scorecard.calendar.name(point.period);
        let (before, now) = (amount(metric, *before), amount(metric, *now));
        let message = format!("`{}` went from {before} to {now} in {name}", metric.id);
        let finding = RULE.finding(&metric.id, message).at(&measurement.place, "");
        let finding = match jumps.len() {
            1 => finding,
            times => {
                let (times, last) = (prose::count(times, "change"), record.scorecard.calendar.name(last.period));
                finding.note(format!("{times} of this size in all, the last in {last}"))
            }
        };
        let help = "look at the unit and the decimal mark of the rows of these periods; \
                    a file of its own scale is a source of its own";
        findings.push(finding.help(help));
    }
    findings
}

fn is_jump(before: Number, now: Number) -> bool {
    let same_sign = (before < Number::ZERO) == (now < Number::ZERO);
    let (less, more) = if before.abs() < now.abs() { (before.abs(), now.abs()) } else { (now.abs(), before.abs()) };
    same_sign && !less.is_zero() && less.times(Number::from(TIMES)).is_ok_and(|times| more >= times)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_is_fifty_times_either_way() {
        let jump = |before: &str, now: &str| {
            let number = |text: &str| Number::Exact(text.parse().expect("a decimal"));
            is_jump(number(before), number(now))
        };
        assert!(jump("0.72", "36"));
        assert!(jump("36", "0.72"));
        assert!(jump("-1", "-50"));
        assert!(!jump("0.72", "35.99"));
        assert!(!jump("-1", "50"));
        assert!(!jump("0", "50"));
    }
}
