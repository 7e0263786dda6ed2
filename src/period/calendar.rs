//! Walking the calendar: the period of a day, the one before, a year before, fiscal year to date.
//!
//! Owns the fiscal year. Knows nothing of data: which periods are complete is asked elsewhere.

use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday};

use super::{Days, Grain, Period};

/// A calendar whose years and quarters begin with a given month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// 1 to 12.
    start_month: i8,
}

/// Where a day lies in its fiscal year. Years are named by the calendar year they end in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FiscalPosition {
    /// The fiscal year's name.
    pub year: i16,
    /// 1 to 4.
    pub quarter: i8,
    /// 1 to 12.
    pub month: i8,
}

impl Default for Calendar {
    fn default() -> Self {
        Calendar { start_month: 1 }
    }
}

impl Calendar {
    /// A calendar whose fiscal year starts with `month` (1 to 12).
    pub fn starting(month: i8) -> Option<Calendar> {
        (1..=12).contains(&month).then_some(Calendar { start_month: month })
    }

    /// Whether fiscal years are calendar years.
    pub fn is_plain(&self) -> bool {
        self.start_month == 1
    }

    /// The fiscal year, quarter and month of a day.
    pub fn position(&self, date: Date) -> FiscalPosition {
        let month = (date.month() - self.start_month).rem_euclid(12) + 1;
        let ends_next_year = !self.is_plain() && date.month() >= self.start_month;
        FiscalPosition { year: date.year() + i16::from(ends_next_year), quarter: (month - 1) / 3 + 1, month }
    }

    /// A fiscal year by its name, or a quarter (1 to 4) of it.
    pub fn fiscal(&self, year: i16, quarter: Option<i8>) -> Option<Period> {
        let first = Date::new(year - i16::from(!self.is_plain()), self.start_month, 1).ok()?;
        match quarter {
            None => Period::beginning(Grain::Year, first),
            Some(quarter) => {
                let months = i64::from(quarter - 1) * 3;
                Period::beginning(Grain::Quarter, first.checked_add(months.months()).ok()?)
            }
        }
    }

    /// The period of `grain` that holds `date`; `None` at the very edge of the calendar.
    pub fn containing(&self, grain: Grain, date: Date) -> Option<Period> {
        let month = self.position(date).month - 1;
        let first = match grain {
            Grain::Day => date,
            Grain::Week => date.checked_sub(i64::from(date.weekday().to_monday_zero_offset()).days()).ok()?,
            Grain::Month => date.first_of_month(),
            Grain::Quarter => date.first_of_month().checked_sub(i64::from(month % 3).months()).ok()?,
            Grain::Year => date.first_of_month().checked_sub(i64::from(month).months()).ok()?,
        };
        Period::beginning(grain, first)
    }

    /// The period `steps` after this one (before, when negative), of the same grain.
    pub fn shift(&self, period: Period, steps: i64) -> Option<Period> {
        let span = match period.grain() {
            Grain::Day => jiff::Span::new().try_days(steps),
            Grain::Week => jiff::Span::new().try_weeks(steps),
            Grain::Month => jiff::Span::new().try_months(steps),
            Grain::Quarter => jiff::Span::new().try_months(steps.checked_mul(3)?),
            Grain::Year => jiff::Span::new().try_years(steps),
        };
        Period::beginning(period.grain(), period.first().checked_add(span.ok()?).ok()?)
    }

    /// The same period a year ago: 29 February answers 28 February; week 53 of a year whose
    /// predecessor has only 52 has none.
    pub fn year_before(&self, period: Period) -> Option<Period> {
        let first = period.first();
        let first = match period.grain() {
            Grain::Week => {
                let week = first.iso_week_date();
                ISOWeekDate::new(week.year() - 1, week.week(), Weekday::Monday).ok()?.date()
            }
            _ => first.checked_sub(1.year()).ok()?,
        };
        Period::beginning(period.grain(), first)
    }

    /// The days of the fiscal year up to the end of `period`.
    pub fn year_to_date(&self, period: Period) -> Option<Days> {
        let year = self.containing(Grain::Year, period.last())?;
        Some(Days { first: year.first(), last: period.last() })
    }

    /// The periods of `grain` that lie in `days`, in order; those that only overlap are left out.
    pub fn within(&self, grain: Grain, days: Days) -> Vec<Period> {
        let Some(mut period) = self.containing(grain, days.first) else { return Vec::new() };
        let mut found = Vec::new();
        while period.last() <= days.last {
            if period.first() >= days.first {
                found.push(period);
            }
            match self.shift(period, 1) {
                Some(next) => period = next,
                None => break,
            }
        }
        found
    }

    /// The name of a period: ISO where ISO has one, `FY2026-Q1` and `FY2026` for fiscal ones.
    pub fn name(&self, period: Period) -> String {
        let first = period.first();
        let fiscal = !self.is_plain() && self.containing(period.grain(), first) == Some(period);
        match period.grain() {
            Grain::Day => first.to_string(),
            Grain::Week => {
                let week = first.iso_week_date();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Grain::Month => format!("{:04}-{:02}", first.year(), first.month()),
            Grain::Quarter if fiscal => {
                let position = self.position(first);
                format!("FY{:04}-Q{}", position.year, position.quarter)
            }
            Grain::Quarter => format!("{:04}-Q{}", first.year(), (first.month() + 2) / 3),
            Grain::Year if fiscal => format!("FY{:04}", self.position(first).year),
            Grain::Year => format!("{:04}", first.year()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str) -> Period {
        Period::parse(text).expect("a period literal")
    }

    #[test]
    fn a_fiscal_year_is_named_by_the_year_it_ends_in() {
        let april = Calendar::starting(4).unwrap();
        let year = april.containing(Grain::Year, period("2026-10").first()).unwrap();
        assert_eq!((april.name(year), year.days().to_string()), ("FY2027".into(), "2026-04-01 to 2027-03-31".into()));
        let quarter = april.containing(Grain::Quarter, period("2026-10").first()).unwrap();
        assert_eq!(april.name(quarter), "FY2027-Q3");
        assert_eq!(Calendar::default().name(period("2026-Q4")), "2026-Q4");
    }

    #[test]
    fn a_year_before_a_leap_day_or_a_53rd_week() {
        let calendar = Calendar::default();
        let before = |text| calendar.year_before(period(text)).map(|p| calendar.name(p));
        assert_eq!(before("2024-02-29"), Some("2023-02-28".into()));
        assert_eq!(before("2026-W53"), None);
        assert_eq!(before("2026-W41"), Some("2025-W41".into()));
        assert_eq!(before("2026-Q3"), Some("2025-Q3".into()));
    }

    #[test]
    fn the_year_to_date_of_a_week_starts_with_the_year_of_its_last_day() {
        let days = Calendar::default().year_to_date(period("2024-W01")).unwrap();
        assert_eq!(days.to_string(), "2024-01-01 to 2024-01-07");
    }
}
