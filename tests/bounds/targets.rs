//! Bounds of rules about what was promised.

use super::{NONE, checked, finds, found};
use crate::rules::changed;
use crate::session::{Session, goldthread_in};
use goldthread::lint::Example;

#[test]
fn a_percentage_that_may_be_meant_is_not_read_as_a_slip() {
    const FAR: &str = metric!(
        "bill_questions",
        "source = \"calls\"",
        "sum(about_bill) / sum(handled)",
        "percent",
        "better = \"lower\"\ntarget = 0.005\nthreshold = 0.006\ndrives = [\"churn\"]"
    );
    let session = checked(FAR, &[], &[]);
    assert_eq!(found(&session, "target-scale").len(), 1, "{}", session.stdout);
    assert!(!session.stdout.contains("held as a fraction"), "{}", session.stdout);
    assert_eq!(found(&session, "target-never-met").len(), 1, "{}", session.stdout);
    const SLIP: &str = metric!(
        "fcr",
        "source = \"calls\"",
        "sum(resolved) / sum(handled)",
        "percent",
        "better = \"higher\"\ntarget = 77.5\nthreshold = 70\ndrives = [\"churn\"]"
    );
    let session = checked(SLIP, &[], &[]);
    assert!(session.stdout.contains("write `0.775` for 77.5 %"), "{}", session.stdout);
    assert_eq!(found(&session, "target-never-met"), NONE);
}

#[test]
fn a_target_that_was_harder_in_between_was_not_always_as_easy() {
    let always = |tables| finds("target-always-met", tables, &[]);
    assert_eq!(
        always(clv!("arpu / churn", "target = { \"2024-01\" = 900, \"2026-03\" = 950, \"2026-06\" = 900 }")),
        NONE
    );
    assert_eq!(always(clv!("arpu / churn", "target = { \"2024-01\" = 950, \"2026-06\" = 900 }")).len(), 1);
}

#[test]
fn what_cannot_be_shorter_is_left_alone() {
    macro_rules! wait {
        ($unit:literal) => {
            metric!(
                "wait",
                "source = \"calls\"",
                "sum(resolved) - sum(resolved)",
                $unit,
                "better = \"lower\"\ntarget = 0\nthreshold = 5\ndrives = [\"churn\"]"
            )
        };
    }
    for tables in [wait!("minutes"), wait!("hours"), wait!("days"), wait!("count")] {
        assert_eq!(finds("target-always-met", tables, &[]), NONE);
    }
    assert_eq!(finds("target-always-met", wait!("EUR"), &[]).len(), 1);
}

/// Revenue by customers lost was least in 2025-11, 1366.8593: Python's `decimal`, over the sample's file.
#[test]
fn the_next_target_is_dated_after_the_as_of() {
    let dated = checked(clv!("arpu / churn", "target = { \"2024-01\" = 950, \"2026-01\" = 900 }"), &[], &[]);
    assert!(dated.stdout.contains("ask for what it does already: add `\"2026-11\" = 1366.86`"), "{}", dated.stdout);
}

fn against(tables: &'static str, earlier: &'static str) -> Session {
    let (_outer, folder) = changed(&Example { tables, files: &[], earlier: Some(earlier) });
    goldthread_in(&folder, &["check", "--against", "earlier.toml"])
}

macro_rules! fcr {
    ($rest:literal) => {
        metric!("fcr", "source = \"calls\"", "sum(resolved) / sum(handled)", "percent", $rest)
    };
}

const DERIVED: &str = fcr!("better = \"higher\"\ntarget = 0.75\ndrives = [\"churn\"]");

/// 0.75 less a tenth of it is 0.675, less a fifth 0.6.
#[test]
fn a_tolerance_changed_late_moves_what_is_derived_from_it() {
    const WIDER: &str =
        concat!("[scoring]\ntolerance = 0.2\n", fcr!("better = \"higher\"\ntarget = 0.75\ndrives = [\"churn\"]"));
    let session = against(WIDER, DERIVED);
    let message = "the threshold of `fcr` was changed for periods that had ended: 2025-01 to 2026-10";
    assert_eq!(found(&session, "target-changed-late"), [message], "{}", session.stdout);
    for said in [
        "2025-01: from 67.5 % to 60.0 %",
        "it is derived from the target, by a `tolerance` of 0.1 before and of 0.2 now",
        "`threshold = { \"2025-01\" = 0.675, \"2026-11\" = 0.6 }`",
    ] {
        assert!(session.stdout.contains(said), "{said}: {}", session.stdout);
    }
    // Declared as it was derived, it holds as it did.
    const DECLARED: &str = fcr!("better = \"higher\"\ntarget = 0.75\nthreshold = 0.675\ndrives = [\"churn\"]");
    assert_eq!(found(&against(DECLARED, DERIVED), "target-changed-late"), NONE);
}

#[test]
fn a_threshold_that_moves_with_its_target_is_told_once() {
    const LOWER: &str = fcr!("better = \"higher\"\ntarget = 0.72\ndrives = [\"churn\"]");
    let message = "the target of `fcr` was changed for periods that had ended: 2025-01 to 2026-10";
    assert_eq!(found(&against(LOWER, DERIVED), "target-changed-late"), [message]);
}

#[test]
fn a_metric_read_the_other_way_round_is_found() {
    const TURNED: &str = fcr!("better = \"lower\"\ntarget = 0.75\ndrives = [\"churn\"]");
    let session = against(TURNED, DERIVED);
    let message = "`better` of `fcr` was changed for periods that had ended: 2025-01 to 2026-10";
    assert_eq!(found(&session, "target-changed-late"), [message], "{}", session.stdout);
    assert!(session.stdout.contains("from `higher` to `lower`"), "{}", session.stdout);
}
