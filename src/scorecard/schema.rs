//! The JSON Schema of a scorecard file, by which editors complete, explain and check it.
//!
//! Made from the very types that read the file, whose comments are its descriptions; `values` has what those types leave
//! open, `conditions` what one key asks of another. Says nothing of what takes more than one table to know: whether ids
//! exist, formulas parse, the thread is free of loops.
//!
//! Draft-07, the latest that every TOML plugin reads: taplo's documentation promises draft-04 and finds definitions
//! under any path, tombi reads `if` and `dependencies`. Taplo ignores what stands beside a `$ref` or an `allOf`, so
//! there is neither where a key is explained.

pub(super) mod conditions;
pub(super) mod values;

use schemars::JsonSchema;
use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;

use super::raw::{RawCheck, RawCurrencies, RawDepartment, RawHeader, RawJourney, RawMetric, RawScoring, RawSource};
use crate::diagnostic::Code;
use conditions::OfMetrics;
use values::Named;

/// A goldthread scorecard: departments' metrics, measured from files and linked up to the goals they serve. A file that a
/// scorecard includes has the same form, and only departments, sources, goals and metrics.
#[derive(JsonSchema)]
#[schemars(title = "goldthread scorecard", deny_unknown_fields)]
#[expect(dead_code, reason = "it is read by its derived schema alone")]
struct Document {
    scorecard: Option<RawHeader>,
    scoring: Option<RawScoring>,
    journey: Option<RawJourney>,
    check: Option<RawCheck>,
    currencies: Option<RawCurrencies>,
    /// The departments, each under its id: `[departments.support]`.
    departments: Option<Named<RawDepartment>>,
    /// The sources, each under its id: `[sources.calls]`.
    sources: Option<Named<RawSource>>,
    /// What the enterprise promises its customers and owners, each goal under its id: `[goals.churn]`.
    goals: Option<Named<RawMetric>>,
    /// What departments do for the goals, each metric under its id: `[metrics.first_contact_resolution]`.
    metrics: Option<Named<OfMetrics>>,
}

/// The schema as text, the same bytes every time. `rules` are the rules of `check`, by name, with a line on each: of
/// them only the caller knows.
pub fn schema(rules: &[(&str, &str)]) -> String {
    let tidied = SchemaSettings::draft07().with_transform(RecursiveTransform(tidy));
    let mut schema = tidied.into_generator().into_root_schema_for::<Document>();
    name_rules(&mut schema, rules);
    format!("{:#}\n", schema.as_value())
}

/// Names the rules of `check` where a scorecard speaks of them. The codes of faults are names too, but no one's first
/// thought: they are taken and not proposed.
fn name_rules(schema: &mut Schema, rules: &[(&str, &str)]) {
    const SEVERITY: &str = "/properties/check/properties/severity";
    const RULE: &str = "/properties/check/properties/ignore/items/properties/rule";
    let codes = Code::ALL.iter().map(|code| code.name());
    let names: Vec<&str> = rules.iter().map(|(name, _)| *name).chain(codes.clone()).collect();
    if let Some(severity) = schema.pointer_mut(SEVERITY).and_then(|severity| severity.as_object_mut()) {
        let mut known = Schema::default();
        for (name, summary) in rules {
            let mut one = severity["additionalProperties"].clone();
            one["description"] = (*summary).into();
            known.insert((*name).to_owned(), one);
        }
        severity.insert("properties".to_owned(), known.to_value());
        severity.insert("propertyNames".to_owned(), schemars::json_schema!({ "enum": names }).to_value());
    }
    if let Some(rule) = schema.pointer_mut(RULE).and_then(|rule| rule.as_object_mut()) {
        let known =
            rules.iter().map(|(name, summary)| schemars::json_schema!({ "const": name, "description": summary }));
        let others = schemars::json_schema!({ "enum": codes.collect::<Vec<_>>() });
        let any: Vec<Schema> = known.chain([others]).collect();
        rule.insert("anyOf".to_owned(), any.into_iter().map(Schema::to_value).collect());
    }
}

/// The order of a schema's keys, for those who read it; others follow as they come.
const KEYS: [&str; 8] = ["$schema", "title", "description", "deprecated", "type", "const", "enum", "pattern"];

/// TOML has no null, its numbers no formats, and an editor breaks lines itself.
fn tidy(schema: &mut Schema) {
    without_null(schema);
    let Some(object) = schema.as_object_mut() else { return };
    object.remove("format");
    if let Some(text) = object.get("description").and_then(|text| text.as_str()) {
        let paragraphs: Vec<String> = text.split("\n\n").map(|text| text.replace('\n', " ")).collect();
        object.insert("description".to_owned(), paragraphs.join("\n\n").into());
    }
    let mut pairs: Vec<_> = std::mem::take(object).into_iter().collect();
    pairs.sort_by_key(|(key, _)| KEYS.iter().position(|known| known == key).unwrap_or(KEYS.len()));
    object.extend(pairs);
}

/// An optional key is left out in TOML, never null.
fn without_null(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    if let Some(types) = object.get_mut("type") {
        let kept =
            types.as_array().map(|types| types.iter().filter(|word| *word != "null").cloned().collect::<Vec<_>>());
        match kept.as_deref() {
            Some([one]) => *types = one.clone(),
            Some(several) => *types = several.to_vec().into(),
            None => {}
        }
    }
    if let Some(words) = object.get_mut("enum").and_then(|words| words.as_array_mut()) {
        words.retain(|word| !word.is_null());
    }
    let kept = object.get("anyOf").and_then(|any| any.as_array()).map(|any| {
        any.iter().filter(|one| one.get("type").is_none_or(|word| word != "null")).cloned().collect::<Vec<_>>()
    });
    if let Some([one]) = kept.as_deref()
        && let Some(inner) = one.as_object()
    {
        object.remove("anyOf");
        for (key, value) in inner {
            if !object.contains_key(key) {
                object.insert(key.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scorecard::tables::SECTIONS;

    /// The sections of the reader and those of the schema are two lists: they must be one.
    #[test]
    fn the_sections_are_those_that_are_read() {
        let schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<Document>();
        let properties = schema.get("properties").and_then(|value| value.as_object()).expect("properties");
        assert_eq!(properties.keys().collect::<Vec<_>>(), SECTIONS);
    }
}
