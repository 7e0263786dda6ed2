//! Figures that never move.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Example, Group, Record, Rule};
use crate::number::Number;
use crate::prose;
use crate::unit::Unit;

/// How many periods must be the same.
const SAME: usize = 6;

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "constant-series",
    group: Group::Numbers,
    severity: Severity::Warning,
    summary: "a measured figure has not moved for six periods or more",
    what: "Finds metrics measured from a source that have exactly the same value in the last 6 periods or more, up to the \
           as-of. Left alone are 0, and 100 % of a percent metric: what never happens and what always does are figures too.",
    why: "What is measured varies. A figure that does not is copied forward, a constant in the export, or a cap that is \
          always reached; whoever watches it learns nothing.",
    example: Example::with(
        TABLES,
        &[(
            "data/network.csv",
            "\
month,lines,faults,repaired_in_a_day
2026-05,71000,852,733
2026-06,71500,858,712
2026-07,72000,864,734
2026-08,72500,870,757
2026-09,73000,876,736
2026-10,73500,882,723
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
    let mut findings = Vec::new();
    for (_, metric, history) in record.metrics() {
        let Some(measurement) = metric.measurement() else { continue };
        let values: Vec<Option<Number>> =
            history.iter().rev().map(|point| point.actual.as_ref().ok().map(|reading| reading.value)).collect();
        let Some(last) = values.first().copied().flatten() else { continue };
        let same = values.iter().take_while(|value| **value == Some(last)).count();
        let is_bound = last.is_zero() || (metric.unit == Some(Unit::Percent) && last == Number::from(1));
        if same >= SAME && !is_bound {
            let message = format!("`{}` has been the same for {}", metric.id, prose::count(same, "period"));
            let help = "look where the column comes from; silence this if it is truly constant";
            findings.push(RULE.finding(&metric.id, message).at(&measurement.place, "").help(help));
        }
    }
    findings
}
