//! What the file system says of a file without reading it: whether it is still the one that was read.

use std::fs::Metadata;

/// Size, place and time of the last change, as finely as the file system keeps them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    bytes: u64,
    /// Seconds and nanoseconds, or ticks, since some day.
    written: (i64, i64),
    /// Device and number of the file, where it has them: another file under the same name is another file.
    place: (u64, u64),
}

impl Stamp {
    /// The stamp of a file.
    #[cfg(unix)]
    pub fn of(metadata: &Metadata) -> Stamp {
        use std::os::unix::fs::MetadataExt;
        // The time of the last change of any kind cannot be set back by who sets the time of writing.
        let written = (metadata.ctime(), metadata.ctime_nsec());
        Stamp { bytes: metadata.len(), written, place: (metadata.dev(), metadata.ino()) }
    }

    /// The stamp of a file.
    #[cfg(windows)]
    pub fn of(metadata: &Metadata) -> Stamp {
        use std::os::windows::fs::MetadataExt;
        let written = (metadata.last_write_time().cast_signed(), 0);
        Stamp { bytes: metadata.len(), written, place: (0, metadata.creation_time()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_that_keeps_the_size_and_another_file_of_the_same_name_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let stamp = || Stamp::of(&std::fs::metadata(&path).unwrap());
        std::fs::write(&path, "abc").unwrap();
        let first = stamp();
        assert_eq!(stamp(), first);
        // File systems keep time in steps of some milliseconds.
        std::thread::sleep(std::time::Duration::from_millis(30));
        std::fs::write(&path, "abd").unwrap();
        let second = stamp();
        assert_ne!(second, first);
        let other = folder.path().join("b.csv");
        std::fs::write(&other, "abd").unwrap();
        std::fs::rename(&other, &path).unwrap();
        assert_ne!(stamp(), second);
    }
}
