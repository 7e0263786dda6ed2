//! A process that changed on purpose: from when on, and why.

use crate::diagnostic::Place;
use crate::period::Period;

/// From when on a metric is a process of its own, with limits of its own.
#[derive(Clone, Debug)]
pub struct Rebase {
    /// The first period after the change, of the scorecard's grain.
    pub at: Period,
    /// What changed: limits that move without a recorded reason hide what they are there to show.
    pub because: String,
    /// Where it stands.
    pub place: Place,
}
