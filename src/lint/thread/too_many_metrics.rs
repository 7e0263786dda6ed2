//! Departments that measure so much that nobody sees the goal.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Design, Example, Group, Rule};
use crate::metric::{Department, Metric, Value};
use crate::prose;

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "too-many-metrics",
    group: Group::Thread,
    severity: Severity::Warning,
    summary: "a department has more metrics than it can steer by",
    what: "Finds departments to which more than twelve metrics belong, or more than `[check] most_metrics` says: their own, \
           and those measured from their sources that name no other department. Goals do not count, nor do metrics without a \
           `value`: they group others, and nobody measures them.",
    why: "A department with twenty metrics always has some that are green, and works on those. So many metrics hide the \
          few that a goal rests on, and every one of them takes time to report.",
    example: Example::of(
        r#"
[check]
most_metrics = 2

[metrics.calls]
name = "Calls taken"
source = "calls"
value = "sum(handled)"
unit = "calls"
better = "lower"
target = 6500
threshold = 7000
owner = "Head of Service"
stage = "get help"
drives = [{ to = "churn", lag = 1, because = "nobody calls because all is well" }]
"#,
    ),
    instead: Example::of(
        r#"
[check]
most_metrics = 2
"#,
    ),
    check: Check::Design(check),
};

fn check(design: &Design<'_>) -> Vec<Diagnostic> {
    let (scorecard, most) = (design.scorecard, design.scorecard.checks.most_metrics);
    let mut count = vec![0; scorecard.departments.len()];
    let counts = |metric: &Metric| !metric.is_goal() && !matches!(metric.value, Value::FromDrivers);
    for (id, _) in design.metrics().filter(|(_, metric)| counts(metric)) {
        if let Some(department) = scorecard.department_id_of(id) {
            count[department.index()] += 1;
        }
    }
    let departments = scorecard.departments.iter().zip(count).filter(|(_, count)| *count > most);
    let finding = |(department, count): (&Department, usize)| {
        let count = prose::count(count, "metric");
        let message = format!("`{}` has {count}: no one steers by more than {most}", department.id);
        let help = "keep those that a goal rests on most, and remove the others or split the department";
        RULE.finding(&department.id, message).at(&department.place, "").help(help)
    };
    departments.map(finding).collect()
}
