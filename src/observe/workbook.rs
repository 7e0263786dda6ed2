//! Sheets of .xlsx workbooks, row by row. The only home of calamine.
//!
//! A cell of a workbook says what it is: numbers are numbers in every locale, a date is a date; how it is shown tells
//! a month from a day, a percentage from a fraction and dollars from euros. A number is a binary double: see
//! [`record`](super::record) for the decimal it is read as. A formula is read by the value stored beside it.

use std::collections::HashSet;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{DataRef, Reader, SheetType, Style, Xlsx, XlsxCellReader, XlsxError, open_workbook};

use super::dialect::{Wanted, fold, is_period};
use super::record::{Currency, Field, Kind, TableRow, decimal};
use crate::formula::WrittenNumber;
use crate::prose;

/// The header row must be among so many.
const ROWS: usize = 200;
/// Rows handed on at a time.
const BATCH: usize = 4096;
/// Fields handed on at a time: rows can be 16,384 fields long.
const FIELDS: usize = 1 << 18;
/// What stands for a formula that has no value.
const UNCOMPUTED: &str = "=(not computed)";

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
    let names = names(&workbook);
    let known = || prose::list(&names);
    if let Some(sheet) = sheet
        && !names.iter().any(|name| name == sheet)
    {
        let help = prose::did_you_mean(sheet, names.iter().map(String::as_str)).unwrap_or_default();
        return Err(WorkbookFault { message: format!("there is no sheet `{sheet}`"), help });
    }
    let mut headers: Vec<SheetHeader> = Vec::new();
    for name in names.iter().filter(|name| sheet.is_none_or(|sheet| *name == sheet)) {
        match header_of(&mut workbook, name, wanted) {
            Ok(header) => headers.extend(header),
            // It is called a worksheet and is none.
            Err(XlsxError::NotAWorksheet(_)) if sheet.is_none() => {}
            Err(error) => return Err(unreadable(&error)),
        }
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

/// The names of the sheets that may have cells, in their order.
pub(super) fn sheets(path: &Path) -> Result<Vec<String>, WorkbookFault> {
    let workbook: Workbook = open_workbook(path).map_err(|error| unreadable(&error))?;
    Ok(names(&workbook))
}

/// A sheet that is one chart has no cells.
fn names(workbook: &Workbook) -> Vec<String> {
    let sheets = workbook.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    sheets.map(|sheet| sheet.name.clone()).collect()
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
    let mut fields = 0;
    let mut wanted = true;
    rows(&mut workbook, sheet, &mut |row| {
        if row.number > header {
            fields += row.fields.len();
            batch.push(row);
            if batch.len() == BATCH || fields >= FIELDS {
                fields = 0;
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

/// Every row with a cell that is not blank, in order, until `take` wants no more.
fn rows(workbook: &mut Workbook, sheet: &str, take: &mut dyn FnMut(TableRow) -> bool) -> Result<(), XlsxError> {
    // A blank cell may be a formula that was never computed. One reading tells how cells are shown, another what is a
    // formula: that one is done only where a cell is blank, and then the first begins again where it stood.
    let mut from = Start::default();
    loop {
        match rows_from(workbook, sheet, &from, take)? {
            None => return Ok(()),
            Some(cells) => from = Start { cells, formulas: Some(uncomputed(workbook, sheet)?) },
        }
    }
}

/// Where a reading of a sheet begins.
#[derive(Default)]
struct Start {
    /// Cells of rows handed on already.
    cells: usize,
    /// The cells that have a formula and no value, where that is known.
    formulas: Option<HashSet<(u32, u32)>>,
}

/// Hands on rows, until a cell is blank and it is not known which are formulas: answers the cells before its row.
fn rows_from(
    workbook: &mut Workbook,
    sheet: &str,
    from: &Start,
    take: &mut dyn FnMut(TableRow) -> bool,
) -> Result<Option<usize>, XlsxError> {
    let mut cells: XlsxCellReader<'_, _> = workbook.worksheet_cells_reader(sheet)?;
    let shows: Vec<Shows> = cells.styles().iter().map(Shows::of).collect();
    let mut row = TableRow::default();
    let (mut seen, mut before) = (0, from.cells);
    while let Some((cell, style)) = cells.next_cell_with_style_id()? {
        seen += 1;
        if seen <= from.cells {
            continue;
        }
        let (number, column) = cell.get_position();
        let line = u64::from(number) + 1;
        if line != row.number {
            if !row.fields.is_empty() && !take(std::mem::take(&mut row)) {
                return Ok(None);
            }
            (row.number, before) = (line, seen - 1);
        }
        let shows = shows.get(style).copied().unwrap_or_default();
        let field = match (cell.get_value(), &from.formulas) {
            (DataRef::Empty, None) => return Ok(Some(before)),
            (DataRef::Empty, Some(formulas)) if formulas.contains(&(number, column)) => {
                Field::owned(UNCOMPUTED, Kind::Written)
            }
            (value, _) => field(value, shows),
        };
        // A cell that is only coloured makes no row longer.
        if field.text.trim().is_empty() {
            continue;
        }
        let column = column as usize;
        if row.fields.len() <= column {
            row.fields.resize(column + 1, Field::default());
        }
        row.fields[column] = field;
    }
    if !row.fields.is_empty() {
        take(row);
    }
    Ok(None)
}

/// The cells of a sheet that have a formula and no value: a program wrote them that does not compute.
fn uncomputed(workbook: &mut Workbook, sheet: &str) -> Result<HashSet<(u32, u32)>, XlsxError> {
    let mut cells = workbook.worksheet_cells_reader(sheet)?;
    let mut found = HashSet::new();
    while let Some(cell) = cells.next_cell_with_formula_metadata()? {
        if cell.formula.is_some() && matches!(cell.value, DataRef::Empty) {
            found.insert(cell.pos);
        }
    }
    Ok(found)
}

/// What the way a cell is shown says of its number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Shows {
    #[default]
    Number,
    Percent,
    /// With a percent sign that is only written beside it.
    Hundredths,
    Money(Currency),
    Day,
    Month,
    Year,
}

/// Formats that programs show with the currency of whoever looks: they say nothing of the sheet's.
const LOCAL: [&str; 2] =
    ["_($* #,##0_);_($* (#,##0);_($* \"-\"_);_(@_)", "_($* #,##0.00_);_($* (#,##0.00);_($* \"-\"??_);_(@_)"];

impl Shows {
    fn of(style: &Style) -> Shows {
        let Some(code) = style.number_format.as_ref().map(|format| format.format_code.as_str()) else {
            return Shows::Number;
        };
        let format = Format::of(code);
        let first = format.first.to_lowercase();
        let date = match (first.contains('y'), first.contains('m'), first.contains('d')) {
            (true, true, false) => Shows::Month,
            (true, false, false) => Shows::Year,
            (_, true, true) | (true, false, true) => Shows::Day,
            _ => Shows::Number,
        };
        if format.percent {
            Shows::Percent
        } else if format.literal.contains('%') {
            Shows::Hundredths
        } else if date != Shows::Number {
            date
        } else if let Some(currency) = format.currency().filter(|_| !LOCAL.contains(&code)) {
            Shows::Money(currency)
        } else {
            Shows::Number
        }
    }
}

/// A format code taken apart.
#[derive(Default)]
struct Format {
    /// The placeholders of its first section.
    first: String,
    /// Whether a percent sign that multiplies stands in it.
    percent: bool,
    /// What is shown as it stands, in words parted by blanks.
    literal: String,
    /// The currencies in brackets, each with its locale: `[$kr-414]`.
    brackets: Vec<String>,
}

impl Format {
    fn of(code: &str) -> Format {
        let mut format = Format::default();
        let (mut chars, mut quoted, mut section) = (code.chars(), false, 0);
        while let Some(c) = chars.next() {
            match c {
                '"' => quoted = !quoted,
                _ if quoted => format.literal.push(c),
                '\\' => format.literal.extend(chars.next()),
                // As wide as the next character, or filled with it.
                '_' | '*' => drop(chars.next()),
                '[' => {
                    let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                    format.brackets.extend(inside.strip_prefix('$').map(str::to_owned));
                }
                ';' => {
                    section += 1;
                    format.literal.push(' ');
                }
                '%' => format.percent = true,
                c if !c.is_ascii() || c == '$' => format.literal.push(c),
                c => {
                    format.literal.push(' ');
                    if section == 0 {
                        format.first.push(c);
                    }
                }
            }
        }
        format
    }

    fn currency(&self) -> Option<Currency> {
        let in_brackets = self.brackets.iter().find_map(|bracket| {
            let (sign, locale) = bracket.rsplit_once('-').unwrap_or((bracket, ""));
            let sign = sign.trim();
            (!sign.is_empty()).then(|| match known(sign) {
                Some(known) => known,
                None => crown(sign, locale).map_or_else(|| Currency::of(sign), Currency::of),
            })
        });
        let words = self.literal.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '-' | '/' | '.' | ','));
        in_brackets.or_else(|| words.filter(|word| !word.is_empty()).find_map(known))
    }
}

/// The currency of a sign or a code, or of a word with a sign: `US$`.
fn known(word: &str) -> Option<Currency> {
    let code = match word {
        "R$" => Some("BRL"),
        "z\u{142}" => Some("PLN"),
        "K\u{10d}" => Some("CZK"),
        "Ft" => Some("HUF"),
        "\u{43b}\u{432}" | "\u{43b}\u{432}." => Some("BGN"),
        "Fr" | "Fr." | "fr." | "SFr" | "SFr." => Some("CHF"),
        _ => None,
    };
    let is_one = |word: &str| WrittenNumber::parse(&format!("{word} 1")).is_some_and(|n| n.currency == Some(word));
    let sign = || word.split("").find(|c| c.chars().any(|c| !c.is_alphanumeric()) && is_one(c));
    code.or_else(|| is_one(word).then_some(word)).or_else(sign).map(Currency::of)
}

/// Whose crowns are meant.
fn crown(sign: &str, locale: &str) -> Option<&'static str> {
    match (sign.trim_end_matches('.'), locale.to_ascii_uppercase().as_str()) {
        ("kr" | "Kr", "41D" | "81D") => Some("SEK"),
        ("kr" | "Kr", "414" | "814") => Some("NOK"),
        ("kr" | "Kr", "406") => Some("DKK"),
        ("kr" | "Kr", "40F") => Some("ISK"),
        _ => None,
    }
}

fn field(value: &DataRef<'_>, shows: Shows) -> Field<'static> {
    let number = |text: String| {
        let kind = match shows {
            Shows::Percent => Kind::Percent,
            Shows::Hundredths => Kind::Hundredths,
            Shows::Money(currency) => Kind::Money(currency),
            Shows::Number | Shows::Day | Shows::Month | Shows::Year => Kind::Typed,
        };
        Field::owned(text, kind)
    };
    match value {
        DataRef::Empty => Field::default(),
        DataRef::Int(value) => number(value.to_string()),
        DataRef::Float(value) => number(decimal(*value)),
        DataRef::String(text) => Field::owned(text.as_str(), Kind::Written),
        DataRef::SharedString(text) => Field::owned(*text, Kind::Written),
        DataRef::Bool(value) => Field::owned(if *value { "TRUE" } else { "FALSE" }, Kind::Written),
        DataRef::DateTime(date) if date.is_datetime() => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            // What is shown as a month or a year is one, whatever day of it the cell holds.
            let text = match shows {
                Shows::Year => format!("{year:04}"),
                Shows::Month => format!("{year:04}-{month:02}"),
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

    fn shows(code: &str) -> Shows {
        let mut style = Style::default();
        let mut format = calamine::NumberFormat::default();
        format.format_code = code.to_owned();
        style.number_format = Some(format);
        Shows::of(&style)
    }

    #[test]
    fn the_way_a_cell_is_shown_tells_what_it_is() {
        assert_eq!(shows("General"), Shows::Number);
        assert_eq!(shows("0.00%"), Shows::Percent);
        assert_eq!(shows("mmm-yy"), Shows::Month);
        assert_eq!(shows("[$-407]mmmm\\ yyyy;@"), Shows::Month);
        assert_eq!(shows("dd/mm/yyyy"), Shows::Day);
        assert_eq!(shows("yyyy-mm-dd hh:mm"), Shows::Day);
        assert_eq!(shows("yyyy"), Shows::Year);
        assert_eq!(shows("#,##0.00 \"days\""), Shows::Number);
    }

    #[test]
    fn a_percent_sign_that_multiplies_is_told_from_one_that_is_written() {
        for code in ["0.0 \"%\"", "0.0\\%", "0.0\" % \"", "0.0\\ \\%;[Red]-0.0\\ \\%"] {
            assert_eq!(shows(code), Shows::Hundredths, "{code}");
        }
        for code in ["0%", "0.0 %", "0.00%;[Red]-0.00%", "\"plan \"0%"] {
            assert_eq!(shows(code), Shows::Percent, "{code}");
        }
        // As wide as a percent sign.
        assert_eq!(shows("0.0_%"), Shows::Number);
    }

    #[test]
    fn a_format_names_its_currency() {
        for (code, currency) in [
            ("[$$-409]#,##0.00", "$"),
            ("#,##0.00\\ [$\u{20ac}-407]", "\u{20ac}"),
            ("_-* #,##0.00\\ [$\u{20ac}-407]_-;-* #,##0.00\\ [$\u{20ac}-407]_-", "\u{20ac}"),
            ("[$USD] #,##0", "USD"),
            ("\"USD\" #,##0", "USD"),
            ("\\U\\S\\D\\ 0", "USD"),
            ("$#,##0.00", "$"),
            ("_(\"$\"* #,##0.00_);_(\"$\"* \\(#,##0.00\\);_(\"$\"* \"-\"??_);_(@_)", "$"),
            ("#,##0.00\u{a0}\u{20ac}", "\u{20ac}"),
            ("#,##0\\ \"\u{20ac}/h\"", "\u{20ac}"),
            ("[$kr-414] #,##0", "NOK"),
            ("[$R$-416] #,##0.00", "BRL"),
            ("[$US$] #,##0.00", "$"),
            ("#,##0 \"T\u{20ac}\"", "\u{20ac}"),
            ("#,##0.00 \"z\u{142}\"", "PLN"),
            ("[$XYZ-409] 0", "XYZ"),
        ] {
            assert_eq!(shows(code), Shows::Money(Currency::of(currency)), "{code}");
        }
        let local = LOCAL.map(|code| (code, Shows::Number));
        for (code, shown) in [
            ("[$-407]#,##0.00", Shows::Number),
            ("[Red]#,##0.00;[Blue]0", Shows::Number),
            ("0.0 \"kg\"", Shows::Number),
            ("[$-409]d-mmm-yy", Shows::Day),
        ]
        .into_iter()
        .chain(local)
        {
            assert_eq!(shows(code), shown, "{code}");
        }
    }
}
