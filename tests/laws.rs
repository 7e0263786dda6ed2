//! Laws that hold for any input: order and threads change nothing, months make quarters, days make
//! months, parts make wholes, units change no score, and nothing the program is fed makes it panic.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};
use serde_json::Value;

use crate::session::{Session, folder, goldthread_in, run_in};

const SCORECARD: &str = r#"
[scorecard]
title = "laws"
[sources.rows]
path = "rows*.csv"
period = "day"
dimensions = ["region"]
duplicates = "sum"
[goals.goal]
name = "goal"
sponsor = "someone"
[metrics]
flow = { source = "rows", value = "sum(amount)", unit = "EUR", drives = ["goal"], better = "higher", target = 1000 }
stock = { source = "rows", value = "last(amount)", unit = "EUR", drives = ["goal"], better = "lower", target = 50 }
opening = { source = "rows", value = "first(amount)", unit = "EUR", drives = ["goal"] }
ratio = { source = "rows", value = "sum(amount) / sum(count)", unit = "EUR", drives = [{ to = "goal", weight = 3 }], better = "higher", target = 5 }
mean = { source = "rows", value = "avg(amount)", unit = "EUR", drives = ["goal"] }
rows = { source = "rows", value = "count(*)", unit = "count", drives = ["goal"] }
least = { source = "rows", value = "min(amount)", unit = "EUR", drives = ["goal"] }
most = { source = "rows", value = "max(amount)", unit = "EUR", drives = ["goal"] }
kinds = { source = "rows", value = "count_distinct(count)", unit = "count", drives = ["goal"] }
middle = { source = "rows", value = "median(amount)", unit = "EUR", drives = ["goal"] }
"#;

const HEADER: &str = "day,region,amount,count\n";

/// Rows over January to March 2024, every day of which has at least one.
fn rows() -> impl Strategy<Value = Vec<String>> {
    let row = (0..91u16, prop_oneof![Just("n"), Just("s"), Just("w")], -100_000i64..100_000, 1..50u32);
    prop::collection::vec(row, 1..60).prop_map(|random| {
        let every_day = (0..91u16).map(|day| (day, "n", i64::from(day) * 7, 1));
        every_day
            .chain(random)
            .map(|(day, region, cents, count)| format!("{},{region},{},{count}\n", date(day), money(cents)))
            .collect()
    })
}

fn date(day: u16) -> String {
    match day {
        0..31 => format!("2024-01-{:02}", day + 1),
        31..60 => format!("2024-02-{:02}", day - 30),
        _ => format!("2024-03-{:02}", day - 59),
    }
}

fn money(cents: i64) -> String {
    format!("{}{}.{:02}", if cents < 0 { "-" } else { "" }, cents.abs() / 100, cents.abs() % 100)
}

fn show(files: &[(&str, &str)], arguments: &[&str]) -> Session {
    let folder = folder(files);
    let all = [&["-s", "scorecard.toml", "show", "-O", "json"], arguments].concat();
    goldthread_in(folder.path(), &all)
}

/// The value of a column, by metric, period and region.
fn column(json: &str, column: &str) -> BTreeMap<(String, String, String), Option<String>> {
    let report: Value = serde_json::from_str(json).expect("JSON");
    let text = |row: &Value, key: &str| row.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
    let number = |row: &Value| row[column].as_number().map(ToString::to_string);
    let rows = report["rows"].as_array().expect("rows");
    rows.iter().map(|row| ((text(row, "id"), text(row, "period"), text(row, "region")), number(row))).collect()
}

