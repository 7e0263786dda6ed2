//! Files of several pieces: what stands at a seam is read like anything else, and lines are counted across it.

use std::fmt::Write;

use serde_json::Value;

use crate::session::{folder, goldthread_in};

const SCORECARD: &str = r#"
[sources.sales]
path = "sales.csv"
period = "month"
dimensions = ["region"]
duplicates = "sum"
[metrics.amount]
source = "sales"
value = "sum(amount)"
unit = "EUR"
[metrics.kinds]
source = "sales"
value = "count_distinct(region)"
unit = "count"
"#;

const ROWS: usize = 240_000;

/// A file of more than two pieces of 8 MiB, in which every row spans two lines.
fn sales(amount: impl Fn(usize) -> &'static str) -> String {
    let mut csv = String::from("month,region,note,amount\n");
    for row in 0..ROWS {
        let region = ["north", "south", "so, \"\"west\"\""][row % 3];
        let note = "a note\nthat is long enough to fill pieces quickly, however many there are";
        writeln!(csv, "2024-0{},\"{region}\",\"{note}\",{}", 1 + row % 2, amount(row)).expect("a text");
    }
    assert!(csv.len() > 2 * (8 << 20), "{} bytes", csv.len());
    csv
}

#[test]
fn a_seam_changes_nothing_either_way() {
    let folder = folder(&[("scorecard.toml", SCORECARD), ("sales.csv", &sales(|_| "1.25"))]);
    let arguments = ["-s", "scorecard.toml", "show", "-p", "2024-01", "-O", "json"];
    let usual = goldthread_in(folder.path(), &arguments).done();
    assert_eq!(usual, goldthread_in(folder.path(), &[&arguments[..], &["--careful"]].concat()).done());
    let report: Value = serde_json::from_str(&usual).expect("JSON");
    let actual = |row: usize| report["rows"][row]["actual"].to_string();
    // Half of the rows are of January: 120,000 times 1.25.
    assert_eq!((actual(0), actual(1)), ("150000".to_owned(), "3".to_owned()));
}

#[test]
fn bad_cells_are_found_in_every_piece_the_first_shown_the_rest_counted() {
    let bad = |row: usize| row % 120 == 7 || row == ROWS - 1;
    let folder = folder(&[
        ("scorecard.toml", SCORECARD),
        ("sales.csv", &sales(|row| if bad(row) { "pending" } else { "1.25" })),
    ]);
    let session = goldthread_in(folder.path(), &["-s", "scorecard.toml", "show"]);
    assert_eq!((session.exit, session.stdout.as_str()), (2, ""));
    assert_eq!(session.stderr.matches("error[bad-cell]: `pending` is not a number").count(), 20);
    // Row 7 is the eighth, each of two lines below the header; its last cell stands on the second.
    assert!(session.stderr.contains(" --> sales.csv:17:"), "{}", &session.stderr[..600]);
    let more = format!("and {} more problems like these in the source `sales`", "1,981");
    assert!(session.stderr.contains(&more), "{}", &session.stderr[session.stderr.len() - 600..]);
    let lenient =
        goldthread_in(folder.path(), &["-s", "scorecard.toml", "show", "--lenient", "-p", "2024-02", "-O", "json"]);
    assert_eq!(lenient.exit, 0, "{}", lenient.stderr);
    let rejects = std::fs::read_to_string(folder.path().join("rejects.csv")).expect("the rejects");
    assert_eq!(rejects.lines().count(), 1 + 2001);
    // The last record of the file: two lines a row, below one of header.
    let last = format!("sales,sales.csv,{},amount,pending,`pending` is not a number", 2 * ROWS + 1);
    assert_eq!(rejects.lines().last(), Some(last.as_str()));
}
