//! Rules about what was promised.

pub(super) mod incomparable_unit;
pub(super) mod missing_target;
mod moved_since_closed;
pub(super) mod target_always_met;
pub(super) mod target_changed_late;
pub(super) mod target_ended;
pub(super) mod target_never_met;
pub(super) mod target_scale;
pub(super) mod targets_miss_goal;
pub(super) mod threshold_beyond_target;
