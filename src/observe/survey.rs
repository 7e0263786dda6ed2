//! What a file shows before any scorecard names its columns: its header and the first of its rows, cell by cell.
//!
//! Reads with the same readers as a report, and never more than it is asked for. Understands no cell: what a column
//! is, the reader of a survey judges.

use std::path::{Path, PathBuf};

use super::decode::{self, Encoding};
use super::dialect::{self, Wanted};
use super::files::{Form, InputFile, TextForm};
use super::guard::guarded;
use super::head::{self, HEAD, Kind as FileKind, TextHead};
use super::header::Columns;
use super::own::is_own;
use super::pieces::{self, Piece};
use super::record::{Kind, TableRow};
use super::shape::{line_length, record_length, split_fields, unquoted, without_line_end};
use super::sniff::{self, RECORDS, Record};
use super::stamp::Stamp;
use super::totals::{Sureness, TotalWords};
use super::{columnar, workbook};
use crate::diagnostic::{Code, Diagnostic};
use crate::prose;

/// Cells kept at most, whatever the number of rows asked for.
const CELLS: usize = 400_000;

/// The header of a file and its first rows.
#[derive(Clone, Debug)]
pub struct Survey {
    /// As messages show it.
    pub shown: String,
    /// The sheet that was looked at, where the workbook has several.
    pub sheet: Option<String>,
    /// What lines that are no rows begin with, where there are such.
    pub comment: Option<&'static str>,
    /// Whether fields are parted by commas.
    pub by_commas: bool,
    /// The header, without blanks around the names.
    pub names: Vec<String>,
    /// The first rows below it.
    pub rows: Vec<SampleRow>,
    /// Whether those are all rows of the file.
    pub is_whole: bool,
    /// Rows that a report will stop at.
    pub odd: Vec<Diagnostic>,
}

/// A row: a cell for each name of the header.
#[derive(Clone, Debug)]
pub struct SampleRow {
    /// In the order of the header.
    pub cells: Vec<SampleCell>,
    /// Whether it says that it is a total.
    pub total: Option<TotalMark>,
}

/// How sure it is that a row is a total of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TotalMark {
    /// A cell says so and nothing else.
    Sure,
    /// A cell has such a word beside others: `Total Care` may be data.
    Unsure,
}

/// A cell as the file has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SampleCell {
    /// Without blanks around it.
    pub text: String,
    /// What the file says it is.
    pub kind: SampleKind,
}

/// What a file says of a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SampleKind {
    /// Nothing: it is text.
    #[default]
    Written,
    /// A number or a date, in plain text.
    Typed,
    /// A fraction, shown as a percentage.
    Percent,
    /// A percentage, in hundredths.
    Hundredths,
    /// An amount in this currency.
    Money(String),
}

