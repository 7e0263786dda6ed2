//! The shape of CSV records: where they end, and whether each has as many fields as the header.
//!
//! polars pads short rows and cuts long ones in silence, so every byte passes here first. Strict about
//! quotes: one that neither opens nor closes a field is a fault, since readers disagree about it.

/// The characters that give a file its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    /// Between fields.
    pub(super) delimiter: u8,
    /// Fields of every record.
    pub(super) fields: usize,
}

/// What is wrong with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ShapeFault {
    /// It has this many fields.
    Fields(usize),
    /// A quote stands inside a field that does not begin with one, or after one that ended.
    StrayQuote,
    /// The file ends inside quotes.
    OpenQuote,
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

/// The length of the first record with its line end; all of the bytes where none ends.
pub(super) fn record_length(bytes: &[u8]) -> usize {
    let mut inside = false;
    for at in memchr::memchr2_iter(b'\n', b'"', bytes) {
        if bytes[at] == b'"' {
            inside = !inside;
        } else if !inside {
            return at + 1;
        }
    }
    bytes.len()
}

/// The end of the last whole record of a piece that begins at one; 0 where no record ends in it.
pub(super) fn last_record_end(piece: &[u8]) -> usize {
    if memchr::memchr(b'"', piece).is_none() {
        return memchr::memrchr(b'\n', piece).map_or(0, |at| at + 1);
    }
    let (mut inside, mut end) = (false, 0);
    for at in memchr::memchr2_iter(b'\n', b'"', piece) {
        if piece[at] == b'"' {
            inside = !inside;
        } else if !inside {
            end = at + 1;
        }
    }
    end
}

/// A record without its line end.
pub(super) fn without_line_end(record: &[u8]) -> &[u8] {
    let record = record.strip_suffix(b"\n").unwrap_or(record);
    record.strip_suffix(b"\r").unwrap_or(record)
}

/// What is wrong with one record (given without its line end), if anything.
pub(super) fn check(record: &[u8], dialect: Dialect) -> Option<ShapeFault> {
    match field_spans(record, dialect.delimiter) {
        Err(fault) => Some(fault),
        Ok(fields) => (fields.len() != dialect.fields).then_some(ShapeFault::Fields(fields.len())),
    }
}

/// The bytes of each field, quotes included.
pub(super) fn field_spans(record: &[u8], delimiter: u8) -> Result<Vec<std::ops::Range<usize>>, ShapeFault> {
    let (mut fields, mut start) = (Vec::new(), 0);
    loop {
        let end = if record.get(start) == Some(&b'"') {
            quoted_end(record, start, delimiter)?
        } else {
            plain_end(record, start, delimiter)?
        };
        fields.push(start..end);
        if end == record.len() {
            return Ok(fields);
        }
        start = end + 1;
    }
}

fn plain_end(record: &[u8], start: usize, delimiter: u8) -> Result<usize, ShapeFault> {
    let end = memchr::memchr(delimiter, &record[start..]).map_or(record.len(), |at| start + at);
    match memchr::memchr(b'"', &record[start..end]) {
        Some(_) => Err(ShapeFault::StrayQuote),
        None => Ok(end),
    }
}

fn quoted_end(record: &[u8], start: usize, delimiter: u8) -> Result<usize, ShapeFault> {
    let mut at = start + 1;
    loop {
        at += memchr::memchr(b'"', &record[at..]).ok_or(ShapeFault::OpenQuote)? + 1;
        match record.get(at) {
            None => return Ok(at),
            Some(b'"') => at += 1,
            Some(byte) if *byte == delimiter => return Ok(at),
            Some(_) => return Err(ShapeFault::StrayQuote),
        }
    }
}

/// A field's text without its quotes.
pub(super) fn unquoted(field: &str) -> std::borrow::Cow<'_, str> {
    match field.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) if inner.contains('"') => inner.replace("\"\"", "\"").into(),
        Some(inner) => inner.into(),
        None => field.into(),
    }
}

/// The length of the first line with its line end.
pub(super) fn line_length(bytes: &[u8]) -> usize {
    memchr::memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1)
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

    #[test]
    fn a_record_ends_outside_quotes_only() {
        assert_eq!(last_record_end(b"a,b\n\"c\nd"), 4);
        assert_eq!(record_length(b"\"a\nb\"\nc"), 6);
        assert_eq!(last_record_end(b"abc"), 0);
    }
}
