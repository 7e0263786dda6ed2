//! The scorecard language as written: one flat struct a table, nothing checked but the types.
//!
//! Not yet true of these: that ids exist, that formulas parse, that anything required is there. The comments of the
//! tables and keys are what an editor shows for them: they become the descriptions of the JSON Schema.

mod metric;
mod source;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_spanned::Spanned;

pub(super) use metric::{RawLink, RawMetric, RawRebase};
pub(super) use source::RawSource;

use super::schema::values::{Currency, MonthName, Numbers, Text};
use crate::diagnostic::{Place, Placed, Severity};
use crate::metric::Quarters;
use crate::period::{DateOrder, Grain};

/// A scorecard and all it includes, unchecked.
#[derive(Clone, Debug, Default)]
pub struct RawScorecard {
    /// `[scorecard]`; only the first file's counts.
    pub header: RawHeader,
    /// `[scoring]`.
    pub scoring: RawScoring,
    /// `[journey]`.
    pub journey: RawJourney,
    /// `[check]`.
    pub check: RawCheck,
    /// `[currencies]`; `None` where there is no such table.
    pub currencies: Option<RawCurrencies>,
    /// `[departments.*]` of every file, in order.
    pub departments: Vec<Entry<RawDepartment>>,
    /// `[sources.*]` of every file, in order.
    pub sources: Vec<Entry<RawSource>>,
    /// `[goals.*]` and `[metrics.*]` of every file, in order.
    pub metrics: Vec<Entry<RawMetric>>,
    /// The main file, for findings that have no better place.
    pub main: Option<Place>,
}

/// A table with an id: `[metrics.ID]`.
#[derive(Clone, Debug)]
pub struct Entry<T> {
    /// Its id, and where that stands.
    pub id: Placed<String>,
    /// Its keys.
    pub table: T,
}

/// What the scorecard is: its title, the size of its periods, its currency, and the files it includes. It stands in the
/// main file alone.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct RawHeader {
    /// The scorecard's name, as reports head it: `"Northbank Mobile: customer scorecard"`. The file's path when absent.
    pub title: Option<String>,
    /// The size of its periods: `"month"`, which it is when absent. Reports may be coarser, never finer.
    pub grain: Option<Grain>,
    /// The currency of amounts where neither their source nor their metric names one, by its ISO 4217 code: `"EUR"`.
    #[schemars(with = "Option<Currency>")]
    pub currency: Option<Spanned<String>>,
    /// When fiscal years begin: `{ starts = "april" }`; with the calendar's when absent. A fiscal year is named by the
    /// year it ends in.
    pub fiscal_year: Option<RawFiscalYear>,
    /// Further files, by path or pattern relative to this file: `["departments/*.toml"]`. They hold departments,
    /// sources, goals and metrics, so that each department can own its part.
    #[schemars(with = "Option<Vec<Text>>")]
    pub include: Option<Vec<Spanned<String>>>,
}

/// When fiscal years begin: `{ starts = "april" }`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct RawFiscalYear {
    /// The month a fiscal year begins in, by its English name: `"april"`.
    #[schemars(with = "MonthName")]
    pub starts: Spanned<String>,
}

/// Where statuses change, for every metric alike.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct RawScoring {
    /// How far the threshold lies from the target where a metric names none, as a share of the target: `0.1`, which it
    /// is when absent: of a target of 80, 8.
    #[schemars(with = "Option<f64>", range(min = 0, max = 1))]
    pub tolerance: Option<Spanned<f64>>,
    /// The share of what feeds a node, by weight, that must have data before there is a thread score: `0.6`, which it
    /// is when absent.
    #[schemars(with = "Option<f64>", range(min = 0, max = 1))]
    pub min_coverage: Option<Spanned<f64>>,
    /// Thread scores from here on are on-target, 0 to 100: `85`, which it is when absent.
    #[schemars(with = "Option<f64>", range(min = 0, max = 100))]
    pub on_target: Option<Spanned<f64>>,
    /// Thread scores from here on are at-risk, below it off-target, 0 to 100: `50`, which it is when absent. At most
    /// `on_target`.
    #[schemars(with = "Option<f64>", range(min = 0, max = 100))]
    pub at_risk: Option<Spanned<f64>>,
}

