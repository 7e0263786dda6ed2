//! The fast way into clean files: pieces through polars, merged exactly. It answers with a table or not at all.
//!
//! Clean is UTF-8, one delimiter, a header, rows of one length, plain numbers, ISO periods, no totals, no row twice.
//! Whatever is met that is not clean, the careful way reads the source from the start.

use std::collections::HashSet;

use super::files::{InputFile, TextForm};
use super::header::At;
use super::pieces::{self, Piece};
use super::row::RowBase;
use super::scan::{Aggregated, Flaw, Query};
use super::table::{FileFacts, SourceTable};
use super::threads_for;
use crate::formula::{CellFault, DecimalMark, Scale};
use crate::in_order::in_order;
use crate::metric::{Layout, Quarters, Source};
use crate::period::Period;
use crate::plan::Scan;

/// The table of a source whose files are all clean; `None` where one is not, or might not be.
pub(super) fn read(files: &[InputFile], source: &Source, scan: &Scan) -> Option<SourceTable> {
    let forms: Vec<&TextForm> = files.iter().map(InputFile::text).collect::<Option<_>>()?;
    if !declared_clean(source) || !forms.iter().all(|form| form.bytes.are_text()) {
        return None;
    }
    if files.iter().any(|file| a_share_says_percent(file, scan)) {
        return None;
    }
    // Longer fractions than usual are rare enough to read the source again for.
    match read_at(files, &forms, source, scan, Scale::USUAL) {
        Err(Some(Flaw::Cell(CellFault::TooFine))) => read_at(files, &forms, source, scan, Scale::FINE).ok(),
        table => table.ok(),
    }
}

/// Whether nothing is declared that only the careful way heeds.
fn declared_clean(source: &Source) -> bool {
    let written = &source.written;
    let plain = written.numbers.is_none_or(|numbers| numbers.decimal == DecimalMark::Point);
    plain
        && written.grain.is_none()
        && written.quarters != Some(Quarters::Fiscal)
        && written.layout == Layout::Long
        && written.scale.is_empty()
        && written.comment.is_none()
}

/// Whether the header of a share says percent: then its cells are asked about.
fn a_share_says_percent(file: &InputFile, scan: &Scan) -> bool {
    let bases = RowBase::of(scan);
    let mut columns = bases.iter().filter(|base| base.is_share()).flat_map(RowBase::columns);
    columns
        .any(|column| matches!(file.columns.at[*column], At::Field(field) if file.columns.names[field].contains('%')))
}

fn read_at(
    files: &[InputFile],
    forms: &[&TextForm],
    source: &Source,
    scan: &Scan,
    scale: Scale,
) -> Result<SourceTable, Option<Flaw>> {
    let queries: Vec<Query> =
        files.iter().zip(forms).map(|(file, form)| Query::new(source, scan, file, form, scale)).collect();
    let mut merged = Merged { table: SourceTable::new(scale), flaw: None, seen: HashSet::new() };
    merged.table.files = files.iter().map(|file| FileFacts::of(file, source)).collect();
    let mut read = |take: &mut dyn FnMut((usize, Piece)) -> bool| {
        let mut wanted = true;
        for (index, file) in files.iter().enumerate() {
            pieces::each(file, &|_| true, &mut |piece| {
                wanted = take((index, piece));
                wanted
            })?;
            if !wanted {
                break;
            }
        }
        Ok(())
    };
    let work = |(index, piece): (usize, Piece)| match piece {
        Piece::Text { bytes, .. } => (index, queries[index].run(bytes)),
        Piece::Rows(_) => (index, Err("rows of a table".to_owned())),
    };
    let done = in_order(threads_for(files), &mut read, work, |(index, result)| merged.take(index, result));
    let grain = merged.table.moments.keys().next().map(Period::grain);
    let several_grains = merged.table.moments.keys().any(|period| Some(period.grain()) != grain);
    match (done, merged.flaw) {
        (Ok(()), None) if !several_grains => Ok(merged.table),
        // What cannot be opened or aggregated is told by the careful way, with its place.
        (_, flaw) => Err(flaw),
    }
}

/// What the pieces come to.
struct Merged {
    table: SourceTable,
    flaw: Option<Flaw>,
    seen: HashSet<u64>,
}

impl Merged {
    /// Takes the next piece in; answers whether more is wanted.
    fn take(&mut self, file: usize, result: Result<Aggregated, String>) -> bool {
        let Ok(aggregated) = result else {
            self.flaw.get_or_insert(Flaw::Shape);
            return false;
        };
        if let Some(flaw) = aggregated.flaws.iter().next_back() {
            self.flaw = Some(*flaw);
            return false;
        }
        // A hash seen before is most likely a row seen before: the careful way compares the rows.
        if !aggregated.identities.into_iter().all(|identity| self.seen.insert(identity)) {
            self.flaw = Some(Flaw::Shape);
            return false;
        }
        let facts = &mut self.table.files[file];
        facts.rows += aggregated.rows;
        facts.kept += aggregated.moments.values().map(|moment| moment.rows).sum::<u64>();
        for (period, moment) in aggregated.moments {
            if self.table.moments.entry(period).or_default().merge(moment).is_err() {
                self.flaw = Some(Flaw::Cell(CellFault::TooLarge));
                return false;
            }
        }
        true
    }
}
