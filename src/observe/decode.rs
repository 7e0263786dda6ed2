//! Bytes to UTF-8 text: gzip, encodings, byte order marks, line ends of carriage returns alone.
//!
//! Streams; never holds a file. The only home of encoding_rs, chardetng and flate2.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, UTF_16BE, UTF_16LE};

pub(super) use encoding_rs::{Encoding, UTF_8};
use flate2::read::MultiGzDecoder;

/// How the bytes of a text file become text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bytes {
    pub(super) encoding: &'static Encoding,
    /// Whether it is compressed by gzip.
    pub(super) packed: bool,
    /// Whether its lines end in carriage returns alone.
    pub(super) returns: bool,
}

impl Bytes {
    /// Whether the bytes of the file are the text, but for a byte order mark.
    pub(super) fn are_text(&self) -> bool {
        self.encoding == UTF_8 && !self.packed && !self.returns
    }

    /// Whether the text is UTF-8 as it stands in the file.
    pub(super) fn are_utf8(&self) -> bool {
        self.encoding == UTF_8
    }

    /// The encoding's name for people.
    pub(super) fn encoding_name(&self) -> &'static str {
        self.encoding.name()
    }

    /// The text of the file, as UTF-8, without a byte order mark.
    ///
    /// What is no text in the encoding becomes U+FFFD; UTF-8 is handed on as it is.
    pub(super) fn text(&self, path: &Path) -> std::io::Result<Box<dyn Read + Send>> {
        let raw = raw(path, self.packed)?;
        let text: Box<dyn Read + Send> = if self.encoding == UTF_8 {
            Box::new(WithoutMark::new(raw)?)
        } else {
            Box::new(Decoded::new(raw, self.encoding))
        };
        Ok(if self.returns { Box::new(LineFeeds(text)) } else { text })
    }
}

/// The bytes of a file, unpacked.
pub(super) fn raw(path: &Path, packed: bool) -> std::io::Result<Box<dyn Read + Send>> {
    let file = BufReader::with_capacity(1 << 18, File::open(path)?);
    Ok(if packed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) })
}

/// The encoding of a label such as `windows-1252`.
pub(super) fn labelled(label: &str) -> Option<&'static Encoding> {
    Encoding::for_label(label.trim().as_bytes())
}

/// Whether a label is that of UTF-16 of either order: then the file itself says which, where it has a mark.
pub(super) fn is_utf16(label: &str) -> bool {
    labelled(label).is_some_and(|encoding| encoding == UTF_16LE || encoding == UTF_16BE)
}

/// The encoding a mark or the zero bytes of plain letters give away.
pub(super) fn marked(head: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Some(encoding);
    }
    let zeros = |parity: usize| head.iter().take(256).skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let half = head.len().min(256) / 2;
    match (half >= 4, zeros(0) * 10 >= half * 7, zeros(1) * 10 >= half * 7) {
        (true, true, false) => Some(UTF_16BE),
        (true, false, true) => Some(UTF_16LE),
        _ => None,
    }
}

/// The encoding of a file that is not UTF-8 all through, from all its bytes.
///
/// A file with more of UTF-8 beyond ASCII than of anything else is UTF-8 with a fault, whose place is to be told.
pub(super) fn guessed(path: &Path, packed: bool) -> std::io::Result<&'static Encoding> {
    guessed_of(&mut raw(path, packed)?)
}

/// The same, from whatever bytes there are.
pub(super) fn guessed_of(reader: &mut dyn Read) -> std::io::Result<&'static Encoding> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let (mut sound, mut unsound) = (0usize, 0usize);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = reader.read(&mut buffer)?;
        detector.feed(&buffer[..read], read == 0);
        if read == 0 {
            break;
        }
        for chunk in buffer[..read].utf8_chunks() {
            sound += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
            unsound += usize::from(!chunk.invalid().is_empty());
        }
    }
    Ok(if sound >= unsound { UTF_8 } else { detector.guess(None, Utf8Detection::Deny) })
}

/// Whether bytes are UTF-8, but for a character cut off at their end.
pub(super) fn is_utf8(head: &[u8]) -> bool {
    match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && head.len() - error.valid_up_to() < 4,
    }
}

/// UTF-8 without the mark at its beginning.
struct WithoutMark<R> {
    inner: R,
    first: Vec<u8>,
    at: usize,
}

impl<R: Read> WithoutMark<R> {
    fn new(mut inner: R) -> std::io::Result<WithoutMark<R>> {
        let mut first = Vec::new();
        (&mut inner).take(3).read_to_end(&mut first)?;
        if first == b"\xef\xbb\xbf" {
            first.clear();
        }
        Ok(WithoutMark { inner, first, at: 0 })
    }
}

impl<R: Read> Read for WithoutMark<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.first.len() {
            return self.inner.read(into);
        }
        let count = into.len().min(self.first.len() - self.at);
        into[..count].copy_from_slice(&self.first[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

/// Another encoding as UTF-8.
struct Decoded<R> {
    inner: R,
    decoder: Decoder,
    raw: Vec<u8>,
    /// What of `raw` is not decoded yet.
    rest: std::ops::Range<usize>,
    ended: bool,
    finished: bool,
    text: Vec<u8>,
    handed: usize,
}

impl<R: Read> Decoded<R> {
    fn new(inner: R, encoding: &'static Encoding) -> Decoded<R> {
        Decoded {
            inner,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: vec![0; 1 << 16],
            rest: 0..0,
            ended: false,
            finished: false,
            text: Vec::new(),
            handed: 0,
        }
    }

    fn more(&mut self) -> std::io::Result<()> {
        if self.rest.is_empty() && !self.ended {
            let read = self.inner.read(&mut self.raw)?;
            self.rest = 0..read;
            self.ended = read == 0;
        }
        self.text.resize(1 << 17, 0);
        let raw = &self.raw[self.rest.clone()];
        let (result, read, written, _) = self.decoder.decode_to_utf8(raw, &mut self.text, self.ended);
        self.rest.start += read;
        self.text.truncate(written);
        self.handed = 0;
        self.finished = self.ended && result == encoding_rs::CoderResult::InputEmpty;
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        while self.handed == self.text.len() {
            if self.finished {
                return Ok(0);
            }
            self.more()?;
        }
        let count = into.len().min(self.text.len() - self.handed);
        into[..count].copy_from_slice(&self.text[self.handed..self.handed + count]);
        self.handed += count;
        Ok(count)
    }
}

/// Carriage returns as line feeds.
struct LineFeeds<R>(R);

impl<R: Read> Read for LineFeeds<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.0.read(into)?;
        into[..read].iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
        Ok(read)
    }
}
