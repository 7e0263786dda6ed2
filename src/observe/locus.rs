//! Places in data files, for messages: a stretch of a record's line, shortened around what is meant.

use crate::diagnostic::Locus;

/// Bytes of a record shown.
const EXCERPT: usize = 160;

/// The locus of some bytes of a record that begins on `line`.
pub(super) fn in_record(path: &str, line: u64, text: &str, span: std::ops::Range<usize>) -> Locus {
    let line = line + text[..span.start].matches('\n').count() as u64;
    let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let rest = &text[start..];
    let rest = &rest[..rest.find('\n').unwrap_or(rest.len())];
    let (from, to) = (span.start - start, (span.end - start).min(rest.len()));
    let window = boundary(rest, from.saturating_sub(EXCERPT / 2))..boundary(rest, (from + EXCERPT).min(rest.len()));
    Locus::Data {
        path: path.to_owned(),
        line: usize::try_from(line).unwrap_or(usize::MAX),
        text: rest[window.clone()].to_owned(),
        span: from - window.start..to.min(window.end).max(from) - window.start,
    }
}

/// The quote that neither opens nor closes a field, or that opens one and is never closed.
pub(super) fn quote_at_fault(record: &str, delimiter: u8) -> std::ops::Range<usize> {
    let bytes = record.as_bytes();
    let (mut start, mut at) = (0, 0);
    while at < bytes.len() {
        let inside = bytes[start] == b'"' && at > start;
        match (bytes[at], bytes.get(at + 1)) {
            (b'"', Some(b'"')) if inside => at += 1,
            (b'"', Some(next)) if inside && *next == delimiter => {
                start = at + 2;
                at += 1;
            }
            (b'"', _) if at > start => return at..at + 1,
            (byte, _) if byte == delimiter && !inside => start = at + 1,
            _ => {}
        }
        at += 1;
    }
    let start = start.min(bytes.len());
    start..(start + 1).min(bytes.len())
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
