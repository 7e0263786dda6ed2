//! Rollups as files: rows of typed cells to CSV, JSON, XLSX and Parquet, one file a format; and their manifest.
//!
//! Numbers stay numbers and texts stay texts in every one of them; a number read back is the number written.

mod columnar;
mod manifest;
mod xlsx;

use crate::evaluate::Standing;
use crate::metric::Metric;
use crate::number::Number;
use crate::view::{Field, Promised, Shape};

pub use columnar::{Columns, Parquet};
pub use manifest::{manifest, reconciliation, untied};
pub use xlsx::{MOST_ROWS, Origin, Xlsx};

/// Actual, target and variance as people read them: the cells of [`crate::view::DISPLAYED`].
pub fn displayed(metric: &Metric, standing: &Standing) -> [Field<'static>; 3] {
    let shape = Shape::of(metric);
    let text = |text: Option<String>| text.map_or(Field::Absent, Field::text);
    let actual = standing.actual.as_ref().ok().map(|reading| super::number::inline(&shape.value(reading.value)));
    let target = standing.target.as_ref().ok().map(|promise| match shape.promised(*promise) {
        Promised::Level(level) => super::number::inline(&level),
        range @ Promised::Range(..) => super::number::promised(&range),
    });
    let variance = standing.variance.map(|variance| super::number::inline(&shape.difference(variance)));
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
