//! Figures that are partial, provisional, rest on rejected cells, or have stopped: what they are, how they
//! are marked, and what they are never compared with.

use std::collections::BTreeMap;

use goldthread::evaluate::{CaveatKind, Evaluation, Figure, Processes, Reader, evaluate};
use goldthread::metric::Scorecard;
use goldthread::number::Number;
use goldthread::observe::{Manner, Observations, observe};
use goldthread::period::Period;
use goldthread::plan::{Plan, plan};
use goldthread::render::{self, Palette};
use goldthread::scorecard::{load, resolve};
use goldthread::view;
use serde_json::Value;
use tempfile::TempDir;

use crate::session::{folder, goldthread_in};
use crate::sessions::golden;

const DAILY: &str = r#"
[scorecard]
title = "Calls of a month not yet over"
[sources.calls]
path = "calls.csv"
period = "day"
dimensions = ["region"]
[sources.bills]
path = "bills.csv"
period = "month"
[goals.goal]
name = "Goal"
sponsor = "Chief Customer Officer"
[metrics.handled]
name = "Calls handled"
source = "calls"
value = "sum(handled)"
unit = "count"
better = "higher"
target = 100
drives = ["goal"]
[metrics.waiting]
name = "Calls waiting"
source = "calls"
value = "last(waiting)"
unit = "count"
drives = ["goal"]
[metrics.billed]
name = "Billed"
source = "bills"
value = "sum(amount)"
unit = "EUR"
better = "higher"
target = 100
drives = ["goal"]
[metrics.per_call]
name = "Billed per call"
value = "billed / handled"
unit = "EUR"
drives = ["goal"]
[metrics.share]
name = "Handled of waiting"
value = "handled / waiting"
unit = "percent"
drives = ["goal"]
[metrics.growth]
name = "Growth of calls"
value = "handled - previous(handled)"
unit = "count"
drives = ["goal"]
[metrics.before]
name = "Calls a month ago"
value = "previous(handled)"
unit = "count"
drives = ["goal"]
[metrics.quarterly]
name = "Calls of three months"
value = "trailing(handled, 3)"
unit = "count"
drives = ["goal"]
"#;

/// Two regions handle one call a day each, from a day of January to a day of March 2026.
fn calls(first: (i8, i8), last: (i8, i8)) -> TempDir {
    let days = (1..=31).map(|day| (1, day)).chain((1..=28).map(|day| (2, day))).chain((1..=31).map(|day| (3, day)));
    let rows: String = days
        .filter(|day| first <= *day && *day <= last)
        .flat_map(|(month, day)| ["n", "s"].map(|region| format!("2026-{month:02}-{day:02},{region},1,{day}\n")))
        .collect();
    let bills = "month,amount\n2026-01,124\n2026-02,112\n2026-03,100\n";
    let calls = format!("day,region,handled,waiting\n{rows}");
    folder(&[("scorecard.toml", DAILY), ("calls.csv", &calls), ("bills.csv", bills)])
}

fn run(folder: &TempDir, arguments: &[&str]) -> String {
    goldthread_in(folder.path(), arguments).done()
}

fn rows(folder: &TempDir, arguments: &[&str]) -> Vec<Value> {
    let report: Value =
        serde_json::from_str(&run(folder, &[&["show", "-O", "json"], arguments].concat())).expect("JSON");
    report["rows"].as_array().expect("rows").clone()
}

/// The row of a metric as a whole.
fn row(folder: &TempDir, id: &str, arguments: &[&str]) -> Value {
    let rows = rows(folder, arguments);
    rows.iter().find(|row| row["id"] == id && row["level"] != "channel").unwrap_or_else(|| panic!("no {id}")).clone()
}

/// Some columns of a row, as JSON writes them.
fn cells(row: &Value, columns: &[&str]) -> Vec<String> {
    columns.iter().map(|column| row[*column].to_string()).collect()
}

#[test]
fn a_partial_month_in_every_output() {
    let march = calls((1, 1), (3, 12));
    golden("time/partial-80.txt", &run(&march, &["show", "-p", "2026-03", "--width", "80"]));
    golden("time/partial-160.txt", &run(&march, &["show", "-p", "2026-03", "--width", "160"]));
    golden("time/partial-range.txt", &run(&march, &["show", "-p", "2026-01..2026-03", "--width", "100"]));
    golden("time/partial.csv", &run(&march, &["show", "-p", "2026-03", "-O", "csv"]));
    golden("time/partial.md", &run(&march, &["show", "-p", "2026-03", "-O", "markdown"]));
    golden("time/partial-thread.txt", &run(&march, &["thread", "goal", "-p", "2026-03", "--width", "100"]));
    golden("time/partial-trace.txt", &run(&march, &["trace", "handled", "growth", "-p", "2026-03"]));
}

#[test]
fn coarser_windows_and_definitions_are_as_partial_as_what_they_are_built_from() {
    let march = calls((1, 1), (3, 12));
    // (31 + 28 + 12) days of two calls: the quarter, the year to date and the trailing three months.
    let quarter = row(&march, "handled", &["-p", "2026-Q1"]);
    let partial = "\"partial: 71 of 90 days of `calls`, to 2026-03-12\"";
    assert_eq!(cells(&quarter, &["actual", "target", "caveat"]), ["142", "null", partial]);
    let month = row(&march, "handled", &["-p", "2026-03"]);
    assert_eq!(cells(&month, &["actual", "ytd"]), ["24", "142"]);
    assert_eq!(cells(&row(&march, "quarterly", &["-p", "2026-03"]), &["actual", "caveat"]), ["142", partial]);
    // Both of the same twelve days: 24 of 24.
    let share = row(&march, "share", &["-p", "2026-03"]);
    assert_eq!(cells(&share, &["numerator", "denominator", "actual", "change"]), ["24", "24", "1", "null"]);
    assert_eq!(share["caveat"], "partial: 12 of 31 days of `calls`, to 2026-03-12");
    // A month's bills over twelve days' calls are no price of anything.
    let price = row(&march, "per_call", &["-p", "2026-03"]);
    let reason = "Calls handled and Billed are not of the same days, partial: 12 of 31 days of `calls`, to 2026-03-12";
    assert_eq!((&price["actual"], price["reason"].as_str()), (&Value::Null, Some(reason)));
    assert_eq!(cells(&row(&march, "per_call", &["-p", "2026-02"]), &["actual"]), ["2"]);
    // The closing moment there is: both regions on the twelfth.
    assert_eq!(cells(&row(&march, "waiting", &["-p", "2026-03"]), &["actual", "prior"]), ["24", "null"]);
    // Only the past: whole. Past and present: a comparison, refused.
    assert_eq!(cells(&row(&march, "before", &["-p", "2026-03"]), &["actual", "caveat"]), ["56", "null"]);
    let growth = row(&march, "growth", &["-p", "2026-03"]);
    let reason =
        "Calls handled is not compared with the period before, partial: 12 of 31 days of `calls`, to 2026-03-12";
    assert_eq!((&growth["actual"], growth["reason"].as_str()), (&Value::Null, Some(reason)));
    let april = row(&march, "before", &["-p", "2026-04"]);
    assert_eq!(cells(&april, &["actual", "change"]), ["24", "null"]);
    assert_eq!(april["caveat"], "partial: 12 of 31 days of `calls`, to 2026-03-12");
}

