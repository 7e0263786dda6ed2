//! The closed month where figures become final, or are no longer, and where it is split by several dimensions.

use std::path::Path;

use serde_json::Value;

use super::{cells, rollup, rows};
use crate::session::{folder, goldthread_in};

const SCORECARD: &str = r#"
[scorecard]
title = "Desk"
[sources.s]
path = "s.csv"
period = "month"
dimensions = ["region", "plan"]
roster = { region = ["north", "south", "west"] }
[goals.g]
name = "Amount"
source = "s"
value = "sum(a)"
unit = "EUR"
better = "higher"
target = 100
sponsor = "CFO"
"#;

const HEADER: &str = "month,region,plan,a\n2026-09,north,basic,1\n2026-09,south,basic,1\n2026-09,west,basic,1\n";
const FIRST: &str = "2026-10,north,basic,40\n2026-10,north,plus,20\n2026-10,south,basic,30\n";
/// In September the west was 1 of 3; the others were 2, and are 90.
const CAVEAT: &str =
    "provisional: 2 of 3 reported in `s` (66.67 % by prior value), like for like +4400.00 %, late: west";
const LATE: &str = "2026-10,west,basic,5\n";

fn office(rows: &str) -> tempfile::TempDir {
    let data = format!("{HEADER}{rows}");
    folder(&[("scorecard.toml", SCORECARD), ("s.csv", &data)])
}

fn write(folder: &Path, rows: &str) {
    std::fs::write(folder.join("s.csv"), format!("{HEADER}{rows}")).expect("a file");
}

/// The differences, each as its kind, what differs, what it was and what it is.
fn differences(folder: &Path) -> Vec<[String; 4]> {
    let report = goldthread_in(folder, &["diff", "-O", "json"]).done();
    let report: Value = serde_json::from_str(&report).expect("JSON");
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let changes = report["changes"].as_array().expect("changes").iter();
    let changes = changes.filter(|change| change["kind"] != "new-period");
    changes.map(|change| ["kind", "what", "old", "new"].map(|key| text(&change[key]))).collect()
}

#[test]
fn a_target_that_a_provisional_figure_had_not_is_not_moved() {
    let office = office(FIRST);
    goldthread_in(office.path(), &["close", "-p", "2026-10", "--provisional"]).done();
    assert_eq!(differences(office.path()), [[""; 4]; 0]);
    write(office.path(), &format!("{FIRST}{LATE}"));
    assert_eq!(
        differences(office.path()),
        [
            ["restated", "actual", "90", "95"],
            ["restated", "caveat", CAVEAT, "null"],
            ["rescored", "status", "no-target", "at-risk"],
        ]
    );
}

#[test]
fn a_final_figure_that_is_provisional_now_is_told_though_its_number_is_the_same() {
    let office = office(&format!("{FIRST}{LATE}").replace("west,basic,5", "west,basic,0"));
    goldthread_in(office.path(), &["close", "-p", "2026-10"]).done();
    write(office.path(), FIRST);
    let found = differences(office.path());
    assert_eq!(found[0], ["restated", "caveat", "null", CAVEAT]);
    assert!(found.iter().all(|change| change[0] != "moved-target"), "{found:?}");
    assert_eq!(goldthread_in(office.path(), &["diff", "--exit-code"]).exit, 1);
}

#[test]
fn subtotals_are_closed_with_their_parts() {
    let office = office(&format!("{FIRST}{LATE}"));
    goldthread_in(office.path(), &["close", "-p", "2026-10", "--by", "region,plan"]).done();
    assert_eq!(differences(office.path()), [[""; 4]; 0]);
    write(office.path(), &format!("{FIRST}{LATE}").replace("north,plus,20", "north,plus,25"));
    let restated: Vec<[String; 4]> =
        differences(office.path()).into_iter().filter(|change| change[0] == "restated").collect();
    // The whole, north, and north's plus.
    assert_eq!(
        restated,
        [["restated", "actual", "95", "100"], ["restated", "actual", "60", "65"], ["restated", "actual", "20", "25"]]
    );
    let all = rollup(office.path(), &["-p", "2026-10", "--by", "region,plan", "--totals"]);
    assert_eq!(
        cells(&rows(&all.stdout), &["level", "region", "plan", "actual", "closed"]),
        [
            ["total", "", "", "100", "95"],
            ["region", "north", "", "65", "60"],
            ["region/plan", "north", "basic", "40", "40"],
            ["region/plan", "north", "plus", "25", "20"],
            ["region", "south", "", "30", "30"],
            ["region/plan", "south", "basic", "30", "30"],
            ["region", "west", "", "5", "5"],
            ["region/plan", "west", "basic", "5", "5"],
        ]
    );
    let by_region = rollup(office.path(), &["-p", "2026-10", "--by", "region"]);
    assert_eq!(
        cells(&rows(&by_region.stdout), &["region", "closed"]),
        [["north", "60"], ["south", "30"], ["west", "5"]]
    );
    // What was not closed by itself has nothing closed.
    let by_plan = rollup(office.path(), &["-p", "2026-10", "--by", "plan"]);
    assert_eq!(cells(&rows(&by_plan.stdout), &["plan", "closed"]), [["basic", ""], ["plus", ""]]);
}

