//! What this program leaves beside data, and a pattern of a source may meet by chance: no rows of any source.

use std::io::Read;
use std::path::Path;

use super::table::Reject;

/// What a text of a ledger begins with; the number of its form follows.
pub const LEDGER_HEAD: &str = "goldthread ledger ";

/// The extension of the folder that holds a scorecard's ledger.
pub const LEDGER_FOLDER: &str = "ledger";

/// Whether a file is a list that `--lenient` left there, or a ledger or its folder.
pub fn is_own(path: &Path) -> bool {
    let is_folder = path.extension().is_some_and(|extension| extension == LEDGER_FOLDER) && path.is_dir();
    is_folder || is_ledger(path) || begins(path, &format!("{}\n", Reject::COLUMNS.join(",")))
}

/// Whether a file holds a closed period.
pub fn is_ledger(path: &Path) -> bool {
    begins(path, LEDGER_HEAD)
}

/// Whether a path leads into the folder of a ledger, or below.
pub fn is_in_ledger(path: &Path) -> bool {
    // What is not there yet has no real path; the nearest folder above it has.
    let real = path.ancestors().skip(1).find_map(|folder| folder.canonicalize().ok());
    let is_ledger = |folder: &Path| folder.extension().is_some_and(|extension| extension == LEDGER_FOLDER);
    real.iter().flat_map(|real| real.ancestors()).chain(path.ancestors().skip(1)).any(is_ledger)
}

fn begins(path: &Path, with: &str) -> bool {
    // A pipe would wait for whoever writes to it.
    if !path.is_file() {
        return false;
    }
    let mut head = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(with.len() as u64).read_to_end(&mut head));
    read.is_ok() && head == with.as_bytes()
}
