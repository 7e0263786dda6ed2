//! Sums of what cannot be added.

use crate::diagnostic::{Diagnostic, Severity};
use crate::formula::{Formula, Operator, Term, is_written};
use crate::graph::MetricId;
use crate::lint::{Check, Design, Example, Group, Rule};
use crate::metric::{Metric, Scorecard, Value};
use crate::unit::Unit;

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "incomparable-unit",
    group: Group::Targets,
    severity: Severity::Warning,
    summary: "a definition adds, subtracts or compares figures of different units, or is called another currency than it is",
    what: "Finds definitions that add or subtract metrics of different units, or take the `min` or `max` of them: \
           money and a count, a percentage and money, hours and days, EUR and USD. Percent and ratio go together; so \
           do counts and nouns of the scorecard's own, which are things counted. What is multiplied by a percent or \
           ratio, or divided by one, keeps its unit; nothing is said of any other product or quotient, nor of plain \
           numbers, which may convert. Finds definitions that come out in one currency, named in the units of their \
           inputs (`EUR`, `EUR/unit`), and whose own unit names another: in sums, with percentages, and times or over \
           things counted or hours. A ratio may be a rate, and so may a plain number, unless the scorecard has rates of \
           `[currencies]`: then nothing else converts.",
    why: "Three euros and four calls are seven of nothing. The sum has no unit, its target no meaning, and it moves \
           with whichever part happens to have the larger numbers. And euros that are called dollars are wrong by the \
           rate, in a figure that looks right.",
    example: Example::of(
        r#"
[goals.clv]
name = "Customer lifetime value"
value = "arpu / churn + fault_rate"
unit = "EUR"
better = "higher"
target = 1500
threshold = 1300
sponsor = "Chief Financial Officer"
"#,
    ),
    instead: Example::of(
        r#"
[goals.clv]
name = "Customer lifetime value"
value = "arpu / churn"
unit = "EUR"
better = "higher"
target = 1500
threshold = 1300
sponsor = "Chief Financial Officer"
"#,
    ),
    check: Check::Design(check),
};

fn check(design: &Design<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (_, metric) in design.metrics() {
        let Value::Defined(formula) = &metric.value else { continue };
        let mut clashes = Vec::new();
        unit_of(formula, design.scorecard, &mut clashes);
        let Some(Clash { operator, a, b }) = clashes.into_iter().next() else {
            findings.extend(called_another(metric, formula, design.scorecard));
            continue;
        };
        let what = match operator {
            Operator::Plus => "adds",
            Operator::Minus => "subtracts",
            _ => "compares",
        };
        let message = format!("the definition of `{}` {what} {} and {}", metric.id, named(&a), named(&b));
        let help = "bring them to one unit first: multiply by a price, divide by a base, convert";
        let finding = RULE
            .finding(&metric.id, message)
            .at(&metric.place, "")
            .note(format!("it is `{}`", written(formula, design.scorecard)));
        findings.push(finding.help(help));
    }
    findings
}

/// A definition that comes out in another currency than its unit names.
fn called_another(metric: &Metric, formula: &Formula<Term<MetricId>>, scorecard: &Scorecard) -> Option<Diagnostic> {
    let unit = metric.unit.as_ref()?;
    let (Money::Of(found), named) = (money_of(formula, scorecard), unit.currency()?) else { return None };
    if is_one(found, named) {
        return None;
    }
    let message = format!("`{}` is in {unit}, and its definition comes out in `{found}`", metric.id);
    let finding = RULE.finding(&metric.id, message).at(&metric.place, "");
    let finding = finding.note(format!("it is `{}`", written(formula, scorecard)));
    Some(finding.help(format!("write `unit = \"{}\"`", unit.word().replace(named, found))))
}

/// What money a formula comes out in.
#[derive(Clone, Copy)]
enum Money<'s> {
    /// This currency.
    Of(&'s str),
    /// None: a plain number.
    Number,
    /// None: things counted, a share of something, hours.
    Quantity,
    /// It is not known; perhaps a rate was taken.
    Unknown,
}

