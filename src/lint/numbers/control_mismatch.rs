//! Control totals that do not tie.

use crate::diagnostic::{Diagnostic, Severity};
use crate::evaluate::{ControlTotal, control_totals};
use crate::lint::{Check, Example, Group, Record, Rule};
use crate::number::Number;
use crate::prose::{self, grouped};

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "control-mismatch",
    group: Group::Numbers,
    severity: Severity::Error,
    summary: "a column does not add up to its declared control total",
    what: "Adds up each column with a `control` in `[sources.ID]`, over every row that belongs to the source, all \
           periods, in exact arithmetic, and finds those that differ from what was declared by any amount. The \
           numbers are the file's own, before `scale`; with a percent sign, 12.5 % is 0.125. Only sources that a metric is measured from are read. A report does not compare control totals; a rollup tells them in its manifest.",
    why: "Whoever sends a file knows what it adds up to. Where that does not tie, rows were lost or came twice on \
           the way, or a cell was read as another number: every figure from this source may be wrong.",
    example: Example::of(
        r#"
[sources.calls]
path = "data/calls.csv"
department = "service"
period = "month"
dimensions = ["region"]
control = { column = "handled", equals = 145097 }
"#,
    ),
    instead: Example::of(
        r#"
[sources.calls]
path = "data/calls.csv"
department = "service"
period = "month"
dimensions = ["region"]
control = { column = "handled", equals = 141427 }
"#,
    ),
    check: Check::Record(check),
};

fn check(record: &Record<'_>) -> Vec<Diagnostic> {
    let totals = control_totals(record.scorecard, record.plan, record.observations);
    totals.iter().filter(|total| !total.ties).map(finding).collect()
}

fn finding(total: &ControlTotal<'_>) -> Diagnostic {
    let (source, control, found) = (total.source, total.control, total.found);
    let wanted = Number::Exact(control.equals);
    let message = format!(
        "`{}` of `{}` adds up to {}, and should to {}",
        control.column,
        source.id,
        grouped(&found.to_string()),
        grouped(&wanted.to_string())
    );
    let finding = RULE.finding(&source.id, message).at(&control.equals_place, "");
    let finding = finding.at(&control.place, format!("adds up to {}", grouped(&found.to_string())));
    let finding = match found.difference(wanted) {
        Some(difference) => finding.note(format!("the difference is {}", grouped(&difference.to_string()))),
        None => finding,
    };
    let rows: u64 = total.table.files.iter().map(|file| file.kept).sum();
    let (rows, files) = (usize::try_from(rows).unwrap_or(usize::MAX), total.table.files.len());
    let read = format!("over {} of {}", prose::count(rows, "row"), prose::count(files, "file"));
    finding.note(read).help("ask whoever sent it; `goldthread trace` tells which rows were left out and why")
}
