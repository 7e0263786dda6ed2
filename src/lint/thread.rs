//! Rules about how metrics, goals, departments and stages hang together.

pub(super) mod goal_without_sponsor;
