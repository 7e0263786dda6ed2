//! Finding the delimiter and the header of a text: not sniffed blind, but those under which most of the columns that
//! the scorecard names appear.
//!
//! Works on the head of a file, a text. Says what it found and what it did not, reports nothing.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::shape::{field_spans, record_length, unquoted, without_line_end};
use crate::period::WrittenPeriod;

/// The delimiters there are, with their names; the first wins where two do equally well.
pub(super) const DELIMITERS: [(u8, &str); 4] = [(b',', "comma"), (b';', "semicolon"), (b'\t', "tab"), (b'|', "pipe")];

/// How many lines may stand above the header.
const LINES: usize = 200;

/// What a header must have.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'w> {
    /// The headers of the columns needed.
    pub headers: Vec<&'w str>,
    /// The declared delimiter.
    pub delimiter: Option<u8>,
    /// The declared line, from 1.
    pub line: Option<usize>,
    /// Whether periods stand across.
    pub is_wide: bool,
}

/// A header that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Between fields.
    pub delimiter: u8,
    /// Its line, from 1.
    pub line: usize,
    /// Its bytes in the head, with the line end.
    pub span: std::ops::Range<usize>,
    /// Its text.
    pub text: String,
    /// The names in it, without quotes and blanks around them.
    pub names: Vec<String>,
    /// How many of the wanted headers it has.
    pub found: usize,
}

/// The header of a text; `None` where there is nothing but blank lines.
pub fn find(head: &str, wanted: &Wanted<'_>) -> Option<Header> {
    let mut best: Option<(usize, Header)> = None;
    let (mut at, mut line) = (0, 1);
    let last = wanted.line.unwrap_or(LINES);
    let folded: Vec<String> = wanted.headers.iter().map(|header| fold(header)).collect();
    while at < head.len() && line <= last {
        let rest = &head.as_bytes()[at..];
        let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        let is_blank = without_line_end(&rest[..length]).iter().all(|byte| b" ,;\t|".contains(byte));
        if !is_blank && wanted.line.is_none_or(|declared| declared == line) {
            for (delimiter, _) in DELIMITERS.iter().filter(|(byte, _)| wanted.delimiter.is_none_or(|d| d == *byte)) {
                let Some(header) = header_at(head, at, line, *delimiter, &folded) else { continue };
                let periods = header.names.iter().filter(|name| wanted.is_wide && is_period(name)).count();
                let score = header.found * 1000 + periods.min(999);
                if best.as_ref().is_none_or(|(most, _)| score > *most) {
                    best = Some((score, header));
                }
            }
        }
        let whole = best.as_ref().is_some_and(|(_, header)| header.found == wanted.headers.len() && !folded.is_empty());
        if whole && !wanted.is_wide {
            break;
        }
        at += length;
        line += 1;
    }
    best.map(|(_, header)| header)
}

fn header_at(head: &str, at: usize, line: usize, delimiter: u8, wanted: &[String]) -> Option<Header> {
    let rest = &head.as_bytes()[at..];
    let length = record_length(&rest[..rest.len().min(1 << 16)]);
    let record = without_line_end(&rest[..length]);
    let text = std::str::from_utf8(record).ok()?;
    // Where quotes do not match, the line stands for itself: it may be a title, or the fault to be told.
    let names: Vec<String> = match field_spans(record, delimiter) {
        Ok(spans) => spans.into_iter().map(|span| unquoted(&text[span]).trim().to_owned()).collect(),
        Err(_) => text
            .lines()
            .next()
            .unwrap_or_default()
            .split(char::from(delimiter))
            .map(|name| name.trim().to_owned())
            .collect(),
    };
    let known: Vec<String> = names.iter().map(|name| fold(name)).collect();
    let found = wanted.iter().filter(|header| known.contains(header)).count();
    Some(Header { delimiter, line, span: at..at + length, text: text.to_owned(), names, found })
}

/// Whether a header reads as a period.
pub(super) fn is_period(name: &str) -> bool {
    WrittenPeriod::parse(name.trim()).is_some()
}

/// A header without what people vary: case, accents, kinds of blanks, underscores and hyphens.
pub fn fold(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut gap = false;
    for c in name.nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            '_' | '-' => gap = true,
            c if c.is_whitespace() => gap = true,
            // Invisible marks that exports leave behind.
            '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}' | '\u{ad}' => {}
            c => {
                if gap && !out.is_empty() {
                    out.push(' ');
                }
                gap = false;
                out.extend(c.to_lowercase());
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(head: &str, headers: &[&str]) -> (u8, usize, usize) {
        let header = find(head, &Wanted { headers: headers.to_vec(), ..Wanted::default() }).unwrap();
        (header.delimiter, header.line, header.found)
    }

    #[test]
    fn the_header_is_the_line_with_the_columns() {
        assert_eq!(look("a,b\n1,2\n", &["a", "b"]), (b',', 1, 2));
        assert_eq!(look("Report;;\n\n;;\n# by hand\nMonth;Region;Churn %\n", &["month", "churn %"]), (b';', 5, 2));
        assert_eq!(look("a, b\tc\n1\t2\n", &["a, b", "c"]), (b'\t', 1, 2));
        assert_eq!(look("5\" pipe report\na|b\n", &["a", "b"]), (b'|', 2, 2));
        assert_eq!(look("\"Resolved\nfirst time\",b\n", &["resolved first time", "b"]), (b',', 1, 2));
        assert_eq!(look("x\ny\n", &["a"]), (b',', 1, 0));
        assert_eq!(find("\n\n,,\n", &Wanted::default()), None);
    }

    #[test]
    fn what_is_declared_wins() {
        let wanted = Wanted { headers: vec!["a"], delimiter: Some(b';'), line: Some(2), is_wide: false };
        let header = find("a,b\na;b\n", &wanted).unwrap();
        assert_eq!((header.line, header.delimiter, header.names.len()), (2, b';', 2));
    }

    #[test]
    fn folding_leaves_what_people_do_not_vary() {
        for name in ["Résolu au premier", "resolu_au_premier", " RESOLU\u{a0}AU  PREMIER ", "re\u{301}solu-au-premier"]
        {
            assert_eq!(fold(name), "resolu au premier");
        }
        assert_ne!(fold("churn"), fold("churn %"));
    }
}
