//! `chart trend`: series, targets, prior years and limits against the rows of the files; titles, notes and refusals.

mod message;
mod process;

use std::collections::BTreeMap;
use std::path::Path;

use goldthread::evaluate::{CaveatKind, Evaluation, Reader, evaluate};
use goldthread::observe::{Manner, observe};
use goldthread::period::{Days, Period, PeriodRequest};
use goldthread::plan::plan;
use goldthread::scorecard::{load, resolve};
use goldthread::stats::xmr::{Side, Signal};
use goldthread::status::Status;
use goldthread::view::chart::{Footing, Refusal, Subject, Trend, TrendPanel, TrendScale};
use goldthread::view::{Promised, Quantity};

use crate::session::{compare, folder, goldthread, goldthread_in, root};

/// The specification of some metrics over periods as they are typed, by some dimensions.
fn specified(scorecard: &Path, ids: &[&str], periods: &str, by: &[&str]) -> Result<Trend, Refusal> {
    let loaded = load(scorecard);
    let scorecard = resolve(&loaded).expect("a sound scorecard");
    let by: Vec<String> = by.iter().map(|dimension| (*dimension).to_owned()).collect();
    let all: Vec<_> = scorecard.ids().collect();
    let plan = plan(&scorecard, &all, &by, None);
    let observations = observe(&scorecard, &plan, Manner::default()).expect("sound data").value;
    let reader = Reader::new(&scorecard, &plan, &observations, None);
    let any = Period::parse("2000-01-01").expect("a day");
    let request = PeriodRequest::parse(periods).expect("periods");
    let periods = request.resolve(&scorecard.calendar, any).expect("periods");
    let last = periods[periods.len() - 1];
    let evaluation = evaluate(&reader, last, None);
    let days = Days { first: periods[0].first(), last: last.last() };
    let parts = if by.is_empty() { Vec::new() } else { reader.segments(days) };
    let segments: Vec<Evaluation> = parts.iter().map(|part| evaluate(&reader, last, Some(part))).collect();
    let named = || ids.iter().map(|id| scorecard.find(id).expect("a metric"));
    let goals = || all.iter().copied().filter(|id| scorecard.metric(*id).is_goal());
    Trend::of(&Subject {
        reader: &reader,
        evaluation: &evaluation,
        segments: &segments,
        by: &by,
        periods: &periods,
        selected: if ids.is_empty() { goals().collect() } else { named().collect() },
        is_chosen: !ids.is_empty(),
        condition: None,
    })
}

fn subscription(ids: &[&str], periods: &str, by: &[&str]) -> Trend {
    specified(&root().join("scorecards/subscription.toml"), ids, periods, by).expect("a chart")
}

/// Customers lost and customers at the opening by month, of all regions or of one: from the rows.
fn billing(region: Option<&str>) -> BTreeMap<String, (f64, f64)> {
    let mut months: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for year in 2024..=2027 {
        let path = root().join(format!("examples/subscription/data/billing-fy{year}.csv"));
        for row in csv::Reader::from_path(path).expect("a file").deserialize() {
            let row: BTreeMap<String, String> = row.expect("a row");
            if region.is_none_or(|region| row["region"] == region) {
                let sums = months.entry(row["month"].clone()).or_default();
                sums.0 += row["lost"].parse::<f64>().expect("a number");
                sums.1 += row["opening"].parse::<f64>().expect("a number");
            }
        }
    }
    months
}

fn number(quantity: &Quantity) -> f64 {
    quantity.number.to_f64()
}

fn level(promised: Option<&Promised>) -> f64 {
    match promised {
        Some(Promised::Level(level)) => number(level),
        other => panic!("no level: {other:?}"),
    }
}

fn assert_close(found: f64, expected: f64, what: &str) {
    assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1e-3), "{what}: {found} is not {expected}");
}

fn year_before(month: &str) -> String {
    let (year, rest) = month.split_once('-').expect("a month");
    format!("{}-{rest}", year.parse::<i32>().expect("a year") - 1)
}

