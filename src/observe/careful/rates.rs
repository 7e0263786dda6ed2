//! Whether the amounts of a row have a rate, asked while its place is known.

use super::cells::CellRow;
use crate::formula::Cells;
use crate::metric::CurrencyOf;
use crate::observe::rates::{Found, Rates, code};
use crate::observe::row::position;
use crate::period::Period;
use crate::plan::Scan;

/// The rates of a source whose amounts are converted.
pub(super) struct RowRates<'r> {
    rates: &'r Rates,
    /// The column that says the currency; else all rows are in `of`.
    pub(super) column: Option<usize>,
    of: &'r str,
}

impl<'r> RowRates<'r> {
    pub(super) fn of(scan: &'r Scan, rates: Option<&'r Rates>) -> Option<RowRates<'r>> {
        let (rates, conversion) = (rates?, scan.conversion.as_ref()?);
        let (column, of) = match &conversion.of {
            CurrencyOf::Column(column) => (Some(position(scan, column)), ""),
            CurrencyOf::Always(code) => (None, code.as_str()),
        };
        Some(RowRates { rates, column, of })
    }

    /// The period and currency of a row's amounts, where they have no rate.
    pub(super) fn missing(&self, when: Period, row: &CellRow<'_>) -> Option<(Period, String)> {
        let code = self.column.map_or_else(|| self.of.to_owned(), |column| code(row.text(column).unwrap_or_default()));
        match self.rates.find(&code, when) {
            Found::Missing(of) => Some((of, code)),
            Found::Rate(..) | Found::Coarser(_) => None,
        }
    }
}
