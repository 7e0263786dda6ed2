//! The careful way through a file: record by record, naming the place of everything that is wrong.
//!
//! Runs only when the fast way met something. Shows the first findings of a source and counts the rest.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

use super::files::InputFile;
use super::row::{RowBase, position};
use super::shape::{ShapeFault, field_spans, without_line_end};
use super::stream::Outcome;
use crate::diagnostic::{Code, Diagnostic, Locus};
use crate::formula::{CellFault, Predicate, RowFault, Scale};
use crate::metric::Source;
use crate::period::{Grain, Period};
use crate::plan::Scan;
use crate::prose;

/// Findings shown a source.
const SHOWN: usize = 20;
/// The longest record read whole, in bytes.
const MAX_RECORD: u64 = 1 << 26;
/// Bytes of a record shown.
const EXCERPT: usize = 160;

/// Names every place at fault, in file order.
pub(super) fn locate(files: &[InputFile], source: &Source, scan: &Scan, outcome: &Outcome) -> Vec<Diagnostic> {
    let mut locator = Locator {
        source,
        scan,
        scale: outcome.scale,
        filter: scan.filter.as_ref().map(|filter| filter.map(&mut |column| position(scan, column))),
        bases: RowBase::of(scan),
        found: Vec::new(),
        more: 0,
        grains: BTreeMap::new(),
    };
    for index in &outcome.faulty {
        if let Err(error) = locator.file(&files[*index]) {
            locator
                .found
                .push(Diagnostic::error(Code::BadFile, format!("cannot read `{}`: {error}", files[*index].shown)));
        }
    }
    locator.mixed_grains();
    if locator.more > 0
        && let Some(last) = locator.found.last_mut()
    {
        last.notes.push(format!(
            "and {} like these in the source `{}`",
            prose::count(locator.more, "more problem"),
            source.id
        ));
    }
    locator.found
}

struct Locator<'l> {
    source: &'l Source,
    scan: &'l Scan,
    scale: Scale,
    filter: Option<Predicate<usize>>,
    bases: Vec<RowBase>,
    found: Vec<Diagnostic>,
    more: usize,
    /// The first place of each grain met.
    grains: BTreeMap<Grain, Locus>,
}

/// One record and where it stands.
struct Record<'r> {
    file: &'r InputFile,
    line: usize,
    bytes: &'r [u8],
}

