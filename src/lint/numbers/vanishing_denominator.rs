//! Rates of next to nothing.

use crate::diagnostic::{Diagnostic, Severity};
use crate::evaluate::{Absence, Point, Window};
use crate::lint::{Check, Example, Group, Record, Rule};
use crate::number::{Fault, Number};
use crate::period::Period;
use crate::prose::{self, grouped};

/// How many periods back are looked at.
const RECENT: usize = 12;
/// How many denominators it takes to say what is usual.
const LEAST: usize = 6;
/// One of how many a denominator must be under: 5 % of the usual.
const PART: i64 = 20;

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "vanishing-denominator",
    group: Group::Numbers,
    severity: Severity::Warning,
    summary: "what a rate is divided by was 0, or next to nothing",
    what: "Finds quotients whose denominator was 0 in one of the last 12 periods, or under 5 % of its own median \
           over the last 24 (of at least 6 of them). Periods that are partial or provisional are left out.",
    why: "A rate of three calls says nothing of a service, and of none there is no rate at all. It jumps from 0 to \
           100 % and drags its thread with it, while hardly anything happened.",
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
2026-07,72000,905,769
2026-08,72500,0,0
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
    let mut findings = Vec::new();
    for (id, metric, history) in record.metrics() {
        let of = |point: &Point| {
            let whole = record.whole(id, point);
            let denominator = match &point.actual {
                // What cannot be divided has no reading that would tell whether it is whole.
                Err(Absence::Fault(Fault::ZeroDenominator | Fault::ZeroOfZero)) => {
                    record.reader.is_whole(id, Window::of(point.period)).then_some(Number::ZERO)
                }
                _ => whole.and_then(|reading| reading.denominator),
            };
            denominator.map(|denominator| (point.period, denominator.abs()))
        };
        let known: Vec<(Period, Number)> = history.iter().filter_map(of).collect();
        let Some(usual) = median(known.iter().map(|(_, denominator)| *denominator).collect()) else { continue };
        let Some(from) = history.len().checked_sub(RECENT).map(|at| history[at].period) else { continue };
        let recent = known.iter().filter(|(period, _)| *period >= from);
        let vanishing: Vec<&(Period, Number)> =
            recent.filter(|(_, denominator)| is_vanishing(*denominator, usual, known.len())).collect();
        let Some((last, denominator)) = vanishing.last() else { continue };
        let times = vanishing.len();
        let when = prose::count(RECENT, "period");
        let message = format!("the denominator of `{}` was next to nothing in {times} of the last {when}", metric.id);
        let (name, denominator) = (record.scorecard.calendar.name(*last), grouped(&denominator.to_string()));
        let note = match usual.is_zero() {
            true => format!("last in {name}: {denominator}, as it is more often than not"),
            false => format!("last in {name}: {denominator}, where {} is usual", grouped(&usual.to_string())),
        };
        let help = "look whether rows are missing; of so few, report the rate by quarter or by year";
        findings.push(RULE.finding(&metric.id, message).at(metric.value_place(), "").note(note).help(help));
    }
    findings
}

fn is_vanishing(denominator: Number, usual: Number, known: usize) -> bool {
    let times = denominator.times(Number::from(PART)).unwrap_or(denominator);
    denominator.is_zero() || (known >= LEAST && times < usual)
}

/// The middle value, or the mean of the two; `None` of nothing.
fn median(mut numbers: Vec<Number>) -> Option<Number> {
    numbers.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    let middle = numbers.len() / 2;
    let upper = *numbers.get(middle)?;
    if numbers.len() % 2 == 1 {
        return Some(upper);
    }
    numbers[middle - 1].plus(upper).ok()?.divided_by(Number::from(2)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(values: &[i64]) -> Vec<Number> {
        values.iter().copied().map(Number::from).collect()
    }

    #[test]
    fn the_median_of_odd_and_even_counts() {
        assert_eq!(median(numbers(&[9, 1, 5])), Some(Number::from(5)));
        assert_eq!(median(numbers(&[9, 1, 5, 6])).map(|median| median.to_string()).as_deref(), Some("5.5"));
        assert_eq!(median(Vec::new()), None);
    }

    #[test]
    fn next_to_nothing_is_under_a_twentieth_of_the_usual() {
        let usual = Number::from(800);
        assert!(!is_vanishing(Number::from(40), usual, 24));
        assert!(is_vanishing(Number::from(39), usual, 24));
        assert!(!is_vanishing(Number::from(39), usual, 5));
        assert!(is_vanishing(Number::ZERO, usual, 1));
    }
}
