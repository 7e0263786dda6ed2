//! The small table observations come in: base aggregates per moment and segment, exactly mergeable.
//!
//! Owns merging. Knows neither files nor metrics.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::files::InputFile;
use super::rates::Rate;
use super::stamp::Stamp;
use crate::diagnostic::{Code, Diagnostic, Locus, Warned};
use crate::formula::Scale;
use crate::metric::Source;
use crate::period::{Grain, Period};

/// The values of the dimensions asked for, in order; a blank cell is an empty text.
pub type Segment = Vec<String>;

/// The base aggregates of one source.
#[derive(Clone, Debug)]
pub struct SourceTable {
    /// Decimals of every fixed-point value here.
    pub scale: Scale,
    /// The size of its periods; `None` while it has no rows.
    pub grain: Option<Grain>,
    /// What was observed, by period.
    pub moments: BTreeMap<Period, Moment>,
    /// The files read, in name order.
    pub files: Vec<FileFacts>,
    /// Cells and rows that could not be read and were left out.
    pub rejects: Vec<Reject>,
    /// Rows rejected before it was known when they are of: they may be missing from any period.
    pub unplaced: u64,
    /// The amounts that were converted into the scorecard's currency, by period and currency.
    pub exchanges: Vec<Exchange>,
}

/// Amounts of one currency in one period, converted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// Of the rows.
    pub period: Period,
    /// The currency.
    pub code: String,
    /// What one unit of it is worth.
    pub rate: Rate,
    /// The time for which that rate holds; `None` for the scorecard's own currency.
    pub of: Option<Period>,
    /// Rows in this currency.
    pub rows: u64,
}

/// What was observed in one period of the source.
#[derive(Clone, Debug, Default)]
pub struct Moment {
    /// Rows that passed the source's filter.
    pub rows: u64,
    /// The base aggregates of each segment, in the order of the scan's bases.
    pub segments: BTreeMap<Segment, Vec<Cell>>,
    /// How many rows each base lost to rejected cells, where any: by segment, then by position of the base.
    pub rejected: BTreeMap<Segment, BTreeMap<usize, u64>>,
}

/// One base aggregate of one segment at one moment. Fixed-point values are counts of `10^-scale`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Exact sum and number of values.
    Sum {
        /// Of the values that are there.
        sum: i128,
        /// How many there are.
        count: u64,
    },
    /// Rows or filled cells.
    Count(u64),
    /// Smallest value, where there is one.
    Min(Option<i128>),
    /// Largest value, where there is one.
    Max(Option<i128>),
    /// Every value and how often it occurs.
    Values(BTreeMap<i128, u64>),
    /// Every different text.
    Texts(BTreeSet<String>),
}

/// What was read of one file, and how it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileFacts {
    /// As the scorecard's reader would write it; with its sheet, where it is a workbook.
    pub path: String,
    /// As it was opened.
    pub opened: PathBuf,
    /// Size in bytes.
    pub bytes: u64,
    /// What tells it from the same file after a change.
    pub stamp: Stamp,
    /// The encoding of a text.
    pub encoding: Option<Told>,
    /// `comma`, `semicolon`, `tab` or `pipe`, of a text.
    pub delimiter: Option<Told>,
    /// The line of the header, where it is not the first.
    pub header: Option<Told>,
    /// Columns found under another name: the scorecard's, then the file's.
    pub renamed: Vec<(String, String)>,
    /// How numbers are written, by example.
    pub numbers: Option<Told>,
    /// `dmy` or `mdy`.
    pub dates: Option<Told>,
    /// Rows below the header.
    pub rows: u64,
    /// Rows that passed the source's filter.
    pub kept: u64,
    /// Total rows that were compared, and that had nothing to compare.
    pub totals: (u64, u64),
    /// Rows left out because they repeat others.
    pub copies: u64,
    /// Rejected rows.
    pub rejected_rows: u64,
    /// Rejected cells, of rows that count otherwise.
    pub rejected_cells: u64,
}

