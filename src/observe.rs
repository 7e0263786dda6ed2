//! Reading data: from a plan and files to a small table of base aggregates per moment and segment.
//!
//! The only stage that reads data, and the only home of polars (`scan`). A file is read once,
//! in pieces of whole records; each piece is checked for shape (`shape`), aggregated by polars
//! (`scan`), and merged exactly (`table`), so memory is bounded by the piece, and neither the number of
//! threads nor the order of rows or files can change a digit. Where anything is wrong, `locate` reads
//! the file again the careful way and names every place.

mod files;
mod locate;
mod row;
mod scan;
mod shape;
mod stream;
mod table;

use crate::diagnostic::{Code, Diagnostic, Warned};
use crate::formula::Scale;
use crate::metric::Scorecard;
use crate::plan::{Plan, Scan};

pub use table::{Cell, FileFacts, Moment, Segment, SourceTable};

/// What was observed: a table for each scan of the plan, in its order.
#[derive(Clone, Debug)]
pub struct Observations {
    /// One a scan.
    pub tables: Vec<SourceTable>,
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
    /// The fast way for clean files, the careful way for the rest.
    #[default]
    Either,
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
pub fn observe(scorecard: &Scorecard, plan: &Plan, _manner: Manner) -> Result<Warned<Observations>, Vec<Diagnostic>> {
    let (mut tables, mut problems, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
    for scan in &plan.scans {
        match observe_source(scorecard, scan) {
            Ok(observed) => {
                tables.push(observed.value);
                warnings.extend(observed.warnings);
            }
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        return Ok(Warned { value: Observations { tables }, warnings });
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

fn observe_source(scorecard: &Scorecard, scan: &Scan) -> Result<Warned<SourceTable>, Vec<Diagnostic>> {
    let source = scorecard.source(scan.source);
    let files = files::find(scorecard, scan)?;
    // Longer fractions than usual are rare enough to read the source again for.
    let outcome = match stream::read(&files, scan, Scale::USUAL) {
        outcome if outcome.too_fine => stream::read(&files, scan, Scale::FINE),
        outcome => outcome,
    };
    if !outcome.faulty.is_empty() {
        let mut problems = locate::locate(&files, source, scan, &outcome);
        if problems.is_empty() {
            let placed = |problem: Diagnostic| {
                if problem.labels.is_empty() { problem.at(&source.path_place, "") } else { problem }
            };
            problems = outcome.failures.into_iter().map(placed).collect();
        }
        if problems.is_empty() {
            // Both ways of reading hold to the same rules; should they ever part, no number is given.
            let message = format!("the source `{}` cannot be read", source.id);
            problems.push(Diagnostic::error(Code::BadFile, message).at(&source.path_place, ""));
        }
        return Err(problems);
    }
    table::finish(outcome.table, source, scorecard.grain)
}