#[test]
fn a_source_that_begins_inside_a_month_makes_that_month_partial_and_the_next_one_without_change() {
    let late = calls((1, 15), (3, 31));
    let january = row(&late, "handled", &["-p", "2026-01"]);
    assert_eq!(cells(&january, &["actual", "target"]), ["34", "null"]);
    assert_eq!(january["caveat"], "partial: 17 of 31 days of `calls`, from 2026-01-15");
    assert_eq!(january["reason"], "the period is partial");
    let february = row(&late, "handled", &["-p", "2026-02"]);
    assert_eq!(cells(&february, &["actual", "prior", "change"]), ["56", "null", "null"]);
    // The month is whole; only its year to date is not.
    assert_eq!(
        february["caveat"],
        "year to date partial: 45 of 59 days of `calls`, from 2026-01-15; \
         period before absent: not compared, partial: 17 of 31 days of `calls`, from 2026-01-15"
    );
    let trace = run(&late, &["trace", "handled", "-p", "2026-02"]);
    let told = "the period before    — not compared, partial: 17 of 31 days of `calls`, from 2026-01-15";
    assert!(trace.contains(told), "{trace}");
    // Neither end closes what was never begun.
    let closed = row(&late, "handled", &["-p", "2026-01", "--as-of", "2026-03"]);
    assert_eq!(closed["caveat"], january["caveat"]);
}

#[test]
fn a_gap_in_the_middle_stays_absent() {
    let folder = calls((1, 1), (3, 12));
    let path = folder.path().join("calls.csv");
    let text = std::fs::read_to_string(&path).expect("the calls");
    let without: String =
        text.lines().filter(|line| !line.starts_with("2026-02")).map(|line| format!("{line}\n")).collect();
    std::fs::write(&path, without).expect("the calls");
    let quarter = row(&folder, "handled", &["-p", "2026-Q1"]);
    assert_eq!((&quarter["actual"], &quarter["caveat"]), (&Value::Null, &Value::Null));
    assert_eq!(quarter["reason"], "2 of 3 months reported, 2026-02 is missing");
}

#[test]
fn the_trend_skips_what_is_partial() {
    let march = calls((1, 1), (3, 12));
    let shown = run(&march, &["show", "handled", "-p", "2026-03", "--width", "160"]);
    assert!(shown.contains("·········█▁·"), "{shown}");
}

const SALES: &str = r#"
[scorecard]
title = "A late department"
[sources.sales]
path = "sales.csv"
period = "month"
dimensions = ["dept", "channel"]
roster = "dept"
[sources.heads]
path = "heads.csv"
period = "month"
[goals.goal]
name = "Goal"
sponsor = "Chief Customer Officer"
[metrics.revenue]
name = "Revenue"
source = "sales"
value = "sum(amount)"
unit = "EUR"
better = "higher"
target = 250
drives = ["goal"]
[metrics.good]
name = "Good share"
source = "sales"
value = "sum(good) / sum(amount)"
unit = "percent"
better = "higher"
target = 0.6
drives = ["goal"]
[metrics.balance]
name = "Balance"
source = "sales"
value = "last(amount)"
unit = "EUR"
[metrics.retail]
name = "Retail"
source = "sales"
value = "sum(amount)"
where = "dept = 'retail'"
unit = "EUR"
better = "higher"
target = 100
drives = ["goal"]
[metrics.tax]
name = "Tax"
value = "revenue * 0.2"
unit = "EUR"
better = "lower"
target = 60
drives = ["goal"]
[metrics.per_head]
name = "Revenue per head"
value = "revenue / heads"
unit = "EUR"
better = "higher"
target = 10
[metrics.heads]
name = "Heads"
source = "heads"
value = "last(heads)"
unit = "count"
[metrics.twice]
name = "Twice the good share"
value = "good_amount / revenue * 2"
unit = "ratio"
better = "higher"
target = 1
[metrics.good_amount]
name = "Good amount"
source = "sales"
value = "sum(good)"
unit = "EUR"
[metrics.growth]
name = "Growth"
value = "revenue - previous(revenue)"
unit = "EUR"
drives = ["goal"]
"#;

const SOLD: &str = "month,dept,channel,amount,good
2025-01,retail,web,100,50
2025-01,online,web,80,40
2025-01,b2b,phone,60,60
2025-01,field,phone,20,5
2025-02,retail,web,108,54
2025-02,online,web,90,45
2025-02,field,phone,18,9
2025-03,retail,web,110,55
2025-03,online,web,90,45
2025-03,b2b,phone,70,56
2025-03,field,phone,18,9
";

fn sales(roster: &str, sold: &str) -> TempDir {
    let scorecard = SALES.replace("roster = \"dept\"", roster);
    let heads = "month,heads\n2025-01,26\n2025-02,27\n2025-03,24\n";
    folder(&[("scorecard.toml", &scorecard), ("sales.csv", sold), ("heads.csv", heads)])
}

#[test]
fn a_late_department_in_every_output() {
    let sales = sales("roster = \"dept\"", SOLD);
    golden("time/late-80.txt", &run(&sales, &["show", "-p", "2025-02", "--width", "80"]));
    golden("time/late-160.txt", &run(&sales, &["show", "-p", "2025-02", "--width", "160"]));
    golden("time/late-after.txt", &run(&sales, &["show", "-p", "2025-03", "--width", "120"]));
    golden("time/late-range.txt", &run(&sales, &["show", "-p", "2025-01..2025-03", "--width", "100"]));
    golden("time/late-by.txt", &run(&sales, &["show", "-p", "2025-02", "--by", "channel", "--width", "120"]));
    // With less coverage asked for, the goal has a score, and it rests on what is provisional.
    let scored = format!("[scoring]\nmin_coverage = 0.3\n{SALES}");
    std::fs::write(sales.path().join("scored.toml"), scored).expect("a scorecard");
    let arguments = ["-s", "scored.toml", "show", "goal", "good", "-p", "2025-02", "--width", "120"];
    golden("time/late-scored.txt", &run(&sales, &arguments));
    golden("time/late-scored.md", &run(&sales, &[&arguments[..], &["-O", "markdown"]].concat()));
    golden("time/late.csv", &run(&sales, &["show", "-p", "2025-02", "-O", "csv"]));
    golden("time/late.md", &run(&sales, &["show", "-p", "2025-02", "-O", "markdown"]));
    golden("time/late-thread.txt", &run(&sales, &["thread", "goal", "-p", "2025-02", "--width", "100"]));
    golden("time/late-trace.txt", &run(&sales, &["trace", "revenue", "good", "-p", "2025-02"]));
}

