//! Finding the files of a source, and what each is: a text, a workbook, a table of columns.
//!
//! Reads the head of each file only.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use super::decode::{self, Bytes};
use super::dialect::{self, DELIMITERS, Wanted};
use super::guard::guarded;
use super::head::{self, Kind, TextHead, kind};
use super::header::{Columns, HeaderLine, needed};
use super::locus::quote_at_fault;
use super::own::is_own;
use super::shape::field_spans;
use super::stamp::Stamp;
use super::{columnar, workbook};
use crate::diagnostic::{Code, Diagnostic, Placed};
use crate::metric::{Layout, Scorecard, Source};
use crate::plan::Scan;
use crate::prose;

/// A file with every column the scan needs.
#[derive(Clone, Debug)]
pub(super) struct InputFile {
    pub(super) path: PathBuf,
    /// As messages show it.
    pub(super) shown: String,
    pub(super) form: Form,
    pub(super) columns: Columns,
    /// The line (or row) of the header, from 1.
    pub(super) line: usize,
    pub(super) bytes: u64,
    /// When it was opened.
    pub(super) stamp: Stamp,
}

/// What a file is.
#[derive(Clone, Debug)]
pub(super) enum Form {
    /// Delimited text.
    Text(TextForm),
    /// A sheet of a workbook.
    Sheet(String),
    /// Typed columns.
    Columnar,
}

/// Delimited text.
#[derive(Clone, Copy, Debug)]
pub(super) struct TextForm {
    pub(super) bytes: Bytes,
    pub(super) delimiter: u8,
    /// Bytes of text before the first record, without the mark.
    pub(super) head: u64,
    /// The line the first record begins on, from 1.
    pub(super) first_line: u64,
}

impl InputFile {
    /// Fields of every record.
    pub(super) fn fields(&self) -> usize {
        self.columns.names.len()
    }

    /// The text form; `None` where its cells have places of their own.
    pub(super) fn text(&self) -> Option<&TextForm> {
        match &self.form {
            Form::Text(text) => Some(text),
            Form::Sheet(_) | Form::Columnar => None,
        }
    }

    /// As messages name the place of its rows: a workbook with the sheet.
    pub(super) fn shown_place(&self) -> String {
        match &self.form {
            Form::Sheet(sheet) => workbook::shown(&self.shown, sheet),
            Form::Text(_) | Form::Columnar => self.shown.clone(),
        }
    }

    /// The delimiter's name, where it has one.
    pub(super) fn delimiter_name(&self) -> Option<&'static str> {
        let delimiter = self.text()?.delimiter;
        DELIMITERS.iter().find(|(byte, _)| *byte == delimiter).map(|(_, name)| *name)
    }
}

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
        if !literal && is_own(&path) {
            continue;
        }
        match open(&path, scorecard, scan, None) {
            Ok(file) => files.push(file),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        problems = unheaded_amounts(source, &files);
    }
    if problems.is_empty() { Ok(files) } else { Err(problems) }
}

/// The columns declared to be money that no file has: the one that is meant would not be converted once it is read.
fn unheaded_amounts(source: &Source, files: &[InputFile]) -> Vec<Diagnostic> {
    let amounts = source.conversion.iter().flat_map(|conversion| &conversion.amounts);
    let is_across = |name: &str| source.written.layout == Layout::Wide && name == Source::VALUE;
    let is_there = |name: &str| files.iter().any(|file| file.columns.has(source.header_of(name)));
    let missing = amounts.filter(|amount| !is_across(&amount.value) && !is_there(&amount.value));
    let problem = |amount: &Placed<String>| {
        let path = match files {
            [one] => one.shown.as_str(),
            _ => &source.written_path,
        };
        let message = format!("`{path}` has no column `{}`", source.header_of(&amount.value));
        let names: BTreeSet<&str> = files.iter().flat_map(|file| &file.columns.names).map(String::as_str).collect();
        let help = prose::did_you_mean(&amount.value, names.into_iter().filter(|name| !name.is_empty()).take(12));
        let place = format!("an amount of `{}`", source.id);
        let problem = Diagnostic::error(Code::BadColumn, message).at(&amount.place, place);
        problem.help(help.unwrap_or_else(|| "drop it".to_owned()))
    };
    missing.map(problem).collect()
}

