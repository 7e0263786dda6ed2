//! Bounds of rules about what was read.

use super::{BLANK, NONE, checked, finds, found};
use crate::rules::changed;
use crate::session::goldthread_in;
use goldthread::lint::Example;

/// The sums of a quotient that is scaled or subtracted from are not the figure.
#[test]
fn the_sums_are_given_only_for_a_quotient_that_is_all_there_is() {
    let help = |tables| checked(tables, &[], &[]).stdout;
    let whole = help(metric!("mix", "source = \"calls\"", "avg(resolved / handled)", "percent", ""));
    assert!(whole.contains("divide the sums: `sum(resolved) / sum(handled)`"), "{whole}");
    const SCALED: &str = metric!("mix", "source = \"calls\"", "avg(resolved / handled * 100)", "score", "");
    const REST: &str = metric!("mix", "source = \"calls\"", "avg(1 - resolved / handled)", "percent", "");
    for tables in [SCALED, REST] {
        let help = help(tables);
        assert!(help.contains("divide the sum of the numerators by the sum of the denominators"), "{help}");
        assert!(!help.contains("sum("), "{help}");
    }
}

macro_rules! survey {
    ($metrics:expr) => {
        concat!(
            "[sources.survey]\npath = \"data/survey.csv\"\ndepartment = \"service\"\nperiod = \"month\"\n",
            $metrics
        )
    };
}

#[test]
fn both_sides_of_a_percentage_are_counted() {
    const SHARE: &str = survey!(metric!("happy", "source = \"survey\"", "sum(happy) / sum(asked)", "percent", ""));
    const BOTH: &[(&str, &str)] = &[(
        "data/survey.csv",
        "month,asked,happy\n2026-05,100,-5\n2026-06,100,-6\n2026-07,100,103\n2026-08,100,50\n2026-09,100,51\n2026-10,100,52\n",
    )];
    let session = checked(SHARE, BOTH, &[]);
    let message = "`happy` was under 0.0 % in 2 and over 100.0 % in 1 of 6 periods";
    assert_eq!(found(&session, "percent-out-of-range"), [message], "{}", session.stdout);
    for note in ["furthest under in 2026-06: -6.0 %", "furthest over in 2026-07: 103.0 %"] {
        assert!(session.stdout.contains(note), "{}", session.stdout);
    }
}

#[test]
fn what_a_percentage_is_made_of_may_subtract_or_look_back() {
    const LOSS: &[(&str, &str)] =
        &[("data/survey.csv", "month,asked,happy\n2026-08,90,50\n2026-09,80,60\n2026-10,70,85\n")];
    let outside = |tables| finds("percent-out-of-range", tables, LOSS);
    const MARGIN: &str = survey!(concat!(
        metric!("cost", "source = \"survey\"", "sum(asked)", "EUR", ""),
        metric!("income", "source = \"survey\"", "sum(happy)", "EUR", ""),
        metric!("profit", "", "income - cost", "EUR", ""),
        metric!("margin", "", "profit / income", "percent", "")
    ));
    assert_eq!(outside(MARGIN), NONE);
    const GROWTH: &str = survey!(concat!(
        metric!("income", "source = \"survey\"", "sum(happy)", "EUR", ""),
        metric!("income_before", "", "previous(income)", "EUR", ""),
        metric!("growth", "", "income / income_before", "percent", "")
    ));
    assert_eq!(outside(GROWTH), NONE);
    const SHARE: &str = survey!(concat!(
        metric!("cost", "source = \"survey\"", "sum(asked)", "EUR", ""),
        metric!("income", "source = \"survey\"", "sum(happy)", "EUR", ""),
        metric!("cost_share", "", "cost / income", "percent", "")
    ));
    assert_eq!(outside(SHARE), ["`cost_share` was over 100.0 % in 2 of 3 periods"]);
}

