//! What records, tables, threads and traces say of processes.

use super::{SCORECARD, record, shop};

#[test]
fn records_say_in_words_what_limits_say() {
    // Limits about 100 ± 2.66 · 4: a target of 130 lies far beyond them.
    assert_eq!(record(SCORECARD, &[], &[]), ["common cause", "-", "fails"]);
    assert_eq!(record(SCORECARD, &["120"], &[]), ["improvement", "above its upper limit in 2026-12", "fails"]);
    assert_eq!(record(SCORECARD, &["80"], &[]), ["concern", "below its lower limit in 2026-12", "fails"]);
    let shift = ["104", "103", "104", "103", "104", "103", "104"];
    assert_eq!(record(SCORECARD, &shift, &[])[1], "8 points above its centre since 2026-05");
    let rising = ["99", "100", "101", "102", "103", "104", "105"];
    assert_eq!(record(SCORECARD, &rising, &[])[1], "7 points rising since 2026-06");
    let lower = SCORECARD.replace("higher", "lower").replace("threshold = 90", "threshold = 150");
    assert_eq!(record(&lower, &["80"], &[]), ["improvement", "below its lower limit in 2026-12", "passes"]);
    let near = SCORECARD.replace("130", "101");
    assert_eq!(record(&near, &[], &[])[2], "hit or miss");
    let without = SCORECARD.replace("better = \"higher\"\ntarget = 130\nthreshold = 90\n", "");
    assert_eq!(record(&without, &["80"], &[]), ["neutral", "below its lower limit in 2026-12", "-"]);
    // It takes twelve quarters, and there are eight.
    assert_eq!(record(SCORECARD, &["80"], &["--quarterly"]), ["-", "-", "-"]);
    // Each period has its own: a month before the fall there was none.
    assert_eq!(record(SCORECARD, &["80"], &["-p", "2026-11"]), ["common cause", "-", "fails"]);
    assert_eq!(record(SCORECARD, &["80"], &["-p", "2025-11"]), ["-", "-", "-"]);
}

#[test]
fn marks_stand_beside_the_status_and_words_below_the_table() {
    let last = ["104", "103", "104", "103", "104", "103", "104"];
    let table = shop(SCORECARD, &last, &["show", "--width", "100"]).done();
    let row = table.lines().find(|line| line.starts_with("Orders")).expect("the row");
    assert!(row.contains("▲ at-risk  ◇✗"), "{row}");
    let key = "XmR  a signal, not noise: ◇ better; target while nothing changes: ✗ will be missed";
    assert!(table.lines().any(|line| line == key), "{table}");
    let note = "Orders: 8 points above its centre since 2026-05 (improvement); target lies beyond its limits: will be missed unless the process changes";
    let noted = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").contains(note);
    assert!(noted(&table), "{table}");
    let markdown = shop(SCORECARD, &last, &["show", "-O", "markdown"]).done();
    assert!(markdown.contains("| Status | XmR | Thread |") && markdown.contains("| ▲ at-risk | ◇✗ |"), "{markdown}");
    assert!(markdown.contains(&format!("\n- ◇ {note}")), "{markdown}");
    let thread = shop(SCORECARD, &last, &["thread", "orders"]).done();
    let line = note.replace("Orders: ", "  ◇ ");
    assert!(thread.lines().any(|one| one == line), "{thread}");
    // Too few values: no column, no key, no note.
    for arguments in [["show", "--quarterly"].as_slice(), &["show", "-p", "2025-11"]] {
        let table = shop(SCORECARD, &last, arguments).done();
        assert!(!table.contains("XmR") && !table.contains("centre") && !table.contains('◇'), "{table}");
    }
    // Where there is no room for the marks, the columns that were promised stay, and the words too.
    let narrow = shop(SCORECARD, &last, &["show", "--width", "46"]).done();
    assert!(!narrow.contains("XmR") && narrow.contains("Status") && noted(&narrow), "{narrow}");
}

#[test]
fn trace_shows_the_limits_and_why_there_are_none() {
    let trace = |last: &[&str], arguments: &[&str]| {
        let text = shop(SCORECARD, last, &[&["trace", "orders"], arguments].concat()).done();
        let from = text.lines().skip_while(|line| !line.starts_with("  limits"));
        let lines: Vec<String> =
            from.take_while(|line| !line.starts_with("  score")).map(|line| line.trim().to_owned()).collect();
        lines
    };
    // The mean of 98 and 102 is 100; 2.66 times 4 is 10.64.
    let expected = [
        "limits               89.4 orders to 110.6 orders, centre 100.0 orders  (24 values since 2025-01)",
        "target lies beyond its limits: will be missed unless the process changes",
        // What goes up and down by turns does so a year later.
        "values follow those of a year before (correlation 1.00): compare with them",
    ];
    assert_eq!(trace(&[], &[]), expected);
    assert_eq!(
        trace(&[], &["--quarterly"]),
        ["limits               — 8 values to compute them from, 12 are the least"]
    );
}

#[test]
fn what_is_no_longer_measured_has_no_marks() {
    let stopped = ["80", ""];
    assert_eq!(record(SCORECARD, &stopped, &["-p", "2026-11"])[0], "concern");
    let arguments = ["show", "-p", "2026-12", "--as-of", "2026-12", "--width", "100"];
    let table = shop(SCORECARD, &stopped, &arguments).done();
    assert!(table.contains("no-data") && !table.contains("XmR") && !table.contains('◆'), "{table}");
    let trace = shop(SCORECARD, &stopped, &["trace", "orders", "-p", "2026-12", "--as-of", "2026-12"]).done();
    assert!(trace.contains("  limits   ") && !trace.contains("will be missed"), "{trace}");
}
