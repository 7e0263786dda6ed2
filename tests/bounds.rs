//! The bounds that rules of `check` state: what they find beside their example, and what they leave alone.

use goldthread::lint::Example;

use crate::rules::changed;
use crate::session::{Session, goldthread_in};

fn checked(tables: &'static str, files: &'static [(&'static str, &'static str)], arguments: &[&str]) -> Session {
    let (_outer, folder) = changed(&Example { tables, files, earlier: None });
    goldthread_in(&folder, &[&["check"], arguments].concat())
}

/// The first lines of the findings of one rule.
pub(crate) fn found(session: &Session, rule: &str) -> Vec<String> {
    let mine = |line: &&str| line.contains(&format!("[{rule}]: "));
    session.stdout.lines().filter(mine).map(|line| line.split_once("]: ").expect("a message").1.to_owned()).collect()
}

fn finds(rule: &str, tables: &'static str, files: &'static [(&'static str, &'static str)]) -> Vec<String> {
    let session = checked(tables, files, &[]);
    assert_ne!(session.exit, 2, "{}", session.stdout);
    found(&session, rule)
}

const NONE: [&str; 0] = [];

const BILLING: &str = r#"
[sources.billing]
path = "data/billing.csv"
department = "finance"
period = "month"
dimensions = ["region"]
"#;

/// `BILLING` and a line more.
macro_rules! billing {
    ($line:literal) => {
        concat!(
            "[sources.billing]\npath = \"data/billing.csv\"\ndepartment = \"finance\"\nperiod = \"month\"\n",
            "dimensions = [\"region\"]\n",
            $line,
            "\n"
        )
    };
}

