//! Words that several kinds of charts use: selectors that narrow, scores in sentences, culprits.
//!
//! Knows no kind of chart.

mod culprit;

use super::Subject;
use crate::number::Number;
use crate::prose;

pub(super) use culprit::{Culprits, WORTH_NAMING, heads};

/// The note of a title that says whose actual is furthest away from its target.
pub(super) const FURTHEST_AWAY: &str = "Furthest away: in steps from target to threshold.";

/// Selectors of this scorecard's own that choose less than everything.
pub(super) fn narrower(subject: &Subject<'_>) -> String {
    let scorecard = subject.scorecard();
    let goal = scorecard.metrics.iter().find(|metric| metric.is_goal()).map(|metric| format!("`+{}`", metric.id));
    let department = scorecard.departments.first().map(|department| format!("`dept:{}`", department.id));
    let examples: Vec<String> = goal.into_iter().chain(department).collect();
    if examples.is_empty() { "the first of them".to_owned() } else { prose::join(&examples, "or") }
}

/// Points of a score, as every report shows them.
pub(super) fn points(points: f64) -> String {
    Number::approx(points).map_or_else(|| "—".to_owned(), |number| number.rounded(1))
}

/// The one that is the most steps away, of those that are short of their targets; `None` where one of them cannot be
/// measured, or two are as far.
pub(super) fn furthest<T>(short: impl IntoIterator<Item = (T, Option<f64>)>) -> Option<T> {
    let mut found: Vec<(T, f64)> = short.into_iter().map(|(one, steps)| Some((one, steps?))).collect::<Option<_>>()?;
    found.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    let mut found = found.into_iter();
    let (first, most) = found.next()?;
    // What binary fractions lose makes none further than another.
    found.next().is_none_or(|(_, second)| most > second * (1.0 + 1e-9)).then_some(first)
}
