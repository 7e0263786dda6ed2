//! JSON for other programs: `{schema_version, scorecard, as_of, grain, rows}`, numbers at full precision.

use std::str::FromStr;

use serde_json::{Map, Number as JsonNumber, Value};

use super::style::is_hostile;
use crate::view::{Field, Records};

/// Grows when a column changes its meaning, not when one is added.
const SCHEMA_VERSION: u32 = 1;

/// The records as JSON, one row a line.
pub fn json(records: &Records<'_>) -> String {
    let mut rows = JsonRows::new(&records.columns);
    records.rows.iter().for_each(|row| rows.row(row));
    let head = json_head(&records.scorecard, &records.as_of, records.grain);
    format!("{head}{}{JSON_TAIL}", rows.finish())
}

/// What stands before the rows.
pub fn json_head(scorecard: &str, as_of: &str, grain: &str) -> String {
    let text = |text: &str| Value::String(text.to_owned()).to_string();
    harmless(format!(
        "{{\n  \"schema_version\": {SCHEMA_VERSION},\n  \"scorecard\": {},\n  \"as_of\": {},\n  \"grain\": {},\n  \"rows\": [",
        text(scorecard),
        text(as_of),
        text(grain)
    ))
}

/// What stands after the rows.
pub const JSON_TAIL: &str = "\n  ]\n}\n";

/// Rows of typed cells on their way to JSON.
pub struct JsonRows {
    columns: Vec<String>,
    text: String,
}

impl JsonRows {
    /// No rows yet, of these columns.
    pub fn new(columns: &[String]) -> JsonRows {
        JsonRows { columns: columns.to_vec(), text: String::new() }
    }

    /// Adds a row.
    pub fn row(&mut self, row: &[Field<'_>]) {
        // What follows other rows is told from them by whoever puts stretches of rows together.
        let separator = if self.text.is_empty() { "" } else { "," };
        self.text.push_str(&format!("{separator}\n    {}", Value::Object(object(&self.columns, row))));
    }

    /// The rows, without what stands around them; nothing where there are none.
    pub fn finish(self) -> String {
        harmless(self.text)
    }
}

fn object(columns: &[String], row: &[Field<'_>]) -> Map<String, Value> {
    let value = |field: &Field<'_>| match field {
        Field::Absent => Value::Null,
        Field::Text(text) => Value::String(text.clone().into_owned()),
        // The digits as they are: a double could not hold every exact decimal.
        Field::Number(number) => JsonNumber::from_str(&number.to_string()).map_or(Value::Null, Value::Number),
    };
    columns.iter().cloned().zip(row.iter().map(value)).collect()
}

/// JSON text as every file of the program has it, see [`harmless`].
pub(super) fn written(value: &Value) -> String {
    harmless(format!("{value:#}\n"))
}

/// JSON text that acts on no terminal and that no job's log obeys: what is hostile stands as `\uXXXX`, so that programs
/// read what was meant.
fn harmless(text: String) -> String {
    // Outside strings all is plain ASCII, and inside them line breaks and most controls are escaped already.
    let text = if text.contains("##[") { text.replace("##[", "#\\u0023[") } else { text };
    let is_hostile = |c: char| c != '\n' && is_hostile(c);
    if text.is_ascii() && !text.contains('\u{7f}') || !text.contains(is_hostile) {
        return text;
    }
    let escaped = |c: char| c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect();
    text.chars().map(|c| if is_hostile(c) { escaped(c) } else { c.to_string() }).collect()
}
