//! Two revisions of the repository that holds a scorecard: each is written out into a temporary folder by git, and the
//! scorecard and its data there are reported on like those here. The only place that starts another program.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Compared, asked, between};
use crate::cli::{DiffArgs, ReportArgs};
use crate::diagnostic::{Code, Diagnostic, Locus};
use crate::ledger::Report;
use crate::metric::Scorecard;
use crate::period::Period;
use crate::prose::io_error;
use crate::run::{Findings, Run, closed, usage};
use crate::scorecard::{load, resolve};
use crate::view::diff::Diff;

/// How many periods back two revisions are compared where none is asked for.
const MEMORY: i64 = 24;

/// What differs between one revision and what is here, or between two.
pub(super) fn compared(
    scorecard: &Scorecard,
    files: &[&Path],
    args: &DiffArgs,
    revisions: &[String],
) -> Result<Compared, Findings> {
    let root = files.first().copied().unwrap_or(Path::new(""));
    let before = of_revision(root, args, &revisions[0])?;
    let (after, name) = match revisions.get(1) {
        Some(revision) => (of_revision(root, args, revision)?, revision.clone()),
        None => (of_scorecard(scorecard, files, args)?, "now".to_owned()),
    };
    let periods = before.iter().filter(|(period, _)| after.contains_key(period)).map(|(_, (name, _))| name.clone());
    let diff = Diff {
        scorecard: Some(scorecard.title.clone()),
        before: revisions[0].clone(),
        after: name,
        periods: periods.collect(),
        changes: between(&before, &after),
        notes: Vec::new(),
    };
    Ok(Compared { diff, read: Vec::new(), warnings: Findings::new() })
}

/// What is reported of each period, by its name.
type Reports = BTreeMap<Period, (String, Report)>;

fn of_scorecard(scorecard: &Scorecard, files: &[&Path], args: &DiffArgs) -> Result<Reports, Findings> {
    let run = Run::prepare(scorecard, &ReportArgs::default(), &[])?;
    let calendar = &scorecard.calendar;
    let recent = || (1 - MEMORY..=0).filter_map(|back| calendar.shift(run.as_of, back)).collect();
    let periods: Vec<Period> = asked(scorecard, args, run.as_of)?.unwrap_or_else(recent);
    let inputs = closed::inputs(scorecard, files, &run)?;
    let has_any = |report: &Report| report.figures.iter().any(|figure| figure.number("actual").is_some());
    let complete = periods.into_iter().filter(|period| period.last() <= run.as_of.last());
    let reports =
        complete.map(|period| (period, (calendar.name(period), closed::report(scorecard, &run, period, &[], &inputs))));
    Ok(reports.filter(|(_, (_, report))| has_any(report)).collect())
}

/// The same of a revision, in a folder that is gone afterwards.
fn of_revision(root: &Path, args: &DiffArgs, revision: &str) -> Result<Reports, Findings> {
    let folder = tempfile::tempdir().map_err(|error| failed("cannot make a temporary folder", &io_error(&error)))?;
    let path = checked_out(root, revision, folder.path())?;
    let loaded = load(&path);
    let files: Vec<&Path> = loaded.files.paths().collect();
    let found = resolve(&loaded).and_then(|scorecard| of_scorecard(&scorecard, &files, args));
    found.map_err(|problems| {
        let told = |problem: Diagnostic| {
            let line = problem.labels.first().map(|label| match &label.locus {
                Locus::Scorecard(place) => loaded.files.line_of(place).1,
                Locus::Data { line, .. } => *line,
            });
            let at = line.map_or(String::new(), |line| format!(" (line {line})"));
            let hidden = |text: &str| text.replace(&format!("{}/", folder.path().display()), "");
            let message = format!("`{revision}` does not hold: {}{at}", hidden(&problem.message));
            Diagnostic::error(Code::Usage, message).help("a revision holds its data too, or cannot be reported on")
        };
        problems.into_iter().map(told).collect()
    })
}

/// Writes the files of a revision into a folder, and answers the scorecard's path there. The repository stays as it is:
/// the index is one of its own.
fn checked_out(root: &Path, revision: &str, folder: &Path) -> Result<PathBuf, Findings> {
    let real = root.canonicalize().map_err(|error| failed("cannot find the scorecard", &io_error(&error)))?;
    let home = real.parent().unwrap_or(Path::new("/"));
    let index = folder.join("index");
    let git_in = |home: &Path, arguments: &[&str]| {
        let output = Command::new("git").args(arguments).current_dir(home).env("GIT_INDEX_FILE", &index).output();
        let output = output.map_err(|error| failed("cannot start `git`", &io_error(&error)))?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end_matches(['\n', '\r']).to_owned();
        if output.status.success() {
            return Ok(text(&output.stdout));
        }
        let said = text(&output.stderr);
        let first = said.lines().next().unwrap_or("it ended with an error").trim_start_matches("fatal: ").to_owned();
        Err(failed("`git` cannot read the revision", &first))
    };
    let prefix = git_in(home, &["rev-parse", "--show-prefix"])?;
    // From a folder below, git would write out that folder alone.
    let top = home.join(git_in(home, &["rev-parse", "--show-cdup"])?);
    let git = |arguments: &[&str]| git_in(&top, arguments);
    let commit = git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{revision}^{{commit}}")]);
    let commit =
        commit.map_err(|_| usage(format!("`{revision}` is no revision of this repository"), "`git log` lists them"))?;
    git(&["read-tree", &commit])?;
    let tree = folder.join("tree");
    git(&["checkout-index", "--all", "--quiet", &format!("--prefix={}/", tree.display())])?;
    let name = real.file_name().unwrap_or_default();
    let path = tree.join(prefix).join(name);
    if path.is_file() {
        return Ok(path);
    }
    let message = format!("`{revision}` has no `{}`", name.to_string_lossy());
    Err(usage(message, "name a revision that holds the scorecard"))
}

fn failed(what: &str, why: &str) -> Findings {
    usage(format!("{what}: {why}"), "compare two exports instead: `--from` and `--to`")
}