/// A fact and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The fact.
    pub what: String,
    /// Whether the scorecard says so; else it was found out.
    pub is_set: bool,
}

impl Told {
    /// A fact that was set, or found out.
    pub fn new(what: impl Into<String>, is_set: bool) -> Told {
        Told { what: what.into(), is_set }
    }
}

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.what, if self.is_set { "set" } else { "detected" })
    }
}

impl FileFacts {
    /// What is known of a file before its rows are read.
    pub(super) fn of(file: &InputFile, source: &Source) -> FileFacts {
        let written = &source.written;
        let header = (file.line != 1 || written.header.is_some()) && file.line > 0;
        FileFacts {
            path: file.shown_place(),
            opened: file.path.clone(),
            bytes: file.bytes,
            stamp: file.stamp,
            encoding: file.text().map(|form| Told::new(form.bytes.encoding_name(), written.encoding.is_some())),
            delimiter: file.delimiter_name().map(|name| Told::new(name, written.delimiter.is_some())),
            header: header.then(|| Told::new(file.line.to_string(), written.header.is_some())),
            renamed: file.columns.folded.clone(),
            ..FileFacts::default()
        }
    }
}

/// A cell or row that could not be read and was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The source's id.
    pub source: String,
    /// As messages show it.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// The column's name in the scorecard; empty where the whole row was left out.
    pub column: String,
    /// What stands there.
    pub text: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Reject {
    /// The names of what is listed of a reject.
    pub const COLUMNS: [&str; 6] = ["source", "file", "line", "column", "text", "reason"];

    pub(super) fn of(problem: &Diagnostic, source: &str, column: &str, text: &str) -> Reject {
        let (file, line) = match problem.labels.first().map(|label| &label.locus) {
            Some(Locus::Data { path, line, .. }) => (path.clone(), *line),
            _ => (String::new(), 0),
        };
        let own = |text: &str| text.to_owned();
        Reject {
            source: own(source),
            file,
            line,
            column: own(column),
            text: own(text),
            reason: problem.message.clone(),
        }
    }
}

impl Cell {
    /// Whether it holds a value; `None` for how many there are, which is always known.
    pub fn is_filled(&self) -> Option<bool> {
        match self {
            Cell::Sum { count, .. } => Some(*count > 0),
            Cell::Min(value) | Cell::Max(value) => Some(value.is_some()),
            Cell::Values(values) => Some(!values.is_empty()),
            Cell::Count(_) | Cell::Texts(_) => None,
        }
    }

    /// Adds what another part of the rows holds. The empty part changes nothing.
    ///
    /// # Errors
    /// The sum leaves 128 bits.
    pub fn merge(&mut self, other: Cell) -> Result<(), Overflow> {
        match (self, other) {
            (Cell::Sum { sum, count }, Cell::Sum { sum: other, count: more }) => {
                *sum = sum.checked_add(other).ok_or(Overflow)?;
                *count += more;
            }
            (Cell::Count(count), Cell::Count(more)) => *count += more,
            (Cell::Min(least), Cell::Min(other)) => *least = least.iter().copied().chain(other).min(),
            (Cell::Max(most), Cell::Max(other)) => *most = most.iter().copied().chain(other).max(),
            (Cell::Values(values), Cell::Values(other)) => {
                for (value, count) in other {
                    *values.entry(value).or_default() += count;
                }
            }
            (Cell::Texts(texts), Cell::Texts(other)) => texts.extend(other),
            // The base's kind decides the variant, and both sides have the same base.
            (mine, other) => unreachable!("cells of different kinds: {mine:?} and {other:?}"),
        }
        Ok(())
    }
}

/// A sum too large for 128 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overflow;