/// The totals are those that Python's `decimal` adds up from the file.
#[test]
fn control_totals_tie_to_the_cent_both_ways_into_a_file() {
    const TIES: &str = billing!(
        r#"control = [{ column = "revenue", equals = 49414590.04 }, { column = "revenue", equals = "49414590.040" }, { column = "lost", equals = 33059 }]"#
    );
    const NORTH: &str =
        billing!("where = \"region = 'north'\"\ncontrol = { column = \"revenue\", equals = 29534386.13 }");
    const CENT: &str =
        billing!(r#"control = [{ column = "lost", equals = 33059 }, { column = "revenue", equals = "49414590.05" }]"#);
    for way in [&[][..], &["--careful"]] {
        for ties in [TIES, NORTH] {
            assert_eq!(found(&checked(ties, &[], way), "control-mismatch"), NONE, "{way:?}");
        }
        let session = checked(CENT, &[], way);
        let message = "`revenue` of `billing` adds up to 49,414,590.04, and should to 49,414,590.05";
        assert_eq!((found(&session, "control-mismatch"), session.exit), (vec![message.to_owned()], 1), "{way:?}");
        assert!(session.stdout.contains("the difference is -0.01"), "{}", session.stdout);
    }
}

/// A report compares no control totals, and so reads no column for them.
#[test]
fn a_control_column_is_read_by_check_alone() {
    const ABSENT: &str = billing!(r#"control = { column = "tickets", equals = 18432 }"#);
    let (_outer, folder) = changed(&Example { tables: ABSENT, files: &[], earlier: None });
    assert!(goldthread_in(&folder, &["show", "churn"]).done().contains("Monthly churn"));
    let session = goldthread_in(&folder, &["check"]);
    assert_eq!(session.exit, 2);
    assert!(session.stdout.contains("[bad-column]") && session.stdout.contains("a control of `billing` needs it"));
}

#[test]
fn rows_with_one_key_and_two_contents_are_a_finding() {
    const TWICE: &[(&str, &str)] = &[(
        "data/billing.csv",
        "month,region,opening,lost,joined,revenue\n\
         2026-09,north,43195,865,911,1386482.90\n2026-10,north,43241,897,1016,1381870.98\n\
         2026-10,north,43241,898,1016,1381870.98\n",
    )];
    let session = checked(BILLING, TWICE, &[]);
    assert_eq!(session.exit, 2);
    assert!(session.stdout.starts_with("error[duplicate-row]"), "{}", session.stdout);
}

macro_rules! clv {
    ($value:literal, $target:literal) => {
        concat!(
            "[goals.clv]\nname = \"Customer lifetime value\"\nvalue = \"",
            $value,
            "\"\nunit = \"EUR\"\nbetter = \"higher\"\n",
            $target,
            "\nsponsor = \"Chief Financial Officer\"\n"
        )
    };
}

macro_rules! metric {
    ($id:literal, $source:literal, $value:literal, $unit:literal, $rest:literal) => {
        concat!(
            "[metrics.",
            $id,
            "]\nname = \"",
            $id,
            "\"\n",
            $source,
            "\nvalue = \"",
            $value,
            "\"\nunit = \"",
            $unit,
            "\"\nowner = \"Head of Service\"\n",
            $rest,
            "\n"
        )
    };
}

mod numbers;
mod targets;

/// What looks like several is a warning of its own: words prove nothing.
#[test]
fn a_sponsor_is_missing_or_perhaps_several() {
    macro_rules! sponsor {
        ($line:literal) => {
            concat!(
                "[goals.clv]\nname = \"CLV\"\nvalue = \"arpu / churn\"\nunit = \"EUR\"\nbetter = \"higher\"\n",
                "target = 1525\nthreshold = 1300\n",
                $line,
                "\n"
            )
        };
    }
    for tables in [sponsor!(""), sponsor!("sponsor = \" \"")] {
        let session = checked(tables, &[], &[]);
        assert_eq!(found(&session, "goal-without-sponsor"), ["the goal `clv` has no sponsor"]);
        assert_eq!((found(&session, "several-sponsors").len(), session.exit), (0, 1));
    }
    for tables in [sponsor!("sponsor = \"SVP Sales and Marketing\""), sponsor!("sponsor = \"Ada Lovelace, PhD\"")] {
        let session = checked(tables, &[], &["--strict"]);
        assert_eq!((session.stdout.as_str(), session.exit), ("", 0));
    }
    let session = checked(sponsor!("sponsor = \"CEO + CFO\""), &[], &[]);
    assert_eq!(found(&session, "several-sponsors"), ["the goal `clv` has more than one sponsor: CEO + CFO"]);
    assert_eq!((found(&session, "goal-without-sponsor").len(), session.exit), (0, 0));
}

#[test]
fn a_goal_needs_a_target_and_an_input_needs_none() {
    const GOAL: &str = "[goals.clv]\nname = \"CLV\"\nvalue = \"arpu / churn\"\nunit = \"EUR\"\nsponsor = \"Chief Financial Officer\"\n";
    assert_eq!(finds("missing-target", GOAL, &[]), ["the goal `clv` has a value and no target"]);
    const INPUT: &str = metric!("arpu", "source = \"billing\"", "sum(revenue) / first(opening)", "EUR", "");
    assert_eq!(finds("missing-target", INPUT, &[]), NONE);
}

#[test]
fn units_that_cannot_be_added_and_units_that_can() {
    let clash = |tables| finds("incomparable-unit", tables, &[]);
    assert_eq!(
        clash(clv!("arpu / churn + max(arpu, fcr)", "target = 1500")),
        ["the definition of `clv` compares `EUR` and `percent`"]
    );
    assert_eq!(clash(clv!("arpu / churn - arpu * (1 - fcr)", "target = 1400")), NONE);
    const HOURS: &str = concat!(
        metric!("talk", "source = \"calls\"", "sum(handled)", "minutes", ""),
        metric!("wait", "source = \"calls\"", "sum(resolved)", "hours", ""),
        metric!("both", "", "talk + wait", "hours", ""),
        metric!("converted", "", "talk / 60 + wait", "hours", ""),
    );
    assert_eq!(clash(HOURS), ["the definition of `both` adds `minutes` and `hours`"]);
}

#[test]
fn targets_are_put_through_definitions() {
    let miss = |tables| finds("targets-miss-goal", tables, &[]);
    // 31.5 / 0.020 is 1575 exactly.
    assert_eq!(miss(clv!("arpu / churn", "target = 1575")), NONE);
    assert_eq!(miss(clv!("arpu / churn", "target = 1575.004")), NONE);
    assert_eq!(
        miss(clv!("arpu / churn", "target = 1575.01")),
        ["at their targets, the inputs of `clv` make 1,575.00 EUR; its target is 1,575.01 EUR"]
    );
    assert_eq!(miss(clv!("previous(arpu) / churn", "target = 1600")), NONE);
    // Through an input that has no target of its own: 31.5 * 0.75 / 0.020 is 1181.25.
    const NESTED: &str = concat!(clv!("kept / churn", "target = 1200"), metric!("kept", "", "arpu * fcr", "EUR", ""));
    assert_eq!(miss(NESTED), ["at their targets, the inputs of `clv` make 1,181.25 EUR; its target is 1,200.00 EUR"]);
    // Where less is better, more than the target is a miss: 1 - 0.75 is 0.25.
    const LOWER: &str =
        metric!("again", "", "1 - fcr", "percent", "better = \"lower\"\ntarget = 0.24\ndrives = [\"churn\"]");
    assert_eq!(miss(LOWER), ["at their targets, the inputs of `again` make 25.0 %; its target is 24.0 %"]);
}

#[test]
fn a_target_that_became_harder_is_not_always_met() {
    let always = |tables| finds("target-always-met", tables, &[]);
    assert_eq!(always(clv!("arpu / churn", "target = 900")), ["`clv` met its target in each of the last 12 periods"]);
    assert_eq!(always(clv!("arpu / churn", "target = { \"2024-01\" = 900, \"2026-08\" = 950 }")), NONE);
    assert_eq!(always(clv!("arpu / churn", "target = { \"2024-01\" = 900, \"2025-08\" = 950 }")).len(), 1);
}

#[test]
fn a_measured_target_that_stops_has_ended() {
    const PLAN: &str = concat!(
        "[sources.plan]\npath = \"data/plan.csv\"\ndepartment = \"service\"\nperiod = \"month\"\n",
        metric!(
            "visits",
            "source = \"plan\"",
            "sum(visits)",
            "count",
            "better = \"higher\"\ntarget = \"only(planned)\"\ndrives = [\"churn\"]"
        )
    );
    let ended = finds(
        "target-ended",
        PLAN,
        &[("data/plan.csv", "month,visits,planned\n2026-07,100,90\n2026-08,80,90\n2026-09,95,\n2026-10,91,\n")],
    );
    assert_eq!(ended, ["the target of `visits` ended with 2026-08, its actual goes on"]);
    const WHOLE: &[(&str, &str)] =
        &[("data/plan.csv", "month,visits,planned\n2026-08,80,90\n2026-09,95,90\n2026-10,91,90\n")];
    assert_eq!(finds("target-ended", PLAN, WHOLE), NONE);
}

#[test]
fn a_target_changed_late_is_one_that_was_there() {
    const WITH: &str = metric!(
        "fcr",
        "source = \"calls\"",
        "sum(resolved) / sum(handled)",
        "percent",
        "better = \"higher\"\ntarget = 0.75\nthreshold = 0.70\ndrives = [\"churn\"]"
    );
    const LOWER: &str = metric!(
        "fcr",
        "source = \"calls\"",
        "sum(resolved) / sum(handled)",
        "percent",
        "better = \"higher\"\ntarget = 0.75\nthreshold = { \"2025-01\" = 0.70, \"2026-10\" = 0.65 }\ndrives = [\"churn\"]"
    );
    const WITHOUT: &str =
        metric!("fcr", "source = \"calls\"", "sum(resolved) / sum(handled)", "percent", "drives = [\"churn\"]");
    let against = |tables, earlier| {
        let (_outer, folder) = changed(&Example { tables, files: &[], earlier: Some(earlier) });
        found(&goldthread_in(&folder, &["check", "--against", "earlier.toml"]), "target-changed-late")
    };
    let both = ["target", "threshold"]
        .map(|what| format!("the {what} of `fcr` was changed for periods that had ended: 2025-01 to 2026-10"));
    assert_eq!(against(WITHOUT, WITH), both);
    assert_eq!(against(WITH, WITHOUT), NONE);
    assert_eq!(against(WITH, WITH), NONE);
    assert_eq!(against(LOWER, WITH), ["the threshold of `fcr` was changed for a period that had ended: 2026-10"]);
}

#[test]
fn means_of_ratios_in_every_form() {
    let averaged = |tables| finds("averaged-ratio", tables, &[]);
    assert_eq!(
        averaged(metric!("mix", "", "(fcr + repair_in_time) / 2", "percent", "")),
        ["`mix` is the plain mean of ratios, whatever each of them is of"]
    );
    assert_eq!(averaged(metric!("mix", "", "0.5 * (fcr + repair_in_time)", "percent", "")).len(), 1);
    assert_eq!(averaged(metric!("mix", "", "(fcr + repair_in_time) / 3", "percent", "")), NONE);
    assert_eq!(averaged(metric!("mix", "source = \"calls\"", "avg(resolved)", "count", "")), NONE);
    assert_eq!(averaged(metric!("mix", "source = \"calls\"", "100 * avg(resolved / handled)", "count", "")).len(), 1);
    assert_eq!(averaged(metric!("mix", "source = \"calls\"", "avg(resolved / 100)", "count", "")), NONE);
}

#[test]
fn a_stock_by_its_name_is_found_where_it_is_all_there_is() {
    let summed = |tables| finds("summed-stock", tables, &[]);
    assert_eq!(
        summed(metric!("open_backlog", "source = \"calls\"", "sum(handled)", "count", "")),
        ["`open_backlog` adds up `handled`, a stock, over time"]
    );
    assert_eq!(summed(metric!("backlog_rate", "source = \"calls\"", "sum(handled)", "count", "")), NONE);
    assert_eq!(summed(metric!("backlog", "source = \"calls\"", "sum(handled) / sum(resolved)", "ratio", "")), NONE);
}

#[test]
fn a_margin_may_be_negative_and_a_share_may_not() {
    let outside = |tables| finds("percent-out-of-range", tables, &[]);
    const MARGIN: &str =
        metric!("margin", "source = \"calls\"", "(sum(about_bill) - sum(handled)) / sum(handled)", "percent", "");
    assert_eq!(outside(MARGIN), NONE);
    const GROWTH: &str = metric!("growth", "", "arpu / previous(arpu) * 1", "percent", "");
    assert_eq!(outside(GROWTH), NONE);
    const OVER: &str = metric!("over", "source = \"calls\"", "sum(handled) / sum(resolved)", "percent", "");
    assert_eq!(outside(OVER), ["`over` was over 100.0 % in 22 of 22 periods"]);
}

const BLANK: &str = concat!(
    "[sources.survey]\npath = \"data/survey.csv\"\ndepartment = \"service\"\nperiod = \"month\"\n",
    metric!("asked", "source = \"survey\"", "sum(asked)", "count", ""),
    metric!("happy", "source = \"survey\"", "sum(happy)", "count", "")
);

#[test]
fn a_column_that_runs_dry_is_stale_and_one_with_a_hole_is_not() {
    const DRY: &[(&str, &str)] =
        &[("data/survey.csv", "month,asked,happy\n2026-07,9,5\n2026-08,8,4\n2026-09,7,\n2026-10,9,\n")];
    const HOLE: &[(&str, &str)] =
        &[("data/survey.csv", "month,asked,happy\n2026-07,9,5\n2026-08,8,\n2026-09,7,4\n2026-10,9,3\n")];
    const QUARTERLY: &[(&str, &str)] = &[(
        "data/survey.csv",
        "month,asked,happy\n2026-03,9,5\n2026-04,8,\n2026-05,7,\n2026-06,9,3\n2026-07,9,\n2026-08,9,\n2026-09,9,4\n2026-10,9,\n",
    )];
    assert_eq!(finds("stale-data", BLANK, DRY), ["`happy` had its last value in 2026-08, 2 periods before the as-of"]);
    assert_eq!(finds("missing-periods", BLANK, DRY), NONE);
    assert_eq!(finds("missing-periods", BLANK, HOLE), ["`happy` has no value in 2026-08"]);
    assert_eq!(finds("stale-data", BLANK, HOLE), NONE);
    assert_eq!(finds("missing-periods", BLANK, QUARTERLY), NONE);
    assert_eq!(finds("stale-data", BLANK, QUARTERLY), NONE);
}

/// `held-back` tells it already.
#[test]
fn a_required_source_that_holds_the_report_back_is_told_once() {
    const BEHIND: &[(&str, &str)] = &[("data/network.csv", "month,lines,faults,repaired_in_a_day\n2026-08,9,5,4\n")];
    const NETWORK: &str =
        "[sources.network]\npath = \"data/network.csv\"\ndepartment = \"network\"\nperiod = \"month\"\n";
    let session = checked(NETWORK, BEHIND, &[]);
    assert_eq!(found(&session, "held-back").len(), 1, "{}", session.stdout);
    assert_eq!(found(&session, "stale-data"), NONE);
    let asked = checked(NETWORK, BEHIND, &["--as-of", "2026-10"]);
    assert_eq!(found(&asked, "stale-data"), ["`network` ends 2026-08, while other sources go on to 2026-10"]);
}

/// What is not 0 does not read as 0, however few decimals a count is shown with.
#[test]
fn a_jump_to_next_to_nothing_is_told_with_its_digits() {
    const CENTS: &[(&str, &str)] =
        &[("data/survey.csv", "month,asked,happy\n2026-08,31,5\n2026-09,0.3,6\n2026-10,0.4,5\n")];
    assert_eq!(finds("scale-jump", BLANK, CENTS), ["`asked` went from 31 to 0.3 in 2026-09"]);
    const LESS: &[(&str, &str)] =
        &[("data/survey.csv", "month,asked,happy\n2026-08,31,5\n2026-09,0.7,6\n2026-10,0,5\n")];
    assert_eq!(finds("scale-jump", BLANK, LESS), NONE);
}

const DAYS: &str = "[sources.days]\npath = \"data/days.csv\"\ndepartment = \"service\"\nperiod = \"day\"\n";

/// A hundred days of which one lacks; as events, nothing lacks.
#[test]
fn a_day_lacks_where_every_day_reports_and_not_where_rows_are_events() {
    let day = |n: i64| jiff::civil::date(2026, 7, 24).checked_add(jiff::Span::new().days(n)).expect("a day");
    let rows: String = (0..100).filter(|n| *n != 40).map(|n| format!("{},{},{n}\n", day(n), 5 + n % 7)).collect();
    assert_eq!(day(99).to_string(), "2026-10-31");
    let found_with = |line: &str| {
        let (_outer, folder) = changed(&Example { tables: "", files: &[], earlier: None });
        let scorecard = folder.join("scorecard.toml");
        let visits = metric!("visits", "source = \"days\"", "sum(visits)", "count", "");
        let text = std::fs::read_to_string(&scorecard).expect("the scorecard");
        std::fs::write(&scorecard, format!("{text}\n{DAYS}{line}\n{visits}")).expect("a file");
        std::fs::write(folder.join("data/days.csv"), format!("day,visits,visit\n{rows}")).expect("a file");
        found(&goldthread_in(&folder, &["check"]), "missing-periods")
    };
    assert_eq!(found_with(""), ["`days` has no row in 2026-09-02"]);
    assert_eq!(found_with("key = [\"visit\"]"), NONE);
    assert_eq!(found_with("duplicates = \"sum\""), NONE);
}
