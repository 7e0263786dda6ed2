//! Every rule there is, by group and then by name.

use super::{Rule, file, numbers, thread};

/// All rules; scripts match on their names, so a name is never changed.
pub const RULES: &[&Rule] =
    &[&thread::goal_without_sponsor::RULE, &numbers::constant_series::RULE, &file::unused_silence::RULE];

/// The rule of a name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}