/// Money as hundredths.
fn cents(text: &str) -> i128 {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    sign * (whole.parse::<i128>().expect("digits") * 100
        + format!("{fraction:0<2}").parse::<i128>().expect("two digits"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn order_of_rows_files_and_split_change_no_byte(rows in rows(), seed in any::<u64>()) {
        let whole = show(&[("scorecard.toml", SCORECARD), ("rows.csv", &(HEADER.to_owned() + &rows.concat()))], &["--by", "region"]).done();
        let mut shuffled = rows.clone();
        let mut state = seed | 1;
        for index in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            shuffled.swap(index, (state >> 33) as usize % (index + 1));
        }
        let (a, b) = shuffled.split_at(shuffled.len() / 3);
        let files = [("scorecard.toml", SCORECARD), ("rows-1.csv", &(HEADER.to_owned() + &a.concat())), ("rows-2.csv", &(HEADER.to_owned() + &b.concat()))];
        prop_assert_eq!(whole, show(&files, &["--by", "region"]).done());
    }

    #[test]
    fn months_make_the_quarter_and_parts_make_the_whole(rows in rows()) {
        let files = [("scorecard.toml", SCORECARD), ("rows.csv", &(HEADER.to_owned() + &rows.concat()))];
        let months = column(&show(&files, &["-p", "2024-01..2024-03", "--by", "region"]).done(), "actual");
        let quarter = column(&show(&files, &["-p", "2024-Q1"]).done(), "actual");
        let ytd = column(&show(&files, &["-p", "2024-03"]).done(), "ytd");
        let at = |id: &str, period: &str, region: &str| months.get(&(id.into(), period.into(), region.into())).cloned().flatten();
        let whole = |id: &str| quarter[&(id.to_owned(), "2024-Q1".to_owned(), String::new())].clone().expect("a value");
        let months_of = ["2024-01", "2024-02", "2024-03"];
        let sum = |id: &str| months_of.iter().map(|month| cents(&at(id, month, "").expect("a value"))).sum::<i128>();
        prop_assert_eq!(sum("flow"), cents(&whole("flow")));
        prop_assert_eq!(sum("rows"), cents(&whole("rows")));
        prop_assert_eq!(whole("opening"), at("opening", "2024-01", "").expect("a value"));
        prop_assert_eq!(whole("stock"), at("stock", "2024-03", "").expect("a value"));
        let extreme = |id: &str| months_of.iter().map(|month| cents(&at(id, month, "").expect("a value"))).collect::<Vec<_>>();
        prop_assert_eq!(cents(&whole("least")), *extreme("least").iter().min().expect("three"));
        prop_assert_eq!(cents(&whole("most")), *extreme("most").iter().max().expect("three"));
        for (key, value) in &ytd {
            prop_assert_eq!(value, &quarter[&(key.0.clone(), "2024-Q1".to_owned(), String::new())], "{:?}", key);
        }
        for month in months_of {
            for id in ["flow", "rows"] {
                let parts: i128 = ["n", "s", "w"].iter().filter_map(|region| at(id, month, region)).map(|text| cents(&text)).sum();
                prop_assert_eq!(parts, cents(&at(id, month, "").expect("a value")), "{} {}", id, month);
            }
        }
    }

    #[test]
    fn days_make_the_month(rows in rows()) {
        let daily = SCORECARD.replace("title = \"laws\"", "title = \"laws\"\ngrain = \"day\"");
        let csv = HEADER.to_owned() + &rows.concat();
        let days = column(&show(&[("scorecard.toml", &daily), ("rows.csv", &csv)], &["-p", "2024-02-01..2024-02-29"]).done(), "actual");
        let month = column(&show(&[("scorecard.toml", SCORECARD), ("rows.csv", &csv)], &["-p", "2024-02"]).done(), "actual");
        let by_day = column(&show(&[("scorecard.toml", &daily), ("rows.csv", &csv)], &["-M", "-p", "2024-02"]).done(), "actual");
        prop_assert_eq!(&month, &by_day);
        let sum: i128 = days.iter().filter(|(key, _)| key.0 == "flow").map(|(_, value)| cents(value.as_deref().expect("a value"))).sum();
        prop_assert_eq!(sum, cents(month[&("flow".to_owned(), "2024-02".to_owned(), String::new())].as_deref().expect("a value")));
    }

    #[test]
    fn a_partial_month_is_its_days_and_is_held_against_nothing(rows in rows(), cut in 1..31u8) {
        let last = format!("2024-03-{cut:02}");
        let rows: Vec<&String> = rows.iter().filter(|row| row[..10] <= *last).collect();
        let csv = rows.iter().fold(HEADER.to_owned(), |csv, row| csv + row);
        let files = [("scorecard.toml", SCORECARD), ("rows.csv", &csv)];
        let (partial, closed) = (show(&files, &["-p", "2024-03"]).done(), show(&files, &["-p", "2024-03", "--as-of", "2024-03"]).done());
        prop_assert_eq!(column(&partial, "actual"), column(&closed, "actual"));
        let march = rows.iter().filter(|row| row.starts_with("2024-03"));
        let days: i128 = march.map(|row| cents(row.split(',').nth(2).expect("an amount"))).sum();
        let flow = column(&partial, "actual")[&("flow".to_owned(), "2024-03".to_owned(), String::new())].clone();
        prop_assert_eq!(cents(&flow.expect("a value")), days);
        for column_name in ["target", "variance", "prior", "change", "prior_year", "score", "thread_score"] {
            for (key, value) in column(&partial, column_name) {
                // The opening moment is there from the first day on: it alone is whole.
                prop_assert!(value.is_none() || key.0 == "opening", "{} of {:?}", column_name, key);
            }
        }
        let report: Value = serde_json::from_str(&partial).expect("JSON");
        for row in report["rows"].as_array().expect("rows").iter().filter(|row| row["id"] != "goal") {
            let expected = if row["id"] == "opening" { Value::Null } else { format!("partial: {cut} of 31 days of `rows`, to {last}").into() };
            prop_assert_eq!(&row["caveat"], &expected);
        }
    }

    #[test]
    fn a_provisional_total_changes_by_those_who_reported_in_both(rows in rows()) {
        let scorecard = SCORECARD.replace("dimensions = [\"region\"]", "dimensions = [\"region\"]\nroster = \"region\"");
        let scorecard = scorecard.replace("[sources.rows]", "[scoring]\nmin_coverage = 0.1\n[sources.rows]");
        let rows: Vec<&String> = rows.iter().filter(|row| !row.starts_with("2024-03") || !row.contains(",w,")).collect();
        // Who reports in a month does so to its ends.
        let months: BTreeSet<(&str, &str)> = rows.iter().map(|row| (&row[..7], row.split(',').nth(1).expect("a region"))).collect();
        let last = |month: &str| if month == "2024-02" { 29 } else { 31 };
        let ends = months.iter().map(|(month, region)| format!("{month}-01,{region},0,0\n{month}-{},{region},0,0\n", last(month)));
        let csv = rows.iter().fold(HEADER.to_owned() + &ends.collect::<String>(), |csv, row| csv + row);
        let json = show(&[("scorecard.toml", &scorecard), ("rows.csv", &csv)], &["-p", "2024-03"]).done();
        let mut sums: BTreeMap<(&str, &str), i128> = BTreeMap::new();
        for row in &rows {
            let cells: Vec<&str> = row.trim_end().split(',').collect();
            *sums.entry((&cells[0][..7], cells[1])).or_default() += cents(cells[2]);
        }
        let of = |month: &str, region: &str| sums.get(&(month, region)).copied();
        let regions = ["n", "s", "w"];
        let late = |before: &str, month: &str| regions.iter().any(|region| of(before, region).is_some() && of(month, region).is_none());
        let provisional = late("2024-01", "2024-02") || late("2024-02", "2024-03");
        let change: i128 = regions.iter().map(|region| match (of("2024-02", region), of("2024-03", region)) {
            (Some(before), Some(now)) => now - before,
            (before, now) if !provisional => now.unwrap_or(0) - before.unwrap_or(0),
            _ => 0,
        }).sum();
        let found = column(&json, "change")[&("flow".to_owned(), "2024-03".to_owned(), String::new())].clone();
        prop_assert_eq!(cents(&found.expect("a change")), change);
        let target = column(&json, "target")[&("flow".to_owned(), "2024-03".to_owned(), String::new())].clone();
        prop_assert_eq!(target.is_none(), late("2024-02", "2024-03"));
    }

    #[test]
    fn a_currency_in_other_units_changes_no_score(rows in rows(), factor in prop_oneof![Just(10u32), Just(100), Just(7)]) {
        let base = show(&[("scorecard.toml", SCORECARD), ("rows.csv", &(HEADER.to_owned() + &rows.concat()))], &[]).done();
        let scaled_row = |row: &String| {
            let cells: Vec<&str> = row.trim_end().split(',').collect();
            format!("{},{},{},{}\n", cells[0], cells[1], money((cents(cells[2]) * i128::from(factor)) as i64), cells[3])
        };
        let scaled: String = rows.iter().map(scaled_row).collect();
        let targets = [("target = 1000 ", 1000), ("target = 50 ", 50), ("target = 5 ", 5)];
        let scorecard = targets.iter().fold(SCORECARD.to_owned(), |text, (from, target)| text.replace(from, &format!("target = {} ", target * factor)));
        let other = show(&[("scorecard.toml", &scorecard), ("rows.csv", &(HEADER.to_owned() + &scaled))], &[]).done();
        let statuses = |json: &str| -> Vec<String> {
            let report: Value = serde_json::from_str(json).expect("JSON");
            report["rows"].as_array().expect("rows").iter().map(|row| row["status"].to_string()).collect()
        };
        prop_assert_eq!(statuses(&base), statuses(&other));
        for name in ["score", "thread_score"] {
            for (key, value) in column(&base, name) {
                let other = column(&other, name)[&key].clone();
                match (value, other) {
                    (Some(a), Some(b)) => prop_assert!((a.parse::<f64>().expect("a number") - b.parse::<f64>().expect("a number")).abs() < 1e-9),
                    (a, b) => prop_assert_eq!(a, b),
                }
            }
        }
    }
}

/// Text near a scorecard: real lines, cut, doubled and mixed with noise.
fn near_toml() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        prop::sample::select(SCORECARD.lines().map(str::to_owned).collect::<Vec<_>>()),
        "[a-z\\[\\]\\.=\"'{}0-9 ]{0,40}",
        "\\PC{0,30}",
        Just("target = { \"2024-01\" = 5, low = 1 }".to_owned()),
        Just("x = { source = \"rows\", value = \"sum(sum(a)) / 0\", unit = \"\", drives = [\"x\", 3] }".to_owned()),
        Just("grain = \"week\"".to_owned()),
    ];
    prop::collection::vec(line, 0..40).prop_map(|lines| lines.join("\n"))
}

