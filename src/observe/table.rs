//! The small table observations come in: base aggregates per moment and segment, exactly mergeable.
//!
//! Owns merging. Knows neither files nor metrics.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic, Warned};
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
    /// Rows rejected before it was known when they are of: they may be missing from any period.
    pub unplaced: u64,
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

/// What was read of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileFacts {
    /// As the scorecard's reader would write it.
    pub path: String,
    /// `comma`, `semicolon` or `tab`.
    pub delimiter: &'static str,
    /// Size in bytes.
    pub bytes: u64,
    /// Rows below the header.
    pub rows: u64,
    /// Rows that passed the source's filter.
    pub kept: u64,
}

impl Cell {
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
        SourceTable { scale, grain: None, moments: BTreeMap::new(), files: Vec::new(), unplaced: 0 }
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
