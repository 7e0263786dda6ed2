//! Reading data: from a plan and files to a small table of base aggregates per moment and segment.
//!
//! The only stage that reads data. There are two ways into a file, and one result. Clean files that are large enough to
//! be worth a query go the fast way (`fast`, and `scan`, the only home of polars); the rest goes the careful way
//! (`careful`), which finds out how the file is written, or names every place that is wrong. Both read pieces of whole
//! records (`pieces`), so memory is bounded by the piece and by what rows must be told apart by, and merge exactly
//! (`table`), so neither threads nor the order of rows or files can change a digit.
//!
//! What a file is, is found by looking at its head (`files`, `dialect`, `header`, `decode`, `workbook`, `columnar`); what
//! its cells show of their formats, by `findings`.

mod careful;
#[cfg(feature = "polars")]
mod clean;
mod columnar;
mod convert;
mod decode;
pub mod dialect;
#[cfg(feature = "polars")]
mod fast;
mod files;
mod findings;
mod guard;
mod head;
mod header;
mod locus;
mod own;
mod pieces;
mod rates;
mod record;
mod row;
#[cfg(feature = "polars")]
mod scan;
mod shape;
mod sniff;
mod stamp;
mod survey;
mod table;
mod totals;
mod workbook;

use std::num::NonZeroUsize;
use std::thread::available_parallelism;

use crate::diagnostic::{Diagnostic, Warned};
use crate::metric::Scorecard;
use crate::plan::{Plan, Scan};
use files::InputFile;
use rates::Rates;

pub use guard::is_guarded;
pub use own::{LEDGER_FOLDER, LEDGER_HEAD, is_in_ledger, is_ledger, is_own};
pub use rates::Rate;
pub use stamp::Stamp;
pub use survey::{SampleCell, SampleKind, SampleRow, Survey, TotalMark, matching, survey};
pub use table::{Cell, Exchange, FileFacts, Moment, Reject, Segment, SourceTable, Told};

/// What was observed: a table for each scan of the plan, in its order.
#[derive(Clone, Debug)]
pub struct Observations {
    /// One a scan.
    pub tables: Vec<SourceTable>,
    /// The files of the rates that amounts were converted at, in name order.
    pub rates: Vec<FileFacts>,
}

impl Observations {
    /// Every file read: of the sources in their order, then of the rates.
    pub fn files(&self) -> impl Iterator<Item = &FileFacts> {
        self.tables.iter().flat_map(|table| &table.files).chain(&self.rates)
    }
}

/// How to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Manner {
    /// Which way into the files.
    pub way: Way,
    /// What becomes of a cell that cannot be read.
    pub on_fault: OnFault,
}

/// The two ways into a file; both give the same result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// Whichever is quicker for clean files, the careful way for the rest.
    #[default]
    Either,
    /// The fast way for clean files of any size, the careful way for the rest.
    Fast,
    /// The careful way for all files.
    Careful,
}

/// What becomes of a cell that cannot be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnFault {
    /// It stops the run, with all others, each with its place.
    #[default]
    Stop,
    /// It is missing, it is listed among the rejects, and what rests on it is marked.
    Reject,
}

/// Reads what the plan asks for.
///
/// # Errors
/// All problems of all files, each with file, line and column.
pub fn observe(scorecard: &Scorecard, plan: &Plan, manner: Manner) -> Result<Warned<Observations>, Vec<Diagnostic>> {
    let (mut tables, mut problems, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
    let declared = scorecard.rates.as_ref().filter(|_| plan.scans.iter().any(|scan| scan.conversion.is_some()));
    let rates = match declared.map(|declared| rates::read(scorecard, declared)).transpose() {
        Ok(read) => read.map(|read| {
            warnings.extend(read.warnings);
            read.value
        }),
        Err(found) => {
            problems.extend(found);
            None
        }
    };
    for scan in &plan.scans {
        match observe_source(scorecard, scan, manner, rates.as_ref()) {
            Ok(observed) => {
                tables.push(observed.value);
                warnings.extend(observed.warnings);
            }
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        return Ok(Warned {
            value: Observations { tables, rates: rates.map(|rates| rates.files).unwrap_or_default() },
            warnings,
        });
    }
    // Two sources may share a file, and with it a problem.
    let mut unique: Vec<Diagnostic> = Vec::new();
    for problem in problems {
        if !unique.contains(&problem) {
            unique.push(problem);
        }
    }
    Err(unique)
}

/// The fast way where it will do, else the careful one.
fn observe_source(
    scorecard: &Scorecard,
    scan: &Scan,
    manner: Manner,
    rates: Option<&Rates>,
) -> Result<Warned<SourceTable>, Vec<Diagnostic>> {
    let source = scorecard.source(scan.source);
    let files = files::find(scorecard, scan)?;
    #[cfg(feature = "polars")]
    let clean = if is_fast(manner.way, &files, scan) { fast::read(&files, source, scan) } else { None };
    #[cfg(not(feature = "polars"))]
    let clean = None;
    let convert = |table: &mut SourceTable| rates.map_or(Ok(()), |rates| convert::convert(table, scan, rates));
    // Who repeats whom in another spelling is found by the careful way.
    let clean = clean.filter(|table: &SourceTable| !convert::is_spelt_differently(table, scan));
    // What cannot be converted is told by the careful way, with its place.
    let clean = clean.and_then(|mut table: SourceTable| convert(&mut table).is_ok().then_some(table));
    let read = match clean {
        Some(table) => Warned { value: table, warnings: Vec::new() },
        None => {
            let mut read = careful::read(files, scorecard, scan, manner.on_fault, rates)?;
            let converted = convert(&mut read.value);
            converted.map_err(|why| rates.map_or_else(Vec::new, |rates| why.told(source, rates)))?;
            read
        }
    };
    let mut finished = table::finish(read.value, source, scorecard.grain)?;
    finished.warnings.splice(0..0, read.warnings);
    Ok(finished)
}

/// Below this many bytes in all, a query costs more than reading record by record.
#[cfg(feature = "polars")]
const FEW: u64 = 512 << 10;
/// Above this many aggregates too: what a query costs for each of them grows with their number.
#[cfg(feature = "polars")]
const MANY: usize = 200;

#[cfg(feature = "polars")]
fn is_fast(way: Way, files: &[files::InputFile], scan: &Scan) -> bool {
    match way {
        Way::Either => scan.bases.len() <= MANY && files.iter().map(|file| file.bytes).sum::<u64>() > FEW,
        Way::Fast => true,
        Way::Careful => false,
    }
}

/// Below this many bytes in all, threads cost more than they bring.
const SMALL: u64 = 2 << 20;

/// How many threads work on files.
fn threads_for(files: &[InputFile]) -> NonZeroUsize {
    if files.iter().map(|file| file.bytes).sum::<u64>() <= SMALL {
        return NonZeroUsize::MIN;
    }
    let processors = available_parallelism().unwrap_or(NonZeroUsize::MIN);
    // One more than there are processors: while one waits for polars to start or end a query, another parses.
    processors.min(MOST_THREADS).saturating_add(1)
}

/// Reading keeps no more processors busy.
const MOST_THREADS: NonZeroUsize = NonZeroUsize::new(4).expect("not zero");
