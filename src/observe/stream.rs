//! Reading files piece by piece, each a run of whole records, and merging what each piece holds.
//!
//! One thread reads ahead, a few aggregate. Merging is exact and commutative, so the order in which
//! pieces arrive does not matter.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::files::{DELIMITERS, InputFile};
use super::scan::{Aggregated, Query};
use super::shape::last_record_end;
use super::table::{FileFacts, Moment, SourceTable};
use crate::diagnostic::{Code, Diagnostic};
use crate::formula::{CellFault, Scale};
use crate::period::{Grain, Period};
use crate::plan::Scan;

/// Bytes read at a time: enough to keep polars busy, little enough to bound memory.
const PIECE: usize = 8 << 20;
/// Below this many bytes in all, threads cost more than they bring.
const SMALL: u64 = 2 << 20;

/// What reading came to.
pub(super) struct Outcome {
    pub(super) table: SourceTable,
    /// Some cell has more decimals than the scale keeps.
    pub(super) too_fine: bool,
    /// Files (by position) in which something is wrong.
    pub(super) faulty: BTreeSet<usize>,
    /// What is known to be wrong without a place in a file.
    pub(super) failures: Vec<Diagnostic>,
    pub(super) scale: Scale,
}

impl Outcome {
    /// A sum of a file left the range in which it is exact. Where a single cell did, its place is found.
    fn too_large(&mut self, file: usize) {
        self.faulty.insert(file);
        let message = format!("a sum over `{}` is too large to be exact", self.table.files[file].path);
        let problem = Diagnostic::error(Code::TooLarge, message).help("measure in a larger unit");
        if !self.failures.contains(&problem) {
            self.failures.push(problem);
        }
    }
}

struct Piece {
    file: usize,
    bytes: Vec<u8>,
}

/// Reads all files of a source.
pub(super) fn read(files: &[InputFile], scan: &Scan, scale: Scale) -> Outcome {
    let facts = |file: &InputFile| FileFacts {
        path: file.shown.clone(),
        delimiter: DELIMITERS.iter().find(|(byte, _)| *byte == file.dialect.delimiter).map_or("", |(_, name)| name),
        bytes: file.bytes,
        ..FileFacts::default()
    };
    let mut table = SourceTable::new(scale);
    table.files = files.iter().map(facts).collect();
    let merged = Mutex::new(Outcome { table, too_fine: false, faulty: BTreeSet::new(), failures: Vec::new(), scale });
    let queries: Vec<Query> = files.iter().map(|file| Query::new(scan, file, scale)).collect();
    if files.iter().map(|file| file.bytes).sum::<u64>() <= SMALL {
        for (index, file) in files.iter().enumerate() {
            let result = each_piece(file, &mut |bytes| {
                absorb(&merged, &queries[index], Piece { file: index, bytes });
                true
            });
            note_io(&merged, index, file, result);
        }
    } else {
        in_parallel(files, &queries, &merged);
    }
    let mut outcome = merged.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let grains: BTreeSet<Grain> = outcome.table.moments.keys().map(Period::grain).collect();
    if grains.len() > 1 {
        outcome.faulty.extend(0..files.len());
    }
    outcome
}

fn in_parallel(files: &[InputFile], queries: &[Query], merged: &Mutex<Outcome>) {
    // One more than there are processors: while one waits for polars to start or end a query, another parses.
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(4) + 1;
    let (sender, receiver): (SyncSender<Piece>, Receiver<Piece>) = sync_channel(1);
    let receiver = Mutex::new(receiver);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(piece) = next(&receiver) {
                    absorb(merged, &queries[piece.file], piece);
                }
            });
        }
        for (index, file) in files.iter().enumerate() {
            let result = each_piece(file, &mut |bytes| sender.send(Piece { file: index, bytes }).is_ok());
            note_io(merged, index, file, result);
        }
        drop(sender);
    });
}

fn next(receiver: &Mutex<Receiver<Piece>>) -> Option<Piece> {
    receiver.lock().ok()?.recv().ok()
}

fn note_io(merged: &Mutex<Outcome>, index: usize, file: &InputFile, result: std::io::Result<()>) {
    if let (Err(error), Ok(mut outcome)) = (result, merged.lock()) {
        outcome.faulty.insert(index);
        outcome.failures.push(Diagnostic::error(
            Code::BadFile,
            format!("cannot read `{}`: {}", file.shown, crate::prose::io_error(&error)),
        ));
    }
}

/// Hands each run of whole records to `take`, until it answers that no more is wanted.
fn each_piece(file: &InputFile, take: &mut dyn FnMut(Vec<u8>) -> bool) -> std::io::Result<()> {
    let mut reader = File::open(&file.path)?;
    reader.seek(SeekFrom::Start(file.head))?;
    let mut carried: Vec<u8> = Vec::new();
    let mut wanted = PIECE.min(file.bytes as usize + 1);
    loop {
        let mut piece = Vec::with_capacity(carried.len() + wanted);
        piece.append(&mut carried);
        let read = (&mut reader).take(wanted as u64).read_to_end(&mut piece)?;
        if read == 0 {
            // The last record may lack its line end.
            if !piece.is_empty() {
                take(piece);
            }
            return Ok(());
        }
        let end = last_record_end(&piece);
        carried = piece.split_off(end);
        if piece.is_empty() {
            // A record longer than a piece: read on until it ends.
            wanted = (wanted * 2).min(1 << 30);
        } else if !take(piece) {
            return Ok(());
        }
    }
}

fn absorb(merged: &Mutex<Outcome>, query: &Query, piece: Piece) {
    let result = query.run(piece.bytes);
    let Ok(mut outcome) = merged.lock() else { return };
    match result {
        Err(message) => {
            outcome.faulty.insert(piece.file);
            outcome
                .failures
                .push(Diagnostic::error(Code::BadFile, format!("cannot aggregate `{}`: {message}", query.shown())));
        }
        Ok(aggregated) => {
            outcome.too_fine |= aggregated.faults.iter().any(|fault| *fault == CellFault::TooFine);
            if aggregated.faulty_rows > 0 || !aggregated.faults.is_empty() || aggregated.bad_periods {
                outcome.faulty.insert(piece.file);
            }
            if aggregated.faults.contains(&CellFault::TooLarge) {
                outcome.too_large(piece.file);
            }
            merge(&mut outcome, piece.file, aggregated);
        }
    }
}

fn merge(outcome: &mut Outcome, file: usize, aggregated: Aggregated) {
    let facts = &mut outcome.table.files[file];
    facts.rows += aggregated.rows;
    facts.kept += aggregated.moments.values().map(|moment| moment.rows).sum::<u64>();
    for (period, moment) in aggregated.moments {
        let known: &mut BTreeMap<Period, Moment> = &mut outcome.table.moments;
        let merged = match known.get_mut(&period) {
            Some(mine) => mine.merge(moment),
            None => {
                known.insert(period, moment);
                Ok(())
            }
        };
        if merged.is_err() {
            outcome.too_large(file);
        }
    }
}
