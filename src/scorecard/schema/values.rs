//! The forms of values that the raw types leave open: texts of which not every one will do, and keys that take a number,
//! a table or an expression.
//!
//! What `resolve` accepts, said in JSON Schema. Each form is a type without values, to be named where a field is.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// What an id is: small letters, digits and `_`, a letter first.
const ID: &str = "^[a-z][a-z0-9_]*$";
/// A year, quarter, month, week or day.
const PERIOD: &str = "^[0-9]{4}(-Q[1-4]|-W(0[1-9]|[1-4][0-9]|5[0-3])|-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$";
/// Anything but blanks.
const TEXT: &str = "\\S";
/// One number, 1234 and a fraction, with the marks of a file; blanks may be of three kinds.
const NUMBERS: &str = "^\\s*(1[ \u{a0}\u{202f}'\u{2019}]?234[.,]|1,234\\.|1\\.234,)[0-9]+\\s*$";
/// A month's English name in any case.
const MONTH: &str = "^([Jj][Aa][Nn][Uu][Aa][Rr][Yy]|[Ff][Ee][Bb][Rr][Uu][Aa][Rr][Yy]|[Mm][Aa][Rr][Cc][Hh]|[Aa][Pp][Rr][Ii][Ll]|[Mm][Aa][Yy]|[Jj][Uu][Nn][Ee]|[Jj][Uu][Ll][Yy]|[Aa][Uu][Gg][Uu][Ss][Tt]|[Ss][Ee][Pp][Tt][Ee][Mm][Bb][Ee][Rr]|[Oo][Cc][Tt][Oo][Bb][Ee][Rr]|[Nn][Oo][Vv][Ee][Mm][Bb][Ee][Rr]|[Dd][Ee][Cc][Ee][Mm][Bb][Ee][Rr])$";

/// Declares a form: its comment, its name, its schema where it is used.
macro_rules! form {
    ($(#[$doc:meta])* $name:ident = $schema:expr) => {
        $(#[$doc])*
        pub(in crate::scorecard) struct $name;

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    };
}

form! {
    /// The id of a department, source, goal or metric.
    Id = id()
}

form! {
    /// A text that is not blank.
    Text = json_schema!({ "type": "string", "pattern": TEXT })
}

form! {
    /// A period by its ISO name.
    PeriodName = json_schema!({ "type": "string", "pattern": PERIOD })
}

form! {
    /// An ISO 4217 code. Which codes are in use changes; that they are three capitals does not.
    Currency = currency()
}

form! {
    /// `"USD"`, `{ column = "currency", amounts = ["amount"] }` or `{ is = "USD", amounts = ["amount"] }`.
    SourceCurrency = json_schema!({ "anyOf": [currency(), converted("column"), converted("is")] })
}

form! {
    /// A month's English name: editors propose it in small letters.
    MonthName = json_schema!({ "type": "string", "anyOf": [
        { "enum": [
            "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
            "december"
        ] },
        { "pattern": MONTH },
    ] })
}

form! {
    /// What stands between fields, or its name.
    Delimiter = json_schema!({
        "type": "string", "enum": ["comma", "semicolon", "tab", "pipe", ",", ";", "\t", "|"]
    })
}

form! {
    /// How numbers are written, by example.
    Numbers = json_schema!({ "type": "string", "anyOf": [
        { "enum": ["1,234.5", "1.234,5", "1 234,5", "1 234.5", "1'234.5", "1234.5", "1234,5"] },
        { "pattern": NUMBERS },
    ] })
}

form! {
    /// What a number is a number of; any noun but those that look like percent and are not it.
    UnitWord = json_schema!({
        "type": "string",
        "anyOf": [
            { "enum": ["percent", "count", "minutes", "hours", "days", "score", "ratio", "EUR", "USD", "GBP"] },
            { "pattern": "^[^\\x00-\\x1f\\x7f-\\x9f]*$" },
        ],
        "pattern": TEXT,
        "not": { "pattern": "^\\s*(%|pct|percentage|percents|per cent)\\s*$" },
    })
}

form! {
    /// `{ resolved = "Resolved first time" }`.
    Columns = json_schema!({ "type": "object", "additionalProperties": { "type": "string", "pattern": TEXT } })
}

form! {
    /// `{ otp = 0.01 }`.
    Scale = json_schema!({ "type": "object", "additionalProperties": { "type": "number", "exclusiveMinimum": 0 } })
}

form! {
    /// `"region"` or `{ region = ["north", "south"] }`.
    Roster = json_schema!({ "anyOf": [
        { "type": "string", "description": "The dimension; its values are those of the period before: `\"region\"`." },
        {
            "type": "object",
            "description": "The dimension and its values: `{ region = [\"north\", \"south\"] }`.",
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": { "type": "array", "items": { "type": "string" } },
        },
    ] })
}

form! {
    /// `{ column = "tickets", equals = 18432 }`, or a list of such.
    Control = json_schema!({ "anyOf": [control(), { "type": "array", "minItems": 1, "items": control() }] })
}

form! {
    /// `{ arpu = 1, churn = 2 }`.
    InputWeights = json_schema!({
        "type": "object",
        "propertyNames": { "pattern": ID },
        "additionalProperties": { "type": "number", "minimum": 0 },
    })
}

form! {
    /// The entries of `drives`.
    Drives = json_schema!({ "type": "array", "items": { "anyOf": [id(), link()] } })
}

/// What a target, a threshold or a stretch may be: one bar, or what varies by date, by grain or with a column.
pub(in crate::scorecard) struct Promise<F>(PhantomData<F>);

impl<F: Form> JsonSchema for Promise<F> {
    fn inline_schema() -> bool {
        F::EXPLAINED
    }

    fn schema_name() -> Cow<'static, str> {
        F::NAME.into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut any = schedules::<F>();
        any.push(by_grain(&generator.subschema_for::<Schedule<F>>()));
        json_schema!({ "anyOf": any })
    }
}

/// What a promise may be at one grain.
struct Schedule<F>(PhantomData<F>);

impl<F: Form> JsonSchema for Schedule<F> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}_of_a_grain", F::NAME).into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": schedules::<F>() })
    }
}

