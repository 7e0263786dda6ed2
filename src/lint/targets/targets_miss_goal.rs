//! Targets that do not add up to the goal.

use crate::diagnostic::{Diagnostic, Severity};
use crate::evaluate::Promise;
use crate::formula::{Formula, Term};
use crate::graph::MetricId;
use crate::lint::amount::{amount, amounts, promise};
use crate::lint::targets::target_scale;
use crate::lint::{Check, Example, Group, Record, Rule};
use crate::metric::{Metric, Polarity, Value};
use crate::number::{Fault, Number};
use crate::prose;

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "targets-miss-goal",
    group: Group::Targets,
    severity: Severity::Warning,
    summary: "with every input at its target, a definition would still miss its own",
    what: "Puts the targets of the inputs, as in force at the as-of, through each definition that has a target, and \
           finds those that would miss it. An input without a target of its own counts with what its own definition \
           gives at its inputs' targets. What is the same as the target once rounded as reports show it is no miss. \
           Left alone are definitions over `previous(...)` or `trailing(...)`, over an input whose target is a \
           range, is not known or is of another scale, and definitions without an answer there.",
    why: "Every department can meet its target, and the goal is missed all the same. Nobody has promised what the \
           goal needs, so nobody can be asked for it. It is found here a year earlier than in the figures.",
    example: Example::of(
        r#"
[goals.clv]
name = "Customer lifetime value"
value = "arpu / churn"
unit = "EUR"
better = "higher"
target = 1600
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
target = 1575
threshold = 1300
sponsor = "Chief Financial Officer"
"#,
    ),
    check: Check::Record(check),
};

fn check(record: &Record<'_>) -> Vec<Diagnostic> {
    let scorecard = record.scorecard;
    // Of each metric: what is promised of it, itself or by its inputs.
    let mut promised: Vec<Option<Number>> = vec![None; scorecard.metrics.len()];
    let mut findings: Vec<(MetricId, Diagnostic)> = Vec::new();
    for id in scorecard.graph.children_first() {
        let (metric, history) = (scorecard.metric(*id), &record.histories[id.index()]);
        let reached = match &metric.value {
            Value::Defined(formula) => at(formula, &promised),
            Value::Measured(_) | Value::FromDrivers => None,
        };
        let target = history.last().and_then(|now| now.target).filter(|_| !target_scale::is_off_scale(history));
        promised[id.index()] = match (target, &metric.target) {
            (Some(Promise::Level(level)), _) => Some(level),
            (None, None) => reached,
            _ => None,
        };
        if let (Some(reached), Some(target), Value::Defined(formula)) = (reached, target, &metric.value)
            && misses(metric, reached, target)
        {
            findings.push((*id, finding(record, metric, formula, reached, target)));
        }
    }
    findings.sort_by_key(|(id, _)| *id);
    findings.into_iter().map(|(_, finding)| finding).collect()
}

/// Why there is no number.
struct Unknown;

impl From<Fault> for Unknown {
    fn from(_: Fault) -> Unknown {
        Unknown
    }
}

/// The value of a definition at what is promised of its inputs.
fn at(formula: &Formula<Term<MetricId>>, promised: &[Option<Number>]) -> Option<Number> {
    let value = formula.evaluate(&mut |term| match term {
        Term::Metric(input) => promised[input.index()].ok_or(Unknown),
        Term::Previous(_) | Term::Trailing(..) => Err(Unknown),
    });
    value.ok()
}

/// Whether a value is worse than a target, by more than rounding.
fn misses(metric: &Metric, reached: Number, target: Promise) -> bool {
    let (is_worse, edge) = match (target, metric.better) {
        (Promise::Level(level), Some(Polarity::Lower)) => (reached > level, level),
        (Promise::Level(level), _) => (reached < level, level),
        (Promise::Range(low, _), _) if reached < low => (true, low),
        (Promise::Range(_, high), _) => (reached > high, high),
    };
    is_worse && amount(metric, reached) != amount(metric, edge)
}

fn finding(
    record: &Record<'_>,
    metric: &Metric,
    formula: &Formula<Term<MetricId>>,
    reached: Number,
    target: Promise,
) -> Diagnostic {
    let (reached, wanted) = match target {
        Promise::Level(level) => amounts(metric, reached, level),
        range => (amount(metric, reached), promise(metric, range)),
    };
    let message = format!("at their targets, the inputs of `{}` make {reached}; its target is {wanted}", metric.id);
    let mut inputs: Vec<String> = Vec::new();
    formula.visit(&mut |term| {
        let id = *term.metric();
        let (input, now) = (record.scorecard.metric(id), record.histories[id.index()].last());
        let told = match now.and_then(|now| now.target) {
            Some(target) => format!("`{}` at {}", input.id, promise(input, target)),
            None => format!("`{}` from its own inputs", input.id),
        };
        if !inputs.contains(&told) {
            inputs.push(told);
        }
    });
    let finding = RULE.finding(&metric.id, message);
    let finding = match &metric.target {
        Some(bars) => finding.at(&bars.place, ""),
        None => finding.at(&metric.place, ""),
    };
    let finding = finding.note(format!("with {}", prose::join(&inputs, "and")));
    finding.help("ask the inputs for what the goal needs, or promise what they add up to")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::parse_definition;

    fn reached(text: &str, names: &[(&str, Option<&str>)]) -> Option<String> {
        let formula = parse_definition(text).expect("a definition");
        let id = |name: &String| MetricId::at(names.iter().position(|(known, _)| known == name).expect("a name"));
        let formula = formula.try_map(&mut |term| {
            Ok::<_, std::convert::Infallible>(match term {
                Term::Metric(name) => Term::Metric(id(name)),
                Term::Previous(name) => Term::Previous(id(name)),
                Term::Trailing(name, periods) => Term::Trailing(id(name), *periods),
            })
        });
        let promised: Vec<Option<Number>> =
            names.iter().map(|(_, text)| text.map(|text| Number::Exact(text.parse().expect("a decimal")))).collect();
        at(&formula.unwrap_or_else(|never| match never {}), &promised).map(|number| number.to_string())
    }

    #[test]
    fn lifetime_value_at_the_targets_of_its_inputs() {
        // 27.50 * 0.33 / 0.014 = 9.075 / 0.014 = 648.214285...; 31.5 / 0.021 = 1500 exactly.
        let inputs = [("arpu", Some("27.50")), ("margin", Some("0.33")), ("churn", Some("0.014"))];
        assert!(reached("arpu * margin / churn", &inputs).unwrap().starts_with("648.2142857142857"));
        assert_eq!(reached("a / b", &[("a", Some("31.5")), ("b", Some("0.021"))]).as_deref(), Some("1500"));
    }

    #[test]
    fn what_is_not_promised_gives_no_number() {
        assert_eq!(reached("a / b", &[("a", Some("31.5")), ("b", None)]), None);
        assert_eq!(reached("a / b", &[("a", Some("31.5")), ("b", Some("0"))]), None);
        assert_eq!(reached("a - previous(a)", &[("a", Some("31.5"))]), None);
    }
}