/// The files of a path or pattern relative to a folder, in name order.
///
/// # Errors
/// The pattern is none; a folder cannot be looked into.
pub fn matching(folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, Vec<Diagnostic>> {
    // A folder that is not there yet cannot be gone through to what lies beside it.
    let (mut folder, mut pattern) = (folder, pattern);
    while !folder.as_os_str().is_empty() && !folder.exists() {
        let above = pattern.strip_prefix("../").zip(folder.parent().filter(|_| folder.file_name().is_some()));
        let Some((rest, parent)) = above else { break };
        (folder, pattern) = (parent, rest);
    }
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    if !pattern.contains(['*', '?', '[']) || folder.join(pattern).exists() {
        return Ok(vec![folder.join(pattern)]);
    }
    let whole = match Path::new(pattern).is_absolute() || folder == Path::new(".") {
        true => pattern.to_owned(),
        false => format!("{}/{pattern}", glob::Pattern::escape(&folder.display().to_string())),
    };
    let found = glob::glob(&whole).map_err(|error| {
        let problem = Diagnostic::error(Code::BadFile, format!("`{pattern}` is not a path pattern: {}", error.msg));
        vec![problem.help("a pattern takes `*`, `?` and `[abc]`; write `[[]` for a bracket")]
    })?;
    let mut paths = Vec::new();
    for path in found {
        paths.push(path.map_err(|error| {
            let (path, what) = (error.path().display(), prose::io_error(error.error()));
            let problem = Diagnostic::error(Code::BadFile, format!("cannot look into `{path}`: {what}"));
            vec![problem.help("name files or folders that may be read")]
        })?);
    }
    // A list that `--lenient` left there is no data.
    paths.retain(|path| !is_own(path));
    paths.sort();
    Ok(paths)
}

/// Reads the header of a file and at most so many rows.
///
/// # Errors
/// The file cannot be read, or has no header with two columns and a row.
pub fn survey(path: &Path, shown: &str, rows: usize) -> Result<Survey, Vec<Diagnostic>> {
    let surveyor = Surveyor { path, shown, rows };
    let metadata = std::fs::metadata(path).map_err(|error| surveyor.unreadable(&error))?;
    if metadata.is_dir() {
        return Err(surveyor.refuse("is a folder", "name the files in it: `folder/*.csv`"));
    }
    if !metadata.is_file() {
        return Err(surveyor.refuse("is not a file", "a file may be read more than once: write the data to one"));
    }
    let head = head::raw(path, false).map_err(|error| surveyor.unreadable(&error))?;
    let survey = match head::kind(&head) {
        FileKind::Text => surveyor.text(&head, false, metadata.len()),
        FileKind::Packed => {
            let head = head::raw(path, true).map_err(|error| surveyor.damaged(&error))?;
            surveyor.text(&head, true, metadata.len())
        }
        FileKind::Workbook => surveyor.workbook(metadata.len()),
        FileKind::Columnar => surveyor.columnar(metadata.len()),
        FileKind::OldWorkbook => {
            Err(surveyor.refuse("is a workbook of an old format", "save it as .xlsx, or the sheet as CSV"))
        }
    }?;
    if survey.rows.is_empty() {
        return Err(surveyor.refuse("has a header and no rows", "send it again, with its rows"));
    }
    Ok(survey)
}

/// One file being looked at.
struct Surveyor<'s> {
    path: &'s Path,
    shown: &'s str,
    rows: usize,
}

