//! Departments none of whose metrics any customer feels.

use super::{adrift, metrics_of, reaching};
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Design, Example, Group, Rule};
use crate::metric::{Department, Metric};
use crate::prose;

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "department-without-thread",
    group: Group::Thread,
    severity: Severity::Warning,
    summary: "a department has metrics, and none of them reaches a goal",
    what: "Finds departments that have at least one metric (their own, or one measured from their sources), where no path \
           of links and definitions leads from any of them up to a goal. A department without any metric or source is \
           `unused-department`; one with a metric that does reach a goal has its others told by `unlinked-metric`.",
    why: "The department is measured, and may be praised and paid, by what no customer goal depends on. It can be green \
          for years while the company loses its customers, and no one in it can say what it contributes.",
    example: Example::of(
        r#"
[departments.sales]
name = "Sales"

[metrics.orders]
name = "New customers"
source = "billing"
value = "sum(joined)"
unit = "customers"
better = "higher"
target = 1620
threshold = 1500
department = "sales"
owner = "Head of Sales"
"#,
    ),
    instead: Example::of(
        r#"
[departments.sales]
name = "Sales"

[metrics.orders]
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
    let adrift = adrift(scorecard, &reaching(scorecard));
    let departments = scorecard.department_ids().filter(|department| adrift[department.index()]);
    let own = |department| metrics_of(scorecard, department).map(|id| scorecard.metric(id)).collect::<Vec<_>>();
    departments.map(|id| finding(&scorecard.departments[id.index()], &own(id))).collect()
}

fn finding(department: &Department, own: &[&Metric]) -> Diagnostic {
    let ids = prose::list(own.iter().map(|metric| &metric.id));
    let message = format!("no metric of the department `{}` reaches a goal", department.id);
    let finding = RULE.finding(&department.id, message).at(&department.place, "");
    let finding = finding.note(format!("it is measured by {ids}"));
    finding.help("say in `drives` what they move, or measure it by what it contributes to a goal")
}
