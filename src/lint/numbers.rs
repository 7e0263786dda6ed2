//! Rules about what was read, and how it is put together.

pub(super) mod constant_series;
