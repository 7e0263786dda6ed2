//! Two revisions of the repository that holds a scorecard: each is written out into a temporary folder by git, and the
//! scorecard and its data there are reported on like those here. The only place that starts another program.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Compared, between};
use crate::cli::{DiffArgs, ReportArgs};
use crate::diagnostic::{Code, Diagnostic, Files, Locus};
use crate::evaluate::Reader;
use crate::ledger::{Input, Report};
use crate::metric::Scorecard;
use crate::period::{Grain, Period};
use crate::prose::io_error;
use crate::run::prepare::{period_request, periods};
use crate::run::{Findings, Run, closed, usage};
use crate::scorecard::{load, resolve};
use crate::view::diff::{Diff, DiffPeriod};

/// What git tells the programs that it starts of the repository they were started for, which may be another.
const OF_ANOTHER_REPOSITORY: [&str; 6] =
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE"];

/// How many periods in a row without any data are looked at: no window is longer, and a date that is centuries off is not
/// followed by as many periods as there are days between.
const REACH: usize = 400;

/// What differs between one revision and what is here, or between two.
///
/// # Errors
/// A revision that cannot be reported on by itself, or sides without a period in common.
pub(super) fn compared(
    scorecard: &Scorecard,
    files: &[&Path],
    args: &DiffArgs,
    revisions: &[String],
) -> Result<Compared, Findings> {
    let root = files.first().copied().unwrap_or(Path::new(""));
    let before = of_revision(root, &revisions[0])?;
    let after = match revisions.get(1) {
        Some(revision) => of_revision(root, revision)?,
        None => Side::of(Cow::Borrowed(scorecard), files)?,
    };
    let name = revisions.get(1).map_or("now", String::as_str);
    let periods = asked(&before, &after, args, [&revisions[0], name])?;
    let old = before.reports(periods.iter().copied().filter(|period| before.completes(*period)));
    // What was reported is looked for, however little of it the newer side has.
    let looked_for = |period: &Period| after.completes(*period) || old.contains_key(period);
    let new = after.reports(periods.iter().copied().filter(looked_for));
    if let (Some(text), true, true) = (&args.period, old.is_empty(), new.is_empty()) {
        let message = format!("neither `{}` nor {name} reports on `{text}`", revisions[0]);
        return Err(usage(message, "name a period that is complete and has data"));
    }
    let both = old.iter().filter(|(period, _)| new.contains_key(period));
    let diff = Diff {
        scorecard: Some(scorecard.title.clone()),
        before: revisions[0].clone(),
        after: name.to_owned(),
        periods: both.map(|(period, (name, _))| DiffPeriod { name: name.clone(), period: *period }).collect(),
        changes: between(&old, &new),
        notes: Vec::new(),
        not_compared: Vec::new(),
    };
    let read = if revisions.len() == 1 { after.run.read() } else { Vec::new() };
    let warnings = before.warnings.into_iter().chain(after.warnings).collect();
    Ok(Compared { diff, read, warnings })
}

/// The periods that both sides are asked for: those named, else all for which either has data.
fn asked(before: &Side<'_>, after: &Side<'_>, args: &DiffArgs, names: [&str; 2]) -> Result<BTreeSet<Period>, Findings> {
    let grain = common(before.scorecard.grain, after.scorecard.grain).ok_or_else(|| {
        let told = |name: &str, side: &Side<'_>| format!("{name} reports by {}", side.scorecard.grain);
        let message = format!("{}, {}: they have no period in common", told(names[0], before), told(names[1], after));
        usage(message, "ask for the differences within one grain")
    })?;
    if let Some(text) = &args.period {
        let request = period_request(text)?;
        return Ok(periods(&after.scorecard, Some(&request), Some(grain), after.run.as_of)?.into_iter().collect());
    }
    Ok(before.periods(grain).into_iter().chain(after.periods(grain)).collect())
}