#[test]
fn a_provisional_total_is_compared_like_for_like_and_held_against_no_target() {
    let sales = sales("roster = \"dept\"", SOLD);
    let columns = ["actual", "prior", "change", "target", "status"];
    // 108 + 90 + 18 against 100 + 80 + 20.
    let february = row(&sales, "revenue", &["-p", "2025-02"]);
    assert_eq!(cells(&february, &columns), ["216", "200", "16", "null", "\"no-target\""]);
    assert_eq!(february["reason"], "the value is provisional");
    // The definition too, at a fifth; and what looks back is refused.
    let tax = row(&sales, "tax", &["-p", "2025-02"]);
    assert_eq!(cells(&tax, &columns), ["43.2", "40", "3.2", "null", "\"no-target\""]);
    assert_eq!(row(&sales, "growth", &["-p", "2025-02"])["actual"], Value::Null);
    // A rate is held against its target: 108 of 216; its change is that of the three: 95 of 200 before.
    let good = row(&sales, "good", &["-p", "2025-02"]);
    assert_eq!(cells(&good, &columns), ["0.5", "0.475", "0.025", "0.6", "\"off-target\""]);
    // A rate of two totals of the same three is like one measured: 108 of 216, twice.
    let twice = row(&sales, "twice", &["-p", "2025-02"]);
    assert_eq!(cells(&twice, &columns), ["1", "0.95", "0.05", "1", "\"on-target\""]);
    // Three departments' revenue over four departments' heads is not.
    let per_head = row(&sales, "per_head", &["-p", "2025-02"]);
    assert_eq!(cells(&per_head, &["actual", "target", "change", "status"]), ["8", "null", "null", "\"no-target\""]);
    assert_eq!(per_head["caveat"], "provisional: 3 of 4 reported in `sales`, unlike other inputs, late: b2b");
    // The month after: all four, but its change is over the three of both months.
    let march = row(&sales, "revenue", &["-p", "2025-03"]);
    assert_eq!(cells(&march, &columns), ["288", "216", "2", "250", "\"on-target\""]);
    assert_eq!(
        march["caveat"],
        "period before provisional: 3 of 4 reported in `sales` (76.92 % by prior value), late: b2b; \
         year to date provisional: 6 of 7 reports in `sales`, late: b2b"
    );
    // The quarter holds the month that lacks one; its closing balance does not.
    let quarter = row(&sales, "revenue", &["-p", "2025-Q1"]);
    assert_eq!(cells(&quarter, &["actual", "target"]), ["764", "null"]);
    assert_eq!(quarter["caveat"], "provisional: 6 of 7 reports in `sales`, late: b2b");
    assert_eq!(cells(&row(&sales, "balance", &["-p", "2025-Q1"]), &["actual", "caveat"]), ["288", "null"]);
}

#[test]
fn stretches_of_time_that_are_not_whole_and_final_make_no_quotient_and_no_difference() {
    let more = r#"
[metrics.year]
name = "Of three months"
value = "revenue / trailing(revenue, 3) * 3"
unit = "ratio"
better = "higher"
target = 1
[metrics.three]
name = "Three months"
value = "trailing(revenue, 3)"
unit = "EUR"
[metrics.nested]
name = "Of three months, in two steps"
value = "revenue / three * 3"
unit = "ratio"
[metrics.better]
name = "Better share"
value = "good - previous(good)"
unit = "percent"
[metrics.faster]
name = "Relative share"
value = "good / previous(good)"
unit = "ratio"
[metrics.lengths]
name = "Two lengths"
value = "trailing(revenue, 2) / trailing(revenue, 3)"
unit = "ratio"
"#;
    let sales = sales("roster = \"dept\"", &SOLD.replace("2025-", "2026-"));
    let path = sales.path().join("sales.csv");
    let sold = std::fs::read_to_string(&path).expect("the sales");
    let december =
        sold.lines().filter(|line| line.starts_with("2026-01")).map(|line| line.replace("2026-01", "2025-12"));
    let december: String = december.map(|line| line + "\n").collect();
    std::fs::write(&path, format!("{sold}{december}")).expect("the sales");
    std::fs::write(sales.path().join("scorecard.toml"), format!("{SALES}{more}")).expect("a scorecard");
    for (id, input, with) in [
        ("year", "Revenue", "other periods"),
        ("nested", "Revenue", "the period before"),
        ("better", "Good share", "the period before"),
        ("faster", "Good share", "the period before"),
        ("lengths", "Revenue", "other periods"),
    ] {
        // As of the month in which one is late, and of the one after it.
        for month in ["2026-02", "2026-03"] {
            let row = row(&sales, id, &["-p", month]);
            assert_eq!(cells(&row, &["actual", "change", "score", "status"])[..3], ["null"; 3], "{id} {month}");
            let reason = format!("{input} is not compared with {with}, provisional: ");
            let late = row["reason"].as_str().is_some_and(|text| text.contains("late: b2b"));
            let told = row["reason"].as_str().is_some_and(|text| id == "nested" || text.starts_with(&reason));
            assert!(late && told, "{id} {month}: {row}");
        }
    }
    // Where all have reported, it is what it always was.
    let january = row(&sales, "better", &["-p", "2026-01"]);
    assert_eq!(cells(&january, &["actual", "caveat"]), ["0", "null"]);
}

