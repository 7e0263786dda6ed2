//! A rollup as a workbook: typed cells with formats by unit, statuses as word and colour, a sheet that tells where it
//! came from. The same rollup gives the same bytes.

use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, Workbook, Worksheet};

use crate::metric::Metric;
use crate::status::Status;
use crate::unit::Unit;
use crate::view::Field;

/// The most rows a sheet has room for, below its header.
pub const MOST_ROWS: usize = 1_048_575;
/// Columns are as wide as their widest text, up to so many characters.
const WIDEST: usize = 40;

/// Where a workbook came from: names and values, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// One a line of its sheet.
    pub entries: Vec<(String, String)>,
}

/// Rows on their way to a workbook.
pub struct Xlsx {
    workbook: Workbook,
    rows: Worksheet,
    next: u32,
    widths: Vec<usize>,
    columns: Vec<String>,
    /// The number that each column is of.
    numbers: Vec<Option<&'static str>>,
}

impl Xlsx {
    /// A sheet with its header, some of whose columns are of numbers: which one decides how it is shown.
    ///
    /// # Errors
    /// A name is longer than a cell may be.
    pub fn new(columns: &[String], numbers: &[Option<&'static str>]) -> Result<Xlsx, String> {
        let mut workbook = Workbook::new();
        // The day a workbook was made would make every one different.
        let day = ExcelDateTime::from_ymd(2000, 1, 1).map_err(|error| error.to_string())?;
        workbook.set_properties(&DocProperties::new().set_author("goldthread").set_creation_datetime(&day));
        let mut rows = Worksheet::new();
        rows.set_name("Rollup").map_err(|error| error.to_string())?;
        let bold = Format::new().set_bold();
        for (column, name) in columns.iter().enumerate() {
            rows.write_string_with_format(0, column as u16, name, &bold).map_err(|error| error.to_string())?;
        }
        rows.set_freeze_panes(1, 0).map_err(|error| error.to_string())?;
        let widths = columns.iter().map(|name| name.chars().count()).collect();
        Ok(Xlsx { workbook, rows, next: 1, widths, columns: columns.to_vec(), numbers: numbers.to_vec() })
    }

    /// Adds the row of a metric.
    ///
    /// # Errors
    /// The sheet is full, or a text is longer than a cell may be.
    pub fn row(&mut self, row: &[Field<'_>], metric: &Metric) -> Result<(), String> {
        for (column, field) in row.iter().enumerate() {
            let place = (self.next, column as u16);
            let width = match field {
                Field::Absent => continue,
                Field::Number(number) => {
                    let format = self.numbers[column].map_or_else(Format::new, |name| format_of(name, metric));
                    self.rows
                        .write_number_with_format(place.0, place.1, number.to_f64(), &format)
                        .map_err(|error| error.to_string())?;
                    12
                }
                Field::Text(text) => {
                    match Status::ALL
                        .into_iter()
                        .find(|status| self.columns[column] == "status" && status.word() == text)
                    {
                        Some(status) => {
                            self.rows.write_string_with_format(place.0, place.1, text.as_ref(), &coloured(status))
                        }
                        None => self.rows.write_string(place.0, place.1, text.as_ref()),
                    }
                    .map_err(|error| error.to_string())?;
                    text.chars().count()
                }
            };
            self.widths[column] = self.widths[column].max(width);
        }
        self.next += 1;
        Ok(())
    }

    /// The bytes of the workbook.
    ///
    /// # Errors
    /// It cannot be packed.
    pub fn finish(mut self, origin: &Origin) -> Result<Vec<u8>, String> {
        for (column, width) in self.widths.iter().enumerate() {
            self.rows
                .set_column_width(column as u16, (*width).min(WIDEST) as f64 + 1.5)
                .map_err(|error| error.to_string())?;
        }
        let last = (self.next - 1, self.widths.len().saturating_sub(1) as u16);
        self.rows.autofilter(0, 0, last.0, last.1).map_err(|error| error.to_string())?;
        let mut sheet = Worksheet::new();
        sheet.set_name("Origin").map_err(|error| error.to_string())?;
        let bold = Format::new().set_bold();
        for (line, (name, value)) in origin.entries.iter().enumerate() {
            sheet.write_string_with_format(line as u32, 0, name, &bold).map_err(|error| error.to_string())?;
            sheet.write_string(line as u32, 1, value).map_err(|error| error.to_string())?;
        }
        sheet.set_column_width(0, 24).map_err(|error| error.to_string())?;
        sheet.set_column_width(1, 90).map_err(|error| error.to_string())?;
        self.workbook.push_worksheet(self.rows);
        self.workbook.push_worksheet(sheet);
        self.workbook.save_to_buffer().map_err(|error| error.to_string())
    }
}

/// How a spreadsheet shows a number, by its name in a tidy rollup: scores are scores whatever the metric's unit.
fn format_of(number: &str, metric: &Metric) -> Format {
    if number.ends_with("score") {
        return Format::new().set_num_format("0.0");
    }
    // What is divided and by what are sums of their own kind.
    if matches!(number, "numerator" | "denominator") {
        return Format::new().set_num_format("#,##0.######");
    }
    let decimals = metric.shown_decimals() as usize;
    let zeros = if decimals == 0 { String::new() } else { format!(".{}", "0".repeat(decimals)) };
    Format::new().set_num_format(match &metric.unit {
        Some(Unit::Percent) => format!("0{zeros}%"),
        Some(Unit::Currency(code)) => format!("#,##0{zeros}\\ \"{code}\""),
        _ => format!("#,##0{zeros}"),
    })
}

fn coloured(status: Status) -> Format {
    let colour = match status {
        Status::OnTarget => 0x0b_5c_ad,
        Status::AtRisk => 0x8a_5f_00,
        Status::OffTarget => 0xb3_36_05,
        Status::NoTarget | Status::NoData => 0x5f_68_73,
    };
    Format::new().set_font_color(Color::RGB(colour)).set_bold()
}
