//! The scorecard's table as a picture, for a slide. As a scene.

use super::scene::Scene;
use super::{Layout, Refusal};
use crate::view::chart::ScorecardTable;

/// Lays a chart out.
pub(super) fn paint(_chart: &ScorecardTable, _layout: &Layout<'_>) -> Result<Scene, Refusal> {
    Err(Refusal::new("`scorecard` is not drawn yet", "draw another kind"))
}
