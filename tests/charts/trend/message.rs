//! Titles of trends: how long targets are met or missed, how many stand well, which is furthest away.

use goldthread::status::Status;

use super::{TARGET, faults, small, specified, subscription};

#[test]
fn the_message_of_several_is_counted() {
    let trend = subscription(&[], "2024-11..2026-10", &[]);
    let statuses: Vec<(&str, Status)> = trend.panels.iter().map(|panel| (panel.name.as_str(), panel.status)).collect();
    let expected = [
        ("Customer lifetime value", Status::AtRisk),
        ("Churn", Status::OffTarget),
        ("Newcomers settled in", Status::OffTarget),
        ("Customer equity", Status::AtRisk),
    ];
    assert_eq!(statuses, expected);
    // In steps from target to threshold: churn (1.78 - 1.40) / 0.15 = 2.5, newcomers (90.0 - 83.8) / 3.0 = 2.1.
    assert_eq!(trend.heading.title, "None of 4 goals is on-target; Churn is furthest away");
    assert!(trend.heading.description.contains("Churn: 1.78 % in 2026-10, off-target, target 1.40 %"));
}

#[test]
fn of_two_as_far_away_none_is_furthest() {
    // 30 is two steps of 10 from 10, and 0.3 two of 0.1 from 0.1, whatever binary fractions make of it.
    let delays = "[metrics.delays]\nname = \"Delays\"\nsource = \"data\"\nvalue = \"sum(v) * 0.01\"\nunit = \"ratio\"\n\
                  better = \"lower\"\ntarget = 0.1\nthreshold = 0.2\n";
    let title = |value: u32, further: &str| {
        let folder = small(&format!("{TARGET}{further}"), &format!("2026-01,north,{value}\n"));
        let trend = specified(&folder.path().join("scorecard.toml"), &["faults", "delays"], "2026-01", &[]);
        trend.expect("a chart").heading.title
    };
    assert_eq!(title(30, delays), "None of 2 metrics is on-target");
    let nearer = delays.replace("0.1", "0.05");
    assert_eq!(title(30, &nearer), "None of 2 metrics is on-target; Faults is furthest away");
}

#[test]
fn the_message_of_one_metric_is_true_in_every_case() {
    let title = |lines: &str, values: &[(&str, &str)], periods: &str| {
        faults(lines, values, periods).expect("a chart").heading.title
    };
    let three = |values: [&'static str; 3]| -> Vec<(&str, &str)> {
        ["2026-01", "2026-02", "2026-03"].into_iter().zip(values).collect()
    };
    let all = "2026-01..2026-03";
    assert_eq!(title(TARGET, &three(["30", "9", "8"]), all), "Faults has met its target for 2 months: 8 against 10");
    assert_eq!(
        title(TARGET, &three(["30", "25", "20"]), all),
        "Faults is off-target in all 3 months shown: 20 against 10"
    );
    assert_eq!(title(TARGET, &three(["1", "1", "15"]), all), "Faults is at-risk: 15 against 10");
    // Missed by little and by much is missed.
    assert_eq!(
        title(TARGET, &three(["1", "15", "30"]), all),
        "Faults has missed its target for 2 months: 30 against 10"
    );
    assert_eq!(
        title(TARGET, &three(["30", "15", "15"]), all),
        "Faults has missed its target in all 3 months shown: 15 against 10"
    );
    assert_eq!(
        title(TARGET, &three(["1", "30", "30"]), all),
        "Faults is off-target for 2 months running: 30 against 10"
    );
    // What is not known is neither met nor missed, and where there is no target nothing is missed.
    let gap = [("2025-12", "30"), ("2026-01", "15"), ("2026-03", "30")];
    assert_eq!(title(TARGET, &gap, "2025-12..2026-03"), "Faults is off-target: 30 against 10");
    let since = "better = \"lower\"\ntarget = { \"2026-02\" = 10 }\nthreshold = { \"2026-02\" = 20 }\n";
    assert_eq!(
        title(since, &three(["30", "15", "30"]), all),
        "Faults has missed its target for 2 months: 30 against 10"
    );
    assert_eq!(title("", &three(["1", "1", "15"]), all), "Faults is at 15");
    let a_year = [("2025-03", "-4"), ("2026-03", "15")];
    assert_eq!(title("", &a_year, "2026-03"), "Faults is at 15, a year before at −4");
    let stopped = three(["1", "7", ""]);
    assert_eq!(title(TARGET, &stopped[..2], all), "Faults has no value in 2026-03: it was 7 in 2026-02");
    let range = "better = \"between\"\ntarget = { low = 5, high = 10 }\nthreshold = { low = 1, high = 20 }\n";
    assert_eq!(title(range, &three(["7", "30", "7"]), all), "Faults is on-target: 7 against 5 to 10");
}
