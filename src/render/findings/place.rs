//! Where findings are: lines and columns of characters, and where paths begin. Looks nothing up in the world.

use std::path::{Component, Path, PathBuf};

use crate::diagnostic::{Files, Label, Locus, Place, SourceFile};

/// Where paths begin.
#[derive(Clone, Debug, Default)]
pub struct Home {
    /// The folder the run began in, from which messages show paths; absolute.
    pub folder: PathBuf,
    /// The folder that holds the scorecard's repository, absolute, where it lies in one.
    pub repository: Option<PathBuf>,
}

impl Home {
    /// A path as the repository names it, with `/`; as it is shown where it lies in no repository.
    pub(super) fn in_repository(&self, shown: &str) -> String {
        let shown = without_sheet(shown);
        let Some(repository) = &self.repository else { return shown.to_owned() };
        let whole = level(&self.folder.join(shown));
        let Ok(inside) = whole.strip_prefix(repository) else { return shown.to_owned() };
        let parts: Vec<_> = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        parts.join("/")
    }
}

/// The file of a sheet: `book.xlsx[Sheet]` is no path.
fn without_sheet(shown: &str) -> &str {
    let book = shown.strip_suffix(']').and_then(|rest| rest.split_once('[')).map(|(book, _)| book);
    let is_book = |path: &&str| {
        let extension = Path::new(path).extension().and_then(|extension| extension.to_str());
        extension.is_some_and(|extension| ["xlsx", "xlsm", "xlsb", "xls", "ods"].contains(&extension))
    };
    book.filter(is_book).unwrap_or(shown)
}

/// A path without `.` and `..`.
fn level(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut out, component| {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
        out
    })
}

/// Where a finding is, as programs count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot<'s> {
    /// The file, as a message shows it.
    pub(super) path: &'s str,
    /// Where in it; else the file as a whole.
    pub(super) stretch: Option<Stretch>,
}

/// A stretch of a file. Lines and columns count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) line: usize,
    pub(super) end_line: usize,
    /// The columns of the first character and of the one after the last, in characters. Of a data file only the line
    /// is known: of a long line no more than an excerpt is kept.
    pub(super) columns: Option<(usize, usize)>,
}

/// Where a label points.
pub(super) fn spot<'s>(label: &'s Label, files: &'s Files) -> Spot<'s> {
    match &label.locus {
        Locus::Scorecard(place) => {
            let file = files.get(place.file);
            Spot { path: &file.path, stretch: Some(stretch(file, place)) }
        }
        Locus::Data { path, line, .. } => {
            let stretch = Stretch { line: *line, end_line: *line, columns: None };
            // A file with no lines of its own says 0.
            Spot { path, stretch: (*line > 0).then_some(stretch) }
        }
    }
}

fn stretch(file: &SourceFile, place: &Place) -> Stretch {
    let (line, column) = position(file, place.span.start);
    let (end_line, end_column) = position(file, place.span.end.max(place.span.start));
    Stretch { line, end_line, columns: Some((column, end_column)) }
}

/// Line and column of a byte.
fn position(file: &SourceFile, at: usize) -> (usize, usize) {
    let at = at.min(file.text.len());
    let (line, begin) = file.line_at(at);
    // Every character has one byte that does not continue another.
    (line, file.text.as_bytes()[begin..at].iter().filter(|byte| **byte & 0xc0 != 0x80).count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_characters_and_lines_begin_at_1() {
        let (mut files, text) = (Files::default(), "a\n€ = 'é'\n");
        let id = files.add("x.toml", text);
        let position = |at| position(files.get(id), at);
        assert_eq!(position(0), (1, 1));
        assert_eq!(position(text.find('=').unwrap()), (2, 3));
        assert_eq!(position(text.len()), (3, 1));
        assert_eq!(position(99), (3, 1));
    }

    #[test]
    fn paths_are_told_from_the_root_of_the_repository() {
        let home = Home { folder: "/r/a/b".into(), repository: Some("/r".into()) };
        let told = ["x.toml", "../x.toml", "./../../x.toml", "/r/c/x.toml", "../../../x.toml", "/x.toml"];
        let expected = ["a/b/x.toml", "a/x.toml", "x.toml", "c/x.toml", "../../../x.toml", "/x.toml"];
        assert_eq!(told.map(|path| home.in_repository(path)), expected);
        assert_eq!(Home { repository: None, ..home }.in_repository("../x.toml"), "../x.toml");
    }

    #[test]
    fn a_sheet_is_no_part_of_a_path() {
        assert_eq!(without_sheet("data/book.xlsx[May [1]]"), "data/book.xlsx");
        assert_eq!(without_sheet("data[1].csv"), "data[1].csv");
        assert_eq!(without_sheet("a.csv[x]"), "a.csv[x]");
    }
}