impl Surveyor<'_> {
    fn refuse(&self, what: &str, help: &str) -> Vec<Diagnostic> {
        vec![Diagnostic::error(Code::BadFile, format!("`{}` {what}", self.shown)).help(help)]
    }

    fn unreadable(&self, error: &std::io::Error) -> Vec<Diagnostic> {
        let message = format!("cannot read `{}`: {}", self.shown, prose::io_error(error));
        vec![Diagnostic::error(Code::BadFile, message).help("paths are relative to the folder the scorecard begins in")]
    }

    fn damaged(&self, error: &std::io::Error) -> Vec<Diagnostic> {
        let message = format!("cannot read `{}`: {}", self.shown, prose::io_error(error));
        vec![Diagnostic::error(Code::BadFile, message).help("it was cut off or damaged: send it again")]
    }

    fn text(&self, head: &[u8], packed: bool, bytes: u64) -> Result<Survey, Vec<Diagnostic>> {
        if head.is_empty() {
            return Err(self.refuse("is empty", "a data file begins with a header line"));
        }
        let encoding = encoding(head).map_err(|error| self.unreadable(&error))?;
        let head = TextHead::read(self.path, encoding, packed).map_err(|error| self.damaged(&error))?;
        if !head.is_text() {
            return Err(self.refuse("is no text", "save it as CSV, .xlsx or .parquet"));
        }
        let found = sniff::text(&head.text).and_then(|(delimiter, line)| {
            dialect::find(&head.text, &Wanted { delimiter: Some(delimiter), line: Some(line), ..Wanted::default() })
        });
        let Some(found) = found else {
            return Err(self.refuse(
                "has no header with two columns",
                "put a line of names above the rows, with commas, semicolons, tabs or `|` between the columns",
            ));
        };
        let form = head.form(&found);
        self.read(Form::Text(form), found.names, found.line, bytes)
    }

    fn columnar(&self, bytes: u64) -> Result<Survey, Vec<Diagnostic>> {
        let names = guarded(|| columnar::names(self.path).map_err(std::io::Error::other));
        self.read(Form::Columnar, names.map_err(|error| self.damaged(&error))?, 0, bytes)
    }

    /// The first sheet with a table.
    fn workbook(&self, bytes: u64) -> Result<Survey, Vec<Diagnostic>> {
        let sheets = workbook::sheets(self.path).map_err(|fault| {
            vec![Diagnostic::error(Code::BadFile, format!("{} in `{}`", fault.message, self.shown)).help(fault.help)]
        })?;
        for sheet in &sheets {
            let mut rows: Vec<TableRow> = Vec::new();
            workbook::each_batch(self.path, sheet, 0, &mut |batch| {
                rows.extend(batch);
                rows.len() < RECORDS
            })
            .map_err(|error| self.damaged(&error))?;
            let texts = |row: &TableRow| row.fields.iter().map(|field| field.text.trim().to_owned()).collect();
            let line = |row: &TableRow| usize::try_from(row.number).unwrap_or(usize::MAX);
            let records: Vec<Record> =
                rows.iter().take(RECORDS).map(|row| Record { line: line(row), cells: texts(row) }).collect();
            let Some(header) = sniff::header(&records).filter(|header| records[*header].cells.len() > 1) else {
                continue;
            };
            let (names, line) = (records[header].cells.clone(), records[header].line);
            let survey = self.read(Form::Sheet(sheet.clone()), names, line, bytes)?;
            if !survey.rows.is_empty() {
                let sheet = (sheets.len() > 1).then(|| sheet.clone());
                return Ok(Survey { sheet, ..survey });
            }
        }
        Err(self.refuse("has no sheet with a header and rows", "put a row of names above the rows of the table"))
    }

    fn read(&self, form: Form, names: Vec<String>, line: usize, bytes: u64) -> Result<Survey, Vec<Diagnostic>> {
        let (by_commas, delimiter) = match &form {
            Form::Text(text) => (text.delimiter == b',', Some(*text)),
            Form::Sheet(_) | Form::Columnar => (false, None),
        };
        let fields = names.len();
        let columns = Columns {
            names,
            at: Vec::new(),
            across: Vec::new(),
            marked: Vec::new(),
            folded: Vec::new(),
            headers: Vec::new(),
        };
        let (path, shown) = (self.path.to_owned(), self.shown.to_owned());
        let file = InputFile { path, shown, form, columns, line, bytes, stamp: Stamp::default() };
        let most = self.rows.min(CELLS / fields.max(1)).max(1);
        let words = TotalWords::usual();
        let (shown, rows, odd) = (self.shown, Vec::new(), Vec::new());
        let mut sample = Sample { fields, most, is_cut: false, comment: None, rows, odd, shown, words };
        pieces::each(&file, &|_| true, &mut |piece| {
            match (piece, delimiter) {
                (Piece::Text { bytes, line }, Some(form)) => sample.text(&bytes, line, form),
                (Piece::Text { .. }, None) => {}
                (Piece::Rows(rows), _) => rows.into_iter().for_each(|row| sample.row(row)),
            }
            !sample.is_cut
        })
        .map_err(|error| self.damaged(&error))?;
        Ok(Survey {
            shown: self.shown.to_owned(),
            sheet: None,
            comment: sample.comment,
            by_commas,
            names: file.columns.names,
            rows: sample.rows,
            is_whole: !sample.is_cut,
            odd: sample.odd,
        })
    }
}

/// The encoding that the head of a text shows; a report that finds another one later reads in that.
fn encoding(head: &[u8]) -> std::io::Result<&'static Encoding> {
    match decode::marked(head) {
        Some(marked) => Ok(marked),
        None if decode::is_utf8(head) => Ok(decode::UTF_8),
        None => decode::guessed_of(&mut &head[..head.len().min(usize::try_from(HEAD).unwrap_or(usize::MAX))]),
    }
}

/// Rows as they are met.
struct Sample<'s> {
    fields: usize,
    most: usize,
    /// Whether there are more.
    is_cut: bool,
    comment: Option<&'static str>,
    rows: Vec<SampleRow>,
    odd: Vec<Diagnostic>,
    shown: &'s str,
    words: TotalWords,
}

