//! A piece of text as records: split by quotes and delimiter, each of the header's length, each readable text.

use super::faults::{self, Spot};
use super::work::{Gathered, Record, Work};
use crate::observe::locus::{in_record, quote_at_fault};
use crate::observe::record::{Field, Kind};
use crate::observe::shape::{ShapeFault, field_spans, line_length, record_length, unquoted, without_line_end};

impl Work<'_> {
    /// Reads the records of a text piece that begins on `line`.
    pub(super) fn text(&self, bytes: &[u8], mut line: u64, gathered: &mut Gathered) {
        let Some(form) = self.file.text() else { return };
        let comment = self.source.written.comment.as_deref().map(str::as_bytes);
        let mut fields: Vec<Field<'_>> = Vec::with_capacity(self.file.fields());
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
                        let split = field_spans(record, form.delimiter);
                        if split.is_err() {
                            // The quote may have swallowed rows: go on with the next line.
                            length = line_length(rest);
                        }
                        self.split(text, split, line, !rest[..length].ends_with(b"\n"), &mut fields, gathered);
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
        split: Result<Vec<std::ops::Range<usize>>, ShapeFault>,
        line: u64,
        is_last: bool,
        fields: &mut Vec<Field<'t>>,
        gathered: &mut Gathered,
    ) {
        let wanted = self.file.fields();
        let is_blank = |span: &std::ops::Range<usize>| text[span.clone()].trim().is_empty();
        let fault = match &split {
            Ok(spans) if spans.iter().all(is_blank) => return,
            // Blank cells to the right of the table are no fault.
            Ok(spans) if spans.len() >= wanted && spans[wanted..].iter().all(is_blank) => None,
            Ok(spans) => Some(ShapeFault::Fields(spans.len())),
            Err(fault) => Some(*fault),
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
        let spans = split.unwrap_or_default();
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
