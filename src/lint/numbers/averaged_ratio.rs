//! Means of ratios.

use rust_decimal::Decimal;

use crate::diagnostic::{Diagnostic, Severity};
use crate::formula::{Aggregate, Formula, Function, Operator, RowExpr, Term};
use crate::graph::MetricId;
use crate::lint::{Check, Design, Example, Group, Rule};
use crate::metric::{Metric, Scorecard, Value};
use crate::unit::Unit;

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "averaged-ratio",
    group: Group::Numbers,
    severity: Severity::Warning,
    summary: "ratios are averaged, whatever each of them is of",
    what: "Finds `avg` of a quotient of columns, `avg` of a column in a metric whose unit is percent or ratio, and \
           definitions that are the plain mean of percent or ratio metrics: `(a + b) / 2`.",
    why: "A region with ten calls then counts as much as one with ten thousand, and the mean moves when nothing but \
           the mix does. No total can be got back from it, nor a quarter from its months.",
    example: Example::of(
        r#"
[metrics.fcr]
name = "First-contact resolution"
source = "calls"
value = "avg(resolved / handled)"
unit = "percent"
better = "higher"
target = 0.75
threshold = 0.70
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
    check: Check::Design(check),
};

fn check(design: &Design<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (_, metric) in design.metrics() {
        match &metric.value {
            Value::FromDrivers => {}
            Value::Measured(measurement) => {
                let mut averaged = None;
                measurement.formula.visit(&mut |aggregate| {
                    averaged = averaged.take().or_else(|| Some(aggregate).filter(|found| averages(found, metric)));
                });
                if let Some(aggregate) = averaged {
                    let message = format!("`{}` averages ratios: `{aggregate}`", metric.id);
                    let finding = RULE.finding(&metric.id, message).at(&measurement.place, "");
                    findings.push(finding.help(instead(aggregate)));
                }
            }
            Value::Defined(formula) if is_mean_of_shares(formula, design.scorecard) => {
                let message = format!("`{}` is the plain mean of ratios, whatever each of them is of", metric.id);
                let help = "divide the sum of their numerators by the sum of their denominators";
                findings.push(RULE.finding(&metric.id, message).at(&metric.place, "").help(help));
            }
            Value::Defined(_) => {}
        }
    }
    findings
}

fn averages(aggregate: &Aggregate, metric: &Metric) -> bool {
    let is_share = matches!(metric.unit, Some(Unit::Percent | Unit::Ratio));
    let of_shares = |argument: &RowExpr<String>| is_share || has_quotient(argument);
    aggregate.function == Function::Avg && aggregate.argument.as_ref().is_some_and(of_shares)
}

/// Whether an expression divides by a column.
fn has_quotient(expression: &RowExpr<String>) -> bool {
    match expression {
        RowExpr::Binary(Operator::Over, _, b) if has_column(b) => true,
        RowExpr::Binary(_, a, b) => has_quotient(a) || has_quotient(b),
        RowExpr::Negated(a) => has_quotient(a),
        RowExpr::Number(_) | RowExpr::Column(_) => false,
    }
}

fn has_column(expression: &RowExpr<String>) -> bool {
    let mut found = false;
    expression.visit(&mut |_| found = true);
    found
}

fn instead(aggregate: &Aggregate) -> String {
    match aggregate.argument.as_ref() {
        // The sums of a quotient that is scaled or subtracted from are another figure.
        Some(RowExpr::Binary(Operator::Over, a, b)) if has_column(b) => {
            format!("divide the sums: `sum({a}) / sum({b})`")
        }
        Some(argument) if has_quotient(argument) => "divide the sum of the numerators by the sum of the denominators, \
                                                     and scale or subtract outside the sums"
            .to_owned(),
        _ => "divide the sum of what was counted by the sum of what it is of; \
                 a column of 0 and 1 by `count(*)`; what comes once a period is `only(...)`"
            .to_owned(),
    }
}

/// `(a + b) / 2` or `0.5 * (a + b)` of percent and ratio metrics.
fn is_mean_of_shares(formula: &Formula<Term<MetricId>>, scorecard: &Scorecard) -> bool {
    let (sum, parts) = match formula {
        Formula::Binary(Operator::Over, sum, by) => match **by {
            Formula::Number(by) => (sum, by),
            _ => return false,
        },
        Formula::Binary(Operator::Times, a, b) => match (&**a, &**b) {
            (Formula::Number(share), _) => (b, inverse(*share)),
            (_, Formula::Number(share)) => (a, inverse(*share)),
            _ => return false,
        },
        _ => return false,
    };
    let shares = count_of_shares(sum, scorecard);
    shares.is_some_and(|shares| shares > 1 && Decimal::from(shares) == parts)
}

fn inverse(share: Decimal) -> Decimal {
    Decimal::ONE.checked_div(share).unwrap_or_default()
}

/// How many terms a sum has, where all are percent or ratio metrics.
fn count_of_shares(formula: &Formula<Term<MetricId>>, scorecard: &Scorecard) -> Option<usize> {
    match formula {
        Formula::Leaf(term) => {
            matches!(scorecard.metric(*term.metric()).unit, Some(Unit::Percent | Unit::Ratio)).then_some(1)
        }
        Formula::Binary(Operator::Plus, a, b) => Some(count_of_shares(a, scorecard)? + count_of_shares(b, scorecard)?),
        _ => None,
    }
}