/// A panel of churn against its rows, month by month.
fn assert_churn(panel: &TrendPanel, periods: &[String], region: Option<&str>) {
    let rows = billing(region);
    let churn = |month: &str| rows.get(month).map(|(lost, opening)| lost / opening);
    let mut values = Vec::new();
    for (period, point) in periods.iter().zip(&panel.points) {
        let expected = churn(period).expect("rows of every month");
        values.push(expected);
        assert_close(number(point.actual.as_ref().expect("a value")), expected, period);
        assert_close(level(point.target.as_ref()), 0.014, "the target");
        assert_close(level(point.threshold.as_ref()), 0.0155, "the threshold");
        let status = match expected {
            value if value <= 0.014 => Status::OnTarget,
            value if value >= 0.0155 => Status::OffTarget,
            _ => Status::AtRisk,
        };
        assert_eq!(point.status, status, "{period}");
        assert_eq!(point.footing, Footing::Whole, "{period}");
        let before = churn(&year_before(period));
        assert_eq!(point.prior_year.is_some(), before.is_some(), "{period}");
        if let (Some(found), Some(expected)) = (&point.prior_year, before) {
            assert_close(number(found), expected, period);
        }
    }
    if region.is_some() {
        // A part has no process: each would add false alarms of its own.
        assert_eq!(panel.limits, []);
        assert!(panel.points.iter().all(|point| point.signal.is_none()));
        return;
    }
    let Process { mean, reach, before } = process_of(&rows, periods);
    let [limits] = panel.limits.as_slice() else { panic!("one set of limits: {:?}", panel.limits) };
    assert_eq!(limits.span, (before, values.len() - 1));
    assert_close(number(&limits.centre), mean, "the centre");
    assert_close(number(&limits.lower), mean - reach, "the lower limit");
    assert_close(number(&limits.upper), mean + reach, "the upper limit");
    for (index, (value, point)) in values.iter().zip(&panel.points).enumerate() {
        let outside = match *value {
            _ if index < before => None,
            value if value > mean + reach => Some(Signal::Outside(Side::High)),
            value if value < mean - reach => Some(Signal::Outside(Side::Low)),
            _ => None,
        };
        let found = point.signal.filter(|signal| index < before || matches!(signal, Signal::Outside(_)));
        assert_eq!(found, outside, "{value}");
    }
}

/// The limits of churn over the 24 months up to the last of some, and how many of these lie before them.
struct Process {
    mean: f64,
    reach: f64,
    before: usize,
}

fn process_of(rows: &BTreeMap<String, (f64, f64)>, periods: &[String]) -> Process {
    let last = periods.last().expect("a period");
    let up_to: Vec<f64> =
        rows.iter().filter(|(month, _)| *month <= last).map(|(_, (lost, opening))| lost / opening).collect();
    let values = &up_to[up_to.len().saturating_sub(24)..];
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let ranges: Vec<f64> = values.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    let reach = 2.66 * ranges.iter().sum::<f64>() / ranges.len() as f64;
    Process { mean, reach, before: periods.len().saturating_sub(values.len()) }
}

#[test]
fn churn_is_what_the_rows_say() {
    let trend = subscription(&["churn"], "2024-11..2026-10", &[]);
    assert_eq!(trend.periods.len(), 24);
    assert_eq!((trend.periods[0].as_str(), trend.periods[23].as_str()), ("2024-11", "2026-10"));
    assert_eq!((trend.panels.len(), trend.scale), (1, TrendScale::Own));
    assert_churn(&trend.panels[0], &trend.periods, None);
    let rows = billing(None);
    let missed = |month: &&String| rows[month.as_str()].0 / rows[month.as_str()].1 > 0.014;
    let run = trend.periods.iter().rev().take_while(missed).count();
    let title = format!("Churn has missed its target for {run} months: 1.78 % against 1.40 %");
    assert_eq!(trend.heading.title, title);
    assert_eq!(trend.heading.subtitle, "Northbank Mobile: customer scorecard · 2024-11 to 2026-10");
    assert_eq!(
        subscription(&["churn"], "2026-10", &[]).heading.subtitle,
        "Northbank Mobile: customer scorecard · 2026-10"
    );
    let signals = "Churn: two of three near its lower limit in 2025-01 and 2025-03; above its upper limit in 2026-10";
    let rows = billing(None);
    let values: Vec<f64> = trend.periods.iter().map(|period| rows[period].0 / rows[period].1).collect();
    let ranges: Vec<f64> = values.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    let mean = |ranges: &[f64]| ranges.iter().sum::<f64>() / ranges.len() as f64;
    let kept: Vec<f64> = ranges.iter().copied().filter(|range| *range < 3.267 * mean(&ranges)).collect();
    let closer = (1.0 - mean(&kept) / mean(&ranges)) * 100.0;
    let note = format!("{signals}; without its largest jumps the limits would lie {closer:.0} % closer");
    assert!(trend.heading.notes.contains(&note), "{note}: {:?}", trend.heading.notes);
}