/// Days from the middle of June to October; nothing was counted in the month named.
#[test]
fn a_denominator_of_0_in_a_partial_period_is_left_out() {
    let found_without = |empty: i8| {
        let (_outer, folder) = changed(&Example { tables: "", files: &[], earlier: None });
        let days = jiff::civil::date(2026, 6, 15).series(jiff::Span::new().days(1));
        let days = days.take_while(|day| *day <= jiff::civil::date(2026, 10, 31));
        let visits = |day: &jiff::civil::Date| if day.month() == empty { 0 } else { 40 + day.day() };
        let rows: String = days.map(|day| format!("{day},{},1\n", visits(&day))).collect();
        let scorecard = folder.join("scorecard.toml");
        let text = std::fs::read_to_string(&scorecard).expect("the scorecard");
        let late = metric!("late", "source = \"days\"", "sum(late) / sum(visits)", "ratio", "");
        std::fs::write(&scorecard, format!("{text}\n{}{late}", super::DAYS)).expect("a file");
        std::fs::write(folder.join("data/days.csv"), format!("day,visits,late\n{rows}")).expect("a file");
        found(&goldthread_in(&folder, &["check"]), "vanishing-denominator")
    };
    assert_eq!(found_without(6), NONE);
    assert_eq!(found_without(7), ["the denominator of `late` was next to nothing in 1 of the last 12 periods"]);
}

#[test]
fn a_denominator_that_is_mostly_0_has_no_usual_size() {
    const RATE: &str = survey!(metric!("rate", "source = \"survey\"", "sum(happy) / sum(asked)", "ratio", ""));
    const MOSTLY: &[(&str, &str)] =
        &[("data/survey.csv", "month,asked,happy\n2026-06,0,0\n2026-07,9,5\n2026-08,0,0\n2026-09,0,0\n2026-10,0,0\n")];
    let session = checked(RATE, MOSTLY, &[]);
    assert_eq!(found(&session, "vanishing-denominator").len(), 1, "{}", session.stdout);
    assert!(session.stdout.contains("last in 2026-10: 0, as it is more often than not"), "{}", session.stdout);
}

#[test]
fn what_never_and_what_always_happens_is_not_constant_by_mistake() {
    const SHARE: &str = survey!(concat!(
        metric!("accidents", "source = \"survey\"", "sum(accidents)", "count", ""),
        metric!("kept", "source = \"survey\"", "sum(happy) / sum(asked)", "percent", ""),
        metric!("asked", "source = \"survey\"", "sum(asked)", "count", "")
    ));
    const SAME: &[(&str, &str)] = &[(
        "data/survey.csv",
        "month,asked,happy,accidents\n2026-05,7,7,0\n2026-06,7,7,0\n2026-07,7,7,0\n2026-08,7,7,0\n2026-09,7,7,0\n2026-10,7,7,0\n",
    )];
    assert_eq!(finds("constant-series", SHARE, SAME), ["`asked` has been the same for 6 periods"]);
}

#[test]
fn a_jump_is_seen_over_a_blank_period() {
    const HOLE: &[(&str, &str)] =
        &[("data/survey.csv", "month,asked,happy\n2026-07,5,5\n2026-08,5,5\n2026-09,,6\n2026-10,500,5\n")];
    assert_eq!(finds("scale-jump", BLANK, HOLE), ["`asked` went from 5 to 500 in 2026-10"]);
}

/// A double would hold 12345678901234568.
#[test]
fn a_control_total_keeps_the_digits_it_is_written_with() {
    const LONG: &str = concat!(
        "[sources.billing]\npath = \"data/billing.csv\"\ndepartment = \"finance\"\nperiod = \"month\"\n",
        "dimensions = [\"region\"]\ncontrol = { column = \"revenue\", equals = 12345678901234567.89 }\n"
    );
    let message = "`revenue` of `billing` adds up to 49,414,590.04, and should to 12,345,678,901,234,567.89";
    assert_eq!(finds("control-mismatch", LONG, &[]), [message]);
}
