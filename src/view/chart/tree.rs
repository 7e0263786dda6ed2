//! The golden thread: goals, what feeds them, and the path on which most is lost.

use super::{Heading, Refusal, Subject};

/// The golden thread: goals, what feeds them, and the path on which most is lost.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    /// What stands around it.
    pub heading: Heading,
}

impl Tree {
    /// The chart of the metrics selected.
    ///
    /// # Errors
    /// There is nothing to draw.
    pub fn of(_subject: &Subject<'_>) -> Result<Tree, Refusal> {
        Err(Refusal::new("`tree` is not drawn yet", "draw another kind"))
    }
}
