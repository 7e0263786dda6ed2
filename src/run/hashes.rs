//! Files by their content: SHA-256, read in pieces. The only home of sha2.

use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

use super::Findings;
use crate::diagnostic::{Code, Diagnostic};
use crate::observe::{FileFacts, Stamp};
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

/// The same of a file of data, named as from the scorecard, whose own file is `root`. It is read a second time: that it is still
/// the one that the figures are of, is known by its stamp.
///
/// # Errors
/// It cannot be read, or has changed since it was.
pub(super) fn of_data(facts: &FileFacts, root: &Path) -> Result<Hashed, Findings> {
    let shown = named(&facts.opened, root);
    let hashed = of_file(&facts.opened, &shown)?;
    // After hashing: a change before it and one during it are both told.
    if std::fs::metadata(&facts.opened).is_ok_and(|metadata| Stamp::of(&metadata) == facts.stamp) {
        return Ok(hashed);
    }
    let message = format!("`{shown}` changed while it was read");
    Err(vec![Diagnostic::error(Code::BadFile, message).help("run it again when the file is at rest")])
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

/// A path as the scorecard would name it, whose own file is `root`: what is written does not depend on where it was made,
/// or on how the scorecard was named.
pub(super) fn named(path: &Path, root: &Path) -> String {
    within(path, root.parent().unwrap_or(Path::new("")))
}

/// A path as it is written in a folder: over `..` where it lies outside.
fn within(path: &Path, folder: &Path) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_changed_since_it_was_read_is_not_hashed_for_what_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, "abc").unwrap();
        let stamp = Stamp::of(&std::fs::metadata(&path).unwrap());
        let facts = FileFacts { opened: path.clone(), stamp, ..FileFacts::default() };
        let root = folder.path().join("scorecard.toml");
        // Of "abc", by FIPS 180-2, appendix B.1.
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let hashed = of_data(&facts, &root).unwrap();
        assert_eq!((hashed.sha256.as_str(), hashed.bytes, hashed.path.as_str()), (known, 3, "a.csv"));
        std::fs::write(&path, "abcd").unwrap();
        let problems = of_data(&facts, &root).unwrap_err();
        assert_eq!(problems[0].code, Code::BadFile);
        assert_eq!(problems[0].message, "`a.csv` changed while it was read");
    }

    #[test]
    fn a_file_is_named_as_from_the_scorecard_however_that_is_named() {
        let here = std::env::current_dir().unwrap();
        for folder in [Path::new("cards"), Path::new("./x/../cards"), &here.join("cards")] {
            assert_eq!(within(&folder.join("../data/a.csv"), folder), "../data/a.csv");
            assert_eq!(within(&folder.join("./b/a.csv"), folder), "b/a.csv");
            assert_eq!(within(&folder.join("card.toml"), folder), "card.toml");
        }
        assert_eq!(within(Path::new("./a.csv"), Path::new("")), "a.csv");
        assert_eq!(within(Path::new("../a.csv"), Path::new("")), "../a.csv");
    }
}
