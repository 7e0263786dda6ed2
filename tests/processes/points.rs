//! What is no point of a process.

use serde_json::Value;

use super::SCORECARD;
use crate::session::{folder, goldthread_in};

#[test]
fn what_is_partial_late_or_rejected_is_no_point() {
    // By day, and the last month stops on its second: a figure of two days far under the limits is no signal.
    let days = |month: &str, count: u32| -> String {
        let last = if month.ends_with("-02") {
            28
        } else if ["-04", "-06", "-09", "-11"].iter().any(|m| month.ends_with(m)) {
            30
        } else {
            31
        };
        (1..=last.min(count)).map(|day| format!("{month}-{day:02},{}\n", if day == 1 { 10 } else { 3 })).collect()
    };
    let months: Vec<String> =
        (2025..2027).flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}"))).collect();
    let rows = |last: u32| -> String {
        let rows: String =
            months.iter().enumerate().map(|(index, month)| days(month, if index == 23 { last } else { 31 })).collect();
        format!("month,orders\n{rows}")
    };
    let run = |text: &str, arguments: &[&str]| {
        let folder = folder(&[("scorecard.toml", SCORECARD), ("sales.csv", text)]);
        let json = goldthread_in(folder.path(), &[&["show", "-O", "json"], arguments].concat()).stdout;
        serde_json::from_str::<Value>(&json).expect("JSON")["rows"][0].clone()
    };
    let part = run(&rows(2), &["-p", "2026-12"]);
    assert_eq!((part["actual"].as_f64(), part["caveat"].is_string()), (Some(13.0), true));
    assert_eq!((&part["variation"], &part["assurance"]), (&Value::Null, &Value::Null));
    // Said to be closed, the same two days are all there is of the month.
    let closed = run(&rows(2), &["-p", "2026-12", "--as-of", "2026-12"]);
    assert_eq!(closed["signal"], "below its lower limit in 2026-12");
    // A row that cannot be read leaves its month out.
    let broken = rows(31).replace("2026-12-01,10\n", "2026-12-01,x\n").replace("2026-12-02,3\n", "2026-12-02,9000\n");
    let rejected = run(&broken, &["--lenient", "-p", "2026-12"]);
    assert_eq!(
        (rejected["actual"].as_f64().map(|actual| actual > 9000.0), &rejected["variation"]),
        (Some(true), &Value::Null)
    );
}

#[test]
fn a_total_of_some_who_report_is_no_point_either() {
    let scorecard = SCORECARD
        .replace(
            "period = \"month\"",
            "period = \"month\"\ndimensions = [\"region\"]\nroster = { region = [\"a\", \"b\", \"c\", \"n\", \"s\"] }",
        )
        .replace("sum(orders)\"\nunit = \"orders\"", "sum(orders) / count(*)\"\nunit = \"orders\"");
    let months = (2025..2027).flat_map(|year| (1..=12).map(move |month| (year, month)));
    let rows: String = months
        .flat_map(|(year, month)| ["a", "b", "c", "n", "s"].map(|region| (year, month, region)))
        .filter(|(year, month, region)| (*year, *month, *region) != (2026, 12, "s"))
        .map(|(year, month, region)| {
            let value = if (year, month) == (2026, 12) { 900 } else { 98 + 4 * (month % 2) };
            format!("{year}-{month:02},{region},{value}\n")
        })
        .collect();
    let folder = folder(&[("scorecard.toml", &scorecard), ("sales.csv", &format!("month,region,orders\n{rows}"))]);
    let json = goldthread_in(folder.path(), &["show", "-O", "json", "-p", "2026-12"]).done();
    let row = serde_json::from_str::<Value>(&json).expect("JSON")["rows"][0].clone();
    // A mean of those who reported is held against its target, and is no point of the process all the same.
    assert_eq!((row["actual"].as_f64(), &row["variation"]), (Some(900.0), &Value::Null));
    assert_eq!(row["status"], "on-target");
}
