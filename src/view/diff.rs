//! Differences as a report says them: between which sides, of which periods, by kind.

use crate::ledger::{Change, Kind};
use crate::period::Period;

/// What differs between two sides.
#[derive(Clone, Debug, Default)]
pub struct Diff {
    /// The scorecard's name; `None` where no scorecard was read.
    pub scorecard: Option<String>,
    /// The older side, in words: `what was closed`, a revision, a path.
    pub before: String,
    /// The newer side.
    pub after: String,
    /// The periods held against each other, oldest first.
    pub periods: Vec<DiffPeriod>,
    /// Every difference, in the order of periods and metrics.
    pub changes: Vec<Change>,
    /// What a reader should know beside: periods that were reopened, and why.
    pub notes: Vec<String>,
    /// What one side holds and was not held against the other, which was not asked for it.
    pub not_compared: Vec<String>,
}

/// A period that was compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffPeriod {
    /// As the older side names it.
    pub name: String,
    /// Which.
    pub period: Period,
}

impl DiffPeriod {
    /// Whether it is the very next one.
    pub fn follows(&self, other: &DiffPeriod) -> bool {
        let (before, after) = (other.period, self.period);
        before.grain() == after.grain() && before.last().tomorrow().is_ok_and(|next| next == after.first())
    }
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
