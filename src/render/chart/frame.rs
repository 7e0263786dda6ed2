//! What stands around every picture: the title, what it is of, notes, where it came from.

use super::letters::Letters;
use super::scene::{Anchor, Area, Scene, Text, Weight, at};
use super::theme::Ink;
use crate::view::chart::Heading;

/// Between the page's edge and what is on it.
pub(super) const MARGIN: f64 = 36.0;
/// The sizes of letters, in units.
pub(super) const TITLE: f64 = 26.0;
pub(super) const SUBTITLE: f64 = 16.0;
pub(super) const NOTE: f64 = 13.0;
/// The most lines a note may take.
const NOTE_LINES: usize = 3;
/// From baseline to baseline, in ems.
pub(super) const LEADING: f64 = 1.3;

/// Title, subtitle and notes as they are broken into lines for a page of some width.
pub(super) struct Frame {
    title: Vec<String>,
    subtitle: Vec<String>,
    notes: Vec<String>,
    signature: String,
    width: f64,
}

impl Frame {
    /// Breaks a heading into lines for a page of `width` units.
    pub(super) fn new(heading: &Heading, signature: &str, letters: &Letters, width: f64) -> Frame {
        let inner = width - 2.0 * MARGIN;
        let notes = heading.notes.iter();
        Frame {
            title: letters.wrapped(&heading.title, TITLE, Weight::Strong, inner, 2),
            subtitle: letters.wrapped(&heading.subtitle, SUBTITLE, Weight::Regular, inner, 2),
            notes: notes.flat_map(|note| letters.wrapped(note, NOTE, Weight::Regular, inner, NOTE_LINES)).collect(),
            signature: letters.fitted(signature, NOTE, Weight::Regular, inner),
            width,
        }
    }

    /// The height of what stands above and below the picture proper, together.
    pub(super) fn height(&self) -> f64 {
        self.above() + self.below()
    }

    fn above(&self) -> f64 {
        let gap = if self.subtitle.is_empty() { 12.0 } else { 24.0 };
        MARGIN + self.title.len() as f64 * TITLE * LEADING + self.subtitle.len() as f64 * SUBTITLE * LEADING + gap
    }

    fn below(&self) -> f64 {
        let notes = if self.notes.is_empty() { 0.0 } else { 12.0 + self.notes.len() as f64 * NOTE * LEADING };
        16.0 + notes + 8.0 + NOTE * LEADING + MARGIN / 2.0
    }

    /// Draws it on a scene, and answers what is left for the picture proper.
    pub(super) fn draw(&self, scene: &mut Scene) -> Area {
        let mut baseline = MARGIN;
        for line in &self.title {
            baseline += TITLE * LEADING;
            scene.text(Text::new(at(MARGIN, baseline - 8.0), line, TITLE, Ink::Text).strong());
        }
        for line in &self.subtitle {
            baseline += SUBTITLE * LEADING;
            scene.text(Text::new(at(MARGIN, baseline - 4.0), line, SUBTITLE, Ink::Muted));
        }
        let bottom = scene.size.1 - self.below();
        let mut baseline = bottom + 28.0 - NOTE * LEADING;
        for line in &self.notes {
            baseline += NOTE * LEADING;
            scene.text(Text::new(at(MARGIN, baseline), line, NOTE, Ink::Muted));
        }
        let signature = at(self.width - MARGIN, scene.size.1 - MARGIN / 2.0);
        scene.text(Text::new(signature, &self.signature, NOTE, Ink::Muted).anchored(Anchor::End));
        Area::new(MARGIN, self.above(), self.width - 2.0 * MARGIN, bottom - self.above())
    }
}
