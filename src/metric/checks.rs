//! What a scorecard tells `check` of itself: other severities, bounds, and findings that are accepted, with a reason.

use crate::diagnostic::{Place, Placed, Severity};

/// The settings of `[check]`.
#[derive(Clone, Debug)]
pub struct Checks {
    /// The severity of a rule, by the rule's name.
    pub severity: Vec<(Placed<String>, Severity)>,
    /// Findings that are known and accepted.
    pub silences: Vec<Silence>,
    /// How many drivers a node may have.
    pub most_drivers: usize,
    /// How many metrics a department may have.
    pub most_metrics: usize,
}

impl Default for Checks {
    fn default() -> Self {
        Checks { severity: Vec::new(), silences: Vec::new(), most_drivers: 7, most_metrics: 12 }
    }
}

/// One `[[check.ignore]]`.
#[derive(Clone, Debug)]
pub struct Silence {
    /// The rule's name; whether there is such a rule is known to `lint`.
    pub rule: Placed<String>,
    /// The id of what it is about, or a pattern; everything where absent.
    pub at: Option<Placed<String>>,
    /// Why it is accepted.
    pub because: String,
    /// Where it stands.
    pub place: Place,
}