#[test]
fn what_grows_with_the_days_is_of_the_same_days() {
    let scorecard = DAILY.replace(
        "[metrics.share]",
        r#"[metrics.open]
name = "Share open"
source = "calls"
value = "avg(waiting)"
unit = "ratio"
[metrics.profit]
name = "Profit"
value = "handled * open"
unit = "count"
[metrics.undone]
name = "Undone"
value = "handled / open"
unit = "count"
[metrics.profit_rate]
name = "Profit rate"
value = "profit / billed"
unit = "ratio"
[metrics.undone_rate]
name = "Undone rate"
value = "undone / billed"
unit = "ratio"
[metrics.month]
name = "Of three months"
value = "handled - trailing(handled, 3) / 3"
unit = "count"
[metrics.share]"#,
    );
    let march = calls((1, 1), (3, 12));
    std::fs::write(march.path().join("scorecard.toml"), scorecard).expect("a scorecard");
    let because = "partial: 12 of 31 days of `calls`, to 2026-03-12";
    for (id, reason) in [
        ("profit_rate", "Profit and Billed are not of the same days"),
        ("undone_rate", "Undone and Billed are not of the same days"),
        ("month", "Calls handled is not compared with other periods"),
    ] {
        let row = row(&march, id, &["-p", "2026-03"]);
        assert_eq!((&row["actual"], &row["change"]), (&Value::Null, &Value::Null), "{id}");
        assert_eq!(row["reason"].as_str(), Some(format!("{reason}, {because}").as_str()));
    }
}

#[test]
fn two_sources_that_lack_the_same_members_are_alike() {
    let source = |name: &str| {
        format!(
            "[sources.{name}]\npath = \"{name}.csv\"\nperiod = \"month\"\ndimensions = [\"dept\"]\nroster = \"dept\"\n"
        )
    };
    let metric = |name: &str| format!("{name} = {{ source = \"{name}\", value = \"sum(n)\", unit = \"count\" }}\n");
    let scorecard = format!(
        "{}{}[metrics]\n{}{}each = {{ value = \"calls / orders\", unit = \"ratio\", better = \"higher\", target = 2 }}\n",
        source("calls"),
        source("orders"),
        metric("calls"),
        metric("orders")
    );
    let rows = |n: u32, late: &str| {
        let all = ["2026-01,a", "2026-01,b", "2026-01,c", "2026-02,a", "2026-02,b", "2026-02,c"];
        let rows = all.iter().filter(|row| **row != format!("2026-02,{late}"));
        rows.fold("month,dept,n\n".to_owned(), |text, row| format!("{text}{row},{n}\n"))
    };
    for (late, status, mixed) in [("c", "\"on-target\"", false), ("b", "\"no-target\"", true)] {
        let folder =
            folder(&[("scorecard.toml", &scorecard), ("calls.csv", &rows(2, "c")), ("orders.csv", &rows(1, late))]);
        let each = row(&folder, "each", &["-p", "2026-02"]);
        assert_eq!(cells(&each, &["actual", "status"]), ["2", status]);
        assert_eq!(each["caveat"].as_str().expect("a caveat").contains("unlike other inputs"), mixed);
    }
}

#[test]
fn who_is_late_is_asked_of_the_rows_that_count() {
    let sales = sales("roster = \"dept\"", SOLD);
    // Another department's lateness is no concern of the retail shops, nor of a report without it.
    assert_eq!(
        cells(&row(&sales, "retail", &["-p", "2025-02"]), &["change", "caveat", "status"]),
        ["8", "null", "\"on-target\""]
    );
    let without = row(&sales, "revenue", &["-p", "2025-02", "--where", "dept <> 'b2b'"]);
    assert_eq!(cells(&without, &["actual", "change", "caveat"]), ["216", "16", "null"]);
    let by: Vec<Value> = rows(&sales, &["revenue", "-p", "2025-02", "--by", "channel"]);
    let of = |channel: &str| by.iter().find(|row| row["channel"] == channel).expect("a row a channel").clone();
    assert_eq!(cells(&of("web"), &["actual", "change", "caveat"]), ["198", "18", "null"]);
    // Half of those who sell by phone: too few to say anything.
    assert_eq!(of("phone")["actual"], Value::Null);
    assert_eq!(of("phone")["reason"], "insufficient: 1 of 2 reported in `sales`, 60 % is the least, late: b2b");
    for row in rows(&sales, &["revenue", "-p", "2025-02", "--by", "dept"]).iter().filter(|row| row["level"] == "dept") {
        assert_eq!(row["caveat"], Value::Null, "{row}");
    }
}

#[test]
fn a_declared_roster_expects_those_who_never_reported() {
    let declared = sales("roster = { dept = [\"retail\", \"online\", \"b2b\", \"field\", \"partners\"] }", SOLD);
    let february = row(&declared, "revenue", &["-p", "2025-02"]);
    assert_eq!(
        february["caveat"],
        // What the partners would have been is known of no month.
        "provisional: 3 of 5 reported in `sales`, like for like +8.00 %, late: b2b and partners; \
         year to date provisional: 7 of 10 reports in `sales`, late: b2b and partners"
    );
    let fewer = sales("roster = { dept = [\"b2b\", \"partners\", \"retail\"] }", SOLD);
    let february = row(&fewer, "revenue", &["-p", "2025-02"]);
    assert_eq!(february["actual"], Value::Null);
    let reason = "insufficient: 1 of 3 reported in `sales`, 60 % is the least, late: b2b and partners";
    assert_eq!((february["reason"].as_str(), february["status"].as_str()), (Some(reason), Some("no-data")));
    // What is absent for that reason still says what it was: all five never were there, so never.
    let trace = run(&fewer, &["trace", "revenue", "-p", "2025-02"]);
    assert!(!trace.contains("last known"), "{trace}");
}

#[test]
fn a_roster_of_which_nobody_is_late_changes_no_byte() {
    let all: String =
        SOLD.lines().filter(|line| !line.starts_with("2025-02")).map(|line| format!("{line}\n")).collect();
    let all = all.replace("2025-03", "2025-02");
    let declared = "roster = { dept = [\"retail\", \"online\", \"b2b\", \"field\"] }";
    for arguments in [&["-O", "json"][..], &["-O", "csv", "--by", "channel"], &["-p", "2025-01..2025-02"]] {
        let shown = ["", "roster = \"dept\"", declared]
            .map(|roster| run(&sales(roster, &all), &[&["show"], arguments].concat()));
        assert!(shown.iter().all(|one| *one == shown[0]), "{arguments:?}");
    }
}

