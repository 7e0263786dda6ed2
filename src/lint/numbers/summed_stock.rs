//! Stocks added up as if they were flows.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Severity};
use crate::formula::{Aggregate, Formula, Function, RowExpr};
use crate::lint::{Check, Design, Example, Group, Rule};
use crate::metric::{Measurement, Schedule, SourceId};

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "summed-stock",
    group: Group::Numbers,
    severity: Severity::Warning,
    summary: "a stock, what there is at a moment, is added up over time",
    what: "Finds `sum` of a column that another formula over the same source reads with `first` or `last`; and \
           metrics that are nothing but a `sum` of a column, where the name of the column or of the metric is a \
           stock's: it has the word balance, headcount, inventory, backlog, stock, opening, closing, outstanding, \
           subscribers, members, employees or fte, and no word of a movement or a price beside it, such as new, \
           lost, joined, sold or cost.",
    why: "What there was in January and what there was in February are not what there was in both. The sum is right \
           in the one period with one reading, and in a quarter three times too large; a rate over it is a third of \
           what it is.",
    example: Example::of(
        r#"
[goals.churn]
name = "Monthly churn"
source = "billing"
value = "sum(lost) / sum(opening)"
unit = "percent"
better = "lower"
target = 0.020
threshold = 0.025
lens = "customer"
sponsor = "Chief Customer Officer"
"#,
    ),
    instead: Example::of(
        r#"
[goals.churn]
name = "Monthly churn"
source = "billing"
value = "sum(lost) / first(opening)"
unit = "percent"
better = "lower"
target = 0.020
threshold = 0.025
lens = "customer"
sponsor = "Chief Customer Officer"
"#,
    ),
    check: Check::Design(check),
};

const STOCKS: [&str; 14] = [
    "balance",
    "balances",
    "headcount",
    "inventory",
    "backlog",
    "stock",
    "opening",
    "closing",
    "outstanding",
    "subscribers",
    "members",
    "employees",
    "fte",
    "ftes",
];

/// What makes a flow or a price of a stock's word: `new_members`, `closing_cost`.
const MOVEMENTS: [&str; 44] = [
    "new",
    "lost",
    "joined",
    "left",
    "gained",
    "added",
    "removed",
    "net",
    "hired",
    "sold",
    "bought",
    "change",
    "changed",
    "changes",
    "churned",
    "cancelled",
    "activated",
    "opened",
    "closed",
    "cleared",
    "received",
    "shipped",
    "returned",
    "in",
    "out",
    "cost",
    "costs",
    "fee",
    "fees",
    "hours",
    "days",
    "calls",
    "orders",
    "revenue",
    "sales",
    "price",
    "trained",
    "leaving",
    "joining",
    "due",
    "rate",
    "pct",
    "percent",
    "events",
];

fn check(design: &Design<'_>) -> Vec<Diagnostic> {
    let at_moments = read_at_moments(design);
    let mut findings = Vec::new();
    for (_, metric) in design.metrics() {
        let Some(measurement) = metric.measurement() else { continue };
        let mut summed = Vec::new();
        measurement.formula.visit(&mut |aggregate| summed.extend(column_of(aggregate, &[Function::Sum])));
        let elsewhere = summed.iter().find(|column| at_moments.contains(&(measurement.source, column.as_str())));
        let is_bare = matches!(measurement.formula, Formula::Leaf(_));
        let by_name = || summed.first().filter(|column| is_bare && (is_stock(column) || is_stock(&metric.id)));
        let (column, note) = match (elsewhere, by_name()) {
            (Some(column), _) => (column, "another formula reads it at a moment, with `first` or `last`".to_owned()),
            (None, Some(column)) => (column, "by its name it is what there is at a moment".to_owned()),
            (None, None) => continue,
        };
        let message = format!("`{}` adds up `{column}`, a stock, over time", metric.id);
        let finding = RULE.finding(&metric.id, message).at(&measurement.place, "").note(note);
        let help = format!("read it at a moment: `last({column})` or `first({column})`");
        findings.push(finding.help(help));
    }
    findings
}

/// The columns that any value, target or threshold reads with `first` or `last`.
fn read_at_moments<'d>(design: &Design<'d>) -> BTreeSet<(SourceId, &'d str)> {
    let mut columns = BTreeSet::new();
    for (_, metric) in design.metrics() {
        let Some(Measurement { source, formula, .. }) = metric.measurement() else { continue };
        let bars = [&metric.target, &metric.threshold, &metric.stretch].into_iter().flatten();
        let measured = bars.flat_map(|bars| &bars.by_grain).filter_map(|(_, schedule)| match schedule {
            Schedule::Measured(formula) => Some(formula),
            Schedule::Always(_) | Schedule::From(_) => None,
        });
        for formula in measured.chain([formula]) {
            formula.visit(&mut |aggregate| {
                let column = column_of(aggregate, &[Function::First, Function::Last]);
                columns.extend(column.map(|column| (*source, column.as_str())));
            });
        }
    }
    columns
}

/// The column that an aggregate of one of some functions takes as it stands.
fn column_of<'a>(aggregate: &'a Aggregate, functions: &[Function]) -> Option<&'a String> {
    match &aggregate.argument {
        Some(RowExpr::Column(column)) if functions.contains(&aggregate.function) => Some(column),
        _ => None,
    }
}

/// Whether a name is that of a stock, by its whole words.
fn is_stock(name: &str) -> bool {
    let name = name.to_lowercase();
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).collect();
    words.iter().any(|word| STOCKS.contains(word)) && !words.iter().any(|word| MOVEMENTS.contains(word))
}

#[cfg(test)]
mod tests {
    use super::is_stock;

    #[test]
    fn stocks_by_their_whole_words() {
        for name in ["balance", "Closing balance", "active_subscribers", "headcount_north", "open-backlog"] {
            assert!(is_stock(name), "{name}");
        }
        for name in ["new_members", "stockings", "balanced", "closing_costs", "members joined", "revenue", "lines"] {
            assert!(!is_stock(name), "{name}");
        }
    }
}
