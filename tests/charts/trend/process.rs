//! Limits and signals of a trend: as reports have them, as shares can have them, and explained where they are.

use std::collections::BTreeMap;

use super::{TARGET, assert_close, faults, number, small, specified};
use crate::session::goldthread_in;

/// What stands after the first of some words in a text, to the end of the clause or the tag.
fn after<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    text.split(words).nth(1)?.split(['<', ';']).next().map(str::trim)
}

#[test]
fn a_trend_and_the_reports_of_its_last_period_agree_on_limits_and_signals() {
    // Five years of months: a level for three, another for two, and at last a month that is neither.
    let value = |at: usize| if at == 59 { 90 } else { [20, 50][at / 36] + [3, 0, 5, 1, 4, 2, 6][at % 7] };
    let month = |at: usize| format!("{}-{:02}", 2022 + at / 12, at % 12 + 1);
    let rows: String = (0..60).map(|at| format!("{},north,{}\n", month(at), value(at))).collect();
    let folder = small(TARGET, &rows);
    let told = |arguments: &[&str]| goldthread_in(folder.path(), arguments).done();
    let mut signals = Vec::new();
    for (periods, last) in [
        ("2026-12", "2026-12"),
        ("2026-05", "2026-05"),
        ("last-12-months", "2026-12"),
        ("2026-10..2026-12", "2026-12"),
        ("2022-01..2026-12", "2026-12"),
        ("2026-Q4", "2026-Q4"),
        ("2025-Q1..2026-Q4", "2026-Q4"),
        ("2022-01..2022-06", "2022-06"),
    ] {
        let picture = told(&["chart", "trend", "faults", "-p", periods, "-O", "svg"]);
        let trace = told(&["trace", "faults", "-p", last]);
        let limits = after(&trace, "  limits ").and_then(|line| line.lines().next()).expect("limits").trim();
        let drawn = |word: &str| after(&picture, &format!(">\n{word} "));
        let drawn = drawn("Lower limit").zip(drawn("Upper limit"));
        let reported = limits.split_once(", centre ").and_then(|(edges, _)| edges.split_once(" to "));
        assert_eq!(drawn, reported, "{periods}: {limits}");
        assert_eq!(reported.is_none(), periods == "2022-01..2022-06", "{limits}");
        let report = told(&["show", "faults", "-p", last, "-O", "csv"]);
        let mut rows = csv::Reader::from_reader(report.as_bytes());
        let row: BTreeMap<String, String> = rows.deserialize().next().expect("a row").expect("a record");
        let told = picture.contains(&format!("above its upper limit in {last}"));
        assert_eq!(row["signal"].starts_with("above its upper limit in"), told, "{periods}: {}", row["signal"]);
        signals.push(told);
    }
    assert_eq!(signals[..5], [true, false, true, true, true]);
}

#[test]
fn limits_of_a_share_never_leave_the_scale_of_shares() {
    let values: Vec<(String, &str)> =
        (0..12).map(|at| (format!("2026-{:02}", at + 1), if at % 2 == 0 { "0.05" } else { "0.95" })).collect();
    let values: Vec<(&str, &str)> = values.iter().map(|(month, value)| (month.as_str(), *value)).collect();
    let limits = |unit: &str| {
        let rows: String = values.iter().map(|(month, value)| format!("{month},north,{value}\n")).collect();
        let folder = small("", &rows);
        let path = folder.path().join("scorecard.toml");
        let text = std::fs::read_to_string(&path).expect("a scorecard");
        std::fs::write(&path, text.replace("\"count\"", &format!("\"{unit}\""))).expect("a scorecard");
        let trend = specified(&path, &["faults"], "2026-01..2026-12", &[]).expect("a chart");
        let limits = trend.panels[0].limits[0].clone();
        [&limits.lower, &limits.centre, &limits.upper].map(number)
    };
    assert_eq!(limits("percent"), [0.0, 0.5, 1.0]);
    // Ranges of .9: 2.66 of them to either side of .5.
    for (found, expected) in limits("count").into_iter().zip([0.5 - 2.394, 0.5, 0.5 + 2.394]) {
        assert_close(found, expected, "a limit");
    }
}

#[test]
fn only_the_marks_that_are_there_are_explained() {
    let key = |last: &[&str]| {
        let steady = (last.len()..24).map(|at| if at % 2 == 0 { "98" } else { "102" });
        let values: Vec<&str> = steady.chain(last.iter().copied()).collect();
        let months: Vec<String> = (0..24).map(|at| format!("{}-{:02}", 2025 + at / 12, at % 12 + 1)).collect();
        let values: Vec<(&str, &str)> = months.iter().map(String::as_str).zip(values).collect();
        let notes = faults("", &values, "2025-01..2026-12").expect("a chart").heading.notes;
        let is_key = |note: &&String| note.to_lowercase().contains("diamonds") || note.to_lowercase().contains("rings");
        notes.iter().filter(is_key).cloned().collect::<Vec<String>>()
    };
    let (diamonds, rings) =
        ("iamonds lie beyond the limits (the band)", "ings are part of a pattern that noise hardly makes");
    assert_eq!(key(&[]), Vec::<String>::new());
    assert_eq!(key(&["120"]), [format!("D{diamonds}")]);
    let shift = ["104", "103", "104", "103", "104", "103", "104"];
    assert_eq!(key(&shift), [format!("R{rings}")]);
    assert_eq!(key(&[&shift[..], &["125"]].concat()), [format!("D{diamonds}; r{rings}")]);
}
