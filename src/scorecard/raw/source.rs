//! `[sources.ID]` as written: where numbers come from, and how their files are written.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_spanned::Spanned;

use crate::metric::{Duplicates, Layout, Quarters};
use crate::period::{DateOrder, Grain};
use crate::scorecard::schema::conditions;
use crate::scorecard::schema::values::{Columns, Control, Delimiter, Id, Numbers, Roster, Scale, SourceCurrency, Text};

/// Files whose rows metrics are measured from, and how they are written. What is not said here is found out by looking
/// at the files; what is said always wins.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline, transform = conditions::of_source)]
pub struct RawSource {
    /// Where its files are, relative to this file: `"data/calls.csv"`, or a pattern: `"data/calls-*.csv"`. CSV, gzip,
    /// Parquet or a workbook.
    #[schemars(with = "Text")]
    pub path: Option<Spanned<String>>,
    /// The id of the department it belongs to: `"support"`, and with it the metrics measured from it.
    #[schemars(with = "Option<Id>")]
    pub department: Option<Spanned<String>>,
    /// The column that says when: `"day"`. A wide source has none.
    #[schemars(with = "Option<Text>")]
    pub period: Option<Spanned<String>>,
    /// The columns that `--by` and `--where` may use: `["region", "channel"]`.
    #[schemars(with = "Option<Vec<String>>")]
    pub dimensions: Option<Vec<Spanned<String>>>,
    /// Which rows of the files belong to it: `"test_call = 0 and region <> 'lab'"`.
    #[serde(rename = "where")]
    #[schemars(with = "Option<Text>")]
    pub filter: Option<Spanned<String>>,
    /// Whether the default as-of waits for it: `true`, which it is when absent. A source that is not required may come
    /// later than the report.
    pub required: Option<bool>,
    /// How its text is encoded, as web standards name it: `"windows-1252"`.
    #[schemars(with = "Option<String>")]
    pub encoding: Option<Spanned<String>>,
    /// What stands between fields: `"semicolon"`.
    #[schemars(with = "Option<Delimiter>")]
    pub delimiter: Option<Spanned<String>>,
    /// The line the header stands in, counted from 1: `4` below three lines of title.
    #[schemars(with = "Option<i64>", range(min = 1, max = 100_000))]
    pub header: Option<Spanned<i64>>,
    /// Lines that begin with this are no rows: `"#"`.
    #[schemars(with = "Option<String>")]
    pub comment: Option<Spanned<String>>,
    /// The names formulas use for columns, and their headers in the files: `{ resolved = "Resolved first time" }`.
    #[schemars(with = "Option<Columns>")]
    pub columns: Option<Spanned<toml::Table>>,
    /// How its numbers are written, by the example of one: `"1.234,5"`.
    #[schemars(with = "Option<Numbers>")]
    pub numbers: Option<Spanned<String>>,
    /// What the cells of a column are multiplied by: `{ on_time = 0.01 }` for percentages, `{ revenue = 1000 }` for
    /// thousands.
    #[schemars(with = "Option<Scale>")]
    pub scale: Option<Spanned<toml::Table>>,
    /// The currency of its amounts, by its ISO 4217 code: `"USD"`; that of its metrics or of the scorecard when absent. Or
    /// what is converted into the scorecard's, row by row, at the rates of `[currencies]`: the column that says which
    /// currency a row is in and the columns that are money, `{ column = "currency", amounts = ["amount"] }`, or the one
    /// currency of all rows, `{ is = "USD", amounts = ["amount"] }`. Sums are rounded when they are shown, and nowhere
    /// else; a `where` compares amounts as they stand in the file.
    #[schemars(with = "Option<SourceCurrency>")]
    pub currency: Option<Spanned<toml::Value>>,
    /// Texts that stand for a missing cell, beside a blank one: `["n/a", "k.A."]`; `n/a`, `null` and dashes when absent.
    #[schemars(with = "Option<Vec<String>>")]
    pub missing: Option<Vec<Spanned<String>>>,
    /// Whether 01/02/2024 is the first of February (`"dmy"`) or the second of January (`"mdy"`).
    pub date_order: Option<DateOrder>,
    /// What its dates stand for: `"month"` where 2024-01-31 means all of January.
    pub grain: Option<Grain>,
    /// Whose quarters `2024-Q1` means, where fiscal years are not the calendar's: `"fiscal"`.
    pub quarters: Option<Quarters>,
    /// Whether periods stand down in a column, `"long"`, or across in the headers, `"wide"`. Formulas call the cells of
    /// a wide file `value`.
    #[schemars(with = "Option<Layout>")]
    pub layout: Option<Spanned<Layout>>,
    /// Texts that mark a row as a total of others, which is left out: `["all regions"]`; total, subtotal and the like
    /// when absent.
    #[schemars(with = "Option<Vec<String>>")]
    pub totals: Option<Vec<Spanned<String>>>,
    /// The columns that tell rows of one period apart: `["ticket"]`; the dimensions when absent.
    #[schemars(with = "Option<Vec<String>>")]
    pub key: Option<Vec<Spanned<String>>>,
    /// What two rows with one key are: a mistake, `"error"`, or two events, `"sum"`.
    pub duplicates: Option<Duplicates>,
    /// The sheet of the workbook: `"Calls 2026"`; the only one that has the columns when absent.
    #[schemars(with = "Option<String>")]
    pub sheet: Option<Spanned<String>>,
    /// A dimension each value of which must report, so that a total of those who did is marked provisional: `"region"`,
    /// or with the values: `{ region = ["north", "south"] }`.
    #[schemars(with = "Option<Roster>")]
    pub roster: Option<Spanned<toml::Value>>,
    /// What a column of all its rows adds up to, or several of them; `check` compares, in exact arithmetic:
    /// `{ column = "tickets", equals = 18432 }`.
    #[schemars(with = "Option<Control>")]
    pub control: Option<Spanned<toml::Value>>,
}
