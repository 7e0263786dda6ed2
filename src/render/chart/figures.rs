//! Columns of numbers aligned on their decimal point, with quiet units behind them.
//!
//! Knows how wide the parts of numbers are; not what the numbers are of.

use super::letters::Letters;
use super::scene::{Anchor, Point, Text, Weight, at};
use super::theme::Ink;
use crate::prose;
use crate::render::number::{NOTHING, Shown};
use crate::view::{Promised, Quantity};

/// Between a number and its unit, in ems.
const UNIT_GAP: f64 = 0.3;
/// The most room a unit gets, in ems: a noun of the user's own may be of any length.
const UNIT_MOST: f64 = 8.0;
/// How much smaller a unit is; never less than what can be read.
const UNIT_SIZE: f64 = 0.88;
const LEAST_SIZE: f64 = 12.0;
/// The longest unit that is written out, in characters.
const UNIT_LETTERS: usize = 12;

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

    /// A dash where no number is, ending where digits end.
    pub(super) fn nothing(&self, left: Point) -> Text {
        Text::new(at(left.x + self.digits(), left.y), NOTHING, self.size, Ink::Muted).anchored(Anchor::End)
    }

    /// Digits at least so wide: for a head above them, or what stands where no number is.
    pub(super) fn at_least(mut self, digits: f64) -> Figures {
        self.integer = self.integer.max(digits - self.fraction);
        self
    }
}

/// A column of promises without units: levels aligned on their point, ranges ending where digits end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Promises(Figures);

impl Promises {
    /// Measures a column of promises, each with its marks.
    pub(super) fn of<'p>(
        promises: impl IntoIterator<Item = (&'p Promised, String)>,
        size: f64,
        letters: &Letters,
    ) -> Promises {
        let (mut levels, mut widest) = (Vec::new(), 0.0_f64);
        for (promised, marks) in promises {
            match promised {
                Promised::Level(level) => levels.push(Shown::of(level).bare().marked(&marks)),
                range => widest = widest.max(letters.width(&range_text(range, &marks), size, Weight::Regular)),
            }
        }
        Promises(Figures::of(&levels, size, Weight::Regular, letters).at_least(widest))
    }

    /// Digits at least so wide.
    pub(super) fn at_least(self, digits: f64) -> Promises {
        Promises(self.0.at_least(digits))
    }

    /// What the column takes.
    pub(super) fn figures(&self) -> &Figures {
        &self.0
    }

    /// A promise in its column, whose left end is given on the baseline.
    pub(super) fn place(&self, promised: &Promised, marks: &str, left: Point, letters: &Letters) -> Vec<Text> {
        match promised {
            Promised::Level(level) => self.0.place(&Shown::of(level).bare().marked(marks), left, Ink::Text, letters),
            range => {
                let end = at(left.x + self.0.digits(), left.y);
                vec![Text::new(end, range_text(range, marks), self.0.size, Ink::Text).anchored(Anchor::End)]
            }
        }
    }
}

fn range_text(promised: &Promised, marks: &str) -> String {
    let digits = |shown: Shown| format!("{}{}", shown.integer, shown.fraction);
    let text = match promised {
        Promised::Level(level) => digits(Shown::of(level)),
        Promised::Range(low, high) => format!("{} – {}", digits(Shown::of(low)), digits(Shown::of(high))),
    };
    format!("{text} {marks}").trim_end().to_owned()
}

/// A value with its unit, shortened where that is a long noun of the scorecard's own.
pub(super) fn short(quantity: &Quantity) -> Shown {
    let mut shown = Shown::of(quantity);
    shown.suffix = prose::shortened(&shown.suffix, UNIT_LETTERS);
    shown
}

/// A difference; a unit in words stands beside the actual.
pub(super) fn signed(quantity: &Quantity) -> Shown {
    Shown::of(quantity).short()
}

/// Better and worse, of a difference; what rounds to nothing is neither.
pub(super) fn direction(shown: &Shown, is_good: Option<bool>) -> Ink {
    let is_zero = !shown.integer.chars().chain(shown.fraction.chars()).any(|c| ('1'..='9').contains(&c));
    match is_good.filter(|_| !is_zero) {
        Some(true) => Ink::Good,
        Some(false) => Ink::Bad,
        None => Ink::Muted,
    }
}
