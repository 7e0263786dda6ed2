//! Reading the scorecard file and what it includes.
//!
//! Besides `observe`, the only place that opens files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::raw::RawScorecard;
use super::tables::read_tables;
use crate::diagnostic::{Code, Diagnostic, FileId, Files, Place};
use crate::prose;

/// What was read, unchecked, with what is wrong so far.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The tables.
    pub raw: RawScorecard,
    /// The texts, for carets.
    pub files: Files,
    /// The folder of each file, by order of reading.
    pub folders: Vec<PathBuf>,
    /// Problems; the tables they stand in are left out.
    pub problems: Vec<Diagnostic>,
}

/// The largest scorecard file read, in bytes.
const MAX_SIZE: u64 = 16 << 20;

/// `scorecard.toml` in the current folder or the nearest one above it, as seen from here: `../scorecard.toml`.
pub fn find_upwards() -> Option<PathBuf> {
    let here = std::env::current_dir().unwrap_or_default();
    let up = here.ancestors().position(|folder| folder.join("scorecard.toml").is_file())?;
    Some(std::iter::repeat_n("..", up).chain(["scorecard.toml"]).collect())
}

/// Reads `path` and everything it includes.
pub fn load(path: &Path) -> Loaded {
    let mut loaded = Loaded::default();
    let Some((file, text)) = open(path, None, &mut loaded) else { return loaded };
    loaded.raw.main = Some(Place { file, span: 0..0 });
    read_tables(&text, file, false, &mut loaded.raw, &mut loaded.problems);
    include_all(path, file, &mut loaded);
    loaded
}

impl Loaded {
    /// Every file that it names and that is there: its own, what it includes, and the files of every source and of the
    /// rates, whether or not they are read.
    pub fn named(&self) -> Vec<PathBuf> {
        let mut named: Vec<PathBuf> = self.files.paths().map(Path::to_owned).collect();
        let sources = self.raw.sources.iter().map(|source| (source.id.place.file, source.table.path.as_ref()));
        let rates =
            self.raw.main.iter().zip(&self.raw.currencies).map(|(main, table)| (main.file, table.rates.as_ref()));
        for (file, path) in sources.chain(rates) {
            let Some(path) = path else { continue };
            let folder = &self.folders[file.index()];
            let found = glob::glob(&escape_folder(folder, path.get_ref()));
            named.extend(found.into_iter().flatten().flatten());
        }
        named
    }
}

fn include_all(main: &Path, file: FileId, loaded: &mut Loaded) {
    let folder = folder_of(main);
    let mut seen: BTreeSet<PathBuf> = main.canonicalize().into_iter().collect();
    for pattern in loaded.raw.header.include.clone().unwrap_or_default() {
        let place = Place { file, span: pattern.span() };
        let written = pattern.get_ref();
        let found: Vec<PathBuf> = match glob::glob(&escape_folder(&folder, written)) {
            // The crate answers in name order.
            Ok(paths) => {
                let (found, unreadable): (Vec<_>, Vec<_>) = paths.partition(Result::is_ok);
                for error in unreadable.into_iter().filter_map(Result::err) {
                    let what = format!("cannot read `{}`: {}", error.path().display(), prose::io_error(error.error()));
                    loaded.problems.push(Diagnostic::error(Code::BadFile, what).at(&place, "included here"));
                }
                found.into_iter().flatten().collect()
            }
            Err(error) => {
                loaded.problems.push(
                    Diagnostic::error(Code::BadFile, format!("`{written}` is not a path pattern: {}", error.msg))
                        .at(&place, "")
                        .help("a pattern takes `*`, `?` and `[abc]`; write `[[]` for a bracket"),
                );
                continue;
            }
        };
        if found.is_empty() {
            loaded.problems.push(
                Diagnostic::error(Code::BadFile, format!("`{written}` matches no file"))
                    .at(&place, "")
                    .help("paths are relative to the file they stand in"),
            );
        }
        for path in found {
            if seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone()))
                && let Some((file, text)) = open(&path, Some(&place), loaded)
            {
                read_tables(&text, file, true, &mut loaded.raw, &mut loaded.problems);
            }
        }
    }
}

fn open(path: &Path, included_at: Option<&Place>, loaded: &mut Loaded) -> Option<(FileId, String)> {
    let read = std::fs::metadata(path).and_then(|metadata| {
        if metadata.is_dir() {
            return Err(std::io::Error::other("it is a folder"));
        }
        if metadata.len() > MAX_SIZE {
            return Err(std::io::Error::other("larger than 16 MiB"));
        }
        std::fs::read(path)
    });
    let problem = |what: String| {
        let diagnostic = Diagnostic::error(Code::BadFile, what);
        match included_at {
            Some(place) => diagnostic.at(place, "included here"),
            None => diagnostic,
        }
    };
    let bytes = match read {
        Ok(bytes) => bytes,
        Err(error) => {
            loaded.problems.push(problem(format!("cannot read `{}`: {}", path.display(), prose::io_error(&error))));
            return None;
        }
    };
    let text = match String::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned),
        Err(error) => {
            let line =
                error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
            loaded.problems.push(
                problem(format!("`{}` is not UTF-8 text (line {line})", path.display())).help("save it as UTF-8"),
            );
            return None;
        }
    };
    let file = loaded.files.add(path.display().to_string(), text.clone());
    loaded.folders.push(folder_of(path));
    Some((file, text))
}

/// The folder a file lies in; `.` for a bare name.
fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// A pattern below a folder whose own name is taken literally.
fn escape_folder(folder: &Path, pattern: &str) -> String {
    if Path::new(pattern).is_absolute() || folder == Path::new(".") {
        return pattern.to_owned();
    }
    format!("{}/{pattern}", glob::Pattern::escape(&folder.display().to_string()))
}
