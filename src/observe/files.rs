//! Finding the files of a source, their dialect and their header.
//!
//! The dialect is not sniffed blind: it is the delimiter under which the columns the plan needs appear.
//! Reads the head of each file only.

use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use super::shape::{Dialect, record_length, without_line_end};
use crate::diagnostic::{Code, Diagnostic, Locus};
use crate::metric::Source;
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
pub(super) fn find(source: &Source, scan: &Scan) -> Result<Vec<InputFile>, Vec<Diagnostic>> {
    let pattern = source.path.display().to_string();
    let problem = |message: String| Diagnostic::error(Code::BadFile, message).at(&source.path_place, "");
    let literal = !source.written_path.contains(['*', '?', '[']);
    let mut paths: Vec<PathBuf> = if literal {
        vec![source.path.clone()]
    } else {
        match glob::glob(&pattern) {
            Ok(paths) => paths.filter_map(Result::ok).collect(),
            Err(error) => {
                return Err(vec![problem(format!("`{}` is not a path pattern: {error}", source.written_path))]);
            }
        }
    };
    paths.sort();
    if paths.is_empty() {
        return Err(vec![
            problem(format!("`{}` matches no file", source.written_path))
                .help("paths are relative to the scorecard file they stand in"),
        ]);
    }
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    for path in paths {
        match open(&path, source, scan) {
            Ok(file) => files.push(file),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(files) } else { Err(problems) }
}

fn open(path: &Path, source: &Source, scan: &Scan) -> Result<InputFile, Vec<Diagnostic>> {
    let shown = cleaned(path);
    let problem = |message: String| Diagnostic::error(Code::BadFile, message).at(&source.path_place, "");
    let unreadable = |error: &std::io::Error| {
        vec![
            problem(format!("cannot read `{shown}`: {}", crate::prose::io_error(error)))
                .help("paths are relative to the scorecard file they stand in"),
        ]
    };
    let metadata = std::fs::metadata(path).map_err(|error| unreadable(&error))?;
    if metadata.is_dir() {
        return Err(vec![
            problem(format!("`{shown}` is a folder")).help("name the files in it: `path = \"folder/*.csv\"`"),
        ]);
    }
    let mut head = Vec::new();
    let reader = File::open(path).map_err(|error| unreadable(&error))?;
    reader.take(MAX_HEADER as u64).read_to_end(&mut head).map_err(|error| unreadable(&error))?;
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
    let positions = positions(&names, text, scan, source, &shown)?;
    Ok(InputFile {
        path: path.to_owned(),
        shown,
        dialect: Dialect { delimiter, fields: names.len() },
        head: (start + length) as u64,
        bytes: metadata.len(),
        positions,
    })
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

fn positions(
    names: &[String],
    header: &str,
    scan: &Scan,
    source: &Source,
    shown: &str,
) -> Result<Vec<usize>, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let mut positions = Vec::new();
    let shortened = prose::shortened(header, 200);
    let locus =
        |span: std::ops::Range<usize>| Locus::Data { path: shown.to_owned(), line: 1, text: shortened.clone(), span };
    for column in &scan.columns {
        let found: Vec<usize> =
            names.iter().enumerate().filter(|(_, name)| *name == column).map(|(index, _)| index).collect();
        match found.as_slice() {
            [position] => positions.push(*position),
            [] => {
                let place = if *column == source.period { &source.period_place } else { &source.path_place };
                let problem = Diagnostic::error(Code::BadColumn, format!("`{shown}` has no column `{column}`"));
                let problem = problem
                    .at(place, format!("the source `{}` needs it", source.id))
                    .at_locus(locus(0..shortened.len()), "the header");
                problems.push(match prose::did_you_mean(column, names.iter().map(String::as_str)) {
                    Some(help) => problem.help(help),
                    None => problem,
                });
            }
            _ => {
                let problem = Diagnostic::error(Code::BadColumn, format!("`{shown}` has the column `{column}` twice"))
                    .at(&source.path_place, "");
                problems.push(problem.at_locus(locus(0..shortened.len()), "the header").help("rename one of them"));
            }
        }
    }
    if problems.is_empty() { Ok(positions) } else { Err(problems) }
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
