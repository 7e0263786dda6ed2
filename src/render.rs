//! From views to bytes: one file a format. Formatting happens here and nowhere else.

pub mod chart;
mod csv;
mod diagnostics;
pub mod diff;
mod facts;
pub mod findings;
mod json;
mod markdown;
mod number;
pub mod rollup;
mod steadiness;
mod style;
mod text;
mod wrap;

pub use csv::{CsvForm, CsvRows, csv, rejects};
pub use diagnostics::diagnostics;
pub use json::{JSON_TAIL, JsonRows, json, json_head};
pub use markdown::markdown;
pub use style::Palette;
pub use text::{show, thread, trace};
