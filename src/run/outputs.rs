//! What a run writes beside its report, and that nothing it has read is replaced by what it writes.

use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{Findings, Output};
use crate::cli::ReportArgs;
use crate::diagnostic::{Code, Diagnostic};
use crate::observe::{Observations, Reject, is_in_ledger, is_ledger, is_own};
use crate::prose;
use crate::render;

/// Whether a path leads to what is there and is no file, such as a pipe: it is written through.
pub(super) fn is_stream(path: &Path) -> bool {
    path.metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}

/// What the name of a file ends in, in small letters; empty where it ends in nothing.
pub(super) fn extension(path: &Path) -> String {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_ascii_lowercase()
}

/// A temporary file for what is to be written to `path`, beside it so that a rename is all it takes; or for standard output.
///
/// # Errors
/// There is no room for it, or no folder.
pub(super) fn spool(path: Option<&Path>) -> Result<NamedTempFile, Findings> {
    // What is no file has no place beside it.
    let file = path.filter(|path| !is_stream(path));
    let folder = file.map(|path| path.canonicalize().unwrap_or_else(|_| path.to_owned()));
    let folder = folder
        .as_deref()
        .and_then(Path::parent)
        .map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
    let mut builder = tempfile::Builder::new();
    // Others may read it as far as the process's mask lets them.
    #[cfg(unix)]
    let builder = builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let made = match folder {
        Some(folder) => builder.tempfile_in(folder),
        None => builder.tempfile(),
    };
    made.map_err(|error| unwritable(path, &error))
}

/// Why something cannot be written.
pub(super) fn unwritable(path: Option<&Path>, error: &std::io::Error) -> Findings {
    let place = path.map_or_else(|| "a temporary file".to_owned(), |path| format!("`{}`", path.display()));
    let problem = Diagnostic::error(Code::BadFile, format!("cannot write {place}: {}", prose::io_error(error)));
    vec![match prose::path_remedy(error) {
        Some(remedy) => problem.help(remedy),
        None => problem,
    }]
}

/// Notes what was read, and lists what `--lenient` left out.
pub(super) fn of_reading(args: &ReportArgs, observations: &Observations, output: &mut Output) {
    output.read = observations.files().map(|file| file.opened.clone()).collect();
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
    output.beside.push((args.rejects.clone(), render::rejects(&rejects).into()));
}

/// The first output that would replace a file that the scorecard names, what was read, or another output.
pub(super) fn overwritten(output: &Output, named: &[PathBuf]) -> Option<Diagnostic> {
    // A list of rejects or a ledger that a source's pattern meets is no data.
    let named = named.iter().filter(|path| !is_own(path));
    let named: Vec<&Path> = output.read.iter().chain(named).map(PathBuf::as_path).collect();
    let beside = output.beside.iter().map(|(path, _)| path).chain(output.appended.iter().map(|(path, _)| path));
    let written: Vec<&Path> = beside.map(PathBuf::as_path).chain(output.file.as_deref()).collect();
    if let Some(path) = written.iter().find(|path| is_ledger(path)) {
        let message = format!("`{}` holds a closed period, and would be replaced", path.display());
        return Some(Diagnostic::error(Code::Usage, message).help("write to another file"));
    }
    if let Some(path) = written.iter().find(|path| is_in_ledger(path)) {
        let message = format!("`{}` would lie among closed periods, and be read as one", path.display());
        return Some(Diagnostic::error(Code::Usage, message).help("write to another folder"));
    }
    for (index, path) in written.iter().enumerate() {
        if named.iter().any(|named| is_same(path, named)) {
            let message = format!("`{}` is one of the files that are read, and would be replaced", path.display());
            return Some(Diagnostic::error(Code::Usage, message).help("write to another file"));
        }
        // What does not exist yet has no real path.
        if written[..index].iter().any(|other| other == path || is_same(other, path)) {
            let message = format!("`{}` would be written twice", path.display());
            let other = if output.appended.is_some() { "--summary" } else { "--rejects" };
            let help = format!("name another file with `-o` or `{other}`");
            return Some(Diagnostic::error(Code::Usage, message).help(help));
        }
    }
    None
}

/// A file that is there and is no file of findings: a scorecard that does not parse cannot say that it is one of its own.
pub(super) fn no_findings(output: &Output) -> Option<Diagnostic> {
    let is_data = |path: &&Path| {
        let data = ["toml", "csv", "tsv", "gz", "xlsx", "xlsm", "xls", "ods", "parquet"];
        path.exists() && data.contains(&extension(path).as_str())
    };
    let appended = output.appended.iter().map(|(path, _)| path.as_path());
    let path = output.file.as_deref().into_iter().chain(appended).find(is_data)?;
    let message = format!("`{}` is there and holds no findings: it is not replaced", path.display());
    Some(Diagnostic::error(Code::Usage, message).help("end the name in .txt, .json, .xml or .md"))
}

/// Whether two paths lead to one file: over links of any kind.
fn is_same(a: &Path, b: &Path) -> bool {
    let (Ok(real_a), Ok(real_b)) = (a.canonicalize(), b.canonicalize()) else { return false };
    real_a == real_b || is_hard_link(&real_a, &real_b)
}

#[cfg(unix)]
fn is_hard_link(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |path: &Path| path.metadata().map(|metadata| (metadata.dev(), metadata.ino())).ok();
    place(a).is_some() && place(a) == place(b)
}

#[cfg(not(unix))]
fn is_hard_link(_: &Path, _: &Path) -> bool {
    false
}