#[test]
fn a_range_is_drawn_as_it_is_asked_for() {
    let trend = subscription(&["churn"], "2025-10..2026-09", &[]);
    assert_eq!((trend.periods.len(), trend.periods[11].as_str()), (12, "2026-09"));
    assert_churn(&trend.panels[0], &trend.periods, None);
    assert_eq!(trend.heading.title, "Churn is at-risk for 2 months running: 1.51 % against 1.40 %");
    let rest = "Process limits rest on the 24 months up to 2026-09".to_owned();
    assert!(trend.heading.notes.contains(&rest), "{:?}", trend.heading.notes);
    // However few months are drawn, or many, the limits are those of the last of them.
    for periods in ["2026-08..2026-10", "2025-11..2026-10", "2024-11..2026-10", "2024-01..2026-10"] {
        let trend = subscription(&["churn"], periods, &[]);
        assert_churn(&trend.panels[0], &trend.periods, None);
        let last = trend.panels[0].points.last().and_then(|point| point.signal);
        assert_eq!(last, Some(Signal::Outside(Side::High)), "{periods}");
        let told = trend.heading.notes.iter().any(|note| note == "Process limits rest on the 24 months up to 2026-10");
        assert_eq!(told, periods != "2024-11..2026-10", "{periods}: {:?}", trend.heading.notes);
    }
}

#[test]
fn a_part_without_a_name_is_called_blank() {
    let rows = "2026-01,north,5012\n2026-01,,1\n";
    let trend = specified(&small("", rows).path().join("scorecard.toml"), &["faults"], "2026-01", &["region"]);
    let trend = trend.expect("a chart");
    let names: Vec<&str> = trend.panels.iter().map(|panel| panel.name.as_str()).collect();
    assert_eq!(names, ["(blank)", "north"]);
    assert_eq!(trend.heading.title, "Faults by region: from 1 in (blank) to 5,012 in north");
}

#[test]
fn a_quarter_loses_what_its_months_lose_and_has_targets_of_its_own() {
    let trend = subscription(&["churn"], "FY2025-Q1..FY2027-Q2", &[]);
    let rows: Vec<(f64, f64)> =
        billing(None).into_iter().filter(|(month, _)| month.as_str() >= "2024-04").map(|(_, sums)| sums).collect();
    assert_eq!(trend.periods.first().map(String::as_str), Some("FY2025-Q1"));
    assert_eq!(trend.periods.len(), 10);
    let panel = &trend.panels[0];
    for (quarter, point) in panel.points.iter().enumerate() {
        let months = &rows[quarter * 3..quarter * 3 + 3];
        let expected = months.iter().map(|(lost, _)| lost).sum::<f64>() / months[0].1;
        assert_close(number(point.actual.as_ref().expect("a value")), expected, &trend.periods[quarter]);
        assert_close(level(point.target.as_ref()), 0.042, "the target");
        if quarter >= 4 {
            let before = panel.points[quarter - 4].actual.as_ref().expect("a value");
            assert_close(number(point.prior_year.as_ref().expect("a value")), number(before), "the year before");
        }
    }
}

#[test]
fn quarters_and_ranges_are_asked_for_as_in_a_report() {
    let months: Vec<(f64, f64)> = billing(None).into_values().collect();
    let title = |picture: &str| {
        picture.split("<title id=\"title\">").nth(1).expect("a title").split('<').next().map(str::to_owned)
    };
    let drawn = |further: &[&str]| {
        let arguments = ["-s", "scorecards/subscription.toml", "chart", "trend", "churn", "-O", "svg"];
        goldthread(&[&arguments, further].concat()).done()
    };
    // The last whole quarter ends in September, one month before the last row.
    let quarter = &months[months.len() - 4..months.len() - 1];
    let churn = quarter.iter().map(|(lost, _)| lost).sum::<f64>() / quarter[0].1;
    let quarterly = drawn(&["-Q"]);
    assert_eq!(title(&quarterly), Some(format!("Churn is at-risk: {:.2} % against 4.20 %", churn * 100.0)));
    assert!(quarterly.contains("1 line chart from FY2024-Q4 to FY2027-Q2"), "{}", &quarterly[..600]);
    let ranged = drawn(&["-p", "2026-01..2026-06", "-Q"]);
    assert!(ranged.contains("1 line chart from FY2026-Q4 to FY2027-Q1"), "{}", &ranged[..600]);
    let (lost, opening) = months[months.len() - 5];
    let june = drawn(&["-p", "2026-04..2026-06"]);
    let expected =
        format!("Churn has met its target in all 3 months shown: {:.2} % against 1.40 %", lost / opening * 100.0);
    assert_eq!(title(&june), Some(expected));
    assert!(june.contains("1 line chart from 2026-04 to 2026-06"), "{}", &june[..600]);
}

