//! Sheets of .xlsx workbooks, row by row. The only home of calamine.
//!
//! A cell of a workbook says what it is: numbers are numbers in every locale, a date is a date; how it is shown tells
//! a month from a day and a percentage from a fraction.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{DataRef, Reader, Style, Xlsx, XlsxError, open_workbook};

use super::dialect::{Wanted, fold, is_period};
use super::record::{Field, Kind, TableRow};
use crate::prose;

/// The header row must be among so many.
const ROWS: usize = 200;
/// Rows handed on at a time.
const BATCH: usize = 4096;

type Workbook = Xlsx<BufReader<File>>;

/// The sheet that has the columns, and its header.
pub(super) struct SheetHeader {
    pub(super) name: String,
    /// From 1.
    pub(super) row: usize,
    pub(super) names: Vec<String>,
    pub(super) text: String,
    found: usize,
}

/// What is wrong with a workbook, to be said before `in FILE`.
pub(super) struct WorkbookFault {
    pub(super) message: String,
    pub(super) help: String,
}

/// How messages name a sheet of a file.
pub(super) fn shown(file: &str, sheet: &str) -> String {
    format!("{file}[{sheet}]")
}

/// Finds the sheet and its header: the declared sheet, else the only one with all the columns.
pub(super) fn header(path: &Path, wanted: &Wanted<'_>, sheet: Option<&str>) -> Result<SheetHeader, WorkbookFault> {
    let mut workbook: Workbook = open_workbook(path).map_err(|error| unreadable(&error))?;
    let names = workbook.sheet_names();
    let known = || prose::list(&names);
    if let Some(sheet) = sheet
        && !names.iter().any(|name| name == sheet)
    {
        let help = prose::did_you_mean(sheet, names.iter().map(String::as_str)).unwrap_or_default();
        return Err(WorkbookFault { message: format!("there is no sheet `{sheet}`"), help });
    }
    let mut headers: Vec<SheetHeader> = Vec::new();
    for name in names.iter().filter(|name| sheet.is_none_or(|sheet| *name == sheet)) {
        headers.extend(header_of(&mut workbook, name, wanted).map_err(|error| unreadable(&error))?);
    }
    let whole = headers.iter().filter(|header| header.found == wanted.headers.len()).count();
    if whole > 1 && sheet.is_none() {
        let help = format!("choose one of {}: `sheet = \"{}\"`", known(), headers[0].name);
        return Err(WorkbookFault { message: "several sheets have the columns".to_owned(), help });
    }
    let best = headers.into_iter().reduce(|best, other| if other.found > best.found { other } else { best });
    best.ok_or_else(|| WorkbookFault {
        message: "there is no header".to_owned(),
        help: format!("a sheet begins with a header row; there is {}", known()),
    })
}

fn header_of(workbook: &mut Workbook, name: &str, wanted: &Wanted<'_>) -> Result<Option<SheetHeader>, XlsxError> {
    let folded: Vec<String> = wanted.headers.iter().map(|header| fold(header)).collect();
    let mut best: Option<(usize, SheetHeader)> = None;
    let mut seen = 0;
    rows(workbook, name, &mut |row| {
        let names: Vec<String> = row.fields.iter().map(|field| field.text.trim().to_owned()).collect();
        let row_number = usize::try_from(row.number).unwrap_or(usize::MAX);
        if wanted.line.is_none_or(|line| line == row_number) && names.iter().any(|name| !name.is_empty()) {
            let known: Vec<String> = names.iter().map(|name| fold(name)).collect();
            let found = folded.iter().filter(|header| known.contains(header)).count();
            let across = names.iter().filter(|name| wanted.is_wide && is_period(name)).count();
            let score = found * 1000 + across.min(999);
            if best.as_ref().is_none_or(|(most, _)| score > *most) {
                let text = row.line(None).0;
                best = Some((score, SheetHeader { name: name.to_owned(), row: row_number, names, text, found }));
            }
        }
        seen += 1;
        seen < ROWS || wanted.line.is_some_and(|line| line > row_number)
    })?;
    Ok(best.map(|(_, header)| header))
}

/// Hands on the rows below the header, in batches, until `take` wants no more.
pub(super) fn each_batch(
    path: &Path,
    sheet: &str,
    header: u64,
    take: &mut dyn FnMut(Vec<TableRow>) -> bool,
) -> std::io::Result<()> {
    let other = |error: &XlsxError| std::io::Error::other(error.to_string());
    let mut workbook: Workbook = open_workbook(path).map_err(|error: XlsxError| other(&error))?;
    let mut batch = Vec::new();
    let mut wanted = true;
    rows(&mut workbook, sheet, &mut |row| {
        if row.number > header {
            batch.push(row);
            if batch.len() == BATCH {
                wanted = take(std::mem::take(&mut batch));
            }
        }
        wanted
    })
    .map_err(|error| other(&error))?;
    if wanted && !batch.is_empty() {
        take(batch);
    }
    Ok(())
}

