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

/// North sells b in January and March only; in February it reports all the same.
#[test]
fn a_cell_of_who_has_reported_may_be_silent_under_a_roster() {
    let scorecard =
        scorecard("roster = \"desk\"").replace("dimensions = [\"desk\"]", "dimensions = [\"desk\", \"plan\"]");
    let rows_of = |south: &str| {
        format!(
            "month,desk,plan,a\n2026-01,n,a,1\n2026-01,n,b,2\n2026-01,s,a,4\n2026-02,n,a,8\n{south}2026-03,n,a,32\n2026-03,n,b,64\n2026-03,s,a,128\n"
        )
    };
    let all = folder(&[("scorecard.toml", &scorecard), ("s.csv", &rows_of("2026-02,s,a,16\n"))]);
    let quarter = ["-Q", "-p", "2026-Q1", "--by", "desk,plan", "--totals", "--reconcile"];
    let session = rollup(all.path(), &quarter);
    assert_eq!(session.exit, 0, "{}", session.stderr);
    let expected =
        [["", "", "255"], ["n", "", "107"], ["n", "a", "41"], ["n", "b", "66"], ["s", "", "148"], ["s", "a", "148"]];
    assert_eq!(cells(&rows(&session.stdout), &["desk", "plan", "actual"]), expected);
    // However it is split or asked for.
    let asked = rollup(all.path(), &["-Q", "-p", "2026-Q1", "--where", "plan = 'b'", "--by", "desk", "--totals"]);
    assert_eq!(cells(&rows(&asked.stdout), &["desk", "actual"]), [["", "66"], ["n", "66"]]);
    // Where the south is late, that is no matter of the north's.
    let late = folder(&[("scorecard.toml", &scorecard), ("s.csv", &rows_of(""))]);
    let session = rollup(late.path(), &["-Q", "-p", "2026-Q1", "--by", "desk,plan"]);
    assert_eq!(
        cells(&rows(&session.stdout), &["desk", "plan", "actual", "reason"]),
        [["n", "a", "41", "no target"], ["n", "b", "66", "no target"], ["s", "a", "", "late in `s`: s"]]
    );
}

#[test]
fn what_is_blank_for_everybody_is_missing_for_every_part() {
    let data = "month,desk,a\n2026-01,k,1\n2026-01,l,10\n2026-02,k,\n2026-02,l,\n2026-03,k,3\n2026-03,l,10\n";
    let session = rollup(office("", data).path(), &["-Q", "-p", "2026-Q1", "--by", "desk", "--totals"]);
    let missing = "2 of 3 months reported, 2026-02 is missing";
    assert_eq!(
        cells(&rows(&session.stdout), &["desk", "actual", "reason"]),
        [["", "", missing], ["k", "", missing], ["l", "", missing]]
    );
}

#[test]
fn a_part_that_lacks_an_input_or_the_moment_that_is_read_says_so() {
    let stock = scorecard("").replace("sum(a)", "sum(a) - last(a)");
    let data = "month,desk,a\n2026-01,k,1\n2026-01,l,10\n2026-02,k,2\n2026-02,l,20\n2026-03,k,3\n";
    let folder_of = |scorecard: &str| folder(&[("scorecard.toml", scorecard), ("s.csv", data)]);
    let session = rollup(folder_of(&stock).path(), &["-Q", "-p", "2026-Q1", "--by", "desk"]);
    assert_eq!(
        cells(&rows(&session.stdout), &["desk", "actual", "reason"]),
        [["k", "3", "no target"], ["l", "", "no rows in `s` for 2026-03-01 to 2026-03-31, which is when it is read"]]
    );
    let growth = scorecard("") + "[metrics.grown]\nname = \"Grown\"\nvalue = \"g - previous(g)\"\nunit = \"EUR\"\n";
    let session = rollup(folder_of(&growth).path(), &["grown", "-p", "2026-03", "--by", "desk"]);
    assert_eq!(cells(&rows(&session.stdout), &["desk", "actual"]), [["k", "1"]]);
    let session = rollup(folder_of(&growth).path(), &["grown", "-p", "2026-01", "--by", "desk"]);
    let found = rows(&session.stdout);
    assert_eq!(cells(&found, &["desk", "actual"]), [["k", ""], ["l", ""]]);
    assert!(found.iter().all(|row| row["reason"].starts_with("Amount: no rows in `s` for 2025-12")), "{found:?}");
}
