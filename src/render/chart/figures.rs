//! Columns of numbers aligned on their decimal point, with quiet units behind them.
//!
//! Knows how wide the parts of numbers are; not what the numbers are of.

use super::letters::Letters;
use super::scene::{Anchor, Point, Text, Weight, at};
use super::theme::Ink;
use crate::render::number::Shown;

/// Between a number and its unit, in ems.
const UNIT_GAP: f64 = 0.3;
/// The most room a unit gets, in ems: a noun of the user's own may be of any length.
const UNIT_MOST: f64 = 8.0;
/// How much smaller a unit is; never less than what can be read.
const UNIT_SIZE: f64 = 0.88;
const LEAST_SIZE: f64 = 12.0;

/// What a column of numbers takes: before the point, behind it, for units.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Figures {
    size: f64,
    weight: Weight,
    integer: f64,
    fraction: f64,
    unit: f64,
}

impl Figures {
    /// Measures a column in letters of some size.
    pub(super) fn of<'s>(
        shown: impl IntoIterator<Item = &'s Shown>,
        size: f64,
        weight: Weight,
        letters: &Letters,
    ) -> Figures {
        let mut figures = Figures { size, weight, ..Figures::default() };
        for one in shown {
            let unit = letters.width(&one.suffix, figures.unit_size(), Weight::Regular);
            figures.integer = figures.integer.max(letters.width(&one.integer, size, weight));
            figures.fraction = figures.fraction.max(letters.width(&one.fraction, size, weight));
            figures.unit = figures.unit.max(unit.min(UNIT_MOST * size));
        }
        figures
    }

    fn unit_size(&self) -> f64 {
        (self.size * UNIT_SIZE).max(LEAST_SIZE)
    }

    /// Digits and units together.
    pub(super) fn width(&self) -> f64 {
        let gap = if self.unit > 0.0 { UNIT_GAP * self.size } else { 0.0 };
        self.digits() + gap + self.unit
    }

    /// Digits alone: where a head of the column ends.
    pub(super) fn digits(&self) -> f64 {
        self.integer + self.fraction
    }

    /// A number in its column, whose left end is given on the number's baseline.
    pub(super) fn place(&self, shown: &Shown, left: Point, ink: Ink, letters: &Letters) -> Vec<Text> {
        let point = left.x + self.integer;
        let text = |x: f64, text: &str| Text { weight: self.weight, ..Text::new(at(x, left.y), text, self.size, ink) };
        let mut texts = vec![text(point, &shown.integer).anchored(Anchor::End)];
        if !shown.fraction.is_empty() {
            texts.push(text(point, &shown.fraction));
        }
        if !shown.suffix.is_empty() {
            let x = point + self.fraction + UNIT_GAP * self.size;
            let unit = letters.fitted(&shown.suffix, self.unit_size(), Weight::Regular, self.unit + 0.01);
            texts.push(Text::new(at(x, left.y), unit, self.unit_size(), Ink::Muted));
        }
        texts
    }

    /// Digits at least so wide: for a head above them, or what stands where no number is.
    pub(super) fn at_least(mut self, digits: f64) -> Figures {
        self.integer = self.integer.max(digits - self.fraction);
        self
    }
}
