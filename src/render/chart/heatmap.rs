//! Stages of the journey by departments: the score in every cell, and where no one measures. As a scene.

use super::scene::Scene;
use super::{Layout, Refusal};
use crate::view::chart::Heatmap;

/// Lays a chart out.
pub(super) fn paint(_chart: &Heatmap, _layout: &Layout<'_>) -> Result<Scene, Refusal> {
    Err(Refusal::new("`heatmap` is not drawn yet", "draw another kind"))
}
