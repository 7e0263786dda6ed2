//! What is wrong with rows and cells, each with its place and a remedy: the first are kept, the rest counted.

use crate::diagnostic::{Code, Diagnostic, Locus};
use crate::formula::{CellFault, RowFault};
use crate::observe::shape::ShapeFault;
use crate::observe::table::Reject;
use crate::period::{DateOrder, WrittenPeriod};
use crate::prose;

/// Findings shown a source.
pub(crate) const SHOWN: usize = 20;
/// Rejects kept a source: more are no matter of a few cells.
pub(crate) const REJECTS: usize = 100_000;

/// The faults of a piece, then of a source.
#[derive(Default)]
pub(super) struct Faults {
    pub(super) shown: Vec<Diagnostic>,
    pub(super) more: usize,
    pub(super) rejects: Vec<Reject>,
    pub(super) too_many_rejects: bool,
    pub(super) too_fine: bool,
}

/// Where a fault stands, for a list of rejects.
pub(super) struct Spot<'s> {
    pub(super) source: &'s str,
    pub(super) column: &'s str,
    pub(super) text: &'s str,
}

impl Faults {
    /// Keeps a fault; it is written out only while it is to be shown.
    pub(super) fn keep(&mut self, rejecting: bool, spot: &Spot<'_>, diagnostic: impl FnOnce() -> Diagnostic) {
        if rejecting {
            if self.rejects.len() >= REJECTS {
                self.too_many_rejects = true;
                return;
            }
            return self.rejects.push(Reject::of(&diagnostic(), spot.source, spot.column, spot.text));
        }
        if self.shown.len() < SHOWN {
            self.shown.push(diagnostic());
        } else {
            self.more += 1;
        }
    }

    /// Adds those of a later piece.
    pub(super) fn merge(&mut self, later: Faults) {
        let room = SHOWN.saturating_sub(self.shown.len());
        self.more += later.more + later.shown.len().saturating_sub(room);
        self.shown.extend(later.shown.into_iter().take(room));
        self.too_fine |= later.too_fine;
        self.too_many_rejects |= later.too_many_rejects || self.rejects.len() + later.rejects.len() > REJECTS;
        if !self.too_many_rejects {
            self.rejects.extend(later.rejects);
        }
    }
}

/// A row of the wrong shape.
pub(super) fn of_shape(fault: ShapeFault, fields: usize, text: &str, is_cut_off: bool, locus: Locus) -> Diagnostic {
    let (message, help) = match fault {
        ShapeFault::Fields(found) if is_cut_off && found < fields => (
            format!(
                "the file ends in the middle of this row: it has {}, the header {fields}",
                prose::count(found, "field")
            ),
            "the file was cut off: send it again, or remove the row",
        ),
        ShapeFault::Fields(found) => (
            format!("this row has {}, the header {fields}", prose::count(found, "field")),
            if text.trim_start().starts_with('#') {
                "if such lines are comments, add `comment = \"#\"` to the source"
            } else if found < fields {
                "complete the row, or remove it if it is not one"
            } else {
                "put a cell that holds the character between fields in double quotes"
            },
        ),
        ShapeFault::StrayQuote => (
            "a quote stands inside a field".to_owned(),
            "put the whole field in double quotes and double each quote in it",
        ),
        ShapeFault::OpenQuote => ("a quote opens here and is never closed".to_owned(), "close the quote, or remove it"),
    };
    Diagnostic::error(Code::BadRow, message).at_locus(locus, "").help(help)
}

/// A byte that is no text in the file's encoding.
pub(super) fn of_encoding(encoding: &str, is_utf8: bool, locus: Locus) -> Diagnostic {
    let problem = Diagnostic::error(Code::BadCell, format!("this is not {encoding} text")).at_locus(locus, "");
    problem.help(if is_utf8 {
        "save the file as UTF-8, or declare what it is: `encoding = \"windows-1252\"`"
    } else {
        "declare the encoding the file was saved in: `encoding = \"utf-8\"`"
    })
}

