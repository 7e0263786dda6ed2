//! What a figure rests on that is not whole, not final or could not be read, in the reader's words.
//!
//! A caveat never changes a number: it says why the number is not to be taken, or compared, like others.

use std::fmt;

use jiff::civil::Date;

use super::absence::Absence;
use super::nature::Nature;
use crate::number::Number;
use crate::period::{Days, Grain};
use crate::prose;

/// What kind of caveat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CaveatKind {
    /// A part of the period.
    Partial,
    /// A part of those who report.
    Provisional,
    /// Without the rows that could not be read.
    Rejected,
    /// Another figure than the one that was closed: the ledger says so, no reading does.
    Restated,
}

/// Why a figure is not to be taken like others.
#[derive(Clone, Debug, PartialEq)]
pub enum Caveat {
    /// The source begins or stops inside the period.
    Partial {
        /// Which source.
        source: String,
        /// Source periods from the first to the last reported.
        have: usize,
        /// Source periods there are.
        need: usize,
        /// Their size.
        grain: Grain,
        /// The days reported.
        days: Days,
        /// The days there are.
        of: Days,
    },
    /// Some who should have reported have not.
    Provisional(Provisional),
    /// Rows are left out because a cell of theirs could not be read.
    Rejected {
        /// Which source.
        source: String,
        /// At least so many rows, where each lost one row to several parts of the formula.
        least: u64,
        /// At most so many.
        most: u64,
        /// Rows of the source that may be of any period.
        unplaced: u64,
    },
    /// A thread score rests on figures with a caveat of their own.
    Below {
        /// Which caveat.
        kind: CaveatKind,
        /// The names of the metrics that have it.
        metrics: Vec<String>,
    },
}

/// A total of those who reported, while others are late.
#[derive(Clone, Debug, PartialEq)]
pub struct Provisional {
    /// Which source.
    pub source: String,
    /// How many reported: members, or over several units the reports of each in each.
    pub reported: usize,
    /// How many should have.
    pub expected: usize,
    /// Over how many units of the window.
    pub units: usize,
    /// Who is late, by name.
    pub late: Vec<String>,
    /// What those who reported were of the whole in the period before, 0 to 1; where values add up.
    pub by_value: Option<Number>,
    /// The relative change since the period before of those who reported in both; where values add up.
    pub growth: Option<Number>,
    /// Whether other inputs of the definition are of more, fewer or others who report.
    pub mixed: bool,
}

/// How many names of late ones a line holds.
const MOST_NAMES: usize = 6;

impl Caveat {
    /// Its kind.
    pub fn kind(&self) -> CaveatKind {
        match self {
            Caveat::Partial { .. } => CaveatKind::Partial,
            Caveat::Provisional(_) => CaveatKind::Provisional,
            Caveat::Rejected { .. } => CaveatKind::Rejected,
            Caveat::Below { kind, .. } => *kind,
        }
    }

    /// Whether a figure with this caveat is unlike whole and final ones.
    ///
    /// A part of a period always is; a part of those who report only where the number grows with the part, or
    /// is made of numbers that did not grow alike.
    pub fn forbids_comparison(&self, nature: Nature) -> bool {
        match self {
            Caveat::Partial { .. } => true,
            Caveat::Provisional(provisional) => provisional.mixed || !nature.is_intensive,
            Caveat::Rejected { .. } | Caveat::Below { .. } => false,
        }
    }

    /// Whether all that is missing from a longer stretch of time is what is missing here.
    pub fn lacks_all_of(&self, longer: &Caveat) -> bool {
        match (self, longer) {
            (Caveat::Partial { source, .. }, Caveat::Partial { source: other, .. }) => {
                source == other && self.missing_ends() == longer.missing_ends()
            }
            (Caveat::Provisional(own), Caveat::Provisional(other)) => {
                let missing = |of: &Provisional| of.expected - of.reported;
                own.source == other.source && own.late == other.late && missing(own) == missing(other)
            }
            (own, other) => own == other,
        }
    }

