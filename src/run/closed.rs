//! The ledger beside a scorecard: where it lies, reading it, and what is reported of a period now.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::levels::segments;
use super::{Findings, Run, hashes};
use crate::diagnostic::{Code, Diagnostic, Locus};
use crate::evaluate::Reader;
use crate::ledger::{Closed, Damage, Input, Ledger, Report, parse, period_of};
use crate::metric::Scorecard;
use crate::observe::{LEDGER_FOLDER, Segment};
use crate::period::Period;
use crate::prose::io_error;
use crate::view::manifest;

/// The largest file of a ledger read, in bytes.
const MAX_SIZE: u64 = 1 << 30;

/// Bytes within which a text of a ledger says of which period it is.
const BEGIN: u64 = 1 << 12;

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

/// The same of some periods alone, beside the scorecard that stands in these files, its own first. Which period a text is
/// of, its first lines say: its name is the one the period had when it was closed.
pub(super) fn of_periods(scorecards: &[&Path], periods: &[Period]) -> Result<Ledger, Findings> {
    let Some(root) = scorecards.first() else { return Ok(Ledger::default()) };
    let mut paths = files(&folder(root))?;
    // What does not begin like a ledger is read, so that its damage is told.
    paths.retain(|path| begin(path).as_deref().and_then(period_of).is_none_or(|period| periods.contains(&period)));
    of_files(paths)
}

/// The first lines of a file, where they are text.
fn begin(path: &Path) -> Option<String> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(BEGIN).read_to_end(&mut bytes).ok()?;
    let whole = bytes.iter().rposition(|byte| *byte == b'\n')?;
    bytes.truncate(whole);
    String::from_utf8(bytes).ok()
}

fn of_files(paths: Vec<PathBuf>) -> Result<Ledger, Findings> {
    let (mut read, mut problems): (BTreeMap<Period, (PathBuf, Closed)>, _) = (BTreeMap::new(), Vec::new());
    for path in paths {
        let found = text(&path).and_then(|text| closed(&path, &text));
        match found {
            Ok(closed) => {
                if let Some((other, _)) = read.get(&closed.period) {
                    let message = format!("`{}` and `{}` hold one period", other.display(), path.display());
                    let help = "a period is closed once: keep the one that was reported";
                    problems.push(Diagnostic::error(Code::BadLedger, message).help(help));
                }
                read.insert(closed.period, (path, closed));
            }
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(Ledger::new(read.into_values().map(|(_, closed)| closed))) } else { Err(problems) }
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
        std::fs::read(path)
    });
    let bytes = read.map_err(|error| unreadable(path, &error))?;
    String::from_utf8(bytes).map_err(|error| {
        let (at, bytes) = (error.utf8_error().valid_up_to(), error.as_bytes());
        let first = bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let rest = &bytes[first..];
        let last = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        let line = 1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count();
        let text = String::from_utf8_lossy(&rest[..last]).into_owned();
        vec![damaged(path, &Damage { line, text, message: "this is no UTF-8".to_owned() })]
    })
}

/// How the lines begin that git puts between two sides.
const CONFLICT: [&str; 3] = ["<<<<<<< ", "=======", ">>>>>>> "];

/// That a text is not what was written, with the line.
fn damaged(path: &Path, damage: &Damage) -> Diagnostic {
    let locus = Locus::Data {
        path: path.display().to_string(),
        line: damage.line,
        text: damage.text.chars().take(120).collect(),
        span: 0..0,
    };
    if CONFLICT.iter().any(|mark| damage.text.starts_with(mark)) {
        let problem = Diagnostic::error(Code::BadLedger, "a closed period has a merge conflict");
        let help = "take one side whole, with `git checkout --ours` or `--theirs` and the file's name; what is right now is \
            closed again with `--reopen`";
        return problem.at_locus(locus, "here the sides differ").help(help);
    }
    let problem = Diagnostic::error(Code::BadLedger, "a closed period is not as `close` wrote it");
    let help =
        "take it as it was from the repository: `git log -p` tells who changed it, `git checkout` brings it back";
    problem.at_locus(locus, damage.message.as_str()).help(help)
}

/// The closed period of a text.
pub(super) fn closed(path: &Path, text: &str) -> Result<Closed, Findings> {
    let closed = parse(text, hashes::of_bytes).map_err(|damage| vec![damaged(path, &damage)])?;
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
    Report::of(&reader, period, run.as_of, (by, &parts(scorecard, run, period, by)), inputs.to_vec())
}

/// The segments that are closed of a period, by some dimensions: the parts, and their subtotals.
pub(super) fn parts(scorecard: &Scorecard, run: &Run, period: Period, by: &[String]) -> BTreeSet<Segment> {
    segments(scorecard, run, &(1..=by.len()).collect(), period.days())
}
