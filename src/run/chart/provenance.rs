//! The files that a picture rests on, by their hashes, named as the scorecard would name them: where it was made, and how
//! the scorecard was named, leave no trace.

use std::path::Path;

use super::{Findings, Run};
use crate::metric::Scorecard;
use crate::render::chart::Provenance;
use crate::run::hashes;

/// The version, the as-of, and every file that was read, the scorecard's own first.
///
/// Files are hashed on a second reading. One of data that has changed since the first is refused: its hash would not be of
/// what is drawn.
///
/// # Errors
/// A file is gone, or has changed, since it was read.
pub(super) fn provenance(scorecard: &Scorecard, run: &Run, files: &[&Path]) -> Result<Provenance, Findings> {
    let root = files.first().copied().unwrap_or(Path::new(""));
    let own = files.iter().map(|path| hashes::of_file(path, &hashes::named(path, root)));
    let mut inputs: Vec<(String, String)> = Vec::new();
    for hashed in own.chain(run.observations.files().map(|facts| hashes::of_data(facts, root))) {
        let hashed = hashed?;
        // A file of two sources is one.
        if inputs.iter().all(|(known, _)| *known != hashed.path) {
            inputs.push((hashed.path, hashed.sha256));
        }
    }
    let as_of = scorecard.calendar.name(run.as_of);
    Ok(Provenance { version: env!("CARGO_PKG_VERSION").to_owned(), as_of, inputs })
}
