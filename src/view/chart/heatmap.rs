//! Stages of the journey by departments: the score in every cell, and where no one measures.

use super::{Heading, Refusal, Subject};

/// Stages of the journey by departments: the score in every cell, and where no one measures.
#[derive(Clone, Debug, PartialEq)]
pub struct Heatmap {
    /// What stands around it.
    pub heading: Heading,
}

impl Heatmap {
    /// The chart of the metrics selected.
    ///
    /// # Errors
    /// There is nothing to draw.
    pub fn of(_subject: &Subject<'_>) -> Result<Heatmap, Refusal> {
        Err(Refusal::new("`heatmap` is not drawn yet", "draw another kind"))
    }
}
