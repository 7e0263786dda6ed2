//! Rules about the scorecard's text; and the paths it holds.

pub(super) mod absolute_path;
pub(super) mod deprecated_key;
pub(super) mod path_outside_repository;
pub(super) mod unused_department;
pub(super) mod unused_silence;
pub(super) mod unused_source;

use std::path::Path;

use crate::diagnostic::Place;
use crate::metric::Scorecard;

/// A path as the scorecard writes it.
struct WrittenPath<'s> {
    /// The source's id, or for an `include` the path itself.
    about: &'s str,
    /// Possibly with `*`.
    text: &'s str,
    /// Where it stands.
    place: &'s Place,
    /// The folder of the file it stands in, to which it is relative.
    folder: &'s Path,
}

impl WrittenPath<'_> {
    /// Whether it begins at the root of a machine: `/data`, `C:\data`, `\\server\data`, on whichever machine this runs.
    fn is_absolute(&self) -> bool {
        let is_drive = |text: &str| {
            let bytes = text.as_bytes();
            bytes.len() > 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':' && matches!(bytes[2], b'/' | b'\\')
        };
        self.text.starts_with(['/', '\\']) || is_drive(self.text) || Path::new(self.text).is_absolute()
    }
}

/// Every path of a scorecard: of its includes, then of its sources and rates.
fn paths(scorecard: &Scorecard) -> impl Iterator<Item = WrittenPath<'_>> {
    let includes = scorecard.includes.iter().map(|include| WrittenPath {
        about: &include.written_path,
        text: &include.written_path,
        place: &include.place,
        folder: &include.folder,
    });
    let rates = scorecard.rates.iter().map(|rates| &rates.source);
    let sources = scorecard.sources.iter().chain(rates).map(|source| WrittenPath {
        about: &source.id,
        text: &source.written_path,
        place: &source.path_place,
        folder: &source.folder,
    });
    includes.chain(sources)
}
