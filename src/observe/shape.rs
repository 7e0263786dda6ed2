//! The shape of delimited text: where records end and where fields do.
//!
//! Strict about quotes: one that neither opens nor closes a field is a fault, since readers disagree about it.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_ends_outside_quotes_only() {
        assert_eq!(last_record_end(b"a,b\n\"c\nd"), 4);
        assert_eq!(record_length(b"\"a\nb\"\nc"), 6);
        assert_eq!(last_record_end(b"abc"), 0);
    }
}
