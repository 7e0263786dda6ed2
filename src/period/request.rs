//! What a user types for a period: `2026-10`, `FY2026`, `last-4-months`, `2025-11..2026-10`.
//!
//! Parsing needs no data; answering "last" does, so a request is resolved against an as-of later.

use std::fmt;

use super::{Calendar, Days, Grain, Period, four_digits};

/// A period or a run of periods, as asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeriodRequest {
    /// One period, written out.
    One(Named),
    /// From one to another, both included.
    Range(Named, Named),
    /// The last `count` periods of a grain, counted back from the as-of.
    Last {
        /// At least 1.
        count: u32,
        /// Of which size.
        grain: Grain,
    },
}

/// A period by name; the fiscal ones wait for the scorecard's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// Already an interval.
    Calendar(Period),
    /// `FY2026`, `FY2026-Q2`.
    Fiscal {
        /// The year it ends in.
        year: i16,
        /// 1 to 4; the whole year when absent.
        quarter: Option<i8>,
    },
}

/// Why a request is no period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestError {
    /// The text has no such form.
    Form(String),
    /// The two ends have different grains.
    MixedGrains(Grain, Grain),
    /// The range runs backwards.
    Backwards,
    /// More periods than a report can hold.
    TooMany(usize),
    /// Outside the calendar.
    OutOfCalendar,
}

/// The most periods one report may ask for: ten years of days.
const MOST_PERIODS: usize = 3_660;

impl PeriodRequest {
    /// Reads what a user typed.
    pub fn parse(text: &str) -> Result<PeriodRequest, RequestError> {
        let form = || RequestError::Form(text.to_owned());
        if let Some((from, to)) = text.split_once("..") {
            return Ok(PeriodRequest::Range(Named::parse(from).ok_or_else(form)?, Named::parse(to).ok_or_else(form)?));
        }
        if let Some(rest) = text.strip_prefix("last-") {
            return parse_last(rest).ok_or_else(form);
        }
        Named::parse(text).map(PeriodRequest::One).ok_or_else(form)
    }

    /// The grain it speaks of.
    pub fn grain(&self) -> Grain {
        match self {
            PeriodRequest::One(named) | PeriodRequest::Range(named, _) => named.grain(),
            PeriodRequest::Last { grain, .. } => *grain,
        }
    }

    /// The periods it means, in order; never empty.
    pub fn resolve(&self, calendar: &Calendar, as_of: Period) -> Result<Vec<Period>, RequestError> {
        let (first, last) = match *self {
            PeriodRequest::One(named) => {
                let period = named.resolve(calendar)?;
                (period, period)
            }
            PeriodRequest::Range(from, to) => (from.resolve(calendar)?, to.resolve(calendar)?),
            PeriodRequest::Last { count, grain } => {
                let last = last_complete(calendar, grain, as_of).ok_or(RequestError::OutOfCalendar)?;
                let first = calendar.shift(last, 1 - i64::from(count)).ok_or(RequestError::OutOfCalendar)?;
                (first, last)
            }
        };
        if first.grain() != last.grain() {
            return Err(RequestError::MixedGrains(first.grain(), last.grain()));
        }
        if last < first {
            return Err(RequestError::Backwards);
        }
        let days = Days { first: first.first(), last: last.last() };
        if days.count() as usize > MOST_PERIODS * 31 {
            return Err(RequestError::TooMany(days.count() as usize));
        }
        // Step by step: a calendar year asked of a fiscal calendar keeps its own beginning.
        let mut periods = vec![first];
        while let Some(next) = calendar.shift(periods[periods.len() - 1], 1).filter(|next| *next <= last) {
            periods.push(next);
        }
        match periods.len() {
            0 => Err(RequestError::OutOfCalendar),
            n if n > MOST_PERIODS => Err(RequestError::TooMany(n)),
            _ => Ok(periods),
        }
    }
}

/// The last period of `grain` that ends no later than `as_of` does.
fn last_complete(calendar: &Calendar, grain: Grain, as_of: Period) -> Option<Period> {
    let period = calendar.containing(grain, as_of.last())?;
    if period.last() <= as_of.last() { Some(period) } else { calendar.shift(period, -1) }
}