fn money_of<'s>(formula: &Formula<Term<MetricId>>, scorecard: &'s Scorecard) -> Money<'s> {
    match formula {
        Formula::Number(_) => Money::Number,
        Formula::Leaf(term) => scorecard.metric(*term.metric()).unit.as_ref().map_or(Money::Unknown, money_in),
        Formula::Negated(a) | Formula::Abs(a) => money_of(a, scorecard),
        Formula::Binary(operator, a, b) => {
            let (a, b) = (money_of(a, scorecard), money_of(b, scorecard));
            let converts = scorecard.rates.is_none();
            match (operator, a, b) {
                (_, Money::Unknown, _) | (_, _, Money::Unknown) => Money::Unknown,
                (Operator::Over, Money::Of(a), Money::Of(b)) if is_one(a, b) => Money::Quantity,
                (Operator::Times | Operator::Over, Money::Of(_), Money::Of(_)) => Money::Unknown,
                (Operator::Times | Operator::Over, Money::Of(_), Money::Number) if converts => Money::Unknown,
                (Operator::Times, Money::Number, Money::Of(_)) if converts => Money::Unknown,
                (Operator::Over, Money::Number | Money::Quantity, Money::Of(_)) => Money::Unknown,
                (_, Money::Of(a), Money::Of(b)) if !is_one(a, b) => Money::Unknown,
                (_, Money::Of(a), _) | (_, _, Money::Of(a)) => Money::Of(a),
                (_, Money::Number, Money::Number) => Money::Number,
                _ => Money::Quantity,
            }
        }
    }
}

/// The money a unit names. What names two currencies is a rate, and a ratio or a score may be one.
fn money_in(unit: &Unit) -> Money<'_> {
    match (unit, unit.currency()) {
        (_, Some(currency)) => Money::Of(currency),
        (Unit::Ratio | Unit::Score, None) => Money::Unknown,
        _ if unit.currencies().is_empty() => Money::Quantity,
        _ => Money::Unknown,
    }
}

/// Whether a code or sign may be the same currency as another.
fn is_one(a: &str, b: &str) -> bool {
    is_written(a, b) || is_written(b, a)
}

/// Two units that one operation brings together.
struct Clash {
    operator: Operator,
    a: Unit,
    b: Unit,
}

/// The unit of a formula, where it is known; what clashes on the way is kept.
fn unit_of(formula: &Formula<Term<MetricId>>, scorecard: &Scorecard, clashes: &mut Vec<Clash>) -> Option<Unit> {
    match formula {
        Formula::Number(_) => None,
        Formula::Leaf(term) => scorecard.metric(*term.metric()).unit.clone(),
        Formula::Negated(a) | Formula::Abs(a) => unit_of(a, scorecard, clashes),
        Formula::Binary(operator, a, b) => {
            let (a, b) = (unit_of(a, scorecard, clashes), unit_of(b, scorecard, clashes));
            match operator {
                Operator::Plus | Operator::Minus | Operator::Min | Operator::Max => match (a, b) {
                    (Some(a), Some(b)) if !go_together(&a, &b) => {
                        clashes.push(Clash { operator: *operator, a, b });
                        None
                    }
                    (a, b) => a.or(b),
                },
                Operator::Times => match (a, b) {
                    (Some(share), other) if is_share(&share) => other,
                    (other, Some(share)) if is_share(&share) => other,
                    _ => None,
                },
                Operator::Over => match (a, b) {
                    (Some(a), Some(b)) if is_share(&b) => Some(a),
                    _ => None,
                },
            }
        }
    }
}

fn is_share(unit: &Unit) -> bool {
    matches!(unit, Unit::Percent | Unit::Ratio)
}

fn go_together(a: &Unit, b: &Unit) -> bool {
    let counts = |unit: &Unit| matches!(unit, Unit::Count | Unit::Noun(_));
    a == b || (is_share(a) && is_share(b)) || (counts(a) && counts(b))
}

/// A unit in a sentence.
fn named(unit: &Unit) -> String {
    match unit {
        Unit::Count => "a count".to_owned(),
        Unit::Ratio => "a ratio".to_owned(),
        Unit::Score => "a score".to_owned(),
        unit => format!("`{unit}`"),
    }
}

fn written(formula: &Formula<Term<MetricId>>, scorecard: &Scorecard) -> String {
    let name = |id: &MetricId| scorecard.metric(*id).id.clone();
    let named = formula.try_map(&mut |term| {
        Ok::<_, std::convert::Infallible>(match term {
            Term::Metric(id) => Term::Metric(name(id)),
            Term::Previous(id) => Term::Previous(name(id)),
            Term::Trailing(id, periods) => Term::Trailing(name(id), *periods),
        })
    });
    named.map_or_else(|never| match never {}, |formula| formula.to_string())
}
