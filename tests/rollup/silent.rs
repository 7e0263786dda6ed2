//! Parts that have nothing in some periods, cells that are blank, and sums of more digits than are kept: parts add up to
//! wholes, or it is said why they do not.

use super::{cells, rollup, rows};
use crate::session::folder;

fn scorecard(more: &str) -> String {
    format!(
        r#"
[scorecard]
title = "Desk"
[sources.s]
path = "s.csv"
period = "month"
dimensions = ["desk"]
duplicates = "sum"
{more}
[goals.g]
name = "Amount"
source = "s"
value = "sum(a)"
unit = "EUR"
sponsor = "CFO"
"#
    )
}

fn office(more: &str, data: &str) -> tempfile::TempDir {
    folder(&[("scorecard.toml", &scorecard(more)), ("s.csv", data)])
}

/// `l` posts nothing in February.
const SILENT: &str = "month,desk,a\n2026-01,k,1\n2026-01,l,10\n2026-02,k,2\n2026-03,k,3\n2026-03,l,10\n";
/// `l` has a row in February, and nothing in it.
const BLANK: &str = "month,desk,a\n2026-01,k,1\n2026-01,l,10\n2026-02,k,2\n2026-02,l,\n2026-03,k,3\n2026-03,l,10\n";

#[test]
fn parts_that_are_silent_in_a_month_add_up_to_their_quarter() {
    for data in [SILENT, BLANK] {
        let folder = office("", data);
        let session = rollup(folder.path(), &["-Q", "-p", "2026-Q1", "--by", "desk", "--totals", "--reconcile"]);
        assert_eq!(session.exit, 0, "{}", session.stderr);
        assert_eq!(
            cells(&rows(&session.stdout), &["level", "desk", "actual"]),
            [["total", "", "26"], ["desk", "k", "6"], ["desk", "l", "20"]]
        );
        // What is asked for by a condition is what is asked for by a part.
        let asked = rollup(folder.path(), &["-Q", "-p", "2026-Q1", "--where", "desk = 'l'"]);
        assert_eq!(cells(&rows(&asked.stdout), &["actual"]), [["20"]]);
        let to_date = rollup(folder.path(), &["-p", "2026-03", "--by", "desk", "--totals"]);
        assert_eq!(cells(&rows(&to_date.stdout), &["desk", "ytd"]), [["", "26"], ["k", "6"], ["l", "20"]]);
    }
}

#[test]
fn a_month_without_rows_is_no_part_and_one_with_blank_cells_says_so() {
    let month = ["-p", "2026-02", "--by", "desk"];
    let silent = rollup(office("", SILENT).path(), &month);
    assert_eq!(cells(&rows(&silent.stdout), &["desk", "actual"]), [["k", "2"]]);
    let blank = rollup(office("", BLANK).path(), &month);
    assert_eq!(
        cells(&rows(&blank.stdout), &["desk", "actual", "status", "reason"]),
        [
            ["k", "2", "no-target", "no target"],
            ["l", "", "no-data", "every cell of `sum(a)` in `s` is blank, last seen 2026-01"]
        ]
    );
}

#[test]
fn who_is_on_the_roster_and_sends_a_blank_cell_is_late() {
    for roster in ["roster = { desk = [\"k\", \"l\"] }", "roster = \"desk\""] {
        for data in [SILENT, BLANK] {
            let folder = office(roster, data);
            let session = rollup(folder.path(), &["-p", "2026-02", "--by", "desk", "--totals"]);
            let late = "late in `s`: l";
            assert_eq!(
                cells(&rows(&session.stdout), &["desk", "actual", "reason"]),
                [
                    ["", "", "insufficient: 1 of 2 reported in `s`, 60 % is the least, late: l"],
                    ["k", "2", "no target"],
                    ["l", "", late]
                ],
                "{roster}"
            );
            // With a roster nobody takes part of a quarter for all of it.
            let quarter = rollup(folder.path(), &["-Q", "-p", "2026-Q1", "--by", "desk"]);
            assert_eq!(cells(&rows(&quarter.stdout), &["desk", "actual", "reason"])[1], ["l", "", late], "{roster}");
        }
    }
}

#[test]
fn a_part_without_an_answer_says_why() {
    let ratio = scorecard("").replace("sum(a)", "sum(a) / sum(b)");
    let data = "month,desk,a,b\n2026-01,k,1,2\n2026-01,l,10,0\n2026-01,m,0,0\n";
    let folder = folder(&[("scorecard.toml", &ratio), ("s.csv", data)]);
    let session = rollup(folder.path(), &["-p", "2026-01", "--by", "desk"]);
    assert_eq!(
        cells(&rows(&session.stdout), &["desk", "actual", "reason"]),
        [["k", "0.5", "no target"], ["l", "", "the denominator is 0"], ["m", "", "0 of 0"]]
    );
}

#[test]
fn a_sum_that_would_lose_a_digit_is_no_number() {
    let reason = "the sum has more than 28 digits, which are not kept: send its column with fewer decimals";
    // 12345678901234567890.12 and 0.0000000001 are 30 digits; without the last one they are 22.
    let long = "month,desk,a\n2026-01,k,12345678901234567890.12\n2026-01,l,0.0000000001\n";
    let session = rollup(office("", long).path(), &["-p", "2026-01", "--by", "desk", "--totals"]);
    assert_eq!(
        cells(&rows(&session.stdout), &["desk", "actual", "reason"]),
        [["", "", reason], ["k", "12345678901234567890.12", "no target"], ["l", "0.0000000001", "no target"]]
    );
    let one = "month,desk,a\n2026-01,k,589000000000000.000000000000000001\n";
    let session = rollup(office("", one).path(), &["-p", "2026-01"]);
    assert_eq!(cells(&rows(&session.stdout), &["actual", "reason"]), [["", reason]]);
}
