//! Grains and periods: one interval of the calendar that a report can be about.
//!
//! Owns construction, order and the text forms of periods. Walking from one period to another is the
//! [`Calendar`]'s, since a fiscal year may begin in any month. Knows no clock.

mod calendar;
mod request;
mod written;

use std::fmt;

use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday};
use schemars::JsonSchema;
use serde::Deserialize;

pub use calendar::{Calendar, FiscalPosition};
pub use request::{Named, PeriodRequest, RequestError};
pub use written::{DateOrder, WrittenPeriod};

/// The size of a period, finest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Grain {
    /// One day.
    Day,
    /// An ISO 8601 week, Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
    /// Three months, counted from the start of the fiscal year.
    Quarter,
    /// Twelve months, counted from the start of the fiscal year.
    Year,
}

impl Grain {
    /// Every grain, finest first.
    pub const ALL: [Grain; 5] = [Grain::Day, Grain::Week, Grain::Month, Grain::Quarter, Grain::Year];

    /// The word for it in scorecards and outputs.
    pub fn word(self) -> &'static str {
        match self {
            Grain::Day => "day",
            Grain::Week => "week",
            Grain::Month => "month",
            Grain::Quarter => "quarter",
            Grain::Year => "year",
        }
    }

    /// Whether whole periods of this grain tile every period of `coarser`.
    ///
    /// Weeks tile nothing but weeks: a month begins in the middle of one.
    pub fn nests_in(self, coarser: Grain) -> bool {
        self == coarser || self == Grain::Day || (self != Grain::Week && coarser != Grain::Week && self < coarser)
    }
}

impl fmt::Display for Grain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A run of days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Days {
    /// First day.
    pub first: Date,
    /// Last day, never before `first`.
    pub last: Date,
}

impl Days {
    /// Whether `date` is one of these days.
    pub fn contains(&self, date: Date) -> bool {
        self.first <= date && date <= self.last
    }

    /// The least and the greatest period, in the order of periods, that begins on one of these days.
    pub(crate) fn bounds(&self) -> (Period, Period) {
        let least = Period { days: Days { first: self.first, last: self.first }, grain: Grain::Day };
        let greatest = Period { days: Days { first: self.last, last: Date::MAX }, grain: Grain::Year };
        (least, greatest)
    }

    /// How many days these are.
    pub fn count(&self) -> i32 {
        self.first.until(self.last).map_or(0, |span| span.get_days()) + 1
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last { write!(f, "{}", self.first) } else { write!(f, "{} to {}", self.first, self.last) }
    }
}

/// One interval of a grain: `2026-10`, `2026-W41`, `2026-10-31`.
///
/// Ordered by first day, then by grain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    days: Days,
    grain: Grain,
}

impl Period {
    /// The period of `grain` that begins on `first`.
    ///
    /// `None` where none can begin there (a week on a Tuesday, a month on the 2nd) or it would leave
    /// the calendar (years 1 to 9998).
    pub fn beginning(grain: Grain, first: Date) -> Option<Period> {
        let aligned = match grain {
            Grain::Day => true,
            Grain::Week => first.weekday() == Weekday::Monday,
            Grain::Month | Grain::Quarter | Grain::Year => first.day() == 1,
        };
        let next = match grain {
            Grain::Day => first.checked_add(1.day()),
            Grain::Week => first.checked_add(7.days()),
            Grain::Month => first.checked_add(1.month()),
            Grain::Quarter => first.checked_add(3.months()),
            Grain::Year => first.checked_add(12.months()),
        };
        let last = next.ok()?.yesterday().ok()?;
        (aligned && (1..=9998).contains(&first.year())).then_some(Period { days: Days { first, last }, grain })
    }

    /// Its grain.
    pub fn grain(&self) -> Grain {
        self.grain
    }

    /// Its days.
    pub fn days(&self) -> Days {
        self.days
    }

    /// Its first day.
    pub fn first(&self) -> Date {
        self.days.first
    }

    /// Its last day.
    pub fn last(&self) -> Date {
        self.days.last
    }

    /// Reads a period as data cells write it: `2024-01-31`, `2024-01`, `2024-W05`, `2024-Q1`, `2024`.
    ///
    /// Quarters and years are the calendar's own here. Nothing else is accepted: a form that two
    /// people could read differently is not a period.
    pub fn parse(text: &str) -> Option<Period> {
        let year = four_digits(text.get(..4)?)?;
        let first_of = |month: i8| Date::new(year, month, 1).ok();
        match (text.len(), &text[4..]) {
            (4, _) => Period::beginning(Grain::Year, first_of(1)?),
            (7, rest) if rest.starts_with("-Q") => {
                let quarter: i8 = rest
                    .strip_prefix("-Q")
                    .filter(|q| q.bytes().all(|b| b.is_ascii_digit()))?
                    .parse()
                    .ok()
                    .filter(|q| (1..=4).contains(q))?;
                Period::beginning(Grain::Quarter, first_of(quarter * 3 - 2)?)
            }
            (7, rest) => Period::beginning(Grain::Month, first_of(two_digits(rest.strip_prefix('-')?)?)?),
            (8, rest) => {
                let week = two_digits(rest.strip_prefix("-W")?)?;
                let monday = ISOWeekDate::new(year, week, Weekday::Monday).ok()?.date();
                Period::beginning(Grain::Week, monday)
            }
            (10, rest) => {
                let (month, day) = rest.strip_prefix('-')?.split_once('-')?;
                let date = Date::new(year, two_digits(month)?, two_digits(day)?).ok()?;
                Period::beginning(Grain::Day, date)
            }
            _ => None,
        }
    }
}

fn four_digits(text: &str) -> Option<i16> {
    (text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn two_digits(text: &str) -> Option<i8> {
    (text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_five_forms_and_nothing_else() {
        let days = |text: &str| Period::parse(text).map(|p| (p.grain(), p.days().to_string()));
        assert_eq!(days("2024-02-29"), Some((Grain::Day, "2024-02-29".into())));
        assert_eq!(days("2024-02"), Some((Grain::Month, "2024-02-01 to 2024-02-29".into())));
        assert_eq!(days("2024-W05"), Some((Grain::Week, "2024-01-29 to 2024-02-04".into())));
        assert_eq!(days("2024-Q1"), Some((Grain::Quarter, "2024-01-01 to 2024-03-31".into())));
        assert_eq!(days("2024"), Some((Grain::Year, "2024-01-01 to 2024-12-31".into())));
        let refused = [
            "",
            "24-01",
            "2023-02-29",
            "2024-13",
            "2024-1",
            "2024/01",
            "2023-W53",
            "2024-Q5",
            "01/02/2024",
            "2024-01-31T00",
            "２０２４",
            "+024",
            "2024-+1",
        ];
        for text in refused {
            assert_eq!(days(text), None, "{text}");
        }
    }

    #[test]
    fn weeks_nest_in_nothing_coarser() {
        assert!(Grain::Day.nests_in(Grain::Week));
        assert!(Grain::Month.nests_in(Grain::Year));
        assert!(!Grain::Week.nests_in(Grain::Month));
        assert!(!Grain::Quarter.nests_in(Grain::Month));
    }
}