/// The customer's journey, whose steps metrics name as their `stage`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct RawJourney {
    /// The steps, in the order in which a customer takes them: `["join", "use", "get help", "renew"]`.
    #[schemars(with = "Option<Vec<String>>")]
    pub stages: Option<Vec<Spanned<String>>>,
}

/// What other currencies are worth in the scorecard's own. A source says which of its columns are converted: `currency`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct RawCurrencies {
    /// The file of the rates, or a pattern, relative to this file: `"data/rates.csv"`. It has a row for each currency in
    /// each period; the scorecard's own currency needs none.
    #[schemars(with = "Text")]
    pub rates: Option<Spanned<String>>,
    /// The column that says when a rate holds, by day or any longer period, all of one size: `"month"`; `period` when
    /// absent. Rows of a shorter period take the rate of the one they lie in.
    #[schemars(with = "Option<Text>")]
    pub period: Option<Spanned<String>>,
    /// The column of the currency, by its ISO 4217 code: `"code"`; `currency` when absent.
    #[schemars(with = "Option<Text>")]
    pub currency: Option<Spanned<String>>,
    /// The column of the rate, units of the scorecard's currency for one unit of that currency: `"euros"`; `rate` when
    /// absent.
    #[schemars(with = "Option<Text>")]
    pub rate: Option<Spanned<String>>,
    /// How its numbers are written, by the example of one: `"1234,5"`; as the file shows when absent.
    #[schemars(with = "Option<Numbers>")]
    pub numbers: Option<Spanned<String>>,
    /// Whether 01/02/2024 is the first of February (`"dmy"`) or the second of January (`"mdy"`).
    pub date_order: Option<DateOrder>,
    /// Whose quarters `2024-Q1` means, where fiscal years are not the calendar's: `"fiscal"`.
    pub quarters: Option<Quarters>,
}

/// What `goldthread check` is told of this scorecard: severities, bounds, and findings that are accepted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct RawCheck {
    /// Another severity for a rule, by the rule's name: `{ constant-series = "note" }`. `goldthread check --list` lists
    /// the rules.
    #[schemars(with = "Option<BTreeMap<String, Severity>>")]
    pub severity: Option<Spanned<BTreeMap<Spanned<String>, Severity>>>,
    /// Findings that are known and accepted, each with the reason:
    /// `[{ rule = "constant-series", at = "price_*", because = "prices change in April" }]`.
    #[schemars(with = "Option<Vec<RawSilence>>")]
    pub ignore: Option<Vec<Spanned<RawSilence>>>,
    /// How many drivers a node may have before `check` asks which of them count: `7`, which it is when absent.
    #[schemars(with = "Option<i64>", range(min = 1, max = 1_000_000))]
    pub most_drivers: Option<Spanned<i64>>,
    /// How many metrics a department may have before `check` asks which of them it is steered by: `12`, which it is
    /// when absent.
    #[schemars(with = "Option<i64>", range(min = 1, max = 1_000_000))]
    pub most_metrics: Option<Spanned<i64>>,
}

/// Findings that are known and accepted, and why.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct RawSilence {
    /// The rule whose findings are accepted: `"constant-series"`. `goldthread check --explain` explains it.
    #[schemars(with = "String")]
    pub rule: Spanned<String>,
    /// The id of what the finding is about, or a pattern: `"price_*"`; everything when absent.
    #[schemars(with = "Option<String>")]
    pub at: Option<Spanned<String>>,
    /// Why it is accepted: whoever reads it next year will ask.
    #[schemars(with = "Text")]
    pub because: Spanned<String>,
}

/// A department: sources and metrics name it by its id.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct RawDepartment {
    /// Its name for people: `"Contact centre"`; the id when absent.
    pub name: Option<String>,
    /// Who leads it: `"Head of Service"`.
    pub lead: Option<String>,
}
