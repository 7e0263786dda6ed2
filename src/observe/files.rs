//! Finding the files of a source, their dialect and their header.
//!
//! The dialect is not sniffed blind: it is the delimiter under which the columns the plan needs appear.
//! Reads the head of each file only.

use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use super::locate::quote_at_fault;
use super::shape::{Dialect, field_spans, record_length, without_line_end};
use crate::diagnostic::{Code, Diagnostic, Locus, Place};
use crate::metric::{Schedule, Scorecard, Source};
use crate::plan::Scan;
use crate::prose;

/// A file whose header has every column the scan needs.
#[derive(Clone, Debug)]
pub(super) struct InputFile {
    pub(super) path: PathBuf,
    /// As messages show it.
    pub(super) shown: String,
    pub(super) dialect: Dialect,
    /// Bytes before the first record.
    pub(super) head: u64,
    pub(super) bytes: u64,
    /// For each of the scan's columns, its position in the file.
    pub(super) positions: Vec<usize>,
}

/// The delimiters clean files use, with their names.
pub(super) const DELIMITERS: [(u8, &str); 3] = [(b',', "comma"), (b';', "semicolon"), (b'\t', "tab")];

/// A header must end within so many bytes.
const MAX_HEADER: usize = 1 << 20;

/// Finds the files of a source, in name order.
pub(super) fn find(scorecard: &Scorecard, scan: &Scan) -> Result<Vec<InputFile>, Vec<Diagnostic>> {
    let source = scorecard.source(scan.source);
    let problem = |message: String| Diagnostic::error(Code::BadFile, message).at(&source.path_place, "");
    let literal = !source.written_path.contains(['*', '?', '[']);
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    let mut paths: Vec<PathBuf> = Vec::new();
    if literal {
        paths.push(source.path.clone());
    } else {
        match glob::glob(&pattern_of(source)) {
            Ok(found) => {
                for path in found {
                    match path {
                        Ok(path) => paths.push(path),
                        Err(error) => problems.push(problem(format!(
                            "cannot look into `{}`: {}",
                            cleaned(error.path()),
                            prose::io_error(error.error())
                        ))),
                    }
                }
            }
            Err(error) => {
                let message = format!("`{}` is not a path pattern: {}", source.written_path, error.msg);
                return Err(vec![
                    problem(message).help("a pattern takes `*`, `?` and `[abc]`; write `[[]` for a bracket"),
                ]);
            }
        }
    }
    paths.sort();
    if paths.is_empty() && problems.is_empty() {
        return Err(vec![
            problem(format!("`{}` matches no file", source.written_path))
                .help("paths are relative to the scorecard file they stand in"),
        ]);
    }
    for path in paths {
        match open(&path, scorecard, scan) {
            Ok(file) => files.push(file),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(files) } else { Err(problems) }
}

/// The pattern with the scorecard's own folder taken literally.
fn pattern_of(source: &Source) -> String {
    let whole = source.path.display().to_string();
    match whole.strip_suffix(&source.written_path) {
        Some(folder) => format!("{}{}", glob::Pattern::escape(folder), source.written_path),
        None => whole,
    }
}

fn open(path: &Path, scorecard: &Scorecard, scan: &Scan) -> Result<InputFile, Vec<Diagnostic>> {
    let source = scorecard.source(scan.source);
    let shown = cleaned(path);
    let problem = |message: String| Diagnostic::error(Code::BadFile, message).at(&source.path_place, "");
    let unreadable = |error: &std::io::Error| {
        vec![
            problem(format!("cannot read `{shown}`: {}", prose::io_error(error)))
                .help("paths are relative to the scorecard file they stand in"),
        ]
    };
    let metadata = std::fs::metadata(path).map_err(|error| unreadable(&error))?;
    if metadata.is_dir() {
        return Err(vec![
            problem(format!("`{shown}` is a folder")).help("name the files in it: `path = \"folder/*.csv\"`"),
        ]);
    }
    if !metadata.is_file() && metadata.len() == 0 {
        let help = "a file may be read more than once: write the data to one";
        return Err(vec![problem(format!("`{shown}` is not a file")).help(help)]);
    }
    let mut head = Vec::new();
    let reader = File::open(path).map_err(|error| unreadable(&error))?;
    reader.take(MAX_HEADER as u64).read_to_end(&mut head).map_err(|error| unreadable(&error))?;
    if let Some((kind, help)) = foreign(&head) {
        return Err(vec![problem(format!("`{shown}` is {kind}, not CSV text")).help(help)]);
    }
    let mark = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let blank = head[mark..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
    let start = mark + blank;
    if head.len() == start {
        return Err(vec![problem(format!("`{shown}` is empty")).help("a data file begins with a header line")]);
    }
    let length = record_length(&head[start..]);
    let header = without_line_end(&head[start..start + length]);
    let Ok(text) = std::str::from_utf8(header) else {
        return Err(vec![problem(format!("the header of `{shown}` is not UTF-8 text")).help("save the file as UTF-8")]);
    };
    let (delimiter, names) = best_delimiter(text, &scan.columns);
    let line = 1 + head[..start].iter().filter(|byte| **byte == b'\n').count();
    let header = Header { names: &names, text, delimiter, shown: &shown, line };
    header.well_formed(source).map_err(|problem| vec![problem])?;
    let positions = header.positions(scorecard, scan)?;
    Ok(InputFile {
        path: path.to_owned(),
        shown,
        dialect: Dialect { delimiter, fields: names.len() },
        head: (start + length) as u64,
        bytes: metadata.len(),
        positions,
    })
}

/// What a file is that only looks like data, and what to do with it.
fn foreign(head: &[u8]) -> Option<(&'static str, &'static str)> {
    let kinds: [(&[u8], &str, &str); 4] = [
        (b"PK\x03\x04", "a spreadsheet or an archive", "save the sheet as CSV, or unpack the archive"),
        (b"\x1f\x8b", "compressed", "unpack it first"),
        (b"\xff\xfe", "UTF-16", "save it as UTF-8"),
        (b"\xfe\xff", "UTF-16", "save it as UTF-8"),
    ];
    kinds.into_iter().find(|(magic, ..)| head.starts_with(magic)).map(|(_, kind, help)| (kind, help))
}

/// The delimiter under which most needed columns appear; the comma where none does better.
fn best_delimiter(header: &str, needed: &[String]) -> (u8, Vec<String>) {
    let split = |delimiter: u8| -> Vec<String> {
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).from_reader(header.as_bytes());
        let record = reader.records().next().and_then(Result::ok).unwrap_or_default();
        record.iter().map(|name| name.trim().to_owned()).collect()
    };
    let mut best = (0, b',', split(b','));
    for (index, (delimiter, _)) in DELIMITERS.iter().enumerate() {
        let names = split(*delimiter);
        let found = needed.iter().filter(|column| names.contains(column)).count();
        if index == 0 || found > best.0 {
            best = (found, *delimiter, names);
        }
    }
    (best.1, best.2)
}

/// The header of one file.
struct Header<'h> {
    names: &'h [String],
    text: &'h str,
    delimiter: u8,
    shown: &'h str,
    line: usize,
}