    /// Of a part of a period: its first day where it begins late, its last where it stops early.
    pub(super) fn missing_ends(&self) -> Option<(Option<Date>, Option<Date>)> {
        let Caveat::Partial { days, of, .. } = self else { return None };
        Some((Some(days.first).filter(|first| *first > of.first), Some(days.last).filter(|last| *last < of.last)))
    }

    /// Whether it is of a value made of numbers of different members, so that none are left to compare.
    pub(super) fn is_mixed(&self) -> bool {
        matches!(self, Caveat::Provisional(provisional) if provisional.mixed)
    }

    /// Why a target is not held against a figure with this caveat.
    pub(super) fn no_target(&self) -> Absence {
        match self {
            Caveat::Partial { days, of, .. } => Absence::PeriodIsPartial { lacks_end: days.last < of.last },
            _ => Absence::Provisional,
        }
    }

    /// As an input's caveat is handed on to a definition: what was measured of the input stays with it.
    pub(super) fn handed_on(&self, mixed: bool) -> Caveat {
        match self {
            Caveat::Provisional(own) => Caveat::Provisional(Provisional {
                by_value: None,
                growth: None,
                mixed: own.mixed || mixed,
                ..own.clone()
            }),
            other => other.clone(),
        }
    }
}

/// Adds caveats, each once, those of a kind together.
pub(super) fn gather(into: &mut Vec<Caveat>, from: impl IntoIterator<Item = Caveat>) {
    for caveat in from {
        if !into.contains(&caveat) {
            into.push(caveat);
        }
    }
    into.sort_by_key(Caveat::kind);
}

impl fmt::Display for Caveat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Caveat::Partial { source, have, need, grain, days, of } => {
                let which = match (days.first == of.first, days.last == of.last) {
                    (true, _) => format!("to {}", days.last),
                    (false, true) => format!("from {}", days.first),
                    (false, false) => days.to_string(),
                };
                write!(f, "partial: {have} of {} of `{source}`, {which}", prose::count(*need, grain.word()))
            }
            Caveat::Provisional(provisional) => write!(f, "{provisional}"),
            Caveat::Rejected { source, least: 0, most: 0, unplaced } => {
                write!(f, "rejected: {} of `{source}` of an unknown period left out", rows(*unplaced))
            }
            Caveat::Rejected { source, least, most, unplaced } => {
                let range = if least < most { format!("{least} to ") } else { String::new() };
                write!(f, "rejected: {range}{} of `{source}` left out", rows(*most))?;
                if *unplaced > 0 { write!(f, ", and {unplaced} of an unknown period") } else { Ok(()) }
            }
            Caveat::Below { kind, metrics } => {
                let what = match kind {
                    CaveatKind::Partial => "parts of periods",
                    CaveatKind::Provisional => "provisional figures",
                    CaveatKind::Rejected => "rejected cells",
                    CaveatKind::Restated => "restated figures",
                };
                write!(f, "rests on {what} of {}", prose::join(metrics, "and"))
            }
        }
    }
}

impl fmt::Display for Provisional {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "provisional: {}", attended(self.reported, self.expected, self.units, &self.source))?;
        if let Some(share) = self.by_value.and_then(percent) {
            write!(f, " ({share} % by prior value)")?;
        }
        if let Some(growth) = self.growth.and_then(percent) {
            let sign = if growth.starts_with('-') { "" } else { "+" };
            write!(f, ", like for like {sign}{growth} %")?;
        }
        if self.mixed {
            write!(f, ", unlike other inputs")?;
        }
        write!(f, ", late: {}", names(&self.late))
    }
}

/// How many reported: members of one unit, reports of several.
pub(super) fn attended(reported: usize, expected: usize, units: usize, source: &str) -> String {
    let what = if units > 1 { "reports" } else { "reported" };
    format!("{reported} of {expected} {what} in `{source}`")
}

/// The first names, and how many more there are.
pub(super) fn names(late: &[String]) -> String {
    match late.split_at_checked(MOST_NAMES) {
        Some((first, more)) if !more.is_empty() => format!("{} and {} more", first.join(", "), more.len()),
        _ => prose::join(late, "and"),
    }
}

fn percent(share: Number) -> Option<String> {
    share.times(Number::from(100)).ok().map(|percent| percent.rounded(2))
}

