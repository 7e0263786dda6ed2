//! JSON for other programs: `{schema_version, scorecard, as_of, grain, rows}`, numbers at full precision.

use std::str::FromStr;

use serde_json::{Map, Number as JsonNumber, Value};

use super::style::is_hostile;
use crate::view::{Field, Records};

/// Grows when a column changes its meaning, not when one is added.
const SCHEMA_VERSION: u32 = 1;

/// The records as JSON, one row a line.
pub fn json(records: &Records) -> String {
    let text = |text: &str| Value::String(text.to_owned()).to_string();
    let head = format!(
        "{{\n  \"schema_version\": {SCHEMA_VERSION},\n  \"scorecard\": {},\n  \"as_of\": {},\n  \"grain\": {},\n  \"rows\": [",
        text(&records.scorecard),
        text(&records.as_of),
        text(records.grain)
    );
    let rows: Vec<String> =
        records.rows.iter().map(|row| format!("    {}", Value::Object(object(&records.columns, row)))).collect();
    if rows.is_empty() { format!("{head}]\n}}\n") } else { format!("{head}\n{}\n  ]\n}}\n", rows.join(",\n")) }
}

fn object(columns: &[String], row: &[Field]) -> Map<String, Value> {
    let value = |field: &Field| match field {
        Field::Absent => Value::Null,
        Field::Text(text) => Value::String(text.clone()),
        // The digits as they are: a double could not hold every exact decimal.
        Field::Number(number) => JsonNumber::from_str(&number.to_string()).map_or(Value::Null, Value::Number),
    };
    columns.iter().cloned().zip(row.iter().map(value)).collect()
}

/// JSON text that acts on no terminal and that no job's log obeys: what is hostile stands as `\uXXXX`, so that programs
/// read what was meant.
pub(super) fn written(value: &Value) -> String {
    // Outside strings all is plain ASCII, and inside them line breaks are escaped already.
    let text = format!("{value:#}\n").replace("##[", "#\\u0023[");
    let is_hostile = |c: char| c != '\n' && is_hostile(c);
    if !text.contains(is_hostile) {
        return text;
    }
    let escaped = |c: char| c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect();
    text.chars().map(|c| if is_hostile(c) { escaped(c) } else { c.to_string() }).collect()
}
