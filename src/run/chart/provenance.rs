//! The files that a picture rests on, by their hashes, named as the scorecard would name them: where it was made, and how
//! the scorecard was named, leave no trace.

use std::io::Read;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{Findings, Run};
use crate::diagnostic::{Code, Diagnostic};
use crate::metric::Scorecard;
use crate::prose::io_error;
use crate::render::chart::Provenance;

/// The version, the as-of, and every file that was read, the scorecard's own first.
///
/// # Errors
/// A file is gone since it was read.
pub(super) fn provenance(scorecard: &Scorecard, run: &Run, files: &[&Path]) -> Result<Provenance, Findings> {
    let read = run.observations.tables.iter().flat_map(|table| &table.files);
    let folder = files.first().and_then(|path| path.parent()).unwrap_or(Path::new(""));
    let mut inputs: Vec<(String, String)> = Vec::new();
    for path in files.iter().copied().chain(read.map(|file| file.opened.as_path())) {
        let shown = named(path, folder);
        if inputs.iter().any(|(known, _)| *known == shown) {
            continue;
        }
        let hash = hash(path).map_err(|error| {
            vec![Diagnostic::error(Code::BadFile, format!("cannot read `{shown}` again: {}", io_error(&error)))]
        })?;
        inputs.push((shown, hash));
    }
    let as_of = scorecard.calendar.name(run.as_of);
    Ok(Provenance { version: env!("CARGO_PKG_VERSION").to_owned(), as_of, inputs })
}

/// A path as it is written in a folder: over `..` where it lies outside.
fn named(path: &Path, folder: &Path) -> String {
    let (path, folder) = (cleaned(path), cleaned(folder));
    let common = path.components().zip(folder.components()).take_while(|(a, b)| a == b).count();
    // Nothing in common but the root's name is another disk.
    if common == 0 && folder.components().next().is_some() {
        return path.display().to_string().replace('\\', "/");
    }
    let up = folder.components().skip(common).map(|_| Component::ParentDir);
    let relative: PathBuf = up.chain(path.components().skip(common)).collect();
    relative.display().to_string().replace('\\', "/")
}

/// The same from the root on, without `.` and `a/..`, by its letters alone.
fn cleaned(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    // Only an empty path cannot be made absolute, which is the folder we are in.
    let whole = std::path::absolute(if path.as_os_str().is_empty() { Path::new(".") } else { path });
    for component in whole.as_deref().unwrap_or(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

fn hash(path: &Path) -> std::io::Result<String> {
    let (mut hasher, mut file) = (Sha256::new(), std::fs::File::open(path)?);
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece)? {
            0 => break,
            read => hasher.update(&piece[..read]),
        }
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_as_from_the_scorecard_however_that_is_named() {
        let here = std::env::current_dir().unwrap();
        for folder in [Path::new("cards"), Path::new("./x/../cards"), &here.join("cards")] {
            assert_eq!(named(&folder.join("../data/a.csv"), folder), "../data/a.csv");
            assert_eq!(named(&folder.join("./b/a.csv"), folder), "b/a.csv");
            assert_eq!(named(&folder.join("card.toml"), folder), "card.toml");
        }
        assert_eq!(named(Path::new("./a.csv"), Path::new("")), "a.csv");
        assert_eq!(named(Path::new("../a.csv"), Path::new("")), "../a.csv");
    }
}
