//! `01_calendar.json`: weeks, fiscal years and years to date against Python's `datetime`.

use goldthread::period::{Calendar, Days, Grain, Period};
use serde_json::Value;

use super::program::{Folder, list, run, text, vectors};

fn day(text: &str) -> Period {
    Period::parse(text).filter(|period| period.grain() == Grain::Day).unwrap_or_else(|| panic!("not a day: {text}"))
}

fn whole(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("not a whole number: {value}"))
}

fn bounds(days: Days) -> [String; 2] {
    [days.first.to_string(), days.last.to_string()]
}

fn window(value: &Value) -> [String; 2] {
    [text(&value[0]).to_owned(), text(&value[1]).to_owned()]
}

#[test]
fn days_lie_in_their_iso_weeks() {
    let calendar = Calendar::default();
    for case in list(&vectors("01_calendar.json")["iso_week"]) {
        let date = day(text(&case["date"])).first();
        let (week, weekday) = text(&case["iso"]).rsplit_once('-').expect("2019-W01-1");
        let period = calendar.containing(Grain::Week, date).expect("a week");
        assert_eq!(calendar.name(period), week, "{date}");
        assert_eq!(Period::parse(week), Some(period), "{week}");
        let offset = period.first().until(date).expect("a span").get_days() + 1;
        assert_eq!(offset.to_string(), weekday, "{date}");
    }
}

#[test]
fn years_of_53_weeks() {
    let vectors = vectors("01_calendar.json");
    let long: Vec<i64> = list(&vectors["iso_53_week_years_2000_2040"]).iter().map(whole).collect();
    assert_eq!(long.len(), 7);
    for year in 2000..=2040i64 {
        let week = Period::parse(&format!("{year}-W53"));
        assert_eq!(week.is_some(), long.contains(&year), "{year}");
        let year_before = week.and_then(|week| Calendar::default().year_before(week));
        assert_eq!(year_before, None, "no two years of 53 weeks follow each other: {year}");
    }
}

#[test]
fn positions_in_fiscal_years_named_by_their_end() {
    for case in list(&vectors("01_calendar.json")["fiscal"]) {
        let (date, start) = (day(text(&case["date"])).first(), whole(&case["start_month"]));
        let calendar = Calendar::starting(start as i8).expect("a month");
        let expected = &case["by_end"];
        let (year, quarter, month) = (whole(&expected["fy"]), whole(&expected["fq"]), whole(&expected["fm"]));
        let position = calendar.position(date);
        let found = (i64::from(position.year), i64::from(position.quarter), i64::from(position.month));
        assert_eq!(found, (year, quarter, month), "{date}, from month {start}");
        let name = |grain| calendar.name(calendar.containing(grain, date).expect("a period"));
        let prefix = if start == 1 { "" } else { "FY" };
        assert_eq!(name(Grain::Year), format!("{prefix}{year}"), "{date}, from month {start}");
        assert_eq!(name(Grain::Quarter), format!("{prefix}{year}-Q{quarter}"), "{date}, from month {start}");
    }
}

#[test]
fn years_to_date_at_the_end_of_a_month() {
    let calendar = Calendar::default();
    let mut tested = 0;
    for case in list(&vectors("01_calendar.json")["to_date_comparators"]) {
        let as_of = day(text(&case["as_of"])).first();
        let month = calendar.containing(Grain::Month, as_of).expect("a month");
        if month.last() != as_of {
            continue;
        }
        tested += 1;
        let before = calendar.shift(month, -1).expect("a month");
        let year_before = calendar.year_before(month).expect("a month");
        let (ytd, last_ytd) = (calendar.year_to_date(month).unwrap(), calendar.year_to_date(year_before).unwrap());
        assert_eq!(bounds(month.days()), window(&case["mtd"]), "{as_of}");
        assert_eq!(bounds(before.days()), window(&case["prior_mtd"]), "{as_of}");
        assert_eq!(bounds(ytd), window(&case["ytd"]), "{as_of}");
        assert_eq!(bounds(last_ytd), window(&case["ly_ytd"]), "{as_of}");
        let counts = [month.days(), before.days(), ytd, last_ytd].map(|days| i64::from(days.count()));
        let expected = ["days_mtd", "days_prior", "days_ytd", "days_ly_ytd"].map(|name| whole(&case[name]));
        assert_eq!(counts, expected, "{as_of}");
    }
    assert_eq!(tested, 5);
}

#[test]
fn years_to_date_of_a_day_within_a_month() {
    let calendar = Calendar::default();
    let mut tested = 0;
    for case in list(&vectors("01_calendar.json")["to_date_comparators"]) {
        let as_of = day(text(&case["as_of"]));
        if calendar.containing(Grain::Month, as_of.first()).expect("a month").last() == as_of.first() {
            continue;
        }
        tested += 1;
        let year_before = calendar.year_before(as_of).expect("a day");
        assert_eq!(bounds(calendar.year_to_date(as_of).unwrap()), window(&case["ytd"]));
        assert_eq!(bounds(calendar.year_to_date(year_before).unwrap()), window(&case["ly_ytd"]));
    }
    assert_eq!(tested, 3);
}

/// The vector offers four ways to split a week between two months; the program takes none of them.
#[test]
fn a_week_is_refused_where_months_are_reported() {
    let case = &vectors("01_calendar.json")["week_straddle"];
    let (first, last) = (day(text(&case["week_start"])), day(text(&case["week_end"])));
    let week = Calendar::default().containing(Grain::Week, first.first()).expect("a week");
    assert_eq!(bounds(week.days()), bounds(Days { first: first.first(), last: last.last() }));
    assert!(!Grain::Week.nests_in(Grain::Month));
    let scorecard = "[scorecard]\ntitle = \"weeks\"\ngrain = \"month\"\n\
        [sources.weekly]\npath = \"weekly.csv\"\nperiod = \"week\"\n\
        [metrics.orders]\nsource = \"weekly\"\nvalue = \"sum(orders)\"\nunit = \"count\"\n";
    let folder = Folder::with(scorecard).file("weekly.csv", "week,orders\n2025-W14,700\n");
    let output = run(&folder.scorecard(), &["show"]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("by week") && stderr.contains("by month"), "{stderr}");
}