impl Locator<'_> {
    fn file(&mut self, file: &InputFile) -> std::io::Result<()> {
        let mut reader = BufReader::with_capacity(1 << 18, File::open(&file.path)?);
        let mut head = vec![0; file.head as usize];
        reader.read_exact(&mut head)?;
        let mut line = 1 + head.iter().filter(|byte| **byte == b'\n').count();
        reader.seek(SeekFrom::Start(file.head))?;
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            let lines = read_record(&mut reader, &mut bytes)?;
            if bytes.is_empty() {
                return Ok(());
            }
            let record = without_line_end(&bytes);
            if !record.is_empty() {
                self.record(&Record { file, line, bytes: record });
            }
            line += lines;
        }
    }

    fn record(&mut self, record: &Record<'_>) {
        let file = record.file;
        let Ok(text) = std::str::from_utf8(record.bytes) else {
            let lossy = String::from_utf8_lossy(record.bytes).into_owned();
            // The two texts agree up to the first byte that is none.
            let at = lossy.find('\u{fffd}').unwrap_or_default();
            let locus = record.locus_of(&lossy, at..at + '\u{fffd}'.len_utf8());
            return self.keep(|| {
                Diagnostic::error(Code::BadCell, "this byte is not UTF-8 text")
                    .at_locus(locus, "")
                    .help("save the file as UTF-8")
            });
        };
        let spans = match field_spans(record.bytes, file.dialect.delimiter) {
            Ok(spans) if spans.len() == file.dialect.fields => spans,
            Ok(spans) => return self.shape(record, text, ShapeFault::Fields(spans.len())),
            Err(fault) => return self.shape(record, text, fault),
        };
        let cells: Vec<String> =
            file.positions.iter().map(|position| unquoted(&text[spans[*position].clone()])).collect();
        let locus = |column: usize| record.locus_of(text, spans[file.positions[column]].clone());
        let cell = |column: usize| Some(cells[column].as_str()).filter(|text| !text.is_empty());
        match self.filter.as_ref().map_or(Ok(Some(true)), |filter| filter.holds(&cell, self.scale)) {
            Ok(Some(true)) => {}
            Ok(_) => return,
            Err(fault) => return self.cell(fault, &cells, &locus),
        }
        match Period::parse(cells[0].trim()) {
            None => self.period(&cells[0], locus(0)),
            Some(period) => {
                self.grains.entry(period.grain()).or_insert_with(|| locus(0));
            }
        }
        let mut faults: Vec<RowFault<usize>> = Vec::new();
        for base in &self.bases {
            if let Err(fault) = base.value(&cell, self.scale)
                && !faults.contains(&fault)
            {
                faults.push(fault);
            }
        }
        // In the order of the line, whatever asked for the cells first.
        faults.sort_by_key(|fault| match fault {
            RowFault::Cell(column, _) => file.positions[*column],
            RowFault::ZeroDenominator | RowFault::Result(_) => usize::MAX,
        });
        for fault in faults {
            self.cell(fault, &cells, &locus);
        }
    }

    fn shape(&mut self, record: &Record<'_>, text: &str, fault: ShapeFault) {
        let fields = record.file.dialect.fields;
        let (message, help) = match fault {
            ShapeFault::Fields(found) => {
                let message = format!("this row has {}, the header {fields}", prose::count(found, "field"));
                (
                    message,
                    if found < fields {
                        "complete the row, or remove it if it is not one"
                    } else {
                        "put a cell that holds the character between fields in double quotes"
                    },
                )
            }
            ShapeFault::StrayQuote => (
                "a quote stands inside a field".to_owned(),
                "put the whole field in double quotes and double each quote in it",
            ),
            ShapeFault::OpenQuote => {
                ("a quote opens here and is never closed".to_owned(), "close the quote, or remove it")
            }
        };
        let span = match fault {
            ShapeFault::StrayQuote | ShapeFault::OpenQuote => quote_at_fault(text, record.file.dialect.delimiter),
            ShapeFault::Fields(_) => 0..text.len(),
        };
        let locus = record.locus_of(text, span);
        self.keep(|| Diagnostic::error(Code::BadRow, message).at_locus(locus, "").help(help));
    }

    fn period(&mut self, text: &str, locus: Locus) {
        let message = if text.trim().is_empty() {
            "the period is blank".to_owned()
        } else {
            format!("`{}` is not a period", prose::shortened(text, 40))
        };
        let column = self.source.period.clone();
        self.keep(|| {
            Diagnostic::error(Code::BadCell, message)
                .at_locus(locus, format!("column `{column}`"))
                .help("periods are written 2024-01-31, 2024-01, 2024-W05, 2024-Q1 or 2024")
        });
    }

    fn cell(&mut self, fault: RowFault<usize>, cells: &[String], locus: &dyn Fn(usize) -> Locus) {
        let columns = &self.scan.columns;
        let diagnostic = match fault {
            RowFault::Cell(column, CellFault::NotANumber) => {
                let message = format!("`{}` is not a number", prose::shortened(&cells[column], 40));
                Diagnostic::error(Code::BadCell, message)
                    .at_locus(locus(column), format!("column `{}`", columns[column]))
                    .help(how_to_write(&cells[column]))
            }
            RowFault::Cell(column, fault) => {
                let message =
                    format!("`{}` has {fault}", prose::shortened(&cells[column], 40)).replace("has too", "is too");
                Diagnostic::error(Code::BadCell, message)
                    .at_locus(locus(column), format!("column `{}`", columns[column]))
                    .help(if fault == CellFault::TooFine { "round it" } else { "measure in a larger unit" })
            }
            RowFault::ZeroDenominator => Diagnostic::error(Code::BadCell, "the arithmetic of this row divides by zero")
                .at_locus(locus(0), "")
                .help("leave such rows out with `where`"),
            RowFault::Result(fault) => Diagnostic::error(
                Code::BadCell,
                format!("the arithmetic of this row gives a number with {fault}").replace("with too", "that is too"),
            )
            .at_locus(locus(0), "")
            .help("round the cells it is computed from, or measure in another unit"),
        };
        self.keep(|| diagnostic);
    }

    fn mixed_grains(&mut self) {
        let mut loci = self.grains.iter();
        if let (Some((first, at)), Some((second, other))) = (loci.next(), loci.next()) {
            let message = format!("the source `{}` mixes periods by {first} and by {second}", self.source.id);
            self.found.push(
                Diagnostic::error(Code::MixedGrain, message)
                    .at_locus(other.clone(), format!("by {second}"))
                    .at_locus(at.clone(), format!("by {first}"))
                    .help("write all its periods alike, or declare a source for each"),
            );
        }
    }

    fn keep(&mut self, diagnostic: impl FnOnce() -> Diagnostic) {
        if self.found.len() < SHOWN {
            self.found.push(diagnostic());
        } else {
            self.more += 1;
        }
    }
}

impl Record<'_> {
    /// The locus of some bytes of the record's first line, shortened around them.
    fn locus_of(&self, text: &str, span: std::ops::Range<usize>) -> Locus {
        let line = self.line + text[..span.start].matches('\n').count();
        let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
        let rest = &text[start..];
        let rest = &rest[..rest.find('\n').unwrap_or(rest.len())];
        let (from, to) = (span.start - start, (span.end - start).min(rest.len()));
        let window = boundary(rest, from.saturating_sub(EXCERPT / 2))..boundary(rest, (from + EXCERPT).min(rest.len()));
        let excerpt = &rest[window.clone()];
        Locus::Data {
            path: self.file.shown.clone(),
            line,
            text: excerpt.to_owned(),
            span: from - window.start..to.min(window.end).max(from) - window.start,
        }
    }
}

/// How to write what the writer of a cell most likely meant.
fn how_to_write(cell: &str) -> &'static str {
    let cell = cell.trim();
    if cell.ends_with('%') {
        "a share is written as a fraction, without the sign: 0.75"
    } else if cell.contains(|c: char| c.is_ascii_digit()) && cell.contains([',', ' ', '\u{a0}', '\'']) {
        "numbers are written 1234.5: a point before the decimals, nothing between thousands"
    } else if cell.contains(|c: char| c.is_ascii_digit()) {
        "numbers are written 1234.5"
    } else {
        "numbers are written 1234.5; a missing one is left blank"
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
    start..(start + 1).min(bytes.len())
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A field's text without its quotes.
fn unquoted(field: &str) -> String {
    match field.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => field.to_owned(),
    }
}

/// Reads one record with its line end; answers how many lines it spans.
fn read_record(reader: &mut impl BufRead, into: &mut Vec<u8>) -> std::io::Result<usize> {
    let (mut lines, mut inside) = (0, false);
    loop {
        let start = into.len();
        let read = reader.take(MAX_RECORD).read_until(b'\n', into)?;
        lines += 1;
        inside ^= into[start..].iter().filter(|byte| **byte == b'"').count() % 2 == 1;
        if read == 0 || !inside || into.len() as u64 > MAX_RECORD {
            return Ok(lines);
        }
    }
}