#[test]
fn a_stock_is_provisional_by_who_is_there_at_its_moment() {
    let scorecard = "[scorecard]\ntitle = \"Stock\"\n[sources.rows]\npath = \"rows.csv\"\nperiod = \"day\"\n\
        dimensions = [\"region\"]\nroster = \"region\"\n[metrics]\n\
        stock = { source = \"rows\", value = \"last(n)\", unit = \"count\" }\n\
        flow = { source = \"rows\", value = \"sum(n)\", unit = \"count\" }\n";
    // South falls silent on the 30th of January: its flow is there, its closing stock is not.
    let rows = "day,region,n\n2026-01-01,n,1\n2026-01-01,s,5\n2026-01-01,w,1\n2026-01-30,s,5\n2026-01-31,n,2\n\
        2026-01-31,w,2\n";
    let folder = folder(&[
        ("scorecard.toml", &scorecard.replace("roster = \"region\"", "roster = { region = [\"n\", \"s\", \"w\"] }")),
        ("rows.csv", rows),
    ]);
    let stock = row(&folder, "stock", &["-p", "2026-01"]);
    assert_eq!(cells(&stock, &["actual", "caveat"]), ["4", "\"provisional: 2 of 3 reported in `rows`, late: s\""]);
    // It has been silent for longer before, so its flow is not yet late.
    assert_eq!(cells(&row(&folder, "flow", &["-p", "2026-01"]), &["actual", "caveat"]), ["16", "null"]);
}

/// Calls by day of three regions, of which west falls silent on the twelfth of March.
fn silent(roster: &str) -> TempDir {
    let scorecard = format!(
        "[scorecard]\ntitle = \"Silent\"\n[sources.calls]\npath = \"calls.csv\"\nperiod = \"day\"\n\
        dimensions = [\"region\"]\n{roster}\n[metrics]\n\
        calls = {{ source = \"calls\", value = \"sum(n)\", unit = \"count\", better = \"higher\", target = 80 }}\n\
        west = {{ source = \"calls\", value = \"sum(n)\", where = \"region = 'west'\", unit = \"count\" }}\n\
        waiting = {{ source = \"calls\", value = \"last(n)\", unit = \"count\" }}\n"
    );
    let days = (1..=28).map(|day| (2, day)).chain((1..=31).map(|day| (3, day)));
    let rows = days.flat_map(|(month, day)| {
        let regions = if (month, day) > (3, 12) { vec!["north", "south"] } else { vec!["north", "south", "west"] };
        regions.into_iter().map(move |region| format!("2026-{month:02}-{day:02},{region},1\n")).collect::<Vec<_>>()
    });
    let rows: String = rows.collect();
    folder(&[("scorecard.toml", &scorecard), ("calls.csv", &format!("day,region,n\n{rows}"))])
}

#[test]
fn who_stops_inside_a_month_in_which_others_go_on_is_late() {
    let declared = "roster = { region = [\"north\", \"south\", \"west\"] }";
    for roster in ["roster = \"region\"", declared] {
        let folder = silent(roster);
        // North and south: 62 against 56.
        let march = row(&folder, "calls", &["-p", "2026-03"]);
        assert_eq!(cells(&march, &["actual", "prior", "change", "target"]), ["74", "56", "6", "null"], "{roster}");
        let late = "provisional: 2 of 3 reported in `calls`, like for like +10.71 %, late: west";
        assert_eq!(march["caveat"].as_str().and_then(|text| text.split(';').next()), Some(late));
        // A part is partial as a whole source would be, by whichever way it is asked for.
        let partial = "partial: 12 of 31 days of `calls`, to 2026-03-12";
        let by = rows(&folder, &["calls", "-p", "2026-03", "--by", "region"]);
        let of = |region: &str| by.iter().find(|row| row["region"] == region).expect("a row a region").clone();
        assert_eq!(cells(&of("west"), &["actual", "change"]), ["12", "null"]);
        assert_eq!(cells(&of("north"), &["actual", "change", "caveat"]), ["31", "3", "null"]);
        let asked = row(&folder, "calls", &["-p", "2026-03", "--where", "region = 'west'"]);
        for row in [of("west"), asked, row(&folder, "west", &["-p", "2026-03"])] {
            assert!(row["caveat"].as_str().is_some_and(|text| text.starts_with(partial)), "{row}");
        }
        // The month before was whole, and so is one that was closed.
        let february = row(&folder, "calls", &["-p", "2026-02"]);
        assert_eq!(cells(&february, &["actual", "caveat"]), ["84", "null"]);
        let closed = row(&folder, "calls", &["-p", "2026-03", "--as-of", "2026-03"]);
        assert_eq!(cells(&closed, &["actual", "change", "caveat"]), ["74", "-10", "null"]);
    }
}

#[test]
fn who_begins_inside_a_month_is_late_where_it_was_declared_and_never_compared() {
    for (roster, caveat) in [
        ("roster = \"region\"", "null"),
        (
            "roster = { region = [\"north\", \"south\", \"west\"] }",
            "\"provisional: 2 of 3 reported in `calls`, late: west\"",
        ),
    ] {
        let folder = silent(roster);
        let path = folder.path().join("calls.csv");
        let rows = std::fs::read_to_string(&path).expect("the calls");
        let late = |line: &&str| !line.contains("west") || *line >= "2026-02-20" && *line < "2026-03";
        let rows: String = rows.lines().filter(late).map(|line| format!("{line}\n")).collect();
        std::fs::write(&path, rows).expect("the calls");
        let february = row(&folder, "calls", &["-p", "2026-02"]);
        assert_eq!(cells(&february, &["actual", "caveat"]), ["65", caveat], "{roster}");
        let by = rows_of_west(&folder, "2026-02");
        assert_eq!(cells(&by, &["actual", "change"]), ["9", "null"]);
        assert!(by["caveat"].to_string().contains("partial: 9 of 28 days of `calls`, from 2026-02-20"), "{by}");
        // Nine days of February are no month to compare with: north and south, 62 against 56.
        assert_eq!(cells(&row(&folder, "calls", &["-p", "2026-03"]), &["prior", "change"]), ["56", "6"]);
    }
}

fn rows_of_west(folder: &TempDir, month: &str) -> Value {
    let by = rows(folder, &["calls", "-p", month, "--by", "region"]);
    by.into_iter().find(|row| row["region"] == "west").expect("a row of the west")
}

