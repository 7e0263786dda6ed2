//! Shares of more than all, or less than nothing.

use crate::diagnostic::{Diagnostic, Severity};
use crate::evaluate::{Point, Promise};
use crate::formula::{Formula, Operator, RowExpr, Term};
use crate::lint::amount::amounts;
use crate::lint::{Check, Example, Group, Record, Rule};
use crate::metric::{Metric, Scorecard, Value};
use crate::number::Number;
use crate::period::Period;
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
           period before (a growth may be anything), both also in the metrics it is made of, or where the target \
           itself lies outside 0 to 100 %, by 100 points at most: a target of 75 is no 75 %.",
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
    let forms = forms(record.scorecard);
    let mut findings = Vec::new();
    for (id, metric, history) in record.metrics() {
        let form = forms[id.index()];
        if metric.unit != Some(Unit::Percent) || form == Form::Change || has_target_outside(history) {
            continue;
        }
        let seen: Vec<(Period, Number)> =
            history.iter().filter_map(|point| Some((point.period, point.actual.as_ref().ok()?.value))).collect();
        let (none, all) = (Number::ZERO, Number::from(1));
        let under = Side::of("under", none, &seen, |value| (form == Form::Share && value < none).then(|| value.abs()));
        let over = Side::of("over", all, &seen, |value| value.minus(all).ok().filter(|over| *over > none));
        let sides: Vec<Side> = [under, over].into_iter().flatten().collect();
        if sides.is_empty() {
            continue;
        }
        let told: Vec<String> = sides.iter().map(|side| side.told(metric)).collect();
        let periods = prose::count(seen.len(), "period");
        let message = format!("`{}` was {} of {periods}", metric.id, prose::join(&told, "and"));
        let mut finding = RULE.finding(&metric.id, message).at(metric.value_place(), "");
        for side in &sides {
            let (value, _) = amounts(metric, side.furthest.1, side.edge);
            let name = record.scorecard.calendar.name(side.furthest.0);
            finding = finding.note(match sides.len() {
                1 => format!("furthest in {name}: {value}"),
                _ => format!("furthest {} in {name}: {value}", side.word),
            });
        }
        let help = "look what the numerator counts that the denominator does not; \
                    if it may be so, give it the unit `ratio`";
        findings.push(finding.help(help));
    }
    findings
}

/// The values beyond one edge.
struct Side {
    word: &'static str,
    edge: Number,
    count: usize,
    /// The last of those that are furthest from it.
    furthest: (Period, Number),
}

impl Side {
    /// Those that `beyond` answers a distance for; `None` where there are none.
    fn of(
        word: &'static str,
        edge: Number,
        seen: &[(Period, Number)],
        beyond: impl Fn(Number) -> Option<Number>,
    ) -> Option<Side> {
        let outside = || seen.iter().filter_map(|(period, value)| Some((beyond(*value)?, *period, *value)));
        let (_, period, value) = outside().reduce(|most, next| if next.0 >= most.0 { next } else { most })?;
        Some(Side { word, edge, count: outside().count(), furthest: (period, value) })
    }

    fn told(&self, metric: &Metric) -> String {
        let (_, edge) = amounts(metric, self.furthest.1, self.edge);
        format!("{} {edge} in {}", self.word, self.count)
    }
}

/// What a formula can give by its form; what is made of several is the last of theirs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    /// A part of a whole.
    Share,
    /// It subtracts: it may be negative.
    Difference,
    /// It looks back: it may be anything.
    Change,
}

/// Of each metric, in file order: its form, with those of what it is made of.
fn forms(scorecard: &Scorecard) -> Vec<Form> {
    let mut forms = vec![Form::Share; scorecard.metrics.len()];
    for id in scorecard.graph.children_first() {
        forms[id.index()] = form(&scorecard.metric(*id).value, &forms);
    }
    forms
}

/// The form of a value; its inputs are known.
fn form(value: &Value, known: &[Form]) -> Form {
    let difference = |subtracts: bool| if subtracts { Form::Difference } else { Form::Share };
    match value {
        Value::FromDrivers => Form::Share,
        Value::Measured(measurement) => {
            let mut rows_subtract = false;
            measurement.formula.visit(&mut |aggregate| {
                rows_subtract = rows_subtract || aggregate.argument.as_ref().is_some_and(row_subtracts);
            });
            difference(rows_subtract || subtracts(&measurement.formula))
        }
        Value::Defined(formula) => {
            let mut form = difference(subtracts(formula));
            formula.visit(&mut |term| {
                let looks_back = matches!(term, Term::Previous(_));
                form = form.max(if looks_back { Form::Change } else { known[term.metric().index()] });
            });
            form
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

/// Whether more than all, or less than nothing, is what was promised; 75 is neither, but 75 % written wrong.
fn has_target_outside(history: &[Point]) -> bool {
    let (none, all) = (Number::ZERO, Number::from(1));
    let outside =
        |number: Number| (Number::from(-1)..none).contains(&number) || (number > all && number <= Number::from(2));
    history.iter().filter_map(|point| point.target).any(|target| match target {
        Promise::Level(level) => outside(level),
        Promise::Range(low, high) => outside(low) || outside(high),
    })
}
