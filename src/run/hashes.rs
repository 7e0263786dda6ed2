//! Files by their content: SHA-256, read in pieces. The only home of sha2.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::Findings;
use crate::diagnostic::{Code, Diagnostic};
use crate::prose::io_error;
use crate::view::manifest::Hashed;

/// A file's hash, in hexadecimal, and its size.
///
/// # Errors
/// It cannot be read.
pub(super) fn of_file(path: &Path, shown: &str) -> Result<Hashed, Findings> {
    read(path, shown).map_err(|error| {
        vec![Diagnostic::error(Code::BadFile, format!("cannot read `{shown}` again: {}", io_error(&error)))]
    })
}

/// The hash of some bytes, in hexadecimal.
pub(super) fn of_bytes(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn read(path: &Path, shown: &str) -> std::io::Result<Hashed> {
    let (mut hashing, mut file) = (Hashing::default(), File::open(path)?);
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hashing.done(shown)),
            read => hashing.add(&piece[..read]),
        }
    }
}

/// The hash of bytes as they come.
#[derive(Default)]
pub(super) struct Hashing {
    hasher: Sha256,
    bytes: u64,
}

impl Hashing {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    /// What the bytes so far come to, under the name of a file.
    pub(super) fn done(self, shown: &str) -> Hashed {
        Hashed { path: shown.to_owned(), sha256: hexadecimal(&self.hasher.finalize()), bytes: self.bytes }
    }
}

fn hexadecimal(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A path as the scorecard would name it: what is written does not depend on where it was made.
pub(super) fn named(path: &Path, scorecard: &Path) -> String {
    let folder = scorecard.parent().unwrap_or(Path::new(""));
    let inside = path.strip_prefix(folder).unwrap_or(path);
    inside.strip_prefix(".").unwrap_or(inside).display().to_string().replace('\\', "/")
}
