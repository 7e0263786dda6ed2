//! What one key of a table asks of another: the part of `resolve` that a schema can say.
//!
//! No `allOf`: taplo would not complete the keys of a table that has one.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::values::{Form, Levels, Promise, Ranges};
use crate::scorecard::raw::RawMetric;

/// Periods stand in a column, or, in a wide file, in the headers.
pub(in crate::scorecard) fn of_source(schema: &mut Schema) {
    let wide = json_schema!({ "properties": { "layout": { "const": "wide" } }, "required": ["layout"] });
    schema.insert("if".to_owned(), wide.to_value());
    schema.insert("then".to_owned(), json_schema!({ "properties": { "period": false } }).to_value());
    schema.insert("else".to_owned(), json_schema!({ "required": ["period"] }).to_value());
}

/// A number has a unit, a promise something to hold it against and a better side.
pub(in crate::scorecard) fn of_metric(schema: &mut Schema) {
    let dependencies = json_schema!({
        "source": ["value"],
        "where": ["source"],
        "value": ["unit"],
        "rebase": ["value"],
        // One key under its old name and its new one.
        "weights": { "properties": { "input_weights": false } },
        "target": promised("target", &["value", "unit", "better"]),
        "threshold": promised("threshold", &["value", "better", "target"]),
        "stretch": promised("stretch", &["value", "better", "target"]),
    });
    schema.insert("dependencies".to_owned(), dependencies.to_value());
}

/// A promise is a range where between is better, else a number; an expression needs a source to measure it from.
fn promised(key: &str, needed: &[&str]) -> Schema {
    let of = |form: &str| json_schema!({ "properties": { key: { "$ref": format!("#/definitions/{form}") } } });
    json_schema!({
        "required": needed,
        "if": { "properties": { "better": { "const": "between" } }, "required": ["better"] },
        "then": of(Ranges::NAME),
        "else": of(Levels::NAME),
        "anyOf": [
            { "required": ["source"] },
            { "properties": { key: { "not": { "type": "string" } } } },
        ],
    })
}

/// A metric of `[metrics]`: it has neither sponsor nor lens, which are a goal's.
pub(super) struct OfMetrics;

impl JsonSchema for OfMetrics {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "metric".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        // The conditions name these two.
        generator.subschema_for::<Promise<Levels>>();
        generator.subschema_for::<Promise<Ranges>>();
        let mut schema = RawMetric::json_schema(generator);
        if let Some(properties) = schema.get_mut("properties").and_then(|properties| properties.as_object_mut()) {
            properties.shift_remove("sponsor");
            properties.shift_remove("lens");
        }
        schema
    }
}
