//! The scorecard's table as a picture, for a slide.

use super::{Heading, Refusal, Subject};

/// The scorecard's table as a picture, for a slide.
#[derive(Clone, Debug, PartialEq)]
pub struct ScorecardTable {
    /// What stands around it.
    pub heading: Heading,
}

impl ScorecardTable {
    /// The chart of the metrics selected.
    ///
    /// # Errors
    /// There is nothing to draw.
    pub fn of(_subject: &Subject<'_>) -> Result<ScorecardTable, Refusal> {
        Err(Refusal::new("`scorecard` is not drawn yet", "draw another kind"))
    }
}
