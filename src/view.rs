//! From evaluations to what a report says, as meaning: rows, numbers with their units, notes.
//!
//! Chooses and orders; formats nothing but the numbers inside its own sentences (`words`). A number here is the number
//! every format shows.

mod causes;
pub mod chart;
pub mod diff;
pub mod manifest;
mod records;
mod remarks;
mod restated;
mod show;
mod steadiness;
mod thread;
mod trace;
pub(crate) mod words;

use crate::evaluate::Promise;
use crate::number::Number;
use crate::unit::Unit;

pub use causes::Cause;
pub use records::{DISPLAYED, Field, RecordHead, Recorder, Records, number_named, records};
pub use remarks::{Marks, Remark};
pub use show::{Order, Row, Segmented, Show, Weakest, show};
pub use steadiness::Steadiness;
pub(crate) use steadiness::doubted;
pub use thread::{Branch, Cost, ThreadView, TieShown, thread};
pub use trace::{Converted, ConvertedFrom, LimitsShown, Part, TooFew, Trace, trace};

/// The values of a segment as one name; what is blank in the data has a word.
pub fn segment_name(values: &[String]) -> String {
    let value = |value: &String| if value.is_empty() { "(blank)".to_owned() } else { value.clone() };
    values.iter().map(value).collect::<Vec<_>>().join(" / ")
}

/// A number with what it takes to show it.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// The number itself.
    pub number: Number,
    /// Of what.
    pub unit: Unit,
    /// Decimals for people; for percent, of the percentage.
    pub decimals: u32,
    /// A value, or a difference of two values (percentages differ by percentage points).
    pub is_difference: bool,
}

/// A level or a range with what it takes to show it.
#[derive(Clone, Debug, PartialEq)]
pub enum Promised {
    /// One number.
    Level(Quantity),
    /// From low to high.
    Range(Quantity, Quantity),
}

/// What it takes to show the numbers of one metric.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    unit: Unit,
    decimals: u32,
}

impl Shape {
    pub(crate) fn of(metric: &crate::metric::Metric) -> Shape {
        Shape { unit: metric.unit.clone().unwrap_or(Unit::Score), decimals: metric.shown_decimals() }
    }

    pub(crate) fn value(&self, number: Number) -> Quantity {
        Quantity { number, unit: self.unit.clone(), decimals: self.decimals, is_difference: false }
    }

    pub(crate) fn difference(&self, number: Number) -> Quantity {
        Quantity { is_difference: true, ..self.value(number) }
    }

    pub(crate) fn promised(&self, promise: Promise) -> Promised {
        match promise {
            Promise::Level(level) => Promised::Level(self.value(level)),
            Promise::Range(low, high) => Promised::Range(self.value(low), self.value(high)),
        }
    }
}