#[test]
fn parts_of_a_metric_are_panels_on_one_scale() {
    let trend = subscription(&["churn"], "2024-11..2026-10", &["region"]);
    assert_eq!(trend.scale, TrendScale::Shared);
    let names: Vec<&str> = trend.panels.iter().map(|panel| panel.name.as_str()).collect();
    assert_eq!(names, ["east", "north", "south", "west"]);
    for panel in &trend.panels {
        assert_churn(panel, &trend.periods, Some(&panel.name));
    }
    assert_eq!(trend.heading.title, "Churn is on-target in none of 4 regions; north is furthest away");
    let note = "Parts have no process limits: each would add false alarms of its own";
    let of_limits: Vec<&String> = trend.heading.notes.iter().filter(|note| note.contains("limit")).collect();
    assert_eq!(of_limits, [note]);
}

#[test]
fn goals_without_a_value_of_their_own_are_named_and_not_drawn() {
    let transit = root().join("scorecards/transit.toml");
    let trend = specified(&transit, &[], "2010-05..2011-04", &[]).expect("a chart");
    assert_eq!(trend.panels.len(), 1);
    let note = "Reliable service and Customers unhurt have no values of their own: not drawn";
    assert!(trend.heading.notes.contains(&note.to_owned()), "{:?}", trend.heading.notes);
}

/// A scorecard of one metric with these rows of `month,region,v` and these further lines.
fn small(lines: &str, rows: &str) -> tempfile::TempDir {
    let scorecard = format!(
        "[scorecard]\ntitle = \"Small\"\ngrain = \"month\"\n\n[sources.data]\npath = \"data.csv\"\nperiod = \"month\"\n\
         dimensions = [\"region\"]\n\n[metrics.faults]\nname = \"Faults\"\nsource = \"data\"\nvalue = \"sum(v)\"\n\
         unit = \"count\"\n{lines}"
    );
    folder(&[("scorecard.toml", &scorecard), ("data.csv", &format!("month,region,v\n{rows}"))])
}

fn faults(lines: &str, values: &[(&str, &str)], periods: &str) -> Result<Trend, Refusal> {
    let rows: String = values.iter().map(|(month, value)| format!("{month},north,{value}\n")).collect();
    let folder = small(lines, &rows);
    specified(&folder.path().join("scorecard.toml"), &["faults"], periods, &[])
}

const TARGET: &str = "better = \"lower\"\ntarget = 10\nthreshold = 20\n";

#[test]
fn periods_before_the_first_value_are_left_out_and_gaps_are_kept() {
    let values = [("2025-03", "4"), ("2025-06", "5")];
    let trend = faults(TARGET, &values, "2024-01..2025-07").expect("a chart");
    assert_eq!(trend.periods, ["2025-03", "2025-04", "2025-05", "2025-06", "2025-07"]);
    let found: Vec<Option<f64>> =
        trend.panels[0].points.iter().map(|point| point.actual.as_ref().map(number)).collect();
    assert_eq!(found, [Some(4.0), None, None, Some(5.0), None]);
    let last = trend.panels[0].last().map(|(index, value)| (index, number(value)));
    assert_eq!(last, Some((3, 5.0)));
    let notes = [
        "Faults: no value in 3 periods, last in 2025-07: no rows in `data` for 2025-07-01 to 2025-07-31, last seen 2025-06",
        "No process limits: 2 of 12 values",
    ];
    assert_eq!(trend.heading.notes, notes);
    let gap = faults(TARGET, &values, "2025-04..2025-06").expect("a chart");
    assert_eq!((gap.periods.len(), gap.panels[0].points.len()), (1, 1));
    let gap = faults(TARGET, &[values[0], ("2025-05", "5")], "2025-03..2025-05").expect("a chart");
    assert!(gap.heading.notes[0].starts_with("Faults: no value in 2025-04: no rows in `data`"), "{:?}", gap.heading);
    let alone = faults(TARGET, &values[..1], "2024-01..2025-03").expect("a chart");
    assert_eq!((alone.periods.len(), alone.panels[0].points.len()), (1, 1));
}