impl Named {
    fn parse(text: &str) -> Option<Named> {
        let Some(rest) = text.strip_prefix("FY") else { return Period::parse(text).map(Named::Calendar) };
        let year = four_digits(rest.get(..4)?)?;
        let quarter = match &rest[4..] {
            "" => None,
            part => Some(digits(part.strip_prefix("-Q")?)?.parse().ok().filter(|q| (1..=4).contains(q))?),
        };
        Some(Named::Fiscal { year, quarter })
    }

    fn grain(self) -> Grain {
        match self {
            Named::Calendar(period) => period.grain(),
            Named::Fiscal { quarter: Some(_), .. } => Grain::Quarter,
            Named::Fiscal { quarter: None, .. } => Grain::Year,
        }
    }

    fn resolve(self, calendar: &Calendar) -> Result<Period, RequestError> {
        match self {
            Named::Calendar(period) => Ok(period),
            Named::Fiscal { year, quarter } => calendar.fiscal(year, quarter).ok_or(RequestError::OutOfCalendar),
        }
    }
}

/// Text of digits alone: a sign is not part of a count.
fn digits(text: &str) -> Option<&str> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then_some(text)
}

fn parse_last(rest: &str) -> Option<PeriodRequest> {
    let grain_of = |word: &str| Grain::ALL.into_iter().find(|grain| grain.word() == word);
    if let Some(grain) = grain_of(rest) {
        return Some(PeriodRequest::Last { count: 1, grain });
    }
    let (count, word) = rest.split_once('-')?;
    let count = digits(count)?.parse().ok().filter(|n| (1..=MOST_PERIODS as u32).contains(n))?;
    let grain = grain_of(word.strip_suffix('s').unwrap_or(word))?;
    Some(PeriodRequest::Last { count, grain })
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RequestError::Form(text) => write!(
                f,
                "`{text}` is not a period; write 2026-10, 2026-Q3, 2026, FY2026, 2026-W41, 2026-10-31, last-month, last-4-months or 2025-11..2026-10"
            ),
            RequestError::MixedGrains(from, to) => {
                write!(f, "the range goes from a {from} to a {to}; both ends must be of one grain")
            }
            RequestError::Backwards => write!(f, "the range ends before it begins; write the earlier period first"),
            RequestError::TooMany(count) => {
                write!(f, "{count} periods are more than one report can hold ({MOST_PERIODS}); ask for a coarser grain")
            }
            RequestError::OutOfCalendar => write!(f, "the period lies outside the years 1 to 9998"),
        }
    }
}

impl std::error::Error for RequestError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str, as_of: &str, start: i8) -> Vec<String> {
        let calendar = Calendar::starting(start).unwrap();
        let as_of = Period::parse(as_of).unwrap();
        let periods = PeriodRequest::parse(text).unwrap().resolve(&calendar, as_of).unwrap();
        periods.into_iter().map(|period| calendar.name(period)).collect()
    }

    #[test]
    fn the_forms_of_the_help_text() {
        assert_eq!(names("2026-10", "2026-10", 1), ["2026-10"]);
        assert_eq!(names("last-month", "2026-10", 1), ["2026-10"]);
        assert_eq!(names("last-3-months", "2026-01", 1), ["2025-11", "2025-12", "2026-01"]);
        assert_eq!(names("last-quarter", "2026-10", 1), ["2026-Q3"]);
        assert_eq!(names("FY2026", "2026-10", 4), ["FY2026"]);
        assert_eq!(names("FY2026-Q2", "2026-10", 4), ["FY2026-Q2"]);
        assert_eq!(names("2026-W52..2027-W01", "2026-10", 1), ["2026-W52", "2026-W53", "2027-W01"]);
        assert_eq!(names("2025-11..2026-02", "2026-10", 7).len(), 4);
    }

    #[test]
    fn bad_requests_say_what_to_write() {
        for text in ["", "october", "2026-13", "last-0-months", "last-fortnight", "..", "FY26", "FY2026-Q9"] {
            assert!(matches!(PeriodRequest::parse(text), Err(RequestError::Form(_))), "{text}");
        }
        let resolve = |text: &str| {
            PeriodRequest::parse(text).unwrap().resolve(&Calendar::default(), Period::parse("2026-10").unwrap())
        };
        assert_eq!(resolve("2026-10..2026-09"), Err(RequestError::Backwards));
        assert_eq!(resolve("2026-10..2026"), Err(RequestError::MixedGrains(Grain::Month, Grain::Year)));
        assert!(matches!(resolve("0001-01-01..9998-01-01"), Err(RequestError::TooMany(_))));
    }
}