#[test]
fn over_several_months_reports_are_counted_and_who_was_there_for_some_has_no_share() {
    let declared = "roster = { dept = [\"retail\", \"online\", \"b2b\", \"field\"] }";
    let sales = sales(declared, SOLD);
    let quarter = row(&sales, "revenue", &["-p", "2025-Q1"]);
    assert_eq!(quarter["caveat"], "provisional: 11 of 12 reports in `sales`, late: b2b");
    // Two of four are late in a month each: half of the members, but 10 of 12 reports.
    let path = sales.path().join("sales.csv");
    std::fs::write(&path, SOLD.replace("2025-03,field,phone,18,9\n", "")).expect("the sales");
    let quarter = row(&sales, "revenue", &["-p", "2025-Q1"]);
    assert_eq!(cells(&quarter, &["actual"]), ["746"]);
    assert_eq!(quarter["caveat"], "provisional: 10 of 12 reports in `sales`, late: b2b and field");
    // Who is late all along is late three times.
    std::fs::write(
        &path,
        SOLD.lines()
            .filter(|line| !line.contains("online") && !line.contains("field"))
            .map(|line| format!("{line}\n"))
            .collect::<String>(),
    )
    .expect("the sales");
    let quarter = row(&sales, "revenue", &["-p", "2025-Q1"]);
    let reason = "insufficient: 5 of 12 reports in `sales`, 60 % is the least, late: b2b, field and online";
    assert_eq!((&quarter["actual"], quarter["reason"].as_str()), (&Value::Null, Some(reason)));
}

#[test]
fn a_part_that_is_late_or_lost_its_cells_has_a_row_that_says_so() {
    let declared = "roster = { dept = [\"retail\", \"online\", \"b2b\", \"field\", \"partners\"] }";
    for (roster, late) in [("roster = \"dept\"", &["b2b"][..]), (declared, &["b2b", "partners"])] {
        let sales = sales(roster, SOLD);
        let by = rows(&sales, &["revenue", "-p", "2025-02", "--by", "dept"]);
        let of = |dept: &str| by.iter().find(|row| row["dept"] == dept);
        for dept in late {
            let row = of(dept).unwrap_or_else(|| panic!("no {dept}"));
            assert_eq!(cells(row, &["actual", "status"]), ["null", "\"no-data\""]);
            assert_eq!(row["reason"], format!("late in `sales`: {dept}"));
        }
        assert_eq!(by.len(), 4 + late.len());
        // It is none of the retail shops.
        assert_eq!(rows(&sales, &["retail", "-p", "2025-02", "--by", "dept"]).len(), 2);
        let both = rows(&sales, &["revenue", "-p", "2025-02", "--by", "dept", "--by", "channel"]);
        assert!(both.iter().any(|row| row["dept"] == "b2b" && row["channel"] == "phone"), "{both:?}");
        let quarter = rows(&sales, &["revenue", "-p", "2025-Q1", "--by", "dept"]);
        assert!(quarter.iter().any(|row| row["dept"] == "b2b" && row["reason"] == "late in `sales`: b2b"));
    }
    let rejected = sales("", &SOLD.replace("2025-02,field,phone,18,9", "2025-02,field,phone,x,9"));
    let report = goldthread_in(
        rejected.path(),
        &["show", "revenue", "-p", "2025-02", "--by", "dept", "-O", "json", "--lenient"],
    );
    let report: Value = serde_json::from_str(&report.stdout).expect("JSON");
    let field =
        report["rows"].as_array().expect("rows").iter().find(|row| row["dept"] == "field").expect("a row").clone();
    assert_eq!(field["actual"], Value::Null);
    assert!(
        field["caveat"].as_str().is_some_and(|text| text.starts_with("rejected: 1 row of `sales` left out")),
        "{field}"
    );
}

#[test]
fn a_year_before_of_others_is_compared_by_those_of_both_years() {
    let rows = "month,dept,channel,amount,good\n2024-02,retail,web,100,1\n2024-02,b2b,phone,60,1\n\
        2025-01,retail,web,105,1\n2025-02,retail,web,110,1\n";
    // Who was there a year ago has long been expected no more.
    let february = row(&sales("roster = \"dept\"", rows), "revenue", &["-p", "2025-02"]);
    assert_eq!(cells(&february, &["actual", "prior", "change", "prior_year"]), ["110", "105", "5", "100"]);
    assert_eq!(february["caveat"], "year before of those who reported in both");
    let traced = run(&sales("roster = \"dept\"", rows), &["trace", "revenue", "-p", "2025-02"]);
    assert!(traced.contains("a year before        100  (of those who reported in both)\n"), "{traced}");
    let without = row(&sales("", rows), "revenue", &["-p", "2025-02"]);
    assert_eq!(cells(&without, &["prior_year", "caveat"]), ["160", "null"]);
}

#[test]
fn a_year_to_date_that_lacks_more_than_its_month_says_so() {
    // February lacks one, January another.
    let declared = "roster = { dept = [\"retail\", \"online\", \"b2b\", \"field\"] }";
    let sales = sales(declared, &SOLD.replace("2025-01,field,phone,20,5\n", ""));
    let february = row(&sales, "revenue", &["-p", "2025-02"]);
    assert_eq!(
        february["caveat"],
        "provisional: 3 of 4 reported in `sales`, like for like +10.00 %, late: b2b; \
         year to date provisional: 6 of 8 reports in `sales`, late: b2b and field"
    );
    let partial = calls((1, 15), (3, 12));
    assert_eq!(
        row(&partial, "handled", &["-p", "2026-03"])["caveat"],
        "partial: 12 of 31 days of `calls`, to 2026-03-12; year to date partial: 57 of 90 days of `calls`, \
         2026-01-15 to 2026-03-12"
    );
}

#[test]
fn who_is_declared_and_never_seen_is_named() {
    let misspelt = sales("roster = { dept = [\"retial\", \"online\", \"b2b\", \"field\"] }", SOLD);
    let session = goldthread_in(misspelt.path(), &["show"]);
    assert_eq!(session.exit, 0, "{}", session.stderr);
    assert!(
        session.stderr.contains("`retial` is on the roster of `sales`, which has no row of it"),
        "{}",
        session.stderr
    );
    assert!(session.stderr.contains("did you mean `retail`?"), "{}", session.stderr);
    let spelt = sales("roster = { dept = [\"retail\", \"online\", \"b2b\", \"field\"] }", SOLD);
    assert_eq!(goldthread_in(spelt.path(), &["show"]).stderr, "");
}

/// What a scorecard observes, ready to be edited before it is evaluated.
struct Observed {
    scorecard: Scorecard,
    plan: Plan,
    observations: Observations,
}

impl Observed {
    fn of(scorecard: &str, rows: &str) -> Observed {
        let folder = folder(&[("scorecard.toml", scorecard), ("rows.csv", rows)]);
        let scorecard =
            resolve(&load(&folder.path().join("scorecard.toml"))).unwrap_or_else(|problems| panic!("{problems:?}"));
        let ids: Vec<_> = scorecard.ids().collect();
        let plan = plan(&scorecard, &ids, &[], None);
        let observations = observe(&scorecard, &plan, Manner::default()).expect("readable data").value;
        Observed { scorecard, plan, observations }
    }