/// The pattern with the scorecard's own folder taken literally.
fn pattern_of(source: &Source) -> String {
    let whole = source.path.display().to_string();
    match whole.strip_suffix(&source.written_path) {
        Some(folder) => format!("{}{}", glob::Pattern::escape(folder), source.written_path),
        None => whole,
    }
}

/// Opens one file; where `encoding` is given, as a text in it.
pub(super) fn open(
    path: &Path,
    scorecard: &Scorecard,
    scan: &Scan,
    encoding: Option<&'static decode::Encoding>,
) -> Result<InputFile, Vec<Diagnostic>> {
    let source = scorecard.source(scan.source);
    let opening = Opening { path, shown: cleaned(path), source, scorecard, scan };
    let metadata = std::fs::metadata(path).map_err(|error| opening.unreadable(&error))?;
    if metadata.is_dir() {
        return Err(opening.refuse("is a folder", "name the files in it: `path = \"folder/*.csv\"`"));
    }
    if !metadata.is_file() && metadata.len() == 0 {
        return Err(opening.refuse("is not a file", "a file may be read more than once: write the data to one"));
    }
    let head = opening.head(false)?;
    let (form, columns, line) = match kind(&head) {
        Kind::Text => opening.text(&head, false, encoding)?,
        Kind::Packed => opening.text(&opening.head(true)?, true, encoding)?,
        Kind::Workbook => opening.workbook()?,
        Kind::Columnar => opening.columnar()?,
        Kind::OldWorkbook => {
            return Err(opening.refuse("is a workbook of an old format", "save it as .xlsx, or the sheet as CSV"));
        }
    };
    let (bytes, stamp) = (metadata.len(), Stamp::of(&metadata));
    Ok(InputFile { path: path.to_owned(), shown: opening.shown, form, columns, line, bytes, stamp })
}

/// One file being opened.
struct Opening<'o> {
    path: &'o Path,
    shown: String,
    source: &'o Source,
    scorecard: &'o Scorecard,
    scan: &'o Scan,
}

type Opened = (Form, Columns, usize);