impl Header<'_> {
    /// A header that swallowed the rows below it is none.
    fn well_formed(&self, source: &Source) -> Result<(), Diagnostic> {
        if field_spans(self.text.as_bytes(), self.delimiter).is_err() {
            let locus = self.locus(quote_at_fault(self.text, self.delimiter));
            let problem =
                Diagnostic::error(Code::BadRow, format!("the quotes in the header of `{}` do not match", self.shown));
            let problem = problem.at_locus(locus, "").at(&source.path_place, "read here");
            return Err(problem.help("put the whole name in double quotes and double each quote in it"));
        }
        if self.text.contains('\r') && !self.text.contains('"') {
            let message = format!("the lines of `{}` end in carriage returns alone", self.shown);
            let problem = Diagnostic::error(Code::BadFile, message).at(&source.path_place, "");
            return Err(problem.help("save the file with line feeds"));
        }
        Ok(())
    }

    /// For each column the scan needs, its position here.
    fn positions(&self, scorecard: &Scorecard, scan: &Scan) -> Result<Vec<usize>, Vec<Diagnostic>> {
        if let ([_], [_, _, ..]) = (self.names, scan.columns.as_slice()) {
            let problem = Diagnostic::error(Code::BadColumn, format!("`{}` has only one column", self.shown));
            let problem = problem.at(&scorecard.source(scan.source).path_place, "");
            let problem = problem.at_locus(self.locus(0..self.text.len()), "the header");
            return Err(vec![problem.help("put commas, semicolons or tabs between the columns")]);
        }
        let (mut positions, mut problems) = (Vec::new(), Vec::new());
        for column in &scan.columns {
            let mut found = self.names.iter().enumerate().filter(|(_, name)| *name == column).map(|(index, _)| index);
            match (found.next(), found.next()) {
                (Some(position), None) => positions.push(position),
                (None, _) => problems.push(self.missing(column, scorecard, scan)),
                (Some(_), Some(second)) => problems.push(self.twice(column, second, scorecard.source(scan.source))),
            }
        }
        if problems.is_empty() { Ok(positions) } else { Err(problems) }
    }

    fn missing(&self, column: &str, scorecard: &Scorecard, scan: &Scan) -> Diagnostic {
        let (place, needs) = need_of(column, scorecard, scan);
        let in_condition = needs.starts_with("the `where`");
        let mut problem = Diagnostic::error(Code::BadColumn, format!("`{}` has no column `{column}`", self.shown))
            .at(place, needs)
            .at_locus(self.locus(0..self.text.len()), "the header");
        if in_condition {
            problem = problem.note(format!("if it is a text, write it in single quotes: '{column}'"));
        }
        match prose::did_you_mean(column, self.names.iter().map(String::as_str)) {
            Some(help) => problem.help(help),
            None => problem,
        }
    }

    fn twice(&self, column: &str, second: usize, source: &Source) -> Diagnostic {
        let spans = field_spans(self.text.as_bytes(), self.delimiter).unwrap_or_default();
        let span = spans.get(second).cloned().unwrap_or(0..self.text.len());
        Diagnostic::error(Code::BadColumn, format!("`{}` has the column `{column}` twice", self.shown))
            .at_locus(self.locus(span), "again here")
            .at(&source.path_place, "read here")
            .help("rename or remove one of them")
    }

    /// A stretch of the header, cut to a width for people.
    fn locus(&self, span: std::ops::Range<usize>) -> Locus {
        let mut end = self.text.len().min(span.start + 200);
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let text = self.text[..end].lines().next().unwrap_or_default().to_owned();
        let span = span.start.min(text.len())..span.end.min(text.len());
        Locus::Data { path: self.shown.to_owned(), line: self.line, text, span }
    }
}

