//! Control totals: what a column adds up to over every row of its source, against what its sender says.

use rust_decimal::Decimal;

use crate::formula::Scale;
use crate::metric::{Control, Scorecard, Source};
use crate::number::Number;
use crate::observe::{Cell, Observations, SourceTable};
use crate::plan::Plan;

/// One control total, compared.
#[derive(Clone, Copy, Debug)]
pub struct ControlTotal<'c> {
    /// The source.
    pub source: &'c Source,
    /// What was declared.
    pub control: &'c Control,
    /// What was read of the source.
    pub table: &'c SourceTable,
    /// What the column adds up to, in the file's own numbers, before `scale`.
    pub found: Number,
    /// Whether that is exactly what was declared.
    pub ties: bool,
}

/// Every control total of what was observed for a plan with controls, in file order.
///
/// A total that leaves 128 bits is left out: the reading itself has been refused then.
pub fn control_totals<'c>(
    scorecard: &'c Scorecard,
    plan: &'c Plan,
    observations: &'c Observations,
) -> Vec<ControlTotal<'c>> {
    let mut totals = Vec::new();
    for (scan, table) in plan.scans.iter().zip(&observations.tables) {
        let source = scorecard.source(scan.source);
        for control in &source.controls {
            let Some(total) = scan.control(&control.column).and_then(|base| total(table, base)) else { continue };
            // Whoever sent the file added up its own numbers, not what `scale` makes of them.
            let factor = source.scale_of(&control.column).unwrap_or(Decimal::ONE);
            let ties = control.equals.checked_mul(factor).is_some_and(|equals| ties(total, table.scale, equals));
            let read = Number::from_scaled(total, table.scale.decimals());
            let found = read.divided_by(Number::Exact(factor)).unwrap_or(read);
            totals.push(ControlTotal { source, control, table, found, ties });
        }
    }
    totals
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
