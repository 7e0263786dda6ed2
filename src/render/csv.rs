//! CSV for other programs and for spreadsheets: numbers at full precision, blank where missing.
//!
//! A text cell a spreadsheet would run as a formula gets a leading apostrophe; numbers never do.

use std::fmt::Write;

use crate::observe::Reject;
use crate::view::{Field, Records};

/// How CSV is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CsvForm {
    /// Comma, LF, no byte order mark: for programs.
    #[default]
    Machine,
    /// Comma, CRLF, byte order mark: for Excel where the decimal sign is a point.
    Excel,
    /// Semicolon, decimal comma, CRLF, byte order mark: for Excel where it is a comma.
    ExcelEu,
}

impl CsvForm {
    /// What a file begins with.
    pub fn mark(self) -> &'static [u8] {
        if self == CsvForm::Machine { b"" } else { "\u{feff}".as_bytes() }
    }

    fn builder(self) -> csv::WriterBuilder {
        let mut builder = csv::WriterBuilder::new();
        builder.delimiter(if self == CsvForm::ExcelEu { b';' } else { b',' });
        let terminator = if self == CsvForm::Machine { csv::Terminator::Any(b'\n') } else { csv::Terminator::CRLF };
        builder.terminator(terminator);
        builder
    }
}

/// Rows of typed cells on their way to CSV.
pub struct CsvRows {
    form: CsvForm,
    writer: csv::Writer<Vec<u8>>,
    number: String,
    guarded: usize,
}

impl CsvRows {
    /// No rows yet, in some form.
    pub fn new(form: CsvForm) -> CsvRows {
        CsvRows { form, writer: form.builder().from_writer(Vec::new()), number: String::new(), guarded: 0 }
    }

    /// Adds the names of columns.
    pub fn header(&mut self, columns: &[String]) {
        let row: Vec<Field<'_>> = columns.iter().map(|name| Field::text(name.as_str())).collect();
        self.row(&row);
    }

    /// Adds a row.
    pub fn row(&mut self, row: &[Field<'_>]) {
        for field in row {
            // Writing to memory cannot fail, and every row is as long as the header.
            let _ = match field {
                Field::Absent => self.writer.write_field(b""),
                Field::Number(number) => {
                    self.number.clear();
                    let _ = write!(self.number, "{number}");
                    if self.form == CsvForm::ExcelEu {
                        self.number = self.number.replace('.', ",");
                    }
                    self.writer.write_field(&self.number)
                }
                Field::Text(text) if is_trigger(text) => {
                    self.guarded += 1;
                    self.writer.write_field(format!("'{text}"))
                }
                Field::Text(text) => self.writer.write_field(text.as_bytes()),
            };
        }
        let _ = self.writer.write_record(None::<&[u8]>);
    }

    /// The bytes, without a byte order mark, and how many text cells were guarded.
    pub fn finish(self) -> (Vec<u8>, usize) {
        (self.writer.into_inner().unwrap_or_default(), self.guarded)
    }
}

/// The records as CSV, and how many text cells were guarded.
pub fn csv(records: &Records<'_>) -> (String, usize) {
    let mut rows = CsvRows::new(CsvForm::Machine);
    rows.header(&records.columns);
    records.rows.iter().for_each(|row| rows.row(row));
    let (bytes, guarded) = rows.finish();
    (String::from_utf8(bytes).unwrap_or_default(), guarded)
}

/// What was left out of the data, as CSV: one cell or row a line.
pub fn rejects(rejects: &[&Reject]) -> String {
    let mut rows = CsvRows::new(CsvForm::Machine);
    rows.header(&Reject::COLUMNS.map(str::to_owned));
    for reject in rejects {
        let line = i64::try_from(reject.line).unwrap_or(i64::MAX);
        rows.row(&[
            Field::text(reject.source.as_str()),
            Field::text(reject.file.as_str()),
            Field::Number(line.into()),
            Field::text(reject.column.as_str()),
            Field::text(reject.text.as_str()),
            Field::text(reject.reason.as_str()),
        ]);
    }
    String::from_utf8(rows.finish().0).unwrap_or_default()
}

/// Whether a spreadsheet would take a text for a formula.
fn is_trigger(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Number;

    #[test]
    fn text_is_guarded_by_type_and_numbers_never_are() {
        let records = Records {
            scorecard: String::new(),
            as_of: String::new(),
            grain: "month",
            columns: vec!["name".into(), "actual".into()],
            rows: vec![
                vec![Field::text("=1+1"), Field::Number(Number::from(-5))],
                vec![Field::text("a \"b\", c"), Field::Absent],
            ],
        };
        assert_eq!(csv(&records), ("name,actual\n'=1+1,-5\n\"a \"\"b\"\", c\",\n".to_owned(), 1));
    }
}
