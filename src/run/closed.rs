//! The ledger beside a scorecard: where it lies, reading it, and what is reported of a period now.

use std::path::{Path, PathBuf};

use super::{Findings, Run, hashes};
use crate::diagnostic::{Code, Diagnostic, Locus};
use crate::evaluate::Reader;
use crate::ledger::{Closed, Damage, Input, Ledger, Report, parse};
use crate::metric::Scorecard;
use crate::observe::LEDGER_FOLDER;
use crate::period::Period;
use crate::prose::io_error;
use crate::view::manifest;

/// The largest file of a ledger read, in bytes.
const MAX_SIZE: u64 = 1 << 30;

/// The folder of a scorecard's ledger: `scorecard.ledger` beside `scorecard.toml`.
pub(super) fn folder(scorecard: &Path) -> PathBuf {
    scorecard.with_extension(LEDGER_FOLDER)
}

/// The file of a period, by its name.
pub(super) fn file(scorecard: &Path, name: &str) -> PathBuf {
    folder(scorecard).join(format!("{name}.txt"))
}

/// Everything closed; nothing where there is no ledger.
///
/// # Errors
/// Every file of it that cannot be read or is not what was written, with its line.
pub(super) fn ledger(scorecard: &Path) -> Result<Ledger, Findings> {
    of_files(files(&folder(scorecard))?)
}

/// The same of some periods alone, beside the scorecard that stands in these files, its own first.
pub(super) fn of_periods(scorecard: &Scorecard, files: &[&Path], periods: &[Period]) -> Result<Ledger, Findings> {
    let Some(root) = files.first() else { return Ok(Ledger::default()) };
    let paths = periods.iter().map(|period| file(root, &scorecard.calendar.name(*period)));
    of_files(paths.filter(|path| is_there(path)).collect())
}

/// Whether something stands there, be it a link that leads nowhere or what may not be looked at: reading it tells.
fn is_there(path: &Path) -> bool {
    use std::io::ErrorKind::{NotADirectory, NotFound};
    path.symlink_metadata().err().is_none_or(|error| ![NotFound, NotADirectory].contains(&error.kind()))
}

fn of_files(paths: Vec<PathBuf>) -> Result<Ledger, Findings> {
    let (mut read, mut problems) = (Vec::new(), Vec::new());
    for path in paths {
        let found = text(&path).and_then(|text| closed(&path, &text));
        match found {
            Ok(closed) => read.push(closed),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(Ledger::new(read)) } else { Err(problems) }
}

/// The texts of a ledger, in name order; what else lies beside them is no part of it.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Findings> {
    let bad = |error: &std::io::Error| unreadable(folder, error);
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(bad(&error)),
    };
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.map_err(|error| bad(&error))?;
    let is_hidden = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt") && !is_hidden(path));
    paths.sort();
    Ok(paths)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Findings {
    vec![Diagnostic::error(Code::BadLedger, format!("cannot read `{}`: {}", path.display(), io_error(error)))]
}

/// The text of a file of a ledger.
pub(super) fn text(path: &Path) -> Result<String, Findings> {
    let read = std::fs::metadata(path).and_then(|metadata| {
        // What is no file may never end.
        if !metadata.is_file() {
            return Err(std::io::Error::other("it is no file"));
        }
        if metadata.len() > MAX_SIZE {
            return Err(std::io::Error::other("larger than 1 GiB"));
        }
        std::fs::read_to_string(path)
    });
    read.map_err(|error| unreadable(path, &error))
}

/// The closed period of a text.
pub(super) fn closed(path: &Path, text: &str) -> Result<Closed, Findings> {
    let damaged = |damage: &Damage| {
        let locus = Locus::Data {
            path: path.display().to_string(),
            line: damage.line,
            text: damage.text.chars().take(120).collect(),
            span: 0..0,
        };
        let problem = Diagnostic::error(Code::BadLedger, "a closed period is not as `close` wrote it");
        let help =
            "take it as it was from the repository: `git log -p` tells who changed it, `git checkout` brings it back";
        vec![problem.at_locus(locus, damage.message.as_str()).help(help)]
    };
    let closed = parse(text, hashes::of_bytes).map_err(|damage| damaged(&damage))?;
    if path.file_stem().is_none_or(|stem| stem.to_string_lossy() != closed.name) {
        let message = format!("`{}` holds the period {}", path.display(), closed.name);
        return Err(vec![
            Diagnostic::error(Code::BadLedger, message).help("a file of a ledger is named by its period"),
        ]);
    }
    Ok(closed)
}

/// The files that a report rests on, by their content.
pub(super) fn inputs(scorecard: &Scorecard, files: &[&Path], run: &Run) -> Result<Vec<Input>, Findings> {
    let root = files.first().copied().unwrap_or(Path::new(""));
    let mut found = Vec::new();
    for path in files {
        let hashed = hashes::of_file(path, &hashes::named(path, root))?;
        found.push(Input { source: None, path: hashed.path, sha256: hashed.sha256, bytes: hashed.bytes, rows: None });
    }
    let data = manifest::inputs(scorecard, &run.plan, &run.observations, &|facts| hashes::of_data(facts, root))?;
    found.extend(data.into_iter().map(|input| Input {
        source: Some(input.source),
        path: input.file.path,
        sha256: input.file.sha256,
        bytes: input.file.bytes,
        rows: Some((input.facts.rows, input.facts.kept)),
    }));
    Ok(found)
}

/// What is reported of a period now.
pub(super) fn report(scorecard: &Scorecard, run: &Run, period: Period, by: &[String], inputs: &[Input]) -> Report {
    let reader = Reader::new(scorecard, &run.plan, &run.observations, run.closed);
    Report::of(&reader, period, run.as_of, by, inputs.to_vec())
}
