//! JSON for other programs: `{schema_version, scorecard, as_of, grain, rows}`, numbers at full precision.

use std::str::FromStr;

use serde_json::{Map, Number as JsonNumber, Value};

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
