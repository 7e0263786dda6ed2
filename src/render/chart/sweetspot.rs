//! Each metric's influence on customer goals against its influence on business goals. As a scene.

use super::scene::Scene;
use super::{Layout, Refusal};
use crate::view::chart::Sweetspot;

/// Lays a chart out.
pub(super) fn paint(_chart: &Sweetspot, _layout: &Layout<'_>) -> Result<Scene, Refusal> {
    Err(Refusal::new("`sweetspot` is not drawn yet", "draw another kind"))
}