/// Who needs a column, and where it says so.
fn need_of<'s>(column: &str, scorecard: &'s Scorecard, scan: &Scan) -> (&'s Place, String) {
    let source = scorecard.source(scan.source);
    if column == source.period {
        return (&source.period_place, format!("the period of `{}`", source.id));
    }
    let mut found = None;
    let mut note = |name: &String, place: &'s Place, needs: String| {
        if name == column && found.is_none() {
            found = Some((place, needs));
        }
    };
    if let Some(filter) = &source.filter {
        filter.visit(&mut |name| note(name, &source.place, format!("the `where` of `{}` needs it", source.id)));
    }
    for metric in &scorecard.metrics {
        let Some(measurement) = metric.measurement().filter(|measurement| measurement.source == scan.source) else {
            continue;
        };
        let mut in_formula = |formula: &crate::formula::Formula<crate::formula::Aggregate>, place: &'s Place| {
            formula.visit(&mut |aggregate| {
                if let Some(argument) = &aggregate.argument {
                    argument.visit(&mut |name| note(name, place, format!("`{}` needs it", metric.id)));
                }
            });
        };
        in_formula(&measurement.formula, &measurement.place);
        for bars in [&metric.target, &metric.threshold, &metric.stretch].into_iter().flatten() {
            for (_, schedule) in &bars.by_grain {
                if let Schedule::Measured(formula) = schedule {
                    in_formula(formula, &bars.place);
                }
            }
        }
        if let Some(filter) = &measurement.filter {
            filter.visit(&mut |name| note(name, &metric.place, format!("the `where` of `{}` needs it", metric.id)));
        }
    }
    found.unwrap_or_else(|| (&source.place, format!("a dimension of `{}`", source.id)))
}

/// A path without `a/..` and `./`, for people; the file itself is opened by the path as it is.
fn cleaned(path: &Path) -> String {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out.display().to_string().replace('\\', "/")
}
