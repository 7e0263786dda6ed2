//! The files that a picture rests on, by their hashes, named as the scorecard would name them: where it was made, and how
//! the scorecard was named, leave no trace.

use std::path::Path;

use super::{Findings, Run};
use crate::metric::Scorecard;
use crate::render::chart::Provenance;
use crate::run::hashes;

/// The version, the as-of, and every file that was read, the scorecard's own first.
///
/// Files are hashed on a second reading. One of data that is no longer as long as on the first is refused: its hash would
/// not be of what is drawn. An edit that keeps the length is not seen, nor one of the scorecard's own files.
///
/// # Errors
/// A file is gone, or of another length, since it was read.
pub(super) fn provenance(scorecard: &Scorecard, run: &Run, files: &[&Path]) -> Result<Provenance, Findings> {
    let read = run.observations.files().map(|file| (file.opened.as_path(), Some(file.bytes)));
    let root = files.first().copied().unwrap_or(Path::new(""));
    let mut inputs: Vec<(String, String)> = Vec::new();
    for (path, bytes) in files.iter().map(|path| (*path, None)).chain(read) {
        let shown = hashes::named(path, root);
        if inputs.iter().any(|(known, _)| *known == shown) {
            continue;
        }
        let hashed = match bytes {
            Some(bytes) => hashes::of_read_file(path, &shown, bytes)?,
            None => hashes::of_file(path, &shown)?,
        };
        inputs.push((hashed.path, hashed.sha256));
    }
    let as_of = scorecard.calendar.name(run.as_of);
    Ok(Provenance { version: env!("CARGO_PKG_VERSION").to_owned(), as_of, inputs })
}
