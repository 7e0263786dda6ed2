//! Goals that rest on one department alone.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Design, Example, Group, Rule};
use crate::metric::{DepartmentId, MetricId, Scorecard};

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "siloed-thread",
    group: Group::Thread,
    severity: Severity::Warning,
    summary: "the thread of a goal never leaves one department",
    what: "Finds goals whose thread ends in two or more metrics below which nothing lies (leaves), where every metric of \
           the thread belongs to the same department. Goals in the thread do not count, and a metric without a department \
           is taken to be another's. A thread with one leaf is thin, not siloed, and not found.",
    why: "What a customer feels is made between departments: the promise of one, the delivery of another, the bill of a \
          third. A goal that one department can reach by itself is that department's own target under a bigger name, and \
          leaves out what the others do to the same customer.",
    example: Example::of(
        r#"
[goals.dependable]
name = "A line one can depend on"
sponsor = "Chief Technology Officer"
lens = "customer"

[metrics.fault_rate]
name = "Faults per 100 lines"
source = "network"
value = "100 * sum(faults) / sum(lines)"
unit = "faults"
better = "lower"
target = 1.2
threshold = 1.6
owner = "Head of Operations"
stage = "use"
drives = [{ to = "dependable", lag = 1, because = "one fault is remembered for a month" }]

[metrics.repair_in_time]
name = "Faults repaired within a day"
source = "network"
value = "sum(repaired_in_a_day) / sum(faults)"
unit = "percent"
better = "higher"
target = 0.85
threshold = 0.75
owner = "Head of Field Service"
stage = "get help"
drives = [
  { to = "churn", weight = 2, lag = 2, because = "notice periods are two months" },
  { to = "dependable", lag = 1, because = "after a day without a line, customers hire one elsewhere" },
]
"#,
    ),
    instead: Example::of(
        r#"
[goals.dependable]
name = "A line one can depend on"
sponsor = "Chief Technology Officer"
lens = "customer"

[metrics.fault_rate]
name = "Faults per 100 lines"
source = "network"
value = "100 * sum(faults) / sum(lines)"
unit = "faults"
better = "lower"
target = 1.2
threshold = 1.6
owner = "Head of Operations"
stage = "use"
drives = [{ to = "dependable", lag = 1, because = "one fault is remembered for a month" }]

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
drives = [
  { to = "churn", weight = 2, lag = 1, because = "exit survey: having to call again comes first" },
  { to = "dependable", lag = 1, because = "a fault one can report once is half a fault" },
]
"#,
    ),
    check: Check::Design(check),
};

fn check(design: &Design<'_>) -> Vec<Diagnostic> {
    let scorecard = design.scorecard;
    let threads = threads(scorecard);
    let mut findings = Vec::new();
    for (id, goal) in design.metrics().filter(|(_, metric)| metric.is_goal()) {
        let Thread { whose: Whose::One(department), leaves } = &threads[id.index()] else { continue };
        if leaves.len() < 2 {
            continue;
        }
        let department = &scorecard.departments[department.index()].id;
        let message = format!("all of the thread of `{}` belongs to one department, `{department}`", goal.id);
        let help = "link what other departments do to the same customer, or make this a metric of the department";
        findings.push(RULE.finding(&goal.id, message).at(&goal.place, "").help(help));
    }
    findings
}

/// What lies below a node.
#[derive(Clone, Debug, Default)]
struct Thread {
    whose: Whose,
    /// Two of its leaves at most: more are not asked for.
    leaves: BTreeSet<MetricId>,
}

/// Whose the metrics of a thread are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Whose {
    #[default]
    Nobodys,
    One(DepartmentId),
    Several,
}

impl Whose {
    fn and(self, other: Whose) -> Whose {
        match (self, other) {
            (Whose::Nobodys, whose) | (whose, Whose::Nobodys) => whose,
            (Whose::One(a), Whose::One(b)) if a == b => self,
            _ => Whose::Several,
        }
    }
}

/// Of each metric, in file order: what lies below it, itself left out.
fn threads(scorecard: &Scorecard) -> Vec<Thread> {
    let mut threads = vec![Thread::default(); scorecard.metrics.len()];
    for id in scorecard.graph.children_first() {
        let mut thread = Thread::default();
        for child in scorecard.graph.children(*id).iter().map(|edge| edge.child) {
            if !scorecard.metric(child).is_goal() {
                thread.whose = thread.whose.and(scorecard.department_id_of(child).map_or(Whose::Several, Whose::One));
                thread.leaves.extend(scorecard.graph.is_leaf(child).then_some(child));
            }
            thread.whose = thread.whose.and(threads[child.index()].whose);
            thread.leaves.extend(&threads[child.index()].leaves);
            while thread.leaves.len() > 2 {
                thread.leaves.pop_last();
            }
        }
        threads[id.index()] = thread;
    }
    threads
}