    /// Rejects some rows of a base in a month.
    fn reject(&mut self, month: &str, base: usize, rows: u64) {
        let month = Period::parse(month).expect("a month");
        let moment = self.observations.tables[0].moments.entry(month).or_default();
        moment.rejected.insert(Vec::new(), BTreeMap::from([(base, rows)]));
    }

    fn evaluate(&self, month: &str) -> Evaluation {
        let reader = Reader::new(&self.scorecard, &self.plan, &self.observations, None);
        evaluate(&reader, Period::parse(month).expect("a month"), None)
    }

    fn notes(&self, evaluation: &Evaluation, id: &str) -> Vec<String> {
        let id = self.scorecard.find(id).expect("a metric");
        evaluation.standing(id).notes.iter().map(ToString::to_string).collect()
    }
}

const THREAD: &str = r#"
[scorecard]
title = "Rejected cells"
[sources.rows]
path = "rows.csv"
period = "month"
[goals.top]
name = "Top"
sponsor = "x"
[metrics.mid]
name = "Mid"
drives = ["top"]
[metrics.ratio]
name = "Ratio"
source = "rows"
value = "sum(good) / sum(cases)"
unit = "percent"
better = "higher"
target = 0.5
drives = ["mid"]
[metrics.other]
name = "Other"
source = "rows"
value = "sum(other)"
unit = "count"
better = "higher"
target = "sum(plan)"
drives = ["mid"]
[metrics.aside]
name = "Aside"
source = "rows"
value = "sum(aside)"
unit = "count"
drives = ["mid"]
[metrics.made]
name = "Made"
value = "ratio * 2"
unit = "ratio"
"#;

const MONTHS: &str = "month,good,cases,other,plan,aside\n2026-01,1,2,3,3,9\n2026-02,2,4,3,3,9\n";

/// The position of the base that a plan made of a column.
fn base(plan: &Plan, column: &str) -> usize {
    let argument = |base: &goldthread::plan::Base| base.argument.as_ref().map(ToString::to_string);
    let found = plan.scans[0].bases.iter().position(|base| argument(base).as_deref() == Some(column));
    found.unwrap_or_else(|| panic!("no base of {column}"))
}

#[test]
fn what_rests_on_rejected_cells_is_marked_up_the_whole_thread() {
    let mut observed = Observed::of(THREAD, MONTHS);
    let good = base(&observed.plan, "good");
    observed.reject("2026-02", good, 2);
    let february = observed.evaluate("2026-02");
    let own = "rejected: 2 rows of `rows` left out";
    let to_date = format!("year to date {own}");
    assert_eq!(observed.notes(&february, "ratio"), [own, &to_date]);
    assert_eq!(observed.notes(&february, "made"), [own, &to_date, "thread score rests on rejected cells of Ratio"]);
    assert_eq!(observed.notes(&february, "mid"), ["thread score rests on rejected cells of Ratio"]);
    assert_eq!(observed.notes(&february, "top"), ["thread score rests on rejected cells of Ratio"]);
    assert_eq!(observed.notes(&february, "other"), [""; 0]);
    // It is a mark, nothing more: the ratio is still held against its target and the months before.
    let ratio = february.standing(observed.scorecard.find("ratio").expect("the ratio"));
    assert_eq!((ratio.score, ratio.change.map(Number::is_zero)), (Some(100.0), Some(true)));
    // The month before has nothing to do with it, the month after compares with it.
    let january = observed.evaluate("2026-01");
    assert_eq!(observed.notes(&january, "ratio"), [""; 0]);
    let mut next = Observed::of(THREAD, &format!("{MONTHS}2026-03,2,4,3,3,9\n"));
    next.reject("2026-02", good, 1);
    let march = next.evaluate("2026-03");
    let one = "rejected: 1 row of `rows` left out";
    assert_eq!(next.notes(&march, "ratio"), [format!("period before {one}"), format!("year to date {one}")]);
    assert_eq!(next.notes(&march, "top"), [""; 0]);
}

#[test]
fn rejected_cells_in_every_output() {
    let mut observed = Observed::of(THREAD, MONTHS);
    let (good, plan) = (base(&observed.plan, "good"), base(&observed.plan, "plan"));
    observed.reject("2026-01", good, 1);
    observed.reject("2026-02", plan, 2);
    let (january, february) = (observed.evaluate("2026-01"), observed.evaluate("2026-02"));
    let scorecard = &observed.scorecard;
    let selected = scorecard.ids().collect();
    let shown = |evaluations: &[Evaluation]| {
        view::show(scorecard, evaluations, &[], &selected, None, view::Order::default(), None)
    };
    let month = shown(std::slice::from_ref(&february));
    golden("time/rejected.txt", &render::show(&month, Some(100), Palette::Plain));
    golden("time/rejected.md", &render::markdown(&month));
    golden("time/rejected-range.txt", &render::show(&shown(&[january, february.clone()]), Some(100), Palette::Plain));
    let as_of = Period::parse("2026-02").expect("a month");
    let processes = Processes::default();
    let recorder = view::Recorder::new(scorecard, as_of, &[], None, &processes);
    let evaluations = [(recorder.head(&february), &february)];
    let records = view::records(&recorder, &evaluations, &selected);
    golden("time/rejected.csv", &render::csv(&records).0);
    let reader = Reader::new(scorecard, &observed.plan, &observed.observations, None);
    let trace = |id: &str| {
        let id = scorecard.find(id).expect("a metric");
        render::trace(&view::trace(&reader, &observed.observations, &february, id), Palette::Plain)
    };
    // Where the file was read from differs from run to run.
    let traced = format!("{}\n{}", trace("other"), trace("mid"));
    let traced: String =
        traced.lines().filter(|line| !line.starts_with("  file ")).map(|line| format!("{line}\n")).collect();
    golden("time/rejected-trace.txt", &traced);
    let top = scorecard.find("top").expect("the goal");
    let thread = render::thread(&view::thread(scorecard, &february, top), Some(100), Palette::Plain);
    golden("time/rejected-thread.txt", &thread);
}

