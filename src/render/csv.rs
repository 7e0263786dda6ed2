//! CSV for other programs: comma, LF, no BOM, full precision, blank where missing.
//!
//! A text cell a spreadsheet would run as a formula gets a leading apostrophe; numbers never do.

use crate::observe::Reject;
use crate::view::{Field, Records};

/// The records as CSV, and how many text cells were guarded.
pub fn csv(records: &Records) -> (String, usize) {
    let mut guarded = 0;
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    let mut write = |cells: Vec<String>| {
        // Writing to memory cannot fail, and every row is as long as the header.
        let _ = writer.write_record(&cells);
    };
    write(records.columns.iter().map(|name| guard(name, &mut guarded)).collect());
    for row in &records.rows {
        let cell = |field: &Field| match field {
            Field::Absent => String::new(),
            Field::Number(number) => number.to_string(),
            Field::Text(text) => guard(text, &mut guarded),
        };
        write(row.iter().map(cell).collect());
    }
    let bytes = writer.into_inner().unwrap_or_default();
    (String::from_utf8(bytes).unwrap_or_default(), guarded)
}

/// What was left out of the data, as CSV: one cell or row a line.
pub fn rejects(rejects: &[&Reject]) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    let mut guarded = 0;
    // Writing to memory cannot fail, and every row is as long as the header.
    let _ = writer.write_record(Reject::COLUMNS);
    for reject in rejects {
        let line = reject.line.to_string();
        let mut text = |text: &str| guard(text, &mut guarded);
        let row = [
            &text(&reject.source),
            &text(&reject.file),
            &line,
            &text(&reject.column),
            &text(&reject.text),
            &text(&reject.reason),
        ];
        let _ = writer.write_record(row);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

fn guard(text: &str, guarded: &mut usize) -> String {
    let trigger = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠');
    if text.starts_with(trigger) {
        *guarded += 1;
        format!("'{text}")
    } else {
        text.to_owned()
    }
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
                vec![Field::Text("=1+1".into()), Field::Number(Number::from(-5))],
                vec![Field::Text("a \"b\", c".into()), Field::Absent],
            ],
        };
        assert_eq!(csv(&records), ("name,actual\n'=1+1,-5\n\"a \"\"b\"\", c\",\n".to_owned(), 1));
    }
}
