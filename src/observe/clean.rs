//! Whether a piece of a file is clean: records of one length, matching quotes, no total among them.
//!
//! polars pads short rows and cuts long ones in silence, so every byte of the fast way passes here first.

use super::shape::{ShapeFault, field_spans, line_length, record_length, unquoted, without_line_end};
use super::totals::TotalWords;

/// The characters that give a file its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    /// Between fields.
    pub(super) delimiter: u8,
    /// Fields of every record.
    pub(super) fields: usize,
}

/// What a piece of whole records looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shape {
    /// Records that are not blank lines.
    pub(super) records: u64,
    /// Blank lines.
    pub(super) blank: u64,
    /// Records at fault.
    pub(super) faulty: u64,
    /// Whether any byte is a quote.
    pub(super) quoted: bool,
}

/// Measures a piece of whole records.
pub(super) fn measure(piece: &[u8], dialect: Dialect) -> Shape {
    let mut shape = Shape { quoted: memchr::memchr(b'"', piece).is_some(), ..Shape::default() };
    let mut rest = piece;
    while !rest.is_empty() {
        let length = if shape.quoted { record_length(rest) } else { line_length(rest) };
        let record = without_line_end(&rest[..length]);
        if record.is_empty() {
            shape.blank += 1;
        } else {
            shape.records += 1;
            let fault = if shape.quoted {
                check(record, dialect).is_some()
            } else {
                count(dialect.delimiter, record) + 1 != dialect.fields
            };
            shape.faulty += u64::from(fault);
        }
        rest = &rest[length..];
    }
    shape
}

/// What is wrong with one record (given without its line end), if anything.
fn check(record: &[u8], dialect: Dialect) -> Option<ShapeFault> {
    match field_spans(record, dialect.delimiter) {
        Err(fault) => Some(fault),
        Ok(fields) => (fields.len() != dialect.fields).then_some(ShapeFault::Fields(fields.len())),
    }
}

impl TotalWords {
    /// Whether a piece holds the letters of one of the words at all.
    pub(super) fn may_stand_in(&self, piece: &[u8]) -> bool {
        // All the usual words end alike.
        if self.words.iter().all(|word| word.contains("otal")) {
            return !self.words.is_empty()
                && ["otal", "OTAL"].iter().any(|letters| memchr::memmem::find(piece, letters.as_bytes()).is_some());
        }
        true
    }

    /// Whether a row of the piece is a total.
    pub(super) fn stand_in(&self, piece: &[u8], dialect: Dialect) -> bool {
        let mut rest = piece;
        while !rest.is_empty() {
            let (record, next) = rest.split_at(record_length(rest));
            rest = next;
            let record = without_line_end(record);
            let (Ok(spans), Ok(text)) = (field_spans(record, dialect.delimiter), std::str::from_utf8(record)) else {
                return true;
            };
            if self.mark(|field| spans.get(field).map(|span| unquoted(&text[span.clone()]).into_owned())).is_some() {
                return true;
            }
        }
        false
    }
}

fn count(delimiter: u8, record: &[u8]) -> usize {
    record.iter().filter(|byte| **byte == delimiter).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMA: Dialect = Dialect { delimiter: b',', fields: 3 };

    #[test]
    fn short_long_and_stray_records_are_faulty() {
        for (record, fault) in [
            ("a,b,c", None),
            ("a,b,", None),
            ("\"a,b\",b,c", None),
            ("\"a\"\"b\",b,\"c\nd\"", None),
            ("a,b", Some(ShapeFault::Fields(2))),
            ("a,b,c,d", Some(ShapeFault::Fields(4))),
            ("a,b\"x,c", Some(ShapeFault::StrayQuote)),
            ("\"a\"x,b,c", Some(ShapeFault::StrayQuote)),
            ("a,\"b,c", Some(ShapeFault::OpenQuote)),
        ] {
            assert_eq!(check(record.as_bytes(), COMMA), fault, "{record}");
        }
    }

    #[test]
    fn measures_a_piece_with_and_without_quotes() {
        let plain = measure(b"a,b,c\r\n\r\nd,e\n\nf,g,h", COMMA);
        assert_eq!(plain, Shape { records: 3, blank: 2, faulty: 1, quoted: false });
        let quoted = measure(b"\"a\nb\",b,c\nd,e,f\n", COMMA);
        assert_eq!(quoted, Shape { records: 2, blank: 0, faulty: 0, quoted: true });
    }
}