/// Which bars a promise is made of.
pub(in crate::scorecard) trait Form {
    /// The name of its definition.
    const NAME: &str;
    /// Whether it stands, with its explanations, where it is used.
    const EXPLAINED: bool;
    /// The forms of one bar.
    fn bars() -> Vec<Schema>;
    /// The forms of what is measured; a range cannot be.
    fn measured() -> Option<Schema>;
}

/// Every bar: what editors propose.
pub(in crate::scorecard) struct Any;

impl Form for Any {
    const NAME: &str = "promise";
    const EXPLAINED: bool = true;

    fn bars() -> Vec<Schema> {
        vec![level(), range()]
    }

    fn measured() -> Option<Schema> {
        Some(expression())
    }
}

/// Bars of one number: what `better = "higher"` and `"lower"` take.
pub(in crate::scorecard) struct Levels;

impl Form for Levels {
    const NAME: &str = "levels";
    const EXPLAINED: bool = false;

    fn bars() -> Vec<Schema> {
        vec![level()]
    }

    fn measured() -> Option<Schema> {
        Some(expression())
    }
}

/// Bars of two: what `better = "between"` takes.
pub(in crate::scorecard) struct Ranges;

impl Form for Ranges {
    const NAME: &str = "ranges";
    const EXPLAINED: bool = false;

    fn bars() -> Vec<Schema> {
        vec![range()]
    }

    fn measured() -> Option<Schema> {
        None
    }
}

/// Tables of one kind, each under its id.
pub(super) struct Named<T>(PhantomData<T>);

impl<T: JsonSchema> JsonSchema for Named<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("named {}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "propertyNames": { "pattern": ID },
            "additionalProperties": generator.subschema_for::<T>(),
        })
    }
}

fn id() -> Schema {
    json_schema!({ "type": "string", "pattern": ID, "description": "An id: small letters, digits and `_`, a letter first." })
}