#[test]
fn a_measured_target_without_a_score_and_rows_of_any_month_are_marked_too() {
    let mut observed = Observed::of(THREAD, MONTHS);
    let (plan, cases, aside) =
        (base(&observed.plan, "plan"), base(&observed.plan, "cases"), base(&observed.plan, "aside"));
    observed.reject("2026-02", plan, 1);
    let february = observed.evaluate("2026-02");
    assert_eq!(observed.notes(&february, "other"), ["target rejected: 1 row of `rows` left out"]);
    assert_eq!(observed.notes(&february, "top"), ["thread score rests on rejected cells of Other"]);
    // Two parts of a formula may have lost the same row, or two.
    let good = base(&observed.plan, "good");
    let lost = BTreeMap::from([(good, 1), (cases, 2)]);
    let month = Period::parse("2026-02").expect("a month");
    observed.observations.tables[0].moments.get_mut(&month).expect("February").rejected.insert(Vec::new(), lost);
    let february = observed.evaluate("2026-02");
    assert_eq!(observed.notes(&february, "ratio")[0], "rejected: 2 to 3 rows of `rows` left out");
    // A metric that nothing is scored by leaves the thread as it is.
    let mut observed = Observed::of(THREAD, MONTHS);
    observed.reject("2026-02", aside, 1);
    let february = observed.evaluate("2026-02");
    assert_eq!(observed.notes(&february, "aside")[0], "rejected: 1 row of `rows` left out");
    assert_eq!(observed.notes(&february, "mid"), [""; 0]);
    // A row whose month is not known may be missing from any.
    observed.observations.tables[0].unplaced = 1;
    let january = observed.evaluate("2026-01");
    assert_eq!(observed.notes(&january, "ratio")[0], "rejected: 1 row of `rows` of an unknown period left out");
    assert_eq!(observed.notes(&january, "top"), ["thread score rests on rejected cells of Ratio and Other"]);
}

#[test]
fn what_lost_all_its_cells_is_marked_although_it_is_absent() {
    let mut observed = Observed::of(THREAD, &MONTHS.replace("2026-02,2,4", "2026-02,,4"));
    let good = base(&observed.plan, "good");
    observed.reject("2026-02", good, 1);
    let february = observed.evaluate("2026-02");
    let standing = |id: &str| february.standing(observed.scorecard.find(id).expect("a metric"));
    assert!(standing("ratio").actual.is_err() && standing("made").actual.is_err());
    for id in ["ratio", "made"] {
        let rejected = [CaveatKind::Rejected].into();
        assert_eq!(standing(id).kinds(&[Figure::Actual]), rejected, "{id}");
    }
    assert_eq!(observed.notes(&february, "top"), ["thread score rests on rejected cells of Ratio"]);
}

#[test]
fn what_a_lenient_run_leaves_out_is_marked_from_the_file_to_the_goal() {
    let rows =
        MONTHS.replace("2026-02,2,4,3", "2026-02,2,4,3x").replace("month,", "month,shop,").replace(",1,2,", ",a,1,2,");
    let rows = rows.replace("2026-02,2,", "2026-02,a,2,") + "2026-02,b,1,2,4,3,1\n";
    let folder = folder(&[
        ("scorecard.toml", &THREAD.replace("period = \"month\"", "period = \"month\"\ndimensions = [\"shop\"]")),
        ("rows.csv", &rows),
    ]);
    let session = goldthread_in(folder.path(), &["show", "--lenient", "-O", "json"]);
    assert_eq!(session.exit, 0, "{}", session.stderr);
    let report: Value = serde_json::from_str(&session.stdout).expect("JSON");
    let caveat = |id: &str| {
        let row = report["rows"].as_array().expect("rows").iter().find(|row| row["id"] == id);
        row.unwrap_or_else(|| panic!("no {id}"))["caveat"].clone()
    };
    assert_eq!(caveat("other"), "rejected: 1 row of `rows` left out");
    assert_eq!(caveat("mid"), "thread score rests on rejected cells of Other");
    assert_eq!(caveat("top"), "thread score rests on rejected cells of Other");
    assert_eq!(caveat("ratio"), Value::Null);
}

#[test]
fn a_metric_that_stopped_says_when_it_was_last_seen_and_what_it_was() {
    let scorecard = "[sources.rows]\npath = \"rows.csv\"\nperiod = \"month\"\n[metrics]\n\
        stock = { source = \"rows\", value = \"last(n)\", unit = \"count\" }\n\
        flow = { source = \"rows\", value = \"sum(n)\", unit = \"count\" }\n";
    let rows = "month,n\n2026-01,5\n2026-02,7\n2026-03,\n";
    let folder = folder(&[("scorecard.toml", scorecard), ("rows.csv", rows)]);
    for (id, written) in [("stock", "last(n)"), ("flow", "sum(n)")] {
        let blank = run(&folder, &["trace", id, "-p", "2026-03"]);
        let reason =
            format!("value                — every cell of `{written}` in `rows` is blank, last seen 2026-02\n");
        assert!(blank.contains(&reason), "{blank}");
        assert!(blank.contains("last known           7  (2026-02, 1 month before)\n"), "{blank}");
        let gone = run(&folder, &["trace", id, "-p", "2026-06"]);
        assert!(gone.contains("no rows in `rows` for 2026-06-01 to 2026-06-30, last seen 2026-03\n"), "{gone}");
        assert!(gone.contains("last known           7  (2026-02, 4 months before)\n"), "{gone}");
    }
}

#[test]
fn a_report_that_waits_for_one_source_names_it() {
    let scorecard = |required: &str| {
        format!(
            "[sources.calls]\npath = \"calls.csv\"\nperiod = \"month\"\n{required}\n[sources.bills]\npath = \"bills.csv\"\n\
             period = \"month\"\n[metrics]\ncalls = {{ source = \"calls\", value = \"sum(n)\", unit = \"count\" }}\n\
             bills = {{ source = \"bills\", value = \"sum(n)\", unit = \"count\" }}\n"
        )
    };
    let held = |required: &str, bills: &str, arguments: &[&str]| {
        let bills: String = std::iter::once("month,n".to_owned())
            .chain(bills.split(' ').map(|month| format!("2026-{month},1")))
            .map(|line| line + "\n")
            .collect();
        let files = [
            ("scorecard.toml", scorecard(required)),
            ("calls.csv", "month,n\n2026-01,1\n".into()),
            ("bills.csv", bills),
        ];
        let folder = folder(&files.each_ref().map(|(path, text)| (*path, text.as_str())));
        let session = goldthread_in(folder.path(), &[&["show"], arguments].concat());
        assert_eq!(session.exit, 0, "{}", session.stderr);
        session.stderr.contains("held-back")
    };
    assert!(held("", "01 02 03", &[]));
    assert!(held("", "01 02 03", &["-p", "last-month"]));
    assert!(!held("", "01 02", &[]), "one period apart is the usual rhythm");
    assert!(!held("required = false", "01 02 03", &[]));
    assert!(!held("", "01 02 03", &["--as-of", "2026-03"]));
    assert!(!held("", "01 02 03", &["-p", "2026-03"]));
}