fn rows(count: u64) -> String {
    prose::count(usize::try_from(count).unwrap_or(usize::MAX), "row")
}

/// Which figure of a standing a caveat is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Figure {
    /// The actual, and so variance, score and status.
    Actual,
    /// The target or threshold, measured beside the actual.
    Target,
    /// The period before, and so the change.
    Prior,
    /// The same period a year before.
    PriorYear,
    /// Fiscal year to date.
    YearToDate,
    /// The thread score.
    Thread,
}

/// A caveat of one figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// Of which.
    pub figure: Figure,
    /// What it is.
    pub caveat: Caveat,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let figure = match self.figure {
            Figure::Actual => return write!(f, "{}", self.caveat),
            Figure::Target => "target",
            Figure::Prior => "period before",
            Figure::PriorYear => "year before",
            Figure::YearToDate => "year to date",
            Figure::Thread => return write!(f, "thread score {}", self.caveat),
        };
        write!(f, "{figure} {}", self.caveat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provisional(late: &[&str]) -> Provisional {
        Provisional {
            source: "sales".into(),
            reported: 3,
            expected: 3 + late.len(),
            units: 1,
            late: late.iter().map(|name| (*name).to_owned()).collect(),
            by_value: None,
            growth: None,
            mixed: false,
        }
    }

    #[test]
    fn caveats_read_as_sentences() {
        let day = |day| jiff::civil::date(2024, 3, day);
        let partial = |first, last| Caveat::Partial {
            source: "calls".into(),
            have: 12,
            need: 31,
            grain: Grain::Day,
            days: Days { first: day(first), last: day(last) },
            of: Days { first: day(1), last: day(31) },
        };
        assert_eq!(partial(1, 12).to_string(), "partial: 12 of 31 days of `calls`, to 2024-03-12");
        assert_eq!(partial(20, 31).to_string(), "partial: 12 of 31 days of `calls`, from 2024-03-20");
        let middle = partial(5, 16).to_string();
        assert_eq!(middle, "partial: 12 of 31 days of `calls`, 2024-03-05 to 2024-03-16");
        let by_value = Some(Number::from(10).divided_by(Number::from(13)).unwrap());
        let growth = Some(Number::Exact("-0.08".parse().unwrap()));
        let full = Provisional { by_value, growth, ..provisional(&["b2b"]) };
        assert_eq!(
            full.to_string(),
            "provisional: 3 of 4 reported in `sales` (76.92 % by prior value), like for like -8.00 %, late: b2b"
        );
        let many = provisional(&["a", "b", "c", "d", "e", "f", "g", "h"]);
        assert!(many.to_string().ends_with("late: a, b, c, d, e, f and 2 more"), "{many}");
        let rejected = |least, most, unplaced| Caveat::Rejected { source: "calls".into(), least, most, unplaced };
        assert_eq!(rejected(1, 1, 0).to_string(), "rejected: 1 row of `calls` left out");
        assert_eq!(
            rejected(1, 3, 2).to_string(),
            "rejected: 1 to 3 rows of `calls` left out, and 2 of an unknown period"
        );
        assert_eq!(rejected(0, 0, 1).to_string(), "rejected: 1 row of `calls` of an unknown period left out");
    }

    #[test]
    fn only_a_rate_of_those_who_reported_is_like_others() {
        let (rate, total) = (
            Nature { is_intensive: true, ..Nature::default() },
            Nature { is_flow: true, accumulates: true, ..Nature::default() },
        );
        let late = Caveat::Provisional(provisional(&["b2b"]));
        assert!(!late.forbids_comparison(rate) && late.forbids_comparison(total));
        let mixed = late.handed_on(true);
        assert!(mixed.forbids_comparison(rate), "some of the calls over all of the customers");
        assert_eq!(mixed.to_string(), "provisional: 3 of 4 reported in `sales`, unlike other inputs, late: b2b");
        let rejected = Caveat::Rejected { source: "calls".into(), least: 1, most: 1, unplaced: 0 };
        assert!(!rejected.forbids_comparison(total));
    }
}
