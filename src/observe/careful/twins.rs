//! Rows of a source that have the same period and key: copies of each other, or two truths about one thing.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::observe::record::Field;

/// Copies left out a source: more are no matter of a few rows.
pub(super) const COPIES: usize = 1_000_000;

/// Copies and clashes shown a source: one is mostly like the others.
pub(super) const PAIRS: usize = 3;

/// Where a row stands: its file's position, its line or row, and the field across of a wide one.
pub(super) type RowPlace = (usize, u64, usize);

/// A row's key and content, as numbers that differ where the texts do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Identity {
    key: u128,
    content: u64,
    line: u64,
    across: usize,
}

impl Identity {
    /// The identity of a record: what tells it apart, and all its fields.
    pub(super) fn of<'k>(
        key: &(impl Iterator<Item = Cow<'k, str>> + Clone),
        fields: &[Field<'_>],
        line: u64,
        across: usize,
    ) -> Identity {
        let hash = |seed: u8| {
            let mut hasher = DefaultHasher::new();
            seed.hash(&mut hasher);
            key.clone().for_each(|text| text.hash(&mut hasher));
            hasher.finish()
        };
        let mut content = DefaultHasher::new();
        fields.iter().for_each(|field| field.text.trim().hash(&mut content));
        Identity { key: u128::from(hash(1)) << 64 | u128::from(hash(2)), content: content.finish(), line, across }
    }
}

/// The keys of a source seen so far.
#[derive(Default)]
pub(super) struct Twins {
    first: HashMap<u128, (RowPlace, u64)>,
    /// Rows that repeat an earlier one word for word.
    pub(super) copies: HashSet<RowPlace>,
    /// The first copies, each with the row it repeats.
    pub(super) shown: Vec<(RowPlace, RowPlace)>,
    /// Rows with the key of an earlier one and other content, with that one.
    pub(super) clashes: Vec<(RowPlace, RowPlace)>,
    /// Clashes beyond those kept.
    pub(super) more: usize,
}

impl Twins {
    /// Takes the rows of the next piece in, in the order of the file.
    pub(super) fn take(&mut self, file: usize, rows: &[Identity], shown: usize) {
        for row in rows {
            let place = (file, row.line, row.across);
            match self.first.get(&row.key) {
                None => {
                    self.first.insert(row.key, (place, row.content));
                }
                Some((first, content)) if *content == row.content => {
                    if self.shown.len() < shown {
                        self.shown.push((*first, place));
                    }
                    self.copies.insert(place);
                }
                Some((first, _)) if self.clashes.len() < shown => self.clashes.push((*first, place)),
                Some(_) => self.more += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::record::Kind;

    fn row(key: &str, content: &str, line: u64) -> Identity {
        Identity::of(
            &[Cow::from(key)].into_iter(),
            &[Field::owned(key, Kind::Written), Field::owned(content, Kind::Written)],
            line,
            0,
        )
    }

    #[test]
    fn copies_and_clashes_are_told_apart() {
        let mut twins = Twins::default();
        twins.take(0, &[row("a", "1", 2), row("b", "1", 3), row("a", "1", 4)], 20);
        twins.take(1, &[row("b", "2", 2), row("c", "1", 3)], 20);
        assert_eq!(twins.copies, HashSet::from([(0, 4, 0)]));
        assert_eq!(twins.shown, [((0, 2, 0), (0, 4, 0))]);
        assert_eq!(twins.clashes, [((0, 3, 0), (1, 2, 0))]);
    }
}