impl Opening<'_> {
    fn problem(&self, message: String) -> Diagnostic {
        Diagnostic::error(Code::BadFile, message).at(&self.source.path_place, "")
    }

    fn refuse(&self, what: &str, help: &str) -> Vec<Diagnostic> {
        vec![self.problem(format!("`{}` {what}", self.shown)).help(help)]
    }

    fn unreadable(&self, error: &std::io::Error) -> Vec<Diagnostic> {
        let message = format!("cannot read `{}`: {}", self.shown, prose::io_error(error));
        vec![self.problem(message).help("paths are relative to the scorecard file they stand in")]
    }

    fn head(&self, packed: bool) -> Result<Vec<u8>, Vec<Diagnostic>> {
        match head::raw(self.path, packed) {
            Ok(head) => Ok(head),
            Err(error) if packed => {
                let message = format!("cannot unpack `{}`: {}", self.shown, prose::io_error(&error));
                Err(vec![self.problem(message).help("it was cut off or damaged: send it again")])
            }
            Err(error) => Err(self.unreadable(&error)),
        }
    }

    fn wanted(&self) -> Wanted<'_> {
        Wanted {
            headers: needed(self.source, self.scan),
            delimiter: self.source.written.delimiter,
            line: self.source.written.header,
            is_wide: self.source.written.layout == Layout::Wide,
        }
    }

    fn encoding(&self, head: &[u8], packed: bool) -> Result<&'static decode::Encoding, Vec<Diagnostic>> {
        if let Some(declared) = &self.source.written.encoding {
            let marked = decode::marked(head).filter(|_| decode::is_utf16(&declared.value));
            return marked.or_else(|| decode::labelled(&declared.value)).ok_or_else(|| {
                let problem = Diagnostic::error(Code::BadSetting, format!("there is no encoding `{}`", declared.value));
                vec![
                    problem
                        .at(&declared.place, "")
                        .help("write for example \"utf-8\", \"windows-1252\" or \"utf-16le\""),
                ]
            });
        }
        if let Some(marked) = decode::marked(head) {
            return Ok(marked);
        }
        if decode::is_utf8(head) {
            return Ok(decode::UTF_8);
        }
        decode::guessed(self.path, packed).map_err(|error| self.unreadable(&error))
    }

    fn text(
        &self,
        head: &[u8],
        packed: bool,
        encoding: Option<&'static decode::Encoding>,
    ) -> Result<Opened, Vec<Diagnostic>> {
        if head.is_empty() {
            return Err(self.refuse("is empty", "a data file begins with a header line"));
        }
        let encoding = encoding.map_or_else(|| self.encoding(head, packed), Ok)?;
        let head = TextHead::read(self.path, encoding, packed).map_err(|error| self.unreadable(&error))?;
        if !head.is_text() {
            return Err(self.refuse("is no text", "save it as CSV, .xlsx or .parquet"));
        }
        let Some(found) = dialect::find(&head.text, &self.wanted()) else {
            let what = match self.source.written.header {
                Some(line) => format!("has no header in line {line}: it is blank there, or ends before"),
                None => "is blank".to_owned(),
            };
            return Err(self.refuse(&what, "a data file begins with a header line"));
        };
        let header = HeaderLine {
            names: &found.names,
            text: &found.text,
            delimiter: Some(found.delimiter),
            shown: &self.shown,
            line: found.line,
        };
        self.well_formed(&header, found.delimiter)?;
        let columns = header.columns(self.scorecard, self.scan)?;
        Ok((Form::Text(head.form(&found)), columns, found.line))
    }

    /// A header that swallowed the rows below it is none.
    fn well_formed(&self, header: &HeaderLine<'_>, delimiter: u8) -> Result<(), Vec<Diagnostic>> {
        if field_spans(header.text.as_bytes(), delimiter).is_ok() {
            return Ok(());
        }
        let locus = header.locus(quote_at_fault(header.text, delimiter));
        let message = format!("the quotes in the header of `{}` do not match", self.shown);
        let problem =
            Diagnostic::error(Code::BadRow, message).at_locus(locus, "").at(&self.source.path_place, "read here");
        Err(vec![problem.help("put the whole name in double quotes and double each quote in it")])
    }

    fn workbook(&self) -> Result<Opened, Vec<Diagnostic>> {
        let sheet =
            workbook::header(self.path, &self.wanted(), self.source.written.sheet.as_ref().map(|s| s.value.as_str()));
        let sheet = sheet.map_err(|fault| {
            let place = self.source.written.sheet.as_ref().map_or(&self.source.path_place, |sheet| &sheet.place);
            let message = format!("{} in `{}`", fault.message, self.shown);
            vec![Diagnostic::error(Code::BadFile, message).at(place, "").help(fault.help)]
        })?;
        let shown = workbook::shown(&self.shown, &sheet.name);
        let header =
            HeaderLine { names: &sheet.names, text: &sheet.text, delimiter: None, shown: &shown, line: sheet.row };
        let columns = header.columns(self.scorecard, self.scan)?;
        Ok((Form::Sheet(sheet.name), columns, sheet.row))
    }

    fn columnar(&self) -> Result<Opened, Vec<Diagnostic>> {
        let names = guarded(|| columnar::names(self.path).map_err(std::io::Error::other)).map_err(|error| {
            let message = format!("cannot read `{}`: {error}", self.shown);
            vec![self.problem(message).help("it was cut off or damaged: send it again")]
        })?;
        let text = names.join(" | ");
        let header = HeaderLine { names: &names, text: &text, delimiter: None, shown: &self.shown, line: 0 };
        let columns = header.columns(self.scorecard, self.scan)?;
        Ok((Form::Columnar, columns, 0))
    }
}

/// A path without `a/..` and `./`, for people; the file itself is opened by the path as it is.
pub(super) fn cleaned(path: &Path) -> String {
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