fn near_csv() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        Just(b"day,region,amount,count".to_vec()),
        Just(b"2024-01-31,n,12.50,3".to_vec()),
        Just(b"2024-02,\"a\nb\",-1e3,".to_vec()),
        Just(b"2024-01-31,n,99999999999999999999,1".to_vec()),
        Just(b"2024-W05;n;0.1234567890123456789;1".to_vec()),
        prop::collection::vec(any::<u8>(), 0..30),
        "[0-9,;\"\\t.e-]{0,30}".prop_map(String::into_bytes),
    ];
    prop::collection::vec(line, 0..30).prop_map(|lines| lines.join(&b'\n'))
}

fn ends_well(session: &Session) {
    assert!([0, 1, 2].contains(&session.exit), "exit {}", session.exit);
    assert!(!session.stderr.contains("panicked"), "{}", session.stderr);
    assert!(session.exit == 0 || !session.stderr.is_empty(), "a failure without a message");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_scorecard_makes_it_panic(toml in near_toml(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let csv = format!("{HEADER}2024-01-31,n,1,1\n");
        let folder = folder(&[("scorecard.toml", &toml), ("rows.csv", &csv)]);
        std::fs::write(folder.path().join("bytes.toml"), bytes).expect("a file");
        ends_well(&goldthread_in(folder.path(), &["-s", "scorecard.toml", "show"]));
        ends_well(&goldthread_in(folder.path(), &["-s", "bytes.toml", "show"]));
    }

    #[test]
    fn no_data_makes_it_panic(csv in near_csv()) {
        let folder = folder(&[("scorecard.toml", SCORECARD)]);
        std::fs::write(folder.path().join("rows.csv"), csv).expect("a file");
        ends_well(&goldthread_in(folder.path(), &["-s", "scorecard.toml", "show", "--by", "region"]));
        ends_well(&goldthread_in(folder.path(), &["-s", "scorecard.toml", "trace", "ratio"]));
    }

    #[test]
    fn no_argument_makes_it_panic(selector in "\\PC{0,12}", period in "[a-zA-Z0-9.-]{0,14}", condition in "\\PC{0,20}") {
        let csv = format!("{HEADER}2024-01-31,n,1,1\n");
        let folder = folder(&[("scorecard.toml", SCORECARD), ("rows.csv", &csv)]);
        let arguments = ["-s", "scorecard.toml", "show", "-p", &period, "--where", &condition, "--", &selector];
        let session = run_in(folder.path(), &arguments);
        prop_assert!(!session.stderr.contains("panicked"));
        prop_assert!([0, 1, 2].contains(&session.exit));
    }
}
