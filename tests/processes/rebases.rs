//! Limits that begin anew where a process was changed on purpose.

use super::{SCORECARD, record, shop};
use crate::session::folder;
use goldthread::diagnostic::Code;

#[test]
fn a_rebase_gives_the_process_limits_of_its_own() {
    let last: Vec<&str> = (0..12).map(|index| if index % 2 == 0 { "126" } else { "128" }).collect();
    assert_eq!(record(SCORECARD, &last, &[])[1], "12 points above its upper limit since 2026-01");
    let rebased = format!("{SCORECARD}rebase = [{{ at = \"2026-01\", because = \"a second shop\" }}]\n");
    // About 127 ± 2.66 · 2: a target of 130 lies inside.
    assert_eq!(record(&rebased, &last, &[]), ["common cause", "-", "hit or miss"]);
    let trace = shop(&rebased, &last, &["trace", "orders"]).done();
    let limits = "limits               121.7 orders to 132.3 orders, centre 127.0 orders  (12 values since 2026-01: a second shop)";
    assert!(trace.lines().any(|line| line.trim() == limits), "{trace}");
    // A month later there are too few since, and so there is nothing to say.
    let later = rebased.replace("2026-01", "2026-02");
    assert_eq!(record(&later, &last, &[]), ["-", "-", "-"]);
    // One of before the history is no news, one of after it none yet.
    for at in ["2024-06", "2027-01"] {
        assert_eq!(
            record(&rebased.replace("2026-01", at), &last, &[])[1],
            "12 points above its upper limit since 2026-01"
        );
    }
}

#[test]
fn a_coarser_period_belongs_to_the_phase_it_begins_in() {
    let at = |at: &str| format!("{SCORECARD}rebase = [{{ at = \"{at}\", because = \"a second shop\" }}]\n");
    let quarters = |scorecard: &str| {
        let text = shop(scorecard, &[], &["trace", "orders", "--quarterly"]).done();
        text.lines().find(|line| line.starts_with("  limits")).expect("the limits").trim().to_owned()
    };
    let few = |values: &str| format!("limits               — {values} to compute them from, 12 are the least");
    // The second quarter begins with the change, one in its midst leaves it to the phase before.
    assert_eq!(quarters(SCORECARD), few("8 values"));
    assert_eq!(quarters(&at("2026-04")), few("3 values"));
    assert_eq!(quarters(&at("2026-05")), few("2 values"));
    assert_eq!(quarters(&at("2026-10")), few("1 value"));
}

#[test]
fn a_rebase_is_a_period_of_the_grain() {
    let scorecard = |header: &str, at: &str| {
        let rebase = format!("rebase = [{{ at = \"{at}\", because = \"a second shop\" }}]\n");
        SCORECARD.replace("title = \"Shop\"", header) + &rebase
    };
    let is_taken = |header: &str, at: &str| {
        let folder = folder(&[("scorecard.toml", &scorecard(header, at))]);
        let found = goldthread::scorecard::resolve(&goldthread::scorecard::load(&folder.path().join("scorecard.toml")));
        let problems = found.err().unwrap_or_default();
        assert!(problems.iter().all(|problem| problem.code == Code::BadPeriod), "{problems:#?}");
        problems.is_empty()
    };
    let fiscal = |grain: &str| format!("grain = \"{grain}\"\nfiscal_year = {{ starts = \"february\" }}");
    for (header, taken, refused) in [
        ("grain = \"day\"".to_owned(), ["2026-02-28"].as_slice(), ["2026-02", "2026-02-30", "28.02.2026"].as_slice()),
        ("grain = \"week\"".to_owned(), &["2026-W53"], &["2025-W53", "2026-01", "2026-01-05"]),
        ("grain = \"month\"".to_owned(), &["2026-02"], &["2026", "2026-Q1", "2026-2", "FY2026"]),
        ("grain = \"quarter\"".to_owned(), &["2026-Q2"], &["2026-04", "2026"]),
        ("grain = \"year\"".to_owned(), &["2026"], &["2026-01"]),
        // A quarter or a year that begins in February has no name but its first month.
        (fiscal("quarter"), &["2026-02", "2026-05"], &["2026-Q2", "2026-04"]),
        (fiscal("year"), &["2026-02"], &["2026", "2026-05", "2026-Q1"]),
    ] {
        taken.iter().for_each(|at| assert!(is_taken(&header, at), "{header}: {at}"));
        refused.iter().for_each(|at| assert!(!is_taken(&header, at), "{header}: {at}"));
    }
}
