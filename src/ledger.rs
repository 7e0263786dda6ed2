//! The closed month: what was reported of a period, frozen as plain text, and what differs from it now.
//!
//! One text a period. A version that was written is never written again: reopening appends one, with its reason, and
//! each is sealed by a hash of all that stands above it. Knows no file and no hash function: whoever reads and writes
//! the texts brings both.

mod compare;
mod definition;
mod meaning;
mod report;
mod text;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rust_decimal::Decimal;

use crate::metric::Scorecard;
use crate::number::Number;
use crate::period::Period;

pub use compare::{Change, FileChange, Kind, compare, is_noise};
pub use text::{Damage, Hash, appended, parse, period_of};

/// What a text of a ledger begins with.
pub use crate::observe::LEDGER_HEAD as HEAD;

/// Every closed period of a scorecard.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    closed: BTreeMap<Period, Closed>,
    /// The place of each figure among those of its period, by the metric's id.
    places: BTreeMap<Period, HashMap<String, Places>>,
}

/// The place of the whole and of each part.
type Places = HashMap<Option<Vec<String>>, usize>;

/// One closed period.
#[derive(Clone, Debug, PartialEq)]
pub struct Closed {
    /// Which.
    pub period: Period,
    /// Its name when it was closed.
    pub name: String,
    /// What was reported each time it was closed, oldest first; never empty.
    pub versions: Vec<Version>,
}

/// What was reported when a period was closed.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// Why it was closed again; `None` for the first.
    pub reason: Option<String>,
    /// The program and its version.
    pub program: String,
    /// What was reported.
    pub report: Report,
}

/// Everything reported of one period that is to stay as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The last complete period then.
    pub as_of: String,
    /// The dimensions it was split by.
    pub by: Vec<String>,
    /// Settings of the whole scorecard: name and value.
    pub settings: Vec<(String, String)>,
    /// The scorecard's files and the data files, by their content.
    pub files: Vec<Input>,
    /// The names of the aspects that its definitions tell: of others they know nothing.
    pub aspects: Vec<String>,
    /// Every metric, in file order.
    pub definitions: Vec<Definition>,
    /// Every figure: the wholes, then the parts.
    pub figures: Vec<Figure>,
}

/// A file by its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The source it belongs to; `None` for the scorecard's own files.
    pub source: Option<String>,
    /// As the scorecard would name it.
    pub path: String,
    /// In hexadecimal.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// Rows below the header, and rows that belong to the source.
    pub rows: Option<(u64, u64)>,
}

/// What a metric means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// The ids of the sources its actual, target and threshold rest on.
    pub sources: Vec<String>,
    /// The ids of the metrics its actual is made of, near and far.
    pub inputs: Vec<String>,
    /// Name and text of each: `value`, `where`, `unit`, `weights`, ...
    pub aspects: Vec<(String, String)>,
}

impl Definition {
    /// The text of an aspect; `None` where the metric has none.
    pub fn aspect(&self, name: &str) -> Option<&str> {
        self.aspects.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }
}

/// What was reported of one metric, whole or in part. Numbers are texts, digit by digit as a rollup writes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figure {
    /// The metric's id.
    pub id: String,
    /// The value of each dimension; `None` for the whole.
    pub segment: Option<Vec<String>>,
    /// The numbers, in the order of [`NUMBERS`].
    pub numbers: [Option<String>; NUMBERS.len()],
    /// The word of its status.
    pub status: String,
    /// Why a number is absent.
    pub reason: Option<String>,
    /// What the actual rests on that is not whole or final.
    pub caveat: Option<String>,
}

/// The numbers of a figure, by the names of a rollup's columns.
pub const NUMBERS: [&str; 9] = [
    "actual",
    "numerator",
    "denominator",
    "target",
    "target_high",
    "threshold",
    "threshold_high",
    "score",
    "thread_score",
];

impl Figure {
    /// A number by its name in [`NUMBERS`].
    pub fn number(&self, name: &str) -> Option<&str> {
        let at = NUMBERS.iter().position(|known| *known == name)?;
        self.numbers[at].as_deref()
    }
}

impl Closed {
    /// What counts: what was reported when it was last closed.
    pub fn report(&self) -> &Report {
        // There is always one.
        &self.versions[self.versions.len() - 1].report
    }
}

impl Ledger {
    /// A ledger of some periods, each once.
    pub fn new(closed: impl IntoIterator<Item = Closed>) -> Ledger {
        let mut ledger = Ledger::default();
        for closed in closed {
            let mut places: HashMap<String, Places> = HashMap::new();
            for (place, figure) in closed.report().figures.iter().enumerate() {
                places.entry(figure.id.clone()).or_default().insert(figure.segment.clone(), place);
            }
            ledger.places.insert(closed.period, places);
            ledger.closed.insert(closed.period, closed);
        }
        ledger
    }

    /// Every closed period, oldest first.
    pub fn periods(&self) -> impl Iterator<Item = &Closed> {
        self.closed.values()
    }

    /// Whether a period is closed.
    pub fn has(&self, period: Period) -> bool {
        self.closed.contains_key(&period)
    }

    /// Whether nothing is closed.
    pub fn is_empty(&self) -> bool {
        self.closed.is_empty()
    }

    /// What was closed of a metric in a period: the whole, or the part or subtotal of a report that was split by the same
    /// dimensions, in whichever order.
    pub fn figure(&self, period: Period, id: &str, by: &[String], segment: &Option<Vec<String>>) -> Option<&Figure> {
        let report = self.closed.get(&period)?.report();
        let places = self.places.get(&period)?.get(id)?;
        let place = match segment {
            Some(values) if report.by != by => places.get(&Some(arranged(&report.by, by, values)?)),
            _ => places.get(segment),
        };
        report.figures.get(*place?)
    }

    /// The ids of the metrics whose numbers mean something else in a scorecard than when each of some periods was closed; of
    /// one that is not closed, none.
    pub fn redefined(&self, periods: &[Period], scorecard: &Scorecard) -> Vec<BTreeSet<String>> {
        let now = Report::of_definitions(scorecard);
        let since = |period: &Period| -> BTreeSet<String> {
            let Some(closed) = self.closed.get(period) else { return BTreeSet::new() };
            let meanings = meaning::Meanings::new(closed.report(), &now);
            meanings.redefined.into_iter().map(str::to_owned).collect()
        };
        periods.iter().map(since).collect()
    }
}

/// Values by the first of some dimensions in the order of the same ones elsewhere; `None` where they are others.
fn arranged(order: &[String], by: &[String], values: &[String]) -> Option<Vec<String>> {
    let value = |name: &String| values.get(by.iter().position(|known| known == name)?).cloned();
    order.get(..values.len())?.iter().map(value).collect()
}

/// The number of a text as [`Number`] prints it; `None` for any other text.
pub fn number(text: &str) -> Option<Number> {
    let exact = Decimal::from_str_exact(text).ok().map(Number::Exact);
    let number = exact.or_else(|| text.parse().ok().and_then(Number::approx))?;
    (number.to_string() == text).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_it_was_printed_and_no_other_way() {
        for text in ["0", "-1250.5", "0.3333333333333333", "10003680724.53", "0.0000000000000000000000000000012"] {
            assert_eq!(number(text).map(|number| number.to_string()).as_deref(), Some(text));
        }
        for text in ["", "1e3", "01", "+1", "1.0", "-0", "NaN", "inf", " 1", "1,5"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