/// Every row with a cell, in order, until `take` wants no more.
fn rows(workbook: &mut Workbook, sheet: &str, take: &mut dyn FnMut(TableRow) -> bool) -> Result<(), XlsxError> {
    let mut cells = workbook.worksheet_cells_reader(sheet)?;
    let shows: Vec<Shows> = cells.styles().iter().map(Shows::of).collect();
    let mut row = TableRow::default();
    while let Some((cell, style)) = cells.next_cell_with_style_id()? {
        let (number, column) = cell.get_position();
        let number = u64::from(number) + 1;
        if number != row.number && row.number > 0 && !take(std::mem::take(&mut row)) {
            return Ok(());
        }
        row.number = number;
        let column = column as usize;
        if row.fields.len() <= column {
            row.fields.resize(column + 1, Field::default());
        }
        row.fields[column] = field(cell.get_value(), shows.get(style).copied().unwrap_or_default());
    }
    if row.number > 0 {
        take(row);
    }
    Ok(())
}

/// What the way a cell is shown says of its number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Shows {
    #[default]
    Number,
    Percent,
    Day,
    Month,
    Year,
}

impl Shows {
    fn of(style: &Style) -> Shows {
        let Some(code) = style.number_format.as_ref().map(|format| format.format_code.to_lowercase()) else {
            return Shows::Number;
        };
        let code = bare(&code);
        match (code.contains('%'), code.contains('y'), code.contains('m'), code.contains('d')) {
            (true, ..) => Shows::Percent,
            (_, true, true, false) => Shows::Month,
            (_, true, false, false) => Shows::Year,
            (_, _, true, true) | (_, true, false, true) => Shows::Day,
            _ => Shows::Number,
        }
    }
}

/// The first section of a format code without literals, colours and locales.
fn bare(code: &str) -> String {
    let (mut out, mut quoted, mut bracket, mut escaped) = (String::new(), false, false, false);
    for c in code.chars() {
        match c {
            _ if escaped => escaped = false,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => escaped = true,
            '[' => bracket = true,
            ']' => bracket = false,
            _ if bracket => {}
            ';' => break,
            c => out.push(c),
        }
    }
    out
}

fn field(value: &DataRef<'_>, shows: Shows) -> Field<'static> {
    let number = |text: String| Field::owned(text, if shows == Shows::Percent { Kind::Percent } else { Kind::Typed });
    match value {
        DataRef::Empty => Field::default(),
        DataRef::Int(value) => number(value.to_string()),
        // The shortest decimal that is this double: what was typed.
        DataRef::Float(value) => number(value.to_string()),
        DataRef::String(text) => Field::owned(text.as_str(), Kind::Written),
        DataRef::SharedString(text) => Field::owned(*text, Kind::Written),
        DataRef::Bool(value) => Field::owned(if *value { "TRUE" } else { "FALSE" }, Kind::Written),
        DataRef::DateTime(date) if date.is_datetime() => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            // A first of January that is shown as a month or a year is one.
            let text = match shows {
                Shows::Year if (month, day) == (1, 1) => format!("{year:04}"),
                Shows::Month if day == 1 => format!("{year:04}-{month:02}"),
                _ => format!("{year:04}-{month:02}-{day:02}"),
            };
            Field::owned(text, Kind::Typed)
        }
        DataRef::DateTime(duration) => Field::owned(format!("{} days", duration.as_f64()), Kind::Written),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Field::owned(text.as_str(), Kind::Written),
        DataRef::Error(error) => Field::owned(error.to_string(), Kind::Written),
    }
}

fn unreadable(error: &XlsxError) -> WorkbookFault {
    let help = "save it as .xlsx without a password, or the sheet as CSV";
    WorkbookFault { message: format!("no sheet can be read ({error})"), help: help.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_a_cell_is_shown_tells_what_it_is() {
        let shows = |code: &str| {
            let mut style = Style::default();
            let mut format = calamine::NumberFormat::default();
            format.format_code = code.to_owned();
            style.number_format = Some(format);
            Shows::of(&style)
        };
        assert_eq!(shows("General"), Shows::Number);
        assert_eq!(shows("0.00%"), Shows::Percent);
        assert_eq!(shows("mmm-yy"), Shows::Month);
        assert_eq!(shows("[$-407]mmmm\\ yyyy;@"), Shows::Month);
        assert_eq!(shows("dd/mm/yyyy"), Shows::Day);
        assert_eq!(shows("yyyy-mm-dd hh:mm"), Shows::Day);
        assert_eq!(shows("yyyy"), Shows::Year);
        assert_eq!(shows("#,##0.00 \"days\""), Shows::Number);
    }
}