impl Sample<'_> {
    /// The records of a piece, by the rules of a report.
    fn text(&mut self, bytes: &[u8], mut line: u64, form: TextForm) {
        let mut spans = Vec::new();
        let mut rest = bytes;
        while !rest.is_empty() && !self.is_cut {
            let mut length = record_length(rest);
            let record = without_line_end(&rest[..length]);
            let split = split_fields(record, form.delimiter, &mut spans);
            if self.is_comment(record, split.is_ok() && spans.len() == self.fields) {
                let length = line_length(rest);
                line += 1;
                rest = &rest[length..];
                continue;
            }
            match std::str::from_utf8(record) {
                Ok(text) if split.is_ok() => {
                    let cell = |span: &std::ops::Range<usize>| SampleCell {
                        text: unquoted(&text[span.clone()]).trim().to_owned(),
                        kind: SampleKind::Written,
                    };
                    self.cells(spans.iter().map(cell).collect(), line);
                }
                _ if record.is_empty() => {}
                Ok(_) => {
                    length = line_length(rest);
                    self.note(format!("the quotes in line {line} of `{}` do not match", self.shown));
                }
                Err(_) => self.note(format!("line {line} of `{}` is not UTF-8 text", self.shown)),
            }
            line += memchr::memchr_iter(b'\n', &rest[..length]).count() as u64;
            rest = &rest[length..];
        }
    }

    /// Whether a line is no row: it begins as comments do, and is not as long as the header or never begins a row.
    fn is_comment(&mut self, record: &[u8], is_whole: bool) -> bool {
        let record = record.trim_ascii_start();
        if let Some(comment) = self.comment {
            return record.starts_with(comment.as_bytes());
        }
        let begun = [("//", true), ("#", !is_whole)].into_iter();
        let found = begun.filter(|(mark, holds)| *holds && record.starts_with(mark.as_bytes())).map(|(mark, _)| mark);
        self.comment = found.into_iter().next();
        self.comment.is_some()
    }

    fn row(&mut self, row: TableRow) {
        let cell = |field: super::record::Field<'_>| SampleCell {
            text: field.text.trim().to_owned(),
            kind: match field.kind {
                Kind::Written => SampleKind::Written,
                Kind::Typed => SampleKind::Typed,
                Kind::Percent => SampleKind::Percent,
                Kind::Hundredths => SampleKind::Hundredths,
                Kind::Money(currency) => SampleKind::Money(currency.as_str().to_owned()),
            },
        };
        let number = row.number;
        let mut cells: Vec<SampleCell> = row.fields.into_iter().map(cell).collect();
        // Blank cells at the end of a row of a table are not there.
        cells.resize(cells.len().max(self.fields), SampleCell::default());
        self.cells(cells, number);
    }

    fn cells(&mut self, mut cells: Vec<SampleCell>, line: u64) {
        if cells.iter().all(|cell| cell.text.is_empty()) {
            return;
        }
        if self.rows.len() == self.most {
            self.is_cut = true;
            return;
        }
        let beyond = cells.get(self.fields..).unwrap_or_default();
        if cells.len() < self.fields || beyond.iter().any(|cell| !cell.text.is_empty()) {
            let found = prose::count(cells.len(), "field");
            return self.note(format!("line {line} of `{}` has {found}, the header {}", self.shown, self.fields));
        }
        cells.truncate(self.fields);
        let mark =
            cells.iter().filter_map(|cell| self.words.sureness(&cell.text)).max_by_key(|s| *s == Sureness::Alone);
        let total = mark.map(|sureness| match sureness {
            Sureness::Alone => TotalMark::Sure,
            Sureness::Beside => TotalMark::Unsure,
        });
        self.rows.push(SampleRow { cells, total });
    }

    /// The first of a file tells enough.
    fn note(&mut self, message: String) {
        if self.odd.is_empty() {
            let help = "a report stops there and lists all such lines: mend them, or send the file again";
            self.odd.push(Diagnostic::warning(Code::BadRow, message).help(help));
        }
    }
}
