//! A file as pieces of whole records, each with the line it begins on: what memory is bounded by.

use std::io::Read;

use super::files::{Form, InputFile, TextForm};
use super::guard::guarded;
use super::record::TableRow;
use super::shape::last_record_end;
use super::{columnar, workbook};

/// Bytes read at a time: enough to keep every processor busy, little enough to bound memory.
const PIECE: usize = 8 << 20;
/// A record longer than this is one that a quote has swallowed the rest of the file into.
const LONGEST: usize = 16 << 20;

/// A run of whole records.
#[derive(Debug)]
pub(super) enum Piece {
    /// Text, and the line it begins on, from 1.
    Text {
        /// As UTF-8, as far as the file is what it should be.
        bytes: Vec<u8>,
        /// From 1.
        line: u64,
    },
    /// Rows of a workbook or of typed columns.
    Rows(Vec<TableRow>),
}

/// Hands each piece to `take`, in order, until it answers that no more is wanted.
pub(super) fn each(
    file: &InputFile,
    needed: &dyn Fn(usize) -> bool,
    take: &mut dyn FnMut(Piece) -> bool,
) -> std::io::Result<()> {
    let mut rows = |rows| take(Piece::Rows(rows));
    match &file.form {
        Form::Text(form) => each_text(file, form, take),
        Form::Sheet(name) => workbook::each_batch(&file.path, name, file.line as u64, &mut rows),
        Form::Columnar => guarded(|| columnar::each_batch(&file.path, needed, &mut rows)),
    }
}

fn each_text(file: &InputFile, form: &TextForm, take: &mut dyn FnMut(Piece) -> bool) -> std::io::Result<()> {
    let mut reader = form.bytes.text(&file.path)?;
    std::io::copy(&mut (&mut reader).take(form.head), &mut std::io::sink())?;
    let mut line = form.first_line;
    let mut hand_on = |bytes: Vec<u8>| {
        let begins = line;
        line += memchr::memchr_iter(b'\n', &bytes).count() as u64;
        take(Piece::Text { bytes, line: begins })
    };
    // A packed file grows; any other holds no more than its bytes, but for an encoding's.
    let most = if form.bytes.are_text() { usize::try_from(file.bytes).unwrap_or(PIECE) + 1 } else { PIECE };
    let wanted = PIECE.min(most);
    let mut carried: Vec<u8> = Vec::new();
    loop {
        let mut piece = Vec::with_capacity(carried.len() + wanted);
        piece.append(&mut carried);
        let read = (&mut reader).take(wanted as u64).read_to_end(&mut piece)?;
        if read == 0 {
            // The last record may lack its line end.
            if !piece.is_empty() {
                hand_on(piece);
            }
            return Ok(());
        }
        let mut end = last_record_end(&piece);
        if end == 0 && piece.len() > LONGEST {
            end = memchr::memchr(b'\n', &piece).map_or(piece.len(), |at| at + 1);
        }
        carried = piece.split_off(end);
        if !piece.is_empty() && !hand_on(piece) {
            return Ok(());
        }
    }
}
