//! The golden thread: goals, what feeds them, and the path on which most is lost. As a scene.

use super::scene::Scene;
use super::{Layout, Refusal};
use crate::view::chart::Tree;

/// Lays a chart out.
pub(super) fn paint(_chart: &Tree, _layout: &Layout<'_>) -> Result<Scene, Refusal> {
    Err(Refusal::new("`tree` is not drawn yet", "draw another kind"))
}