/// A text that is no period.
pub(super) fn of_period(text: &str, column: &str, order: Option<DateOrder>, locus: Locus) -> Diagnostic {
    let message = if text.trim().is_empty() {
        "the period is blank".to_owned()
    } else {
        format!("`{}` is not a period", prose::shortened(text.trim(), 40))
    };
    let problem = Diagnostic::error(Code::BadCell, message).at_locus(locus, format!("column `{column}`"));
    match (WrittenPeriod::parse(text.trim()), order) {
        (Some(WrittenPeriod::Day { .. }), Some(order)) => {
            problem.help(format!("dates of this source are `{}`: mend the date, or set `date_order`", order.word()))
        }
        _ if text.contains(" UTC, ") => problem.help("write the column as dates, in the time zone that is meant"),
        _ => problem
            .help("periods are written 2024-01-31, 31/01/2024, 2024-01, Jan-24, 2024-W05, Q1 2024, FY24 Q1 or 2024"),
    }
}

/// A cell, or the arithmetic of a row, that gives no number.
pub(super) fn of_cell(
    fault: RowFault<usize>,
    names: &dyn Fn(usize) -> String,
    raw: &dyn Fn(usize) -> String,
    place: &dyn Fn(Option<usize>) -> Locus,
    currency: Option<&str>,
) -> Diagnostic {
    let cell = |column: usize, message: String, help: String| {
        Diagnostic::error(Code::BadCell, message)
            .at_locus(place(Some(column)), format!("column `{}`", names(column)))
            .help(help)
    };
    match fault {
        RowFault::Cell(column, fault) => {
            let text = raw(column);
            let shown = prose::shortened(text.trim(), 40);
            match fault {
                CellFault::NotANumber => cell(column, format!("`{shown}` is not a number"), how_to_write(&text)),
                CellFault::NotADate => cell(
                    column,
                    format!("`{shown}` is compared with a date and is not written as one: 2024-01-31"),
                    "only the period's own column is understood in other forms; compare that, or send ISO dates"
                        .to_owned(),
                ),
                CellFault::OtherCurrency => cell(
                    column,
                    format!("`{shown}` is not in {}", currency.unwrap_or("the source's currency")),
                    "declare a source for each currency, with `currency = \"...\"`, or the column that says it"
                        .to_owned(),
                ),
                CellFault::SignBesideScale => cell(
                    column,
                    format!("`{shown}` has a percent sign, and `scale` says its column has none"),
                    format!("drop `scale` of `{}`, or write the cell without the sign", names(column)),
                ),
                fault => cell(
                    column,
                    format!("`{shown}` has {fault}").replace("has too", "is too"),
                    if fault == CellFault::TooFine { "round it" } else { "measure in a larger unit" }.to_owned(),
                ),
            }
        }
        RowFault::ZeroDenominator => Diagnostic::error(Code::BadCell, "the arithmetic of this row divides by zero")
            .at_locus(place(None), "")
            .help("leave such rows out with `where`"),
        RowFault::Result(fault) => Diagnostic::error(
            Code::BadCell,
            format!("the arithmetic of this row gives a number with {fault}").replace("with too", "that is too"),
        )
        .at_locus(place(None), "")
        .help("round the cells it is computed from, or measure in another unit"),
    }
}

/// How to write what the writer of a cell most likely meant.
fn how_to_write(cell: &str) -> String {
    let cell = cell.trim();
    let lower = cell.to_lowercase();
    let has_digit = cell.contains(|c: char| c.is_ascii_digit());
    if ["nan", "inf", "-inf", "+inf", "infinity", "-infinity"].contains(&lower.as_str()) {
        return "no sum can hold it: leave the cell blank where there is no number".to_owned();
    }
    if cell.starts_with('=') {
        return "the file has the formula and not its value: open and save it in a spreadsheet program".to_owned();
    }
    if cell.starts_with('#') {
        return "a spreadsheet could not compute it: mend the sheet, or leave the cell blank".to_owned();
    }
    if has_digit && cell.contains([',', ' ', '\u{a0}', '\'', '.']) {
        return "numbers are written alike in all cells; say how with `numbers = \"1,234.5\"` or `numbers = \"1.234,5\"`".to_owned();
    }
    if has_digit {
        return "numbers are written 1234.5".to_owned();
    }
    let shown = prose::shortened(cell, 20).replace('"', "\\\"");
    format!("numbers are written 1234.5; a missing one is left blank, or its text declared: `missing = [\"{shown}\"]`")
}
