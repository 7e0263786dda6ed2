//! Rollups as files: rows of typed cells to CSV, JSON, XLSX and Parquet, one file a format; and their manifest.
//!
//! Numbers stay numbers and texts stay texts in every one of them; a number read back is the number written.

mod columnar;
mod manifest;
mod xlsx;

use super::number::{Shown, range, written};
use crate::evaluate::Standing;
use crate::metric::Metric;
use crate::number::Number;
use crate::view::{Field, Promised, Quantity, Shape};

pub use columnar::{Columns, Parquet};
pub use manifest::{manifest, reconciliation, untied};
pub use xlsx::{MOST_ROWS, Origin, Xlsx};

/// What stands before the decimals of a number that people read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DecimalSign {
    /// A point, and commas between thousands.
    #[default]
    Point,
    /// A comma, and points between thousands.
    Comma,
}

impl DecimalSign {
    fn shown(self, quantity: &Quantity) -> Shown {
        match self {
            DecimalSign::Point => Shown::of(quantity),
            DecimalSign::Comma => Shown::of(quantity).with_comma(),
        }
    }
}

/// Actual, target and variance as people read them, with the decimal sign of the numbers beside them: the cells of
/// [`crate::view::DISPLAYED`].
pub fn displayed(metric: &Metric, standing: &Standing, sign: DecimalSign) -> [Field<'static>; 3] {
    let shape = Shape::of(metric);
    let text = |text: Option<String>| text.map_or(Field::Absent, Field::text);
    let inline = |quantity: Quantity| written(&sign.shown(&quantity));
    let actual = standing.actual.as_ref().ok().map(|reading| inline(shape.value(reading.value)));
    let target = standing.target.as_ref().ok().map(|promise| match shape.promised(*promise) {
        Promised::Level(level) => inline(level),
        Promised::Range(low, high) => range(sign.shown(&low), &sign.shown(&high)),
    });
    let variance = standing.variance.map(|variance| inline(shape.difference(variance)));
    // A spreadsheet takes a text that begins with a plus for a formula.
    let variance = variance.map(|text| text.trim_start_matches('+').to_owned());
    [text(actual), text(target), text(variance)]
}

/// Every number of a row rounded to so many decimals, half away from zero.
pub fn rounded(row: &mut [Field<'_>], decimals: u32) {
    for field in row {
        if let Field::Number(number) = field {
            let text = number.rounded(decimals);
            // A double beyond 28 digits has no decimals to round.
            *number = text.parse().map_or(*number, Number::Exact);
        }
    }
}
