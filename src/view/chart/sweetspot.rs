//! Each metric's influence on customer goals against its influence on business goals.

use super::{Heading, Refusal, Subject};

/// Each metric's influence on customer goals against its influence on business goals.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweetspot {
    /// What stands around it.
    pub heading: Heading,
}

impl Sweetspot {
    /// The chart of the metrics selected.
    ///
    /// # Errors
    /// There is nothing to draw.
    pub fn of(_subject: &Subject<'_>) -> Result<Sweetspot, Refusal> {
        Err(Refusal::new("`sweetspot` is not drawn yet", "draw another kind"))
    }
}