#[test]
fn a_part_that_is_absent_and_was_there_before_is_not_closed_unasked() {
    let blank = format!("{FIRST}{LATE}").replace("north,plus,20", "north,plus,");
    let data = format!("{HEADER}2026-09,north,plus,7\n{blank}");
    let office = folder(&[("scorecard.toml", SCORECARD), ("s.csv", &data)]);
    let session = goldthread_in(office.path(), &["close", "-p", "2026-10", "--by", "region,plan"]);
    assert_eq!(session.exit, 2, "{}", session.stdout);
    let told = "2026-10 is not final: 1 figure absent that had a value before";
    assert!(session.stderr.contains(told), "{}", session.stderr);
    let part = "`g` (north / plus): every cell of `sum(a)` in `s` is blank, last seen 2026-09";
    assert!(session.stderr.contains(part), "{}", session.stderr);
    // The whole and the regions have something.
    assert_eq!(goldthread_in(office.path(), &["close", "-p", "2026-10", "--by", "region"]).exit, 0);
}

/// The quotient of a sum and of a ratio with that sum in it is 2814, whatever the sum; in doubles it is nearly so.
#[test]
fn a_definition_whose_inputs_changed_and_whose_value_did_not_is_not_restated() {
    let scorecard = "[scorecard]\ntitle = \"T\"\ngrain = \"month\"\n[sources.s]\npath = \"s.csv\"\nperiod = \"month\"\n\
        [goals.g]\nname = \"G\"\nvalue = \"rev / churn\"\nunit = \"x\"\nsponsor = \"x\"\n\
        [metrics]\nrev = { source = \"s\", value = \"sum(a)\", unit = \"x\" }\n\
        churn = { source = \"s\", value = \"sum(a) / sum(b)\", unit = \"ratio\" }\n";
    let office = folder(&[("scorecard.toml", scorecard), ("s.csv", "month,a,b\n2026-01,5,2814\n")]);
    goldthread_in(office.path(), &["close", "-p", "2026-01"]).done();
    std::fs::write(office.path().join("s.csv"), "month,a,b\n2026-01,105,2814\n").expect("a file");
    let found = differences(office.path());
    // 5 / 2814 and 105 / 2814, by Python.
    assert_eq!(
        found,
        [["restated", "actual", "5", "105"], ["restated", "actual", "0.0017768301350390902", "0.03731343283582089"],]
    );
    let shown = goldthread_in(office.path(), &["show"]).done();
    assert_eq!(shown.matches("restated since it was closed").count(), 2, "{shown}");
    // A change that is no rounding is told, however small.
    std::fs::write(office.path().join("s.csv"), "month,a,b\n2026-01,5,2814.0000001\n").expect("a file");
    assert!(differences(office.path()).iter().any(|change| change[2] == "2814"), "g moved");
}

/// Agents are known by region alone, and the west has no more than agents.
#[test]
fn parts_of_a_source_with_fewer_dimensions_are_closed_too() {
    let scorecard = SCORECARD.replace("roster = { region = [\"north\", \"south\", \"west\"] }\n", "")
        + "[sources.t]\npath = \"t.csv\"\nperiod = \"month\"\ndimensions = [\"region\"]\n\
           [metrics.agents]\nsource = \"t\"\nvalue = \"sum(n)\"\nunit = \"count\"\nowner = \"Head\"\ndrives = [\"g\"]\n";
    let staff = "month,region,n\n2026-10,north,4\n2026-10,west,9\n";
    let data = format!("{HEADER}{FIRST}");
    let office = folder(&[("scorecard.toml", &scorecard), ("s.csv", &data), ("t.csv", staff)]);
    goldthread_in(office.path(), &["close", "-p", "2026-10", "--by", "region,plan"]).done();
    let moved = staff.replace("west,9", "west,8").replace("north,4", "north,5");
    std::fs::write(office.path().join("t.csv"), moved).expect("a file");
    let restated = [["restated", "actual", "4", "5"], ["restated", "actual", "9", "8"]];
    assert_eq!(differences(office.path()), restated, "the whole is as it was");
}
