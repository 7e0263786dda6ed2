//! Metrics over time, with target, threshold, prior year and process limits. As a scene.

use super::scene::Scene;
use super::{Layout, Refusal};
use crate::view::chart::Trend;

/// Lays a chart out.
pub(super) fn paint(_chart: &Trend, _layout: &Layout<'_>) -> Result<Scene, Refusal> {
    Err(Refusal::new("`trend` is not drawn yet", "draw another kind"))
}