/// The finest grain that both can be reported by.
fn common(one: Grain, other: Grain) -> Option<Grain> {
    match (one.nests_in(other), other.nests_in(one)) {
        (true, _) => Some(other),
        (_, true) => Some(one),
        _ => None,
    }
}

/// A scorecard with what was read for it.
struct Side<'s> {
    scorecard: Cow<'s, Scorecard>,
    run: Run,
    inputs: Vec<Input>,
    warnings: Findings,
}

/// What is reported of each period, with its name.
type Reports = BTreeMap<Period, (String, Report)>;

impl<'s> Side<'s> {
    fn of(scorecard: Cow<'s, Scorecard>, files: &[&Path]) -> Result<Side<'s>, Findings> {
        let mut run = Run::prepare(&scorecard, &ReportArgs::default(), &[])?;
        let inputs = closed::inputs(&scorecard, files, &run)?;
        let warnings = std::mem::take(&mut run.warnings);
        Ok(Side { scorecard, run, inputs, warnings })
    }

    fn completes(&self, period: Period) -> bool {
        period.last() <= self.run.as_of.last()
    }

    /// Every complete period with rows, and those after it as far as a window reaches back.
    fn periods(&self, grain: Grain) -> BTreeSet<Period> {
        let (calendar, last) = (&self.scorecard.calendar, self.run.as_of.last());
        let moments = self.run.observations.tables.iter().flat_map(|table| table.moments.keys());
        let with_rows: BTreeSet<Period> =
            moments.filter_map(|moment| calendar.containing(grain, moment.first())).collect();
        let mut nexts = with_rows.iter().skip(1);
        let mut found = BTreeSet::new();
        for period in &with_rows {
            let next = nexts.next();
            let on = std::iter::successors(Some(*period), |period| calendar.shift(*period, 1));
            let before_next = |period: &Period| period.last() <= last && next.is_none_or(|next| period < next);
            found.extend(on.take(REACH).take_while(before_next));
        }
        found
    }

    /// What is reported of some periods, where anything is.
    fn reports(&self, periods: impl Iterator<Item = Period>) -> Reports {
        let reader = Reader::new(&self.scorecard, &self.run.plan, &self.run.observations, self.run.closed);
        let has_any = |report: &Report| report.figures.iter().any(|figure| figure.number("actual").is_some());
        let of = |period: Period| {
            let report = Report::of(&reader, period, self.run.as_of, (&[], &BTreeSet::new()), self.inputs.clone());
            has_any(&report).then(|| (period, (self.scorecard.calendar.name(period), report)))
        };
        periods.filter_map(of).collect()
    }

    /// Files that are not in the folder of a revision: they hold what is there now, whatever the revision.
    fn outside(&self, files: &Files, tree: &Path) -> Findings {
        let is_outside = |path: &Path| path.canonicalize().is_ok_and(|path| !path.starts_with(tree));
        let scans = self.run.plan.scans.iter().zip(&self.run.observations.tables);
        let data = scans.flat_map(|(scan, table)| {
            let owner = format!("the source `{}`", self.scorecard.source(scan.source).id);
            table.files.iter().map(move |file| (owner.clone(), file.opened.as_path()))
        });
        let rates = self.run.observations.rates.iter().map(|file| ("`[currencies]`".to_owned(), file.opened.as_path()));
        let own = files.paths().map(|path| ("the scorecard".to_owned(), path));
        let found = own.chain(data).chain(rates).filter(|(_, path)| is_outside(path));
        let told = |(owner, path): (String, &Path)| {
            let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
            Diagnostic::error(Code::Usage, format!("{owner} reads `{}`, whatever the revision", real.display()))
        };
        found.map(told).collect()
    }
}

/// A revision, written out into a folder that is gone afterwards.
fn of_revision(root: &Path, revision: &str) -> Result<Side<'static>, Findings> {
    let folder = tempfile::tempdir().map_err(|error| failed("cannot make a temporary folder", &io_error(&error)))?;
    // What a link leads to is told by real paths.
    let real = folder.path().canonicalize().unwrap_or_else(|_| folder.path().to_owned());
    let path = checked_out(root, revision, &real)?;
    let loaded = load(&path);
    let files: Vec<&Path> = loaded.files.paths().collect();
    let found = resolve(&loaded).and_then(|scorecard| {
        let side = Side::of(Cow::Owned(scorecard), &files)?;
        let outside = side.outside(&loaded.files, &real);
        if outside.is_empty() { Ok(side) } else { Err(outside) }
    });
    let told = |problem: &Diagnostic| {
        let at = problem.labels.first().map_or(String::new(), |label| match &label.locus {
            Locus::Scorecard(place) => {
                format!(" ({}:{})", loaded.files.get(place.file).path, loaded.files.line_of(place).1)
            }
            Locus::Data { path, line, .. } => format!(" ({path}:{line})"),
        });
        // As they are named in the repository.
        format!("{}{at}", problem.message).replace(&format!("{}/tree/", real.display()), "")
    };
    let refused = |problem: &Diagnostic| {
        let message = format!("`{revision}` does not hold: {}", told(problem));
        Diagnostic::error(Code::Usage, message)
            .help("a revision can be reported on where it holds its data too, and names them by relative paths")
    };
    let mut side = found.map_err(|problems| problems.iter().map(refused).collect::<Findings>())?;
    // Its places are gone with the folder.
    let retold = |problem: &Diagnostic| Diagnostic {
        message: format!("in `{revision}` {}", told(problem)),
        labels: Vec::new(),
        ..problem.clone()
    };
    side.warnings = side.warnings.iter().map(retold).collect();
    Ok(side)
}

