//! Rules about what was read, and how it is put together.

pub(super) mod averaged_ratio;
pub(super) mod constant_series;
pub(super) mod control_mismatch;
pub(super) mod missing_periods;
pub(super) mod no_value;
pub(super) mod percent_out_of_range;
pub(super) mod same_series;
pub(super) mod scale_jump;
pub(super) mod stale_data;
pub(super) mod summed_stock;
pub(super) mod vanishing_denominator;
