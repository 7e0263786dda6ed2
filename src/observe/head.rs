//! The head of a file: what the first bytes say it is, and as a text how its bytes become one.
//!
//! Reads the head only. Knows no columns.

use std::io::Read;
use std::path::Path;

use super::decode::{self, Bytes, Encoding};
use super::dialect::Header;
use super::files::TextForm;

/// A header must end within so many bytes.
pub(super) const HEAD: u64 = 1 << 20;

/// What a file is.
pub(super) enum Kind {
    Text,
    Packed,
    Workbook,
    OldWorkbook,
    Columnar,
}

/// What the first bytes say a file is; its name says nothing.
pub(super) fn kind(head: &[u8]) -> Kind {
    let kinds: [(&[u8], Kind); 4] = [
        (b"PK\x03\x04", Kind::Workbook),
        (b"\xd0\xcf\x11\xe0", Kind::OldWorkbook),
        (b"\x1f\x8b", Kind::Packed),
        (b"PAR1", Kind::Columnar),
    ];
    kinds.into_iter().find(|(magic, _)| head.starts_with(magic)).map_or(Kind::Text, |(_, kind)| kind)
}

/// The first bytes of a file, unpacked.
pub(super) fn raw(path: &Path, packed: bool) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    decode::raw(path, packed)?.take(HEAD).read_to_end(&mut head)?;
    Ok(head)
}

/// The head of a text.
pub(super) struct TextHead {
    bytes: Bytes,
    /// As UTF-8, as far as it is text.
    utf8: Vec<u8>,
    /// The same; what is no text is marked.
    pub(super) text: String,
}

impl TextHead {
    /// Reads the head of a text in an encoding.
    pub(super) fn read(path: &Path, encoding: &'static Encoding, packed: bool) -> std::io::Result<TextHead> {
        let mut bytes = Bytes { encoding, packed, returns: false };
        let read = |bytes: &Bytes| -> std::io::Result<Vec<u8>> {
            let mut text = Vec::new();
            bytes.text(path)?.take(HEAD).read_to_end(&mut text)?;
            Ok(text)
        };
        let mut utf8 = read(&bytes)?;
        let mut text = lossy(utf8.clone());
        if ends_in_returns(&text) {
            bytes.returns = true;
            utf8 = read(&bytes)?;
            text = lossy(utf8.clone());
        }
        Ok(TextHead { bytes, utf8, text })
    }

    /// Whether it is text at all.
    pub(super) fn is_text(&self) -> bool {
        !self.text.starts_with(['\0', '\u{1}', '\u{2}', '\u{7f}'])
    }

    /// The form of the text below a header that was found in it.
    pub(super) fn form(&self, found: &Header) -> TextForm {
        // Where the text has marks for bytes that are none, only line ends tell where the file's own bytes are.
        let lines = memchr::memchr_iter(b'\n', &self.text.as_bytes()[..found.span.end]).count();
        let end = memchr::memchr_iter(b'\n', &self.utf8).nth(lines.wrapping_sub(1));
        let whole = found.span.end == self.text.len() && !self.text.ends_with('\n');
        TextForm {
            bytes: self.bytes,
            delimiter: found.delimiter,
            head: if whole { self.utf8.len() } else { end.map_or(0, |at| at + 1) } as u64,
            first_line: 1 + lines as u64,
        }
    }
}

/// Whether lines end in carriage returns alone; line breaks within quotes are cells' own.
fn ends_in_returns(text: &str) -> bool {
    let (mut inside, mut returns, mut feeds) = (false, 0usize, 0usize);
    let bytes = text.as_bytes();
    for at in memchr::memchr3_iter(b'\r', b'\n', b'"', bytes) {
        match bytes[at] {
            b'"' => inside = !inside,
            b'\n' if !inside => feeds += 1,
            b'\r' if !inside && bytes.get(at + 1) != Some(&b'\n') => returns += 1,
            _ => {}
        }
    }
    returns > feeds
}

/// Text up to a character cut off at its end; what is none is marked.
fn lossy(mut bytes: Vec<u8>) -> String {
    if let Err(error) = std::str::from_utf8(&bytes)
        && error.error_len().is_none()
    {
        bytes.truncate(error.valid_up_to());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