#[test]
fn what_is_no_whole_period_is_hollow_and_held_against_nothing() {
    let days =
        |month: &str, last: u32| -> String { (1..=last).map(|day| format!("{month}-{day:02},north,1\n")).collect() };
    let rows = days("2025-03", 31) + &days("2026-01", 31) + &days("2026-02", 28) + &days("2026-03", 10);
    let folder = small(TARGET, &rows.replace("month,", "day,"));
    let trend =
        specified(&folder.path().join("scorecard.toml"), &["faults"], "2026-01..2026-03", &[]).expect("a chart");
    let points = &trend.panels[0].points;
    let footings: Vec<Footing> = points.iter().map(|point| point.footing).collect();
    assert_eq!(footings, [Footing::Whole, Footing::Whole, Footing::Unlike(CaveatKind::Partial)]);
    assert_eq!(points[2].status, Status::NoTarget);
    assert_eq!(trend.heading.title, "Faults is at 10, of a part of the period");
    let hollow = trend.heading.notes.iter().find(|note| note.starts_with("Faults, hollow: 2026-03 partial"));
    assert!(hollow.is_some(), "{:?}", trend.heading.notes);
    // 31 days of March a year before, and a target for whole months, are not what 10 days are held against.
    let point = &points[2];
    assert_eq!((&point.prior_year, &point.target, &point.threshold), (&None, &None, &None));
    let told =
        "Faults: 10 in 2026-03, of a part of the period, held against no target, those comparable between 28 and 31.";
    assert!(trend.heading.description.ends_with(told), "{}", trend.heading.description);
    let arguments = ["chart", "trend", "faults", "-p", "2026-01..2026-03", "-O", "svg"];
    let picture = goldthread_in(folder.path(), &arguments).done();
    let drawn: Vec<&str> =
        picture.lines().filter(|line| ["Year", "Target"].iter().any(|w| line.starts_with(w))).collect();
    assert_eq!(drawn, ["Target"]);
    // It is no value of the process either.
    assert!(trend.heading.notes.contains(&"No process limits: 3 of 12 values".to_owned()));
}

#[test]
fn a_total_of_some_stands_beside_what_these_were_a_year_before() {
    let month = |month: &str, values: &[(&str, u32)]| -> String {
        values.iter().map(|(region, value)| format!("{month},{region},{value}\n")).collect()
    };
    let rows = month("2025-02", &[("east", 1), ("north", 30), ("south", 20)])
        + &month("2025-03", &[("east", 1), ("north", 31), ("south", 21)])
        + &month("2026-01", &[("east", 2), ("north", 38), ("south", 24)])
        + &month("2026-02", &[("east", 2), ("north", 40), ("south", 25)])
        + &month("2026-03", &[("east", 3), ("north", 45)]);
    let folder = small(TARGET, &rows);
    let path = folder.path().join("scorecard.toml");
    let text = std::fs::read_to_string(&path).expect("a scorecard");
    let dimensions = "dimensions = [\"region\"]\n";
    std::fs::write(&path, text.replace(dimensions, &format!("{dimensions}roster = \"region\"\n")))
        .expect("a scorecard");
    let trend = specified(&path, &["faults"], "2026-01..2026-03", &[]).expect("a chart");
    let [_, february, march] = trend.panels[0].points.as_slice() else { panic!("three points") };
    assert_eq!(february.prior_year.as_ref().map(number), Some(51.0));
    assert_eq!(march.footing, Footing::Unlike(CaveatKind::Provisional));
    assert_eq!((march.prior_year.as_ref().map(number), march.target.as_ref()), (Some(32.0), None));
    let note = "Faults: the year before 2026-03 is of those who reported in both".to_owned();
    assert!(trend.heading.notes.contains(&note), "{:?}", trend.heading.notes);
    let told =
        "Faults: 48 in 2026-03, which is provisional, held against no target, those comparable between 64 and 67.";
    assert!(trend.heading.description.ends_with(told), "{}", trend.heading.description);
    // As a month among others it has no year before of its own.
    let later = std::fs::read_to_string(folder.path().join("data.csv")).expect("rows")
        + &month("2026-04", &[("east", 1), ("north", 1), ("south", 1)]);
    std::fs::write(folder.path().join("data.csv"), later).expect("rows");
    let trend = specified(&path, &["faults"], "2026-01..2026-04", &[]).expect("a chart");
    let march = &trend.panels[0].points[2];
    assert_eq!((march.footing, &march.prior_year), (Footing::Unlike(CaveatKind::Provisional), &None));
}

