//! Metrics over time, with target, threshold, prior year and process limits.

use super::{Heading, Refusal, Subject};

/// Metrics over time, with target, threshold, prior year and process limits.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// What stands around it.
    pub heading: Heading,
}

impl Trend {
    /// The chart of the metrics selected.
    ///
    /// # Errors
    /// There is nothing to draw.
    pub fn of(_subject: &Subject<'_>) -> Result<Trend, Refusal> {
        Err(Refusal::new("`trend` is not drawn yet", "draw another kind"))
    }
}
