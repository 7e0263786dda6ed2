//! Differences as a report says them: between which sides, of which periods, by kind.

use crate::ledger::{Change, Kind};

/// What differs between two sides.
#[derive(Clone, Debug, Default)]
pub struct Diff {
    /// The scorecard's name; `None` where no scorecard was read.
    pub scorecard: Option<String>,
    /// The older side, in words: `what was closed`, a revision, a path.
    pub before: String,
    /// The newer side.
    pub after: String,
    /// The names of the periods held against each other.
    pub periods: Vec<String>,
    /// Every difference, in the order of periods and metrics.
    pub changes: Vec<Change>,
    /// What a reader should know beside: periods that were reopened, and why.
    pub notes: Vec<String>,
}

impl Diff {
    /// Whether anything differs that was there before: a period that is new changes nothing that was reported.
    pub fn differs(&self) -> bool {
        self.changes.iter().any(|change| change.kind != Kind::NewPeriod)
    }

    /// The differences of each kind there is, in the order they are told.
    pub fn by_kind(&self) -> impl Iterator<Item = (Kind, Vec<&Change>)> {
        let of = |kind| (kind, self.changes.iter().filter(|change| change.kind == kind).collect::<Vec<_>>());
        Kind::ALL.into_iter().map(of).filter(|(_, changes)| !changes.is_empty())
    }
}