impl Moment {
    /// Adds another part of the same moment.
    pub fn merge(&mut self, other: Moment) -> Result<(), Overflow> {
        self.rows += other.rows;
        for (segment, bases) in other.rejected {
            let mine = self.rejected.entry(segment).or_default();
            bases.into_iter().for_each(|(base, rows)| *mine.entry(base).or_default() += rows);
        }
        for (segment, cells) in other.segments {
            match self.segments.entry(segment) {
                std::collections::btree_map::Entry::Vacant(entry) => {
                    entry.insert(cells);
                }
                std::collections::btree_map::Entry::Occupied(mut entry) => {
                    for (mine, other) in entry.get_mut().iter_mut().zip(cells) {
                        mine.merge(other)?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl SourceTable {
    /// A table with nothing in it.
    pub fn new(scale: Scale) -> SourceTable {
        SourceTable {
            scale,
            grain: None,
            moments: BTreeMap::new(),
            files: Vec::new(),
            rejects: Vec::new(),
            unplaced: 0,
            exchanges: Vec::new(),
        }
    }

    /// The last period with rows.
    pub fn last(&self) -> Option<Period> {
        self.moments.keys().next_back().copied()
    }
}

/// What can only be said once every file was read.
pub(super) fn finish(
    mut table: SourceTable,
    source: &Source,
    grain: Grain,
) -> Result<Warned<SourceTable>, Vec<Diagnostic>> {
    let mut warnings = Vec::new();
    let (mut empty, mut problems) = (Vec::new(), Vec::new());
    for file in table.files.iter().filter(|file| file.rows == 0) {
        let message = format!("`{}` has a header and no rows", file.path);
        let help = "send it again, or remove it; `required = false` lets a source be empty";
        let found = if source.required { &mut problems } else { &mut empty };
        let problem = if source.required { Diagnostic::error } else { Diagnostic::warning };
        found.push(problem(Code::NoRows, message).at(&source.path_place, "").help(help));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    if !table.moments.is_empty() {
        warnings.append(&mut empty);
    }
    table.grain = table.moments.keys().next().map(Period::grain);
    match table.grain {
        None => {
            let problem = Diagnostic::warning(Code::NoRows, format!("the source `{}` has no rows", source.id))
                .at(&source.path_place, "");
            warnings.push(match source.filter {
                Some(_) if table.files.iter().any(|file| file.rows > 0) => {
                    problem.help("its files have rows, but none that pass its `where`")
                }
                _ => problem.help("its files hold a header and nothing else"),
            });
        }
        Some(found) if !found.nests_in(grain) => {
            let problem = Diagnostic::error(
                Code::TooCoarse,
                format!("the source `{}` reports by {found}, the scorecard by {grain}", source.id),
            );
            let help = match found {
                // Weeks nest in nothing but weeks.
                Grain::Week => "set `[scorecard] grain = \"week\"`, or send data by day".to_owned(),
                found => format!("set `[scorecard] grain = \"{found}\"` or coarser, or send finer data"),
            };
            return Err(vec![problem.at(&source.period_place, "").help(help)]);
        }
        Some(_) => {}
    }
    Ok(Warned { value: table, warnings })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_part_is_the_identity_of_every_kind() {
        let kinds = [
            (Cell::Sum { sum: 5, count: 2 }, Cell::Sum { sum: 0, count: 0 }),
            (Cell::Count(3), Cell::Count(0)),
            (Cell::Min(Some(1)), Cell::Min(None)),
            (Cell::Max(Some(1)), Cell::Max(None)),
            (Cell::Values(BTreeMap::from([(1, 2)])), Cell::Values(BTreeMap::new())),
            (Cell::Texts(BTreeSet::from(["a".into()])), Cell::Texts(BTreeSet::new())),
        ];
        for (full, empty) in kinds {
            let (mut left, mut right) = (full.clone(), empty.clone());
            left.merge(empty).unwrap();
            right.merge(full.clone()).unwrap();
            assert_eq!((&left, &right), (&full, &full));
        }
    }

    #[test]
    fn a_sum_beyond_128_bits_is_an_error() {
        let mut cell = Cell::Sum { sum: i128::MAX, count: 1 };
        assert_eq!(cell.merge(Cell::Sum { sum: 1, count: 1 }), Err(Overflow));
    }
}
