//! What a run writes beside its report, and that nothing it has read is replaced by what it writes.

use std::path::{Path, PathBuf};

use super::Output;
use crate::cli::ReportArgs;
use crate::diagnostic::{Code, Diagnostic, Files};
use crate::observe::{Observations, Reject};
use crate::prose;
use crate::render;

/// Notes what was read, and lists what `--lenient` left out.
pub(super) fn of_reading(args: &ReportArgs, observations: &Observations, output: &mut Output) {
    let files = observations.tables.iter().flat_map(|table| &table.files);
    output.read = files.map(|file| file.opened.clone()).collect();
    if !args.lenient {
        return;
    }
    let rejects: Vec<&Reject> = observations.tables.iter().flat_map(|table| &table.rejects).collect();
    // A list of an earlier run must not stay beside this one's figures.
    if rejects.is_empty() && !args.rejects.exists() {
        return;
    }
    if !rejects.is_empty() {
        let (count, path) = (prose::count(rejects.len(), "reject"), args.rejects.display());
        output.messages.push(format!("{count} left out, listed in `{path}`; figures that rest on them are marked"));
    }
    output.beside.push((args.rejects.clone(), render::rejects(&rejects)));
}

/// The first output that would replace what was read, or another output.
pub(super) fn overwritten(output: &Output, scorecards: &Files) -> Option<Diagnostic> {
    let real = |path: &Path| path.canonicalize().ok();
    let read: Vec<PathBuf> =
        output.read.iter().map(PathBuf::as_path).chain(scorecards.paths()).filter_map(real).collect();
    let beside = output.beside.iter().chain(&output.appended).map(|(path, _)| path.as_path());
    let written: Vec<&Path> = beside.chain(output.file.as_deref()).collect();
    for (index, path) in written.iter().enumerate() {
        if real(path).is_some_and(|path| read.contains(&path)) {
            let message = format!("`{}` is one of the files that are read, and would be replaced", path.display());
            return Some(Diagnostic::error(Code::Usage, message).help("write to another file"));
        }
        // What does not exist yet has no real path.
        let same = |other: &&&Path| **other == *path || real(path).is_some() && real(other) == real(path);
        if written[..index].iter().any(|other| same(&other)) {
            let message = format!("`{}` would be written twice", path.display());
            let other = if output.appended.is_some() { "--summary" } else { "--rejects" };
            let help = format!("name another file with `-o` or `{other}`");
            return Some(Diagnostic::error(Code::Usage, message).help(help));
        }
    }
    None
}
