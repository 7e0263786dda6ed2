//! Every rule there is, by group and then by name.

use super::{Rule, file, numbers, thread};

/// All rules; scripts match on their names, so a name is never changed.
pub const RULES: &[&Rule] = &[
    &thread::counted_twice::RULE,
    &thread::department_without_thread::RULE,
    &thread::empty_stage::RULE,
    &thread::goal_without_sponsor::RULE,
    &thread::link_without_reason::RULE,
    &thread::no_leading_driver::RULE,
    &thread::one_department_stage::RULE,
    &thread::siloed_thread::RULE,
    &thread::too_many_drivers::RULE,
    &thread::too_many_metrics::RULE,
    &thread::unlinked_metric::RULE,
    &thread::unowned_metric::RULE,
    &thread::unreached_goal::RULE,
    &thread::weightless_link::RULE,
    &numbers::constant_series::RULE,
    &file::absolute_path::RULE,
    &file::deprecated_key::RULE,
    &file::path_outside_repository::RULE,
    &file::unused_department::RULE,
    &file::unused_silence::RULE,
    &file::unused_source::RULE,
];

/// The rule of a name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}
