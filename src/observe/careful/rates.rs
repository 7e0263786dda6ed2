//! What is asked of rates while the place of a row is known: whether its amounts have one, and what a row of rates may say.

use super::cells::CellRow;
use crate::diagnostic::{Code, Diagnostic};
use crate::formula::Cells;
use crate::metric::CurrencyOf;
use crate::number::Number;
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

/// What is wrong with a row of rates, and in which of its cells.
pub(super) enum RateFault {
    /// In the cell of the currency.
    Currency(Diagnostic),
    /// In the cell of the rate.
    Rate(Diagnostic),
}

/// What is wrong with the rate of a currency for a time, in units of the scorecard's own currency; places are the caller's.
pub(super) fn rate_fault(own: &str, currency: &str, when: &str, rate: Number) -> Option<RateFault> {
    let code = code(currency);
    let bad = |message: String, help: String| Diagnostic::error(Code::BadCell, message).help(help);
    if code.is_empty() {
        let message = format!("the rate for {when} is of no currency");
        return Some(RateFault::Currency(bad(message, "fill the currency in, or leave the rate blank".to_owned())));
    }
    if rate <= Number::ZERO {
        let message = format!("the rate of {code} for {when} is {rate}");
        return Some(RateFault::Rate(bad(message, format!("a rate is above 0: units of {own} for one {code}"))));
    }
    if code == own && rate != Number::from_scaled(1, 0) {
        let message = format!("the rate of {code}, the scorecard's own currency, is {rate} for {when}");
        let help = format!("rates are units of {code} for one unit of another currency: {code} itself needs none");
        return Some(RateFault::Rate(bad(message, help)));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_above_nothing_and_ones_own_is_one() {
        let fault = |currency: &str, mantissa: i128| {
            let fault = rate_fault("EUR", currency, "2026-01", Number::from_scaled(mantissa, 1));
            fault.map(|fault| match fault {
                RateFault::Currency(problem) | RateFault::Rate(problem) => problem.message,
            })
        };
        for (currency, mantissa) in [("usd", 9), ("USD", 1), ("EUR", 10), (" eur ", 10)] {
            assert_eq!(fault(currency, mantissa), None, "{currency} {mantissa}");
        }
        assert_eq!(fault("usd", 0).as_deref(), Some("the rate of USD for 2026-01 is 0"));
        assert_eq!(fault("USD", -9).as_deref(), Some("the rate of USD for 2026-01 is -0.9"));
        assert_eq!(fault(" ", 9).as_deref(), Some("the rate for 2026-01 is of no currency"));
        let own = "the rate of EUR, the scorecard's own currency, is 1.1 for 2026-01";
        assert_eq!(fault("eur", 11).as_deref(), Some(own));
    }
}