/// What to do about a clone of the last commits alone, as jobs have it.
const SHALLOW: &str = "this clone holds the last commits alone: get the others with `git fetch --unshallow`, in a job with \
    `fetch-depth: 0`";

/// Writes the files of a revision into a folder, and answers the scorecard's path there. The repository stays as it is:
/// the index is one of its own.
fn checked_out(root: &Path, revision: &str, folder: &Path) -> Result<PathBuf, Findings> {
    let real = root.canonicalize().map_err(|error| failed("cannot find the scorecard", &io_error(&error)))?;
    let home = real.parent().unwrap_or(Path::new("/"));
    let index = folder.join("index");
    let git_in = |home: &Path, arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args(arguments).current_dir(home).env("GIT_INDEX_FILE", &index);
        for name in OF_ANOTHER_REPOSITORY {
            command.env_remove(name);
        }
        let output = command.output().map_err(|error| failed("cannot start `git`", &io_error(&error)))?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end_matches(['\n', '\r']).to_owned();
        if output.status.success() {
            return Ok(text(&output.stdout));
        }
        let said = text(&output.stderr);
        let first = said.lines().next().unwrap_or("it ended with an error").trim_start_matches("fatal: ").to_owned();
        if first.contains("dubious ownership") {
            let message = "`git` does not read a repository of another user";
            return Err(usage(message, "trust it with `git config --global --add safe.directory FOLDER`, if you do"));
        }
        Err(failed("`git` cannot read the revision", &first))
    };
    let prefix = git_in(home, &["rev-parse", "--show-prefix"])?;
    // From a folder below, git would write out that folder alone.
    let top = home.join(git_in(home, &["rev-parse", "--show-cdup"])?);
    let git = |arguments: &[&str]| git_in(&top, arguments);
    let commit = git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{revision}^{{commit}}")]);
    let commit = commit.map_err(|_| {
        let message = format!("`{revision}` is no revision of this repository");
        let is_shallow = git(&["rev-parse", "--is-shallow-repository"]).is_ok_and(|answer| answer == "true");
        usage(message, if is_shallow { SHALLOW } else { "`git log` lists them" })
    })?;
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