#[test]
fn what_cannot_be_drawn_is_refused_with_a_remedy() {
    let subscription = ["-s", "scorecards/subscription.toml", "chart", "trend", "-O", "svg"];
    let refused = |further: &[&str]| {
        let session = goldthread(&[&subscription, further].concat());
        assert_eq!((session.exit, session.stdout.as_str()), (2, ""), "{further:?}");
        session.stderr
    };
    let several = refused(&["--by", "region"]);
    assert!(several.contains("draws the parts of one metric, and 4 goals are selected"), "{several}");
    assert!(several.contains("`chart trend clv --by region`"), "{several}");
    let many = refused(&["+equity"]);
    assert!(many.contains("metrics do not fit one picture, which holds 12 panels"), "{many}");
    let parts = refused(&["orders", "--by", "plan,region,channel"]);
    assert!(parts.contains("help: choose some: `--where \"plan in ('family', 'flex')\"`"), "{parts}");
    let nowhere = refused(&["recommend", "--by", "region"]);
    assert!(nowhere.contains("`brand` has no dimension `region`"), "{nowhere}");
    let nothing = refused(&["churn", "-p", "2031-01"]);
    assert!(nothing.contains("`churn` has no value in 2029-02 to 2031-01: no rows in `billing`"), "{nothing}");
    let tiny = refused(&["churn", "--size", "500x250"]);
    assert!(tiny.contains("500 x 250 has no room for 1 panel") && tiny.contains("ask for `--size 500x"), "{tiny}");
}

#[test]
fn a_size_that_is_advised_holds_the_title_whole() {
    let arguments = ["-s", "scorecards/subscription.toml", "chart", "trend", "clv", "-O", "svg", "--size"];
    for size in ["300x200", "392x574", "400x900", "500x300"] {
        let refused = goldthread(&[&arguments[..], &[size]].concat());
        let drawn = match refused.exit {
            0 => refused.stdout,
            _ => {
                let advised = refused.stderr.split("`--size ").nth(1).and_then(|rest| rest.split('`').next());
                let advised = advised.unwrap_or_else(|| panic!("no advice: {}", refused.stderr));
                goldthread(&[&arguments[..], &[advised]].concat()).done()
            }
        };
        let title =
            drawn.split("<title id=\"title\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a title");
        let lines: Vec<&str> =
            drawn.split("font-size=\"208\"").skip(1).filter_map(|text| text.lines().nth(1)).collect();
        assert_eq!(lines.join(" "), title, "{size}");
    }
}

#[test]
fn a_remedy_that_narrows_is_one() {
    let condition = "plan in ('family', 'flex') and channel = 'web'";
    let arguments = ["-s", "scorecards/subscription.toml", "chart", "trend", "orders", "--by", "plan,region,channel"];
    let picture = goldthread(&[&arguments[..], &["--where", condition, "-O", "svg"]].concat()).done();
    assert_eq!(picture.matches("<g>").count(), 8);
}

#[test]
fn a_small_trend_is_drawn() {
    let mut rows = String::new();
    for (index, value) in [12, 9, 11, 8, 10, 9, 12, 11, 9, 10, 8, 11, 9, 25].iter().enumerate() {
        rows += &format!("{}-{:02},north,{value}\n", 2025 + index / 12, index % 12 + 1);
    }
    let folder = small(TARGET, &rows);
    let draw = || goldthread_in(folder.path(), &["chart", "trend", "faults", "--size", "640x480", "-O", "svg"]).done();
    let picture = draw();
    assert_eq!(picture, draw());
    let title = "Faults is off-target: 25 against 10";
    assert!(picture.contains(&format!("<title id=\"title\">{title}</title>")));
    compare(&root().join("tests/golden/charts/trend.svg"), &picture);
}
