//! What `diff` tells beside the differences, in every format: why a period was closed again, and which periods are meant.

use serde_json::{Value, json};

use crate::session::{folder, goldthread_in};

const SCORECARD: &str = "[scorecard]\ngrain = \"month\"\n[sources.s]\npath = \"s.csv\"\nperiod = \"month\"\n\
    [metrics.m]\nsource = \"s\"\nvalue = \"sum(a)\"\nunit = \"count\"\nbetter = \"higher\"\ntarget = 10\n";

#[test]
fn reasons_are_told_in_every_format_and_periods_by_their_runs() {
    let data = "month,a\n2026-01,1\n2026-02,2\n2026-03,3\n2026-04,4\n2026-05,5\n";
    let office = folder(&[("scorecard.toml", SCORECARD), ("s.csv", data)]);
    let run = |arguments: &[&str]| {
        let session = goldthread_in(office.path(), arguments);
        assert_eq!(session.exit, 0, "{}", session.stderr);
        session
    };
    // March is not closed.
    for period in ["2026-01", "2026-02", "2026-04", "2026-05"] {
        run(&["close", "-p", period]);
    }
    run(&["close", "-p", "2026-04", "--reopen", "a late\u{1b}[2J invoice"]);
    std::fs::write(office.path().join("scorecard.toml"), SCORECARD.replace("\"higher\"", "\"lower\"")).expect("a file");
    let text = run(&["diff"]).stdout;
    assert!(text.contains("\n2026-01 to 2026-02, 2026-04 to 2026-05, 4 periods\n"), "{text}");
    assert!(text.contains("  2026-01 to 2026-02, 2026-04 to 2026-05  m: better `lower`, was `higher`\n"), "{text}");
    let of_two = run(&["diff", "-p", "2026-02..2026-04"]).stdout;
    assert!(of_two.contains("\n2026-02, 2026-04, 2 periods\n"), "{of_two}");
    assert!(of_two.contains("  2026-02, 2026-04  m: better `lower`, was `higher`\n"), "{of_two}");
    let note = |reason: &str| format!("2026-04 was closed again: {reason}");
    let shown = note("a late\u{fffd}[2J invoice");
    assert!(text.contains(&format!("\n{shown}\n")), "{text}");
    let json: Value = serde_json::from_str(&run(&["diff", "-O", "json"]).stdout).expect("JSON");
    assert_eq!(json["notes"], json!([note("a late\u{1b}[2J invoice")]));
    assert_eq!(json["periods"], json!(["2026-01", "2026-02", "2026-04", "2026-05"]));
    // Of a CSV every row is a difference.
    let csv = run(&["diff", "-O", "csv"]);
    assert_eq!(csv.stderr, format!("{shown}\n"));
    assert!(!csv.stdout.contains("closed again"), "{}", csv.stdout);
}
