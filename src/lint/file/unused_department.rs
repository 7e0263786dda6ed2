//! Departments that measure and send nothing.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Design, Example, Group, Rule};
use crate::metric::DepartmentId;

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "unused-department",
    group: Group::File,
    severity: Severity::Warning,
    summary: "a department has neither a metric nor a source",
    what: "Finds departments that no metric, no goal and no source names as its `department`. One that has metrics, none of \
           which reaches a goal, is `department-without-thread`; one that has a source nobody measures from is told by \
           `unused-source`.",
    why: "It was renamed, merged, or forgotten: the scorecard says that it takes part, and no reader can see with what.",
    example: Example::of(
        r#"
[departments.sales]
name = "Sales"
"#,
    ),
    instead: Example::of(
        r#"
[departments.sales]
name = "Sales"

[metrics.new_customers]
name = "New customers"
source = "billing"
value = "sum(joined)"
unit = "customers"
better = "higher"
target = 1620
threshold = 1500
department = "sales"
owner = "Head of Sales"
drives = [{ to = "arpu", lag = 3, because = "new contracts are on the current tariff, which is the dearest" }]
"#,
    ),
    check: Check::Design(check),
};

fn check(design: &Design<'_>) -> Vec<Diagnostic> {
    let scorecard = design.scorecard;
    // A metric's own department may be other than its source's: then both are of use.
    let named = design.metrics().filter_map(|(_, metric)| metric.department);
    let used: BTreeSet<DepartmentId> =
        named.chain(scorecard.sources.iter().filter_map(|source| source.department)).collect();
    let unused = scorecard.department_ids().filter(|department| !used.contains(department));
    let finding = |department: DepartmentId| {
        let department = &scorecard.departments[department.index()];
        let message = format!("the department `{}` measures and sends nothing", department.id);
        let help = "name it where its metrics and sources are declared, or remove it";
        RULE.finding(&department.id, message).at(&department.place, "").help(help)
    };
    unused.map(finding).collect()
}
