//! Where numbers come from: the files of a source, and what the scorecard says of how they are written.
//!
//! What is not declared here is found by looking at the files; what is declared always wins.

use std::path::PathBuf;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Conversion, DepartmentId};
use crate::diagnostic::{Place, Placed};
use crate::formula::{NumberFormat, Predicate};
use crate::period::{DateOrder, Grain};

/// Files whose rows metrics are measured from.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its id in the file.
    pub id: String,
    /// A path, possibly with `*`, already joined to the scorecard's folder.
    pub path: PathBuf,
    /// The path as the scorecard writes it.
    pub written_path: String,
    /// Where that path stands.
    pub path_place: Place,
    /// The folder of the file it is declared in, to which the path is relative.
    pub folder: PathBuf,
    /// Whose it is.
    pub department: Option<DepartmentId>,
    /// The column that says when.
    pub period: String,
    /// Where that column is named.
    pub period_place: Place,
    /// The columns its numbers can be split by.
    pub dimensions: Vec<String>,
    /// Which rows of the files belong to it.
    pub filter: Option<Predicate<String>>,
    /// Whether the default as-of waits for it.
    pub required: bool,
    /// How its files are written, as far as the scorecard says so.
    pub written: Written,
    /// What of it is converted into the scorecard's currency.
    pub conversion: Option<Conversion>,
    /// What its columns must add up to, as whoever sends the files says.
    pub controls: Vec<Control>,
    /// Where it is declared.
    pub place: Place,
}

/// A pattern of `include`, as the scorecard writes it.
#[derive(Clone, Debug)]
pub struct Include {
    /// A path, possibly with `*`.
    pub written_path: String,
    /// Where it stands.
    pub place: Place,
    /// The folder of the file it stands in, to which it is relative.
    pub folder: PathBuf,
}

impl Source {
    /// The name formulas use for the cells of a wide file.
    pub const VALUE: &str = "value";

    /// The header a column has in the files: declared, or its own name.
    pub fn header_of<'s>(&'s self, column: &'s str) -> &'s str {
        let declared = self.written.columns.iter().find(|(name, _)| name == column);
        declared.map_or(column, |(_, header)| header)
    }

    /// What the numbers of a column are multiplied by, where declared.
    pub fn scale_of(&self, column: &str) -> Option<Decimal> {
        self.written.scale.iter().find(|(name, _)| name == column).map(|(_, factor)| *factor)
    }
}

/// A control total: what a column adds up to over all rows that belong to the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// The column.
    pub column: String,
    /// Exactly.
    pub equals: Decimal,
    /// Where the column is named.
    pub place: Place,
    /// Where the number stands.
    pub equals_place: Place,
}

/// How the files of a source are written; what is `None` or empty is found out.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// A label of the encoding standard.
    pub encoding: Option<Placed<String>>,
    /// The character between fields.
    pub delimiter: Option<u8>,
    /// The line of the header, from 1.
    pub header: Option<usize>,
    /// Lines that begin with this are no rows.
    pub comment: Option<String>,
    /// The name of a column in formulas, and its header in the files.
    pub columns: Vec<(String, String)>,
    /// How numbers are written.
    pub numbers: Option<NumberFormat>,
    /// What a column's numbers are multiplied by: 0.01 for percentages, 1000 for thousands.
    pub scale: Vec<(String, Decimal)>,
    /// The currency of its amounts; else its metrics', else the scorecard's.
    pub currency: Option<String>,
    /// Texts that stand for a missing cell, beside a blank; compared without regard to case.
    pub missing: Missing,
    /// Whether 01/02/2024 is the first of February or the second of January.
    pub date_order: Option<DateOrder>,
    /// Whose quarters those without `FY` are, where fiscal years are not the calendar's.
    pub quarters: Option<Quarters>,
    /// What its dates stand for: the month (say) that they lie in.
    pub grain: Option<Grain>,
    /// Periods down or across.
    pub layout: Layout,
    /// Texts that mark a row as a total of others; compared without regard to case.
    pub totals: Totals,
    /// The columns that tell rows apart, where declared.
    pub key: Option<Vec<String>>,
    /// What two rows with one key are.
    pub duplicates: Duplicates,
    /// The sheet of a workbook.
    pub sheet: Option<Placed<String>>,
    /// Who must report.
    pub roster: Option<Roster>,
}

/// Texts that stand for a missing cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing(pub Vec<String>);

impl Default for Missing {
    fn default() -> Self {
        let usual = ["n/a", "#n/a", "-", "\u{2013}", "\u{2014}", "null"];
        Missing(usual.map(str::to_owned).to_vec())
    }
}

impl Missing {
    /// Whether a cell, without the blanks around it, is missing.
    pub fn holds(&self, cell: &str) -> bool {
        let same = |text: &String| {
            text.len() == cell.len() && text.eq_ignore_ascii_case(cell)
                || !text.is_ascii() && !cell.is_ascii() && cell.to_lowercase() == **text
        };
        cell.is_empty() || self.0.iter().any(same)
    }
}

/// Texts that mark a row as a total of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals(pub Vec<String>);

impl Default for Totals {
    fn default() -> Self {
        let usual = [
            "total",
            "totals",
            "subtotal",
            "subtotals",
            "grand total",
            "grand totals",
            "sous total",
            "total general",
            "totale",
            "gesamt",
            "gesamtsumme",
            "gesamtergebnis",
            "summe",
            "zwischensumme",
        ];
        Totals(usual.map(str::to_owned).to_vec())
    }
}

/// Whose quarters are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Quarters {
    /// The first begins in January.
    Calendar,
    /// The first begins with the fiscal year, which is named by the year it ends in.
    Fiscal,
}

/// Whether periods stand in rows or in columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Layout {
    /// One period a row, in a column of its own.
    #[default]
    Long,
    /// One period a column: headers that read as periods are turned into rows, their cells into the column `value`.
    Wide,
}

/// What two rows with one key are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Duplicates {
    /// A mistake: identical rows count once and are told, different ones stop the run.
    #[default]
    Error,
    /// Two events: both count.
    Sum,
}

/// Who must report, so that a total of those who did is known to be provisional.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    /// A dimension of the source.
    pub column: String,
    /// Its values; where none are declared, those of the period before.
    pub expected: Vec<String>,
}
