//! `init`: the sample, or a first scorecard from files. Nothing that exists is replaced.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use super::{Findings, Output};
use crate::cli::InitArgs;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::draft::{Draft, ROWS, Sampled, draft};
use crate::observe::{matching, survey};
use crate::prose;

/// The sample: paths below the folder, and texts.
const SAMPLE: [(&str, &str); 4] = [
    (SCORECARD, include_str!("../../examples/sample/scorecard.toml")),
    ("data/billing.csv", include_str!("../../examples/sample/data/billing.csv")),
    ("data/calls.csv", include_str!("../../examples/sample/data/calls.csv")),
    ("data/network.csv", include_str!("../../examples/sample/data/network.csv")),
];
const SCORECARD: &str = "scorecard.toml";

/// Begins a scorecard in a folder.
pub(super) fn init(args: &InitArgs) -> Output {
    let result = if args.sample { sample(&args.folder) } else { from(args) };
    result.unwrap_or_else(|diagnostics| Output { diagnostics, exit: 2, ..Output::default() })
}

fn sample(folder: &Path) -> Result<Output, Findings> {
    let help = "name a folder without them: `goldthread init DIR --sample`";
    free(folder, &SAMPLE.map(|(path, _)| path), help)?;
    let mut text = String::from("wrote a sample scorecard:\n");
    SAMPLE.iter().for_each(|(path, _)| text.push_str(&format!("  {}\n", folder.join(path).display())));
    text.push_str(&next(folder, "churn"));
    Ok(Output {
        content: text.into(),
        folders: vec![folder.join("data")],
        beside: SAMPLE.iter().map(|(path, text)| (folder.join(path), text.as_bytes().to_owned())).collect(),
        ..Output::default()
    })
}

/// Finds that none of the files exists, whatever it is.
fn free(folder: &Path, paths: &[&str], help: &str) -> Result<(), Findings> {
    let there = paths.iter().map(|path| folder.join(path)).filter(|path| path.symlink_metadata().is_ok());
    let there: Vec<String> = there.map(|path| path.display().to_string()).collect();
    if !there.is_empty() {
        let verb = if there.len() == 1 { "exists" } else { "exist" };
        let message = format!("{} {verb}, and nothing is overwritten", prose::list(&there));
        return Err(vec![Diagnostic::error(Code::Usage, message).help(help)]);
    }
    // The folder itself, or what stands where its own folder should be.
    let parent = folder.ancestors().find(|above| above.symlink_metadata().is_ok());
    match parent.filter(|above| !above.as_os_str().is_empty() && !above.is_dir()) {
        Some(file) => {
            let message = format!("`{}` is not a folder", file.display());
            Err(vec![Diagnostic::error(Code::Usage, message).help("name a folder to begin the scorecard in")])
        }
        None => Ok(()),
    }
}

/// What to try, from where the user stands.
fn next(folder: &Path, goal: &str) -> String {
    let enter = if folder == Path::new(".") { String::new() } else { format!("  cd {}\n", shell_word(folder)) };
    format!("\nnext:\n{enter}  goldthread show\n  goldthread thread {goal}\n  goldthread check\n")
}

