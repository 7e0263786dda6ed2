//! A piece of text as records: split by quotes and delimiter, each of the header's length, each readable text.

use super::faults::{self, Spot};
use super::work::{Gathered, Record, Work};
use crate::observe::locus::{in_record, quote_at_fault};
use crate::observe::record::{Field, Kind};
use crate::observe::shape::{ShapeFault, line_length, record_length, split_fields, unquoted, without_line_end};

/// Where a record stands in its piece.
#[derive(Clone, Copy)]
struct Line {
    number: u64,
    /// Whether nothing follows it, not even a line end.
    is_last: bool,
}

impl Work<'_> {
    /// Reads the records of a text piece that begins on `line`.
    pub(super) fn text(&self, bytes: &[u8], mut line: u64, gathered: &mut Gathered) {
        let Some(form) = self.file.text() else { return };
        let comment = self.source.written.comment.as_deref().map(str::as_bytes);
        let mut fields: Vec<Field<'_>> = Vec::with_capacity(self.file.fields());
        let mut spans = Vec::with_capacity(self.file.fields());
        let is_quoted = memchr::memchr(b'"', bytes).is_some();
        let mut rest = bytes;
        while !rest.is_empty() {
            let mut length = if is_quoted { record_length(rest) } else { line_length(rest) };
            let record = without_line_end(&rest[..length]);
            if comment.is_some_and(|comment| record.trim_ascii_start().starts_with(comment)) {
                length = line_length(rest);
            } else if !record.is_empty() {
                match std::str::from_utf8(record) {
                    Err(_) => self.not_text(record, line, gathered),
                    Ok(text) if !form.bytes.are_utf8() && text.contains('\u{fffd}') => {
                        self.not_text(record, line, gathered);
                    }
                    Ok(text) => {
                        let fault = split_fields(record, form.delimiter, &mut spans).err();
                        if fault.is_some() {
                            // The quote may have swallowed rows: go on with the next line.
                            length = line_length(rest);
                        }
                        let is_last = !rest[..length].ends_with(b"\n");
                        self.split(text, &spans, fault, Line { number: line, is_last }, &mut fields, gathered);
                    }
                }
            }
            line += memchr::memchr_iter(b'\n', &rest[..length]).count() as u64;
            rest = &rest[length..];
        }
    }

    fn split<'t>(
        &self,
        text: &'t str,
        spans: &[std::ops::Range<usize>],
        fault: Option<ShapeFault>,
        line: Line,
        fields: &mut Vec<Field<'t>>,
        gathered: &mut Gathered,
    ) {
        let wanted = self.file.fields();
        let is_blank = |span: &std::ops::Range<usize>| text[span.clone()].trim().is_empty();
        let Line { number: line, is_last } = line;
        let fault = match fault {
            Some(fault) => Some(fault),
            None if spans.iter().all(is_blank) => return,
            // Blank cells to the right of the table are no fault.
            None if spans.len() >= wanted && spans[wanted..].iter().all(is_blank) => None,
            None => Some(ShapeFault::Fields(spans.len())),
        };
        if let Some(fault) = fault {
            let delimiter = self.file.text().map_or(b',', |form| form.delimiter);
            let first_line = text.lines().next().unwrap_or_default();
            let (text, span) = match fault {
                ShapeFault::Fields(_) => (text, 0..text.len()),
                ShapeFault::StrayQuote | ShapeFault::OpenQuote => (text, quote_at_fault(text, delimiter)),
            };
            let is_cut_off = is_last && matches!(fault, ShapeFault::Fields(_));
            gathered.out.unplaced += u64::from(self.is_rejecting());
            gathered.out.rows += 1;
            let spot = Spot { source: &self.source.id, column: "", text: first_line };
            return gathered.out.faults.keep(self.is_rejecting(), &spot, || {
                faults::of_shape(fault, wanted, text, is_cut_off, in_record(&self.file.shown, line, text, span))
            });
        }
        fields.clear();
        fields.extend(spans.iter().map(|span| Field { text: unquoted(&text[span.clone()]), kind: Kind::Written }));
        let place = |field: Option<usize>| {
            let span = field.and_then(|field| spans.get(field).cloned()).unwrap_or(0..text.len());
            in_record(&self.file.shown, line, text, span)
        };
        self.record(&Record { line, fields, place: &place }, gathered);
    }

    fn not_text(&self, record: &[u8], line: u64, gathered: &mut Gathered) {
        let Some(form) = self.file.text() else { return };
        let lossy = String::from_utf8_lossy(record);
        let at = lossy.find('\u{fffd}').unwrap_or_default();
        let is_utf8 = form.bytes.are_utf8();
        gathered.out.not_utf8 |= is_utf8;
        gathered.out.rows += 1;
        gathered.out.unplaced += u64::from(self.is_rejecting());
        let spot = Spot { source: &self.source.id, column: "", text: &lossy };
        gathered.out.faults.keep(self.is_rejecting(), &spot, || {
            let locus = in_record(&self.file.shown, line, &lossy, at..at + '\u{fffd}'.len_utf8());
            faults::of_encoding(form.bytes.encoding_name(), is_utf8, locus)
        });
    }
}
