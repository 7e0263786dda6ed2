//! The scorecard language as written: one flat struct a table, nothing checked but the types.
//!
//! Not yet true of these: that ids exist, that formulas parse, that anything required is there.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_spanned::Spanned;

use crate::diagnostic::{Place, Placed, Severity};
use crate::metric::{Duplicates, Layout, Lens, Polarity, Quarters, Rollup};
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

/// `[scorecard]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawHeader {
    /// The scorecard's name.
    pub title: Option<String>,
    /// The size of its periods; month when absent.
    pub grain: Option<Grain>,
    /// ISO 4217.
    pub currency: Option<Spanned<String>>,
    /// When fiscal years begin.
    pub fiscal_year: Option<RawFiscalYear>,
    /// Further files, by path or glob, relative to this file.
    pub include: Option<Vec<Spanned<String>>>,
}

/// `fiscal_year = { starts = "april" }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawFiscalYear {
    /// A month's English name.
    pub starts: Spanned<String>,
}

/// `[scoring]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawScoring {
    /// Default distance of the threshold from the target, as a share.
    pub tolerance: Option<Spanned<f64>>,
    /// 0 to 1.
    pub min_coverage: Option<Spanned<f64>>,
    /// 0 to 100.
    pub on_target: Option<Spanned<f64>>,
    /// 0 to 100.
    pub at_risk: Option<Spanned<f64>>,
}

/// `[journey]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawJourney {
    /// The customer's steps, in order.
    pub stages: Option<Vec<Spanned<String>>>,
}

/// `[check]`: what `goldthread check` is told of this scorecard.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawCheck {
    /// The severity of a rule, by the rule's name.
    pub severity: Option<Spanned<BTreeMap<Spanned<String>, Severity>>>,
    /// Findings that are known and accepted.
    pub ignore: Option<Vec<Spanned<RawSilence>>>,
    /// How many drivers a node may have; 7 when absent.
    pub most_drivers: Option<Spanned<i64>>,
    /// How many metrics a department may have; 12 when absent.
    pub most_metrics: Option<Spanned<i64>>,
}

/// One entry of `[[check.ignore]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawSilence {
    /// The rule's name.
    pub rule: Spanned<String>,
    /// The id of what it is about, or a pattern with `*`; everything when absent.
    pub at: Option<Spanned<String>>,
    /// Why it is accepted.
    pub because: Spanned<String>,
}

/// `[departments.ID]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawDepartment {
    /// Its name for people; the id when absent.
    pub name: Option<String>,
    /// Who leads it.
    pub lead: Option<String>,
}

/// `[sources.ID]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawSource {
    /// A path or glob, relative to the file it stands in.
    pub path: Option<Spanned<String>>,
    /// Whose it is.
    pub department: Option<Spanned<String>>,
    /// The column that says when.
    pub period: Option<Spanned<String>>,
    /// The columns its numbers can be split by.
    pub dimensions: Option<Vec<Spanned<String>>>,
    /// Which rows of the files belong to it.
    #[serde(rename = "where")]
    pub filter: Option<Spanned<String>>,
    /// Whether the default as-of waits for it.
    pub required: Option<bool>,
    /// A label of the encoding standard: `windows-1252`.
    pub encoding: Option<Spanned<String>>,
    /// The character between fields, or its name.
    pub delimiter: Option<Spanned<String>>,
    /// The line of the header, from 1.
    pub header: Option<Spanned<i64>>,
    /// Lines that begin with this are no rows.
    pub comment: Option<Spanned<String>>,
    /// The names of columns in formulas, and their headers in the files.
    pub columns: Option<Spanned<toml::Table>>,
    /// How numbers are written: `1.234,5`.
    pub numbers: Option<Spanned<String>>,
    /// What a column's numbers are multiplied by, by the column's name.
    pub scale: Option<Spanned<toml::Table>>,
    /// The currency of its amounts, ISO 4217.
    pub currency: Option<Spanned<String>>,
    /// Texts that stand for a missing cell.
    pub missing: Option<Vec<Spanned<String>>>,
    /// `day-first` or `month-first`.
    pub date_order: Option<DateOrder>,
    /// What its dates stand for.
    pub grain: Option<Grain>,
    /// `calendar` or `fiscal`.
    pub quarters: Option<Quarters>,
    /// `long` or `wide`.
    pub layout: Option<Spanned<Layout>>,
    /// Texts that mark a row as a total of others.
    pub totals: Option<Vec<Spanned<String>>>,
    /// Columns that tell rows apart.
    pub key: Option<Vec<Spanned<String>>>,
    /// `error` or `sum`.
    pub duplicates: Option<Duplicates>,
    /// A sheet of the workbook.
    pub sheet: Option<Spanned<String>>,
    /// A dimension each value of which must report.
    pub roster: Option<Spanned<toml::Value>>,
    /// What a column adds up to, or several: `{ column = "tickets", equals = 18432 }`; `check` compares.
    pub control: Option<Spanned<toml::Value>>,
}

/// `[goals.ID]` or `[metrics.ID]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawMetric {
    /// Its name for people; the id when absent.
    pub name: Option<String>,
    /// Whose rows it is measured from.
    pub source: Option<Spanned<String>>,
    /// A formula.
    pub value: Option<Spanned<String>>,
    /// Which of the rows count.
    #[serde(rename = "where")]
    pub filter: Option<Spanned<String>>,
    /// What it is a number of.
    pub unit: Option<Spanned<String>>,
    /// Shown to people.
    pub decimals: Option<Spanned<i64>>,
    /// `higher`, `lower` or `between`.
    pub better: Option<Spanned<Polarity>>,
    /// What was promised.
    pub target: Option<Spanned<toml::Value>>,
    /// The least that is acceptable.
    pub threshold: Option<Spanned<toml::Value>>,
    /// Beyond the promise.
    pub stretch: Option<Spanned<toml::Value>>,
    /// Best in class.
    pub benchmark: Option<Spanned<f64>>,
    /// Nothing above is on-target while this is off-target.
    pub critical: Option<bool>,
    /// Who runs it.
    pub owner: Option<String>,
    /// Whose it is, where no source says so.
    pub department: Option<Spanned<String>>,
    /// A step of the journey.
    pub stage: Option<Spanned<String>>,
    /// What it is claimed to move.
    pub drives: Option<Vec<Spanned<toml::Value>>>,
    /// How its children's scores combine.
    pub rollup: Option<Rollup>,
    /// Weights of the inputs of its definition, by their ids; their elasticities when absent.
    pub input_weights: Option<Spanned<toml::Table>>,
    /// The name `input_weights` had: weights of drivers were looked for here.
    pub weights: Option<Spanned<toml::Table>>,
    /// The one person accountable; goals only.
    pub sponsor: Option<Spanned<String>>,
    /// To whom it is worth something; goals only.
    pub lens: Option<Spanned<Lens>>,
    /// Whether the table stood under `[goals]`.
    #[serde(skip)]
    pub is_goal: bool,
}

impl RawMetric {
    /// The weights of its definition's inputs, under either name.
    pub(super) fn weights_of_inputs(&self) -> Option<&Spanned<toml::Table>> {
        self.input_weights.as_ref().or(self.weights.as_ref())
    }
}

/// One entry of `drives`, written out.
#[derive(Clone, Debug, Default)]
pub(super) struct RawLink {
    /// The id of what is moved.
    pub(super) to: String,
    /// Positive; 1 when absent.
    pub(super) weight: Option<f64>,
    /// In periods; 0 when absent.
    pub(super) lag: Option<u32>,
    /// Why it is believed.
    pub(super) because: Option<String>,
}
