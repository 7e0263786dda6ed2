//! Shares of more than all, or less than nothing.

use crate::diagnostic::{Diagnostic, Severity};
use crate::evaluate::{Point, Promise};
use crate::formula::{Formula, Operator, RowExpr, Term};
use crate::lint::amount::amounts;
use crate::lint::{Check, Example, Group, Record, Rule};
use crate::metric::{Metric, Value};
use crate::number::Number;
use crate::prose;
use crate::unit::Unit;

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "percent-out-of-range",
    group: Group::Numbers,
    severity: Severity::Warning,
    summary: "a percentage is under 0 or over 100 %",
    what: "Finds percent metrics whose actual was under 0 or over 100 % in one of the last 24 periods. Under 0 is no \
           finding where the formula subtracts (a margin may be negative), neither is one where it looks at the \
           period before (a growth may be anything), or where the target itself lies outside 0 to 100 %.",
    why: "A part cannot be more than the whole. The numerator counts what the denominator does not, the two are of \
           different periods, or percentages were taken for fractions.",
    example: Example::with(
        TABLES,
        &[(
            "data/network.csv",
            "\
month,lines,faults,repaired_in_a_day
2026-05,71000,861,740
2026-06,71500,822,682
2026-07,72000,905,769
2026-08,72500,951,1027
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
    let (none, all) = (Number::ZERO, Number::from(1));
    let mut findings = Vec::new();
    for (_, metric, history) in record.metrics() {
        let form = form(&metric.value);
        if metric.unit != Some(Unit::Percent) || form == Form::Change || has_target_outside(history) {
            continue;
        }
        let beyond = |point: &Point| {
            let value = point.actual.as_ref().ok()?.value;
            let over = if value < none && form == Form::Share { none.minus(value) } else { value.minus(all) };
            over.ok().filter(|over| *over > none).map(|over| (over, point.period, value))
        };
        let outside: Vec<(Number, _, Number)> = history.iter().filter_map(beyond).collect();
        let furthest = outside.iter().copied().reduce(|most, next| if next.0 >= most.0 { next } else { most });
        let Some((_, period, value)) = furthest else { continue };
        let seen = history.iter().filter(|point| point.actual.is_ok()).count();
        let (edge, side) = if value < none { (none, "under") } else { (all, "over") };
        let (value, edge) = amounts(metric, value, edge);
        let message =
            format!("`{}` was {side} {edge} in {} of {}", metric.id, outside.len(), prose::count(seen, "period"));
        let note = format!("furthest in {}: {value}", record.scorecard.calendar.name(period));
        let help = "look what the numerator counts that the denominator does not; \
                    if it may be so, give it the unit `ratio`";
        let finding = RULE.finding(&metric.id, message).at(place(metric), "").note(note);
        findings.push(finding.help(help));
    }
    findings
}

fn place(metric: &Metric) -> &crate::diagnostic::Place {
    metric.measurement().map_or(&metric.place, |measurement| &measurement.place)
}

/// What a formula can give by its form.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A part of a whole.
    Share,
    /// It subtracts: it may be negative.
    Difference,
    /// It looks back: it may be anything.
    Change,
}

fn form(value: &Value) -> Form {
    match value {
        Value::FromDrivers => Form::Share,
        Value::Measured(measurement) => {
            let mut rows_subtract = false;
            measurement.formula.visit(&mut |aggregate| {
                rows_subtract = rows_subtract || aggregate.argument.as_ref().is_some_and(row_subtracts);
            });
            if rows_subtract || subtracts(&measurement.formula) { Form::Difference } else { Form::Share }
        }
        Value::Defined(formula) => {
            let mut looks_back = false;
            formula.visit(&mut |term| looks_back = looks_back || matches!(term, Term::Previous(_)));
            match (looks_back, subtracts(formula)) {
                (true, _) => Form::Change,
                (false, true) => Form::Difference,
                (false, false) => Form::Share,
            }
        }
    }
}

fn subtracts<L>(formula: &Formula<L>) -> bool {
    match formula {
        Formula::Number(number) => number.is_sign_negative(),
        Formula::Leaf(_) => false,
        Formula::Negated(_) | Formula::Binary(Operator::Minus, ..) => true,
        Formula::Abs(_) => false,
        Formula::Binary(_, a, b) => subtracts(a) || subtracts(b),
    }
}

fn row_subtracts(expression: &RowExpr<String>) -> bool {
    match expression {
        RowExpr::Number(number) => number.is_sign_negative(),
        RowExpr::Column(_) => false,
        RowExpr::Negated(_) | RowExpr::Binary(Operator::Minus, ..) => true,
        RowExpr::Binary(_, a, b) => row_subtracts(a) || row_subtracts(b),
    }
}

/// Whether more than all, or less than nothing, is what was promised.
fn has_target_outside(history: &[Point]) -> bool {
    let outside = |number: Number| number < Number::ZERO || number > Number::from(1);
    history.iter().filter_map(|point| point.target).any(|target| match target {
        Promise::Level(level) => outside(level),
        Promise::Range(low, high) => outside(low) || outside(high),
    })
}