fn currency() -> Schema {
    json_schema!({ "type": "string", "pattern": "^[A-Z]{3}$", "examples": ["EUR", "USD", "GBP"] })
}

/// What of a source is converted: `of` is the key that says from which currency.
fn converted(of: &str) -> Schema {
    let from = match of {
        "is" => {
            json_schema!({ "type": "string", "pattern": "^[A-Z]{3}$", "description": "The currency of all rows: `\"USD\"`." })
        }
        _ => {
            json_schema!({ "type": "string", "pattern": TEXT, "description": "The column that says which currency a row is in: `\"currency\"`." })
        }
    };
    json_schema!({
        "type": "object",
        "description": "What is converted into the scorecard's currency, row by row.",
        "required": [of, "amounts"],
        "additionalProperties": false,
        "properties": {
            of: from,
            "amounts": {
                "type": "array",
                "minItems": 1,
                "items": { "type": "string", "pattern": TEXT },
                "description": "The columns that are money: `[\"amount\", \"refund\"]`.",
            },
        },
    })
}

fn link() -> Schema {
    json_schema!({
        "type": "object",
        "description": "A link with what is known of it: `{ to = \"churn\", weight = 3, lag = 1, because = \"exit survey\" }`.",
        "properties": {
            "to": { "type": "string", "pattern": ID, "description": "The id of the metric or goal that it moves: `\"churn\"`." },
            "weight": {
                "type": "number",
                "exclusiveMinimum": 0,
                "maximum": 1_000_000,
                "description": "How much it counts among what drives the same node: `3`; `1` when absent.",
            },
            "lag": {
                "type": "integer",
                "minimum": 0,
                "maximum": u32::MAX,
                "description": "How many periods later it is felt: `1`; `0` when absent.",
            },
            "because": { "type": "string", "description": "Why it is believed: `\"exit survey: having to call again comes first\"`." },
        },
        "required": ["to"],
        "additionalProperties": false,
    })
}

fn level() -> Schema {
    json_schema!({ "type": "number", "description": "One number: `0.82`." })
}

fn range() -> Schema {
    json_schema!({
        "type": "object",
        "description": "A range, for `better = \"between\"`: `{ low = 0.7, high = 0.9 }`.",
        "properties": {
            "low": { "type": "number", "description": "The lower end of the range, which belongs to it." },
            "high": { "type": "number", "description": "The upper end of the range, which belongs to it." },
        },
        "required": ["low", "high"],
        "additionalProperties": false,
    })
}

fn expression() -> Schema {
    json_schema!({
        "type": "string",
        "pattern": TEXT,
        "description": "An expression over the metric's source: `\"only(planned)\"`.",
    })
}

/// A bar, bars from when on, or one that is measured.
fn schedules<F: Form>() -> Vec<Schema> {
    let dated = json_schema!({
        "type": "object",
        "description": "From when on: `{ \"2025-04\" = 0.80, \"2026-04\" = 0.82 }`. A key is a year, quarter, month, week or day.",
        "minProperties": 1,
        "propertyNames": { "pattern": PERIOD },
        "additionalProperties": { "anyOf": F::bars() },
    });
    F::bars().into_iter().chain([dated]).chain(F::measured()).collect()
}

fn by_grain(schedule: &Schema) -> Schema {
    json_schema!({
        "type": "object",
        "description": "By the grain of the report: `{ month = 100, quarter = 310 }`.",
        "minProperties": 1,
        "properties": { "day": schedule, "week": schedule, "month": schedule, "quarter": schedule, "year": schedule },
        "additionalProperties": false,
    })
}

fn control() -> Schema {
    json_schema!({
        "type": "object",
        "required": ["column", "equals"],
        "additionalProperties": false,
        "properties": {
            "column": { "type": "string", "pattern": TEXT, "description": "The column: `\"tickets\"`." },
            "equals": {
                "description": "What its cells add up to: `18432`, or in quotes where every digit counts: `\"18432.10\"`.",
                "anyOf": [{ "type": "number" }, { "type": "string", "pattern": "^[+-]?[0-9]+([.][0-9]+)?$" }],
            },
        },
    })
}
