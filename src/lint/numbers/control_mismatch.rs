//! Control totals that do not tie.

use rust_decimal::Decimal;

use crate::diagnostic::{Diagnostic, Severity};
use crate::formula::Scale;
use crate::lint::{Check, Example, Group, Record, Rule};
use crate::number::Number;
use crate::observe::{Cell, SourceTable};
use crate::prose::{self, grouped};

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "control-mismatch",
    group: Group::Numbers,
    severity: Severity::Error,
    summary: "a column does not add up to its declared control total",
    what: "Adds up each column with a `control` in `[sources.ID]`, over every row that belongs to the source, all \
           periods, in exact arithmetic, and finds those that differ from what was declared by any amount. The \
           numbers are the file's own, before `scale`; with a percent sign, 12.5 % is 0.125. Only sources that a metric is measured from are read. Reports do not compare control totals.",
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
    let mut findings = Vec::new();
    for (scan, table) in record.plan.scans.iter().zip(&record.observations.tables) {
        let source = record.scorecard.source(scan.source);
        for control in &source.controls {
            let Some(total) = scan.control(&control.column).and_then(|base| total(table, base)) else { continue };
            // Whoever sent the file added up its own numbers, not what `scale` makes of them.
            let factor = source.scale_of(&control.column).unwrap_or(Decimal::ONE);
            if control.equals.checked_mul(factor).is_some_and(|equals| ties(total, table.scale, equals)) {
                continue;
            }
            let read = Number::from_scaled(total, table.scale.decimals());
            let (found, wanted) =
                (read.divided_by(Number::Exact(factor)).unwrap_or(read), Number::Exact(control.equals));
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
            let rows: u64 = table.files.iter().map(|file| file.kept).sum();
            let (rows, files) = (usize::try_from(rows).unwrap_or(usize::MAX), table.files.len());
            let read = format!("over {} of {}", prose::count(rows, "row"), prose::count(files, "file"));
            let help = "ask whoever sent it; `goldthread trace` tells which rows were left out and why";
            findings.push(finding.note(read).help(help));
        }
    }
    findings
}

/// Whether a fixed-point total is exactly a decimal.
fn ties(total: i128, scale: Scale, equals: Decimal) -> bool {
    let equals = equals.normalize();
    let power = scale.decimals().checked_sub(equals.scale()).and_then(|shift| 10i128.checked_pow(shift));
    power.and_then(|power| equals.mantissa().checked_mul(power)) == Some(total)
}

/// What a base adds up to over all rows; `None` where that leaves 128 bits.
fn total(table: &SourceTable, base: usize) -> Option<i128> {
    let mut cells =
        table.moments.values().flat_map(|moment| moment.segments.values()).filter_map(|cells| cells.get(base));
    cells.try_fold(0i128, |total, cell| match cell {
        Cell::Sum { sum, .. } => total.checked_add(*sum),
        _ => Some(total),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::observe::Moment;
    use crate::period::Period;

    #[test]
    fn cents_are_added_exactly() {
        // 0.10 ten times is 1.00; doubles make it 0.9999999999999999.
        let mut table = SourceTable::new(Scale::USUAL);
        let cent = 10i128.pow(Scale::USUAL.decimals() - 2);
        for month in 1..=10 {
            let cells = vec![Cell::Count(1), Cell::Sum { sum: 10 * cent, count: 1 }];
            let segments = BTreeMap::from([(vec!["north".to_owned()], cells)]);
            let period = Period::parse(&format!("2026-{month:02}")).expect("a month");
            table.moments.insert(period, Moment { rows: 1, segments, ..Moment::default() });
        }
        let total = total(&table, 1).expect("a total");
        let ties_with = |text: &str| ties(total, table.scale, text.parse().expect("a decimal"));
        assert!(ties_with("1") && ties_with("1.00"));
        assert!(!ties_with("1.01") && !ties_with("0.9999999999999999"));
        assert!(!ties_with("1.0000000000000000000000001"), "finer than any cell is read");
        assert_eq!(super::total(&table, 0), Some(0));
    }
}
