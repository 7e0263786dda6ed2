//! `[goals.ID]` and `[metrics.ID]` as written, and the links they claim.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_spanned::Spanned;

use crate::metric::{Lens, Polarity, Rollup};
use crate::scorecard::schema::conditions;
use crate::scorecard::schema::values::{Any, Drives, Id, InputWeights, PeriodName, Promise, Text, UnitWord};

/// A number that is followed: measured from a source, computed from other metrics, or, without a `value`, scored from
/// what drives it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline, transform = conditions::of_metric)]
pub struct RawMetric {
    /// Its name for people: `"First-contact resolution"`; the id when absent.
    pub name: Option<String>,
    /// The id of the source it is measured from: `"calls"`; without one, `value` is computed from other metrics.
    #[schemars(with = "Option<Id>")]
    pub source: Option<Spanned<String>>,
    /// What it is. Over a source, aggregates of its rows: `"sum(resolved) / sum(handled)"`. Without a source, arithmetic
    /// over other metrics: `"arpu * margin / churn"`.
    #[schemars(with = "Option<Text>")]
    pub value: Option<Spanned<String>>,
    /// Which of the source's rows count: `"channel <> 'ivr'"`.
    #[serde(rename = "where")]
    #[schemars(with = "Option<Text>")]
    pub filter: Option<Spanned<String>>,
    /// What it is a number of: `"percent"` (held as a fraction, 0.8 for 80 %), `"count"`, a currency such as `"EUR"`,
    /// `"minutes"`, `"hours"`, `"days"`, `"score"`, `"ratio"`, or a noun of your own such as `"miles"`.
    #[schemars(with = "Option<UnitWord>")]
    pub unit: Option<Spanned<String>>,
    /// How many decimals people are shown: `1`. Exports carry all there are.
    #[schemars(with = "Option<i64>", range(min = 0, max = 12))]
    pub decimals: Option<Spanned<i64>>,
    /// Which way is better: `"higher"`, `"lower"`, or `"between"` the two ends of a target such as
    /// `{ low = 0.7, high = 0.9 }`.
    #[schemars(with = "Option<Polarity>")]
    pub better: Option<Spanned<Polarity>>,
    /// What was promised: a number, `0.82`; from when on, `{ "2025-04" = 0.80, "2026-04" = 0.82 }`; by the grain of the
    /// report, `{ month = 100, quarter = 310 }`; a range, `{ low = 0.7, high = 0.9 }`; or an expression over its source,
    /// `"only(planned)"`.
    #[schemars(with = "Option<Promise<Any>>")]
    pub target: Option<Spanned<toml::Value>>,
    /// The least that is acceptable, written as the target is: `0.70`. Between it and the target is at-risk, beyond it
    /// off-target. A share of the target when absent (`tolerance` of `[scoring]`).
    #[schemars(with = "Option<Promise<Any>>")]
    pub threshold: Option<Spanned<toml::Value>>,
    /// What would be better than promised, written as the target is: `0.90`. `trace` shows it; no status depends on it.
    #[schemars(with = "Option<Promise<Any>>")]
    pub stretch: Option<Spanned<toml::Value>>,
    /// The best known anywhere, to compare with: `0.93`. No status depends on it.
    #[schemars(with = "Option<f64>")]
    pub benchmark: Option<Spanned<f64>>,
    /// Whether nothing above it may be on-target while it is off-target: `true`.
    pub critical: Option<bool>,
    /// Who runs it and answers for it: `"Head of Service"`.
    pub owner: Option<String>,
    /// The id of the department it belongs to, where no source says so: `"support"`.
    #[schemars(with = "Option<Id>")]
    pub department: Option<Spanned<String>>,
    /// The step of the customer's journey it is felt at, one of `stages` of `[journey]`: `"get help"`.
    #[schemars(with = "Option<String>")]
    pub stage: Option<Spanned<String>>,
    /// What it is claimed to move: ids, `["churn"]`, or links with what is known of them,
    /// `[{ to = "churn", weight = 3, lag = 1, because = "exit survey" }]`.
    #[schemars(with = "Option<Drives>")]
    pub drives: Option<Vec<Spanned<toml::Value>>>,
    /// How the scores of what drives it combine: `"mean"`, which it is when absent, `"geometric"` or `"weakest"`.
    pub rollup: Option<Rollup>,
    /// How much each input of its definition counts in its thread score, by the input's id: `{ arpu = 1, churn = 2 }`;
    /// by how strongly the value depends on it when absent.
    #[schemars(with = "Option<InputWeights>")]
    pub input_weights: Option<Spanned<toml::Table>>,
    /// The name that `input_weights` had. Weights of what drives a metric stand in the `drives` of each driver.
    #[schemars(with = "Option<InputWeights>", extend("deprecated" = true))]
    pub weights: Option<Spanned<toml::Table>>,
    /// From when on its limits begin anew because the process was changed, and what was changed:
    /// `[{ at = "2025-06", because = "new billing system" }]`. No status depends on it.
    #[schemars(with = "Option<Vec<RawRebase>>")]
    pub rebase: Option<Vec<Spanned<RawRebase>>>,
    /// The one person accountable for the goal: `"Chief Customer Officer"`.
    #[schemars(with = "Option<String>")]
    pub sponsor: Option<Spanned<String>>,
    /// To whom the goal is worth something: `"customer"`, or `"business"`, which it is when absent.
    #[schemars(with = "Option<Lens>")]
    pub lens: Option<Spanned<Lens>>,
    /// Whether the table stood under `[goals]`.
    #[serde(skip)]
    pub is_goal: bool,
}

/// A change of the process that is known and meant, from which on limits are computed anew.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct RawRebase {
    /// The first period after the change, of the scorecard's grain: `"2025-06"`.
    #[schemars(with = "PeriodName")]
    pub at: Spanned<String>,
    /// What changed: `"new billing system"`. Limits that move without a reason hide what they are there to show.
    #[schemars(with = "Text")]
    pub because: Spanned<String>,
}

impl RawMetric {
    /// The weights of its definition's inputs, under either name.
    pub(in crate::scorecard) fn weights_of_inputs(&self) -> Option<&Spanned<toml::Table>> {
        self.input_weights.as_ref().or(self.weights.as_ref())
    }
}

/// One entry of `drives`, written out.
#[derive(Clone, Debug, Default)]
pub(in crate::scorecard) struct RawLink {
    /// The id of what is moved.
    pub(in crate::scorecard) to: String,
    /// Positive; 1 when absent.
    pub(in crate::scorecard) weight: Option<f64>,
    /// In periods; 0 when absent.
    pub(in crate::scorecard) lag: Option<u32>,
    /// Why it is believed.
    pub(in crate::scorecard) because: Option<String>,
}
