//! Every rule there is, by group and then by name.

use super::{Rule, file, numbers, targets, thread};

/// All rules; scripts match on their names, so a name is never changed.
pub const RULES: &[&Rule] = &[
    &thread::counted_twice::RULE,
    &thread::department_without_thread::RULE,
    &thread::empty_stage::RULE,
    &thread::goal_without_sponsor::RULE,
    &thread::link_without_reason::RULE,
    &thread::no_leading_driver::RULE,
    &thread::one_department_stage::RULE,
    &thread::several_sponsors::RULE,
    &thread::siloed_thread::RULE,
    &thread::too_many_drivers::RULE,
    &thread::too_many_metrics::RULE,
    &thread::unlinked_metric::RULE,
    &thread::unowned_metric::RULE,
    &thread::unreached_goal::RULE,
    &thread::weightless_link::RULE,
    &targets::incomparable_unit::RULE,
    &targets::missing_target::RULE,
    &targets::target_always_met::RULE,
    &targets::target_changed_late::RULE,
    &targets::target_ended::RULE,
    &targets::target_never_met::RULE,
    &targets::target_scale::RULE,
    &targets::targets_miss_goal::RULE,
    &targets::threshold_beyond_target::RULE,
    &numbers::averaged_ratio::RULE,
    &numbers::constant_series::RULE,
    &numbers::control_mismatch::RULE,
    &numbers::missing_periods::RULE,
    &numbers::no_value::RULE,
    &numbers::percent_out_of_range::RULE,
    &numbers::same_series::RULE,
    &numbers::scale_jump::RULE,
    &numbers::stale_data::RULE,
    &numbers::summed_stock::RULE,
    &numbers::vanishing_denominator::RULE,
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
