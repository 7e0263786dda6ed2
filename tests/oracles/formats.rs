//! One report, three forms: JSON, CSV and the table hold the same numbers.
//!
//! What JSON says is taken as it stands; CSV must repeat it to the digit, the table must be it rounded
//! half away from zero, with the rounding done here in integers.

use std::path::PathBuf;
use std::sync::LazyLock;

use goldthread::scorecard::{load, resolve};
use serde_json::Value;

use super::program::{Fraction, Rows, digits, root, show, stdout, text};

const REPORTS: [(&str, &[&str]); 8] = [
    ("subscription", &[]),
    ("subscription", &["-p", "2026-Q3"]),
    ("subscription", &["-p", "last-3-months"]),
    ("subscription", &["--by", "region"]),
    ("subscription", &["-p", "2026-09", "--where", "region = 'north'"]),
    ("transit", &[]),
    ("transit", &["-p", "2010-12"]),
    ("transit", &["-Y", "-p", "2010"]),
];

/// What JSON says of each report; read once, for all the tests here.
static JSON: LazyLock<Vec<Rows>> =
    LazyLock::new(|| REPORTS.iter().map(|(name, arguments)| show(&scorecard(name), arguments)).collect());

fn scorecard(name: &str) -> PathBuf {
    root().join("scorecards").join(format!("{name}.toml"))
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        number => digits(number).expect("a number"),
    }
}

#[test]
fn csv_repeats_json_to_the_digit() {
    for ((name, arguments), rows) in REPORTS.into_iter().zip(JSON.iter()) {
        let all: Vec<&str> = ["show", "-O", "csv"].iter().chain(arguments).copied().collect();
        let written = stdout(&scorecard(name), &all);
        let mut reader = csv::Reader::from_reader(written.as_bytes());
        let header: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
        let records: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("a record")).collect();
        assert_eq!(records.len(), rows.0.len(), "{name} {arguments:?}");
        assert!(!records.is_empty(), "{name} {arguments:?}");
        for (record, row) in records.iter().zip(&rows.0) {
            let columns: Vec<&String> = row.keys().collect();
            assert_eq!(columns, header.iter().collect::<Vec<_>>(), "{name} {arguments:?}");
            for (column, found) in header.iter().zip(record) {
                assert_eq!(found, cell(&row[column]), "{column} of {} in {name} {arguments:?}", row["id"]);
            }
        }
    }
}

/// Variance and change are the differences of the numbers printed beside them.
#[test]
fn differences_tie_to_the_numbers_beside_them() {
    let mut tied = 0;
    for ((name, arguments), rows) in REPORTS.into_iter().zip(JSON.iter()) {
        for row in &rows.0 {
            for (difference, other) in [("variance", "target"), ("change", "prior")] {
                // The variance from a range is from its nearer edge, tested with the statuses.
                if difference == "variance" && row["target_high"].is_number() {
                    continue;
                }
                let (Some(difference), Value::Number(other)) = (digits(&row[difference]), &row[other]) else {
                    continue;
                };
                let decimal = |text: &str| text.parse::<rust_decimal::Decimal>().unwrap_or_else(|_| panic!("{text}"));
                let actual = decimal(&digits(&row["actual"]).expect("an actual"));
                let expected = (actual - decimal(&other.to_string())).normalize().to_string();
                assert_eq!(difference, expected, "{} in {name} {arguments:?}", row["id"]);
                tied += 1;
            }
        }
    }
    assert!(tied > 300, "{tied}");
}

/// `1234567.5` is `1,234,567.5`, and a minus is a true one.
fn grouped(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("−", digits));
    let (whole, fraction) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut out = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    format!("{sign}{out}{fraction}")
}

/// The first word after a metric's name, on each of its lines.
fn shown_actuals(table: &str, name: &str) -> Vec<String> {
    let first_word = |line: &str| {
        let line = line.trim_start_matches(['│', '├', '└', '─', ' ']);
        let rest = line.strip_prefix(name)?;
        // Two blanks: `Customers who complained` is not `Customers`.
        if !rest.starts_with("  ") && !rest.starts_with(" ↑") {
            return None;
        }
        rest.trim_start_matches([' ', '↑']).split_whitespace().next().map(str::to_owned)
    };
    let rows = table.lines().take_while(|line| !line.starts_with("Watermelon") && !line.starts_with('—'));
    rows.filter_map(first_word).collect()
}

#[test]
fn the_table_shows_json_rounded_half_away_from_zero() {
    let mut compared = 0;
    // The table of several periods or segments has another shape.
    for index in [0, 1, 4, 5, 6, 7] {
        let (name, arguments) = REPORTS[index];
        let loaded = load(&scorecard(name));
        let checked = resolve(&loaded).expect("a sound scorecard");
        let all: Vec<&str> = ["show"].iter().chain(arguments).copied().collect();
        let table = stdout(&scorecard(name), &all);
        for row in &JSON[index].0 {
            let decimals = checked.metric(checked.find(text(&row["id"])).expect("the metric")).shown_decimals();
            let expected = digits(&row["actual"]).map_or_else(
                || "—".to_owned(),
                |actual| {
                    let actual = Fraction::parse(&actual);
                    let scale = if row["unit"].as_str() == Some("percent") { 100 } else { 1 };
                    grouped(&Fraction::new(actual.numerator * scale, actual.denominator).rounded(decimals))
                },
            );
            let shown = shown_actuals(&table, text(&row["name"]));
            assert!(!shown.is_empty(), "{} stands nowhere in {name} {arguments:?}", row["name"]);
            for shown in shown {
                assert_eq!(shown, expected, "{} in {name} {arguments:?}", row["name"]);
                compared += 1;
            }
        }
    }
    assert!(compared > 250, "{compared}");
}

#[test]
fn the_oracle_rounds_and_groups_as_people_do() {
    for (text, decimals, expected) in [
        ("0.125", 2, "0.13"),
        ("-0.125", 2, "−0.13"),
        ("1234567.5", 0, "1,234,568"),
        ("-0.004", 2, "0.00"),
        ("999.95", 1, "1,000.0"),
    ] {
        assert_eq!(grouped(&Fraction::parse(text).rounded(decimals)), expected);
    }
}
