//! Steps of the customer's journey seen through the eyes of one department.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Placed, Severity};
use crate::lint::{Check, Design, Example, Group, Rule};
use crate::metric::{DepartmentId, MetricId};

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "one-department-stage",
    group: Group::Thread,
    severity: Severity::Note,
    summary: "only one department measures a stage of the journey",
    what: "Finds stages with two or more metrics or goals, all of which belong to the same department. A stage with a \
           single metric is not found: one department must begin. Nor is one with a metric that belongs to no department, \
           nor anything in a scorecard that has fewer than two departments.",
    why: "No step of a customer's journey is the work of one department, and each sees the part it does: the contact centre \
          measures how fast it answers, not how often the bill made people call. What the others do to the customer at this \
          step is not seen.",
    example: Example::of(
        r#"
[metrics.fault_rate]
name = "Faults per 100 lines"
source = "network"
value = "100 * sum(faults) / sum(lines)"
unit = "faults"
better = "lower"
target = 1.2
threshold = 1.6
owner = "Head of Operations"
stage = "get help"
drives = [{ to = "churn", lag = 1, because = "a line that fails is the product failing" }]

[metrics.calls]
name = "Calls taken"
source = "calls"
value = "sum(handled)"
unit = "calls"
better = "lower"
target = 6500
threshold = 7000
owner = "Head of Service"
stage = "use"
drives = [{ to = "churn", lag = 1, because = "nobody calls because all is well" }]
"#,
    ),
    instead: Example::of(
        r#"
[metrics.calls]
name = "Calls taken"
source = "calls"
value = "sum(handled)"
unit = "calls"
better = "lower"
target = 6500
threshold = 7000
owner = "Head of Service"
stage = "use"
drives = [{ to = "churn", lag = 1, because = "nobody calls because all is well" }]
"#,
    ),
    check: Check::Design(check),
};

fn check(design: &Design<'_>) -> Vec<Diagnostic> {
    if design.scorecard.departments.len() < 2 {
        return Vec::new();
    }
    design.scorecard.stages.iter().filter_map(|stage| finding(design, stage)).collect()
}

fn finding(design: &Design<'_>, stage: &Placed<String>) -> Option<Diagnostic> {
    let scorecard = design.scorecard;
    let is_here = |id: &MetricId| scorecard.metric(*id).stage.as_ref() == Some(&stage.value);
    let here: Vec<MetricId> = scorecard.ids().filter(is_here).collect();
    let whose: BTreeSet<Option<DepartmentId>> = here.iter().map(|id| scorecard.department_id_of(*id)).collect();
    let department = whose.first().copied().flatten().filter(|_| whose.len() == 1 && here.len() > 1)?;
    let department = &scorecard.departments[department.index()].id;
    let message = format!("only `{department}` measures the stage `{}`", stage.value);
    let help = "ask what other departments do to the customer at this step, and link that";
    Some(RULE.finding(&stage.value, message).at(&stage.place, "").help(help))
}