/// A path as a word of a shell's command.
fn shell_word(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+:".contains(c);
    if text.chars().all(is_plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

fn from(args: &InitArgs) -> Result<Output, Findings> {
    let folder = &args.folder;
    let help =
        "`--from` writes `scorecard.toml`: move it away, or choose another folder: `goldthread init DIR --from ...`";
    free(folder, &[SCORECARD], help)?;
    let (paths, mut diagnostics) = paths(folder, &args.from);
    let mut files = Vec::new();
    for path in &paths {
        match sampled(folder, path) {
            Ok(file) => files.push(file),
            Err(problems) => diagnostics.extend(problems),
        }
    }
    let met = |pattern: &str| -> Vec<String> {
        let paths = matching(folder, pattern).unwrap_or_default();
        paths.iter().filter_map(|path| written(folder, path)).collect()
    };
    let drafted = draft(&title(folder), &files, &met);
    diagnostics.extend(drafted.warnings);
    let Some(draft) = drafted.value else {
        diagnostics.iter_mut().for_each(|problem| problem.severity = Severity::Error);
        let message = "nothing to propose: no file shows when its rows are and a number to measure";
        diagnostics
            .push(Diagnostic::error(Code::Usage, message).help("`goldthread init DIR --sample` writes a sample"));
        return Err(diagnostics);
    };
    // What is left out is no reason to leave out the rest.
    diagnostics.iter_mut().for_each(|problem| problem.severity = Severity::Warning);
    Ok(Output {
        content: told(folder, &draft).into(),
        folders: vec![folder.clone()],
        beside: vec![(folder.join(SCORECARD), draft.text.into())],
        diagnostics,
        ..Output::default()
    })
}

fn told(folder: &Path, draft: &Draft) -> String {
    format!(
        "wrote {}: {} from {}\n{} left to you, each marked DECIDE\n{}",
        folder.join(SCORECARD).display(),
        prose::count(draft.metrics, "metric"),
        prose::count(draft.sources, "source"),
        prose::count(draft.decisions, "decision"),
        next(folder, &draft.goal)
    )
}

/// The files that are meant, each once, in the order they are named; and what meets none.
fn paths(folder: &Path, patterns: &[String]) -> (Vec<PathBuf>, Findings) {
    let (mut found, mut problems, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for pattern in patterns {
        // A shell that expands a pattern does so where the user stands.
        let met = matching(folder, pattern);
        let is_there = met.as_ref().is_ok_and(|paths| paths.iter().any(|path| path.exists()));
        let is_here = !is_there && Path::new(pattern).exists();
        match if is_here { Ok(vec![PathBuf::from(pattern)]) } else { met } {
            Ok(paths) if paths.iter().any(|path| path.is_dir()) => {
                let problem =
                    Diagnostic::error(Code::BadFile, format!("`{pattern}` is a folder, and read as a pattern"));
                let help = "name the folder to begin in before `--from`, and files after it: \
                            `goldthread init DIR --from 'data/*.csv'`";
                problems.push(problem.help(help));
            }
            Ok(paths) if paths.is_empty() => {
                let problem = Diagnostic::error(Code::BadFile, format!("`{pattern}` matches no file"));
                problems.push(problem.help("paths are relative to the folder the scorecard begins in"));
            }
            Ok(paths) => {
                let new = paths.into_iter().filter(|path| seen.insert(path.canonicalize().unwrap_or(path.clone())));
                found.extend(new.collect::<Vec<_>>());
            }
            Err(found) => problems.extend(found),
        }
    }
    (found, problems)
}

fn sampled(folder: &Path, path: &Path) -> Result<Sampled, Findings> {
    let shown = written(folder, path).unwrap_or_else(|| path.display().to_string());
    let survey = survey(path, &shown, ROWS)?;
    let written = written(folder, path).ok_or_else(|| {
        let problem = Diagnostic::error(Code::BadFile, format!("the name of `{shown}` is not UTF-8 text"));
        vec![problem.help("rename the file: a scorecard is text, and could not name it")]
    })?;
    Ok(Sampled { written, survey })
}

/// A path as seen from the folder, parted by `/`; `None` where its name is no text.
fn written(folder: &Path, path: &Path) -> Option<String> {
    let own = path.strip_prefix(folder).map(Path::to_owned).ok().or_else(|| seen_from(folder, path))?;
    let parts: Vec<&str> = own
        .components()
        .filter(|part| *part != Component::CurDir)
        .map(|part| part.as_os_str().to_str())
        .collect::<Option<_>>()?;
    let text = parts.join("/");
    Some(if own.is_absolute() { text.replacen("//", "/", 1) } else { text })
}

/// A path below or beside the folder, by way of what both have in common; one far from it as it is.
fn seen_from(folder: &Path, path: &Path) -> Option<PathBuf> {
    /// So many folders up lies what is beside it.
    const BESIDE: usize = 2;
    let absolute = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path)).ok();
    // Where a link leads is no business of the scorecard's: only the folders it lies in are followed.
    let named = |path: &Path| {
        let parent = path.parent().map(|parent| if parent.as_os_str().is_empty() { Path::new(".") } else { parent });
        Some(absolute(parent?)?.join(path.file_name()?))
    };
    let (folder, own) = (absolute(folder)?, named(path).or_else(|| absolute(path))?);
    let shared = folder.components().zip(own.components()).take_while(|(one, other)| one == other).count();
    let up = folder.components().count() - shared;
    if path.is_absolute() && up > BESIDE {
        return Some(path.to_owned());
    }
    Some(std::iter::repeat_n(Component::ParentDir, up).chain(own.components().skip(shared)).collect())
}

fn title(folder: &Path) -> String {
    let real = folder.canonicalize().or_else(|_| std::path::absolute(folder)).ok();
    let name = real.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| "Scorecard".to_owned())
}
