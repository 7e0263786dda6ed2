//! Amounts in other currencies than the scorecard's: which columns they stand in, what says their currency, and the
//! rates they are converted at.
//!
//! Knows no rate: those are read by `observe`.

use super::Source;
use crate::diagnostic::{Place, Placed};

/// What of a source is money of other currencies than the scorecard's.
#[derive(Clone, Debug)]
pub struct Conversion {
    /// What says which currency.
    pub of: CurrencyOf,
    /// The columns that are money. Conditions compare them as they stand in the files.
    pub amounts: Vec<Placed<String>>,
    /// Where it is declared.
    pub place: Place,
}

/// What says which currency the amounts of a row are in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CurrencyOf {
    /// A column, by its ISO 4217 code.
    Column(String),
    /// The source: all of its rows are in this one.
    Always(String),
}

impl Conversion {
    /// The column that says the currency of each row.
    pub fn column(&self) -> Option<&String> {
        match &self.of {
            CurrencyOf::Column(column) => Some(column),
            CurrencyOf::Always(_) => None,
        }
    }

    /// Whether a column is money.
    pub fn is_amount(&self, column: &str) -> bool {
        self.amounts.iter().any(|amount| amount.value == column)
    }
}

/// Where the rates stand: a long table, a row for each currency in each period.
#[derive(Clone, Debug)]
pub struct Rates {
    /// Its files, read as those of any source are; its period is the time a rate holds for.
    pub source: Source,
    /// The column of the currency.
    pub currency: String,
    /// The column of the rate: units of the scorecard's currency for one unit of that currency.
    pub rate: String,
}
