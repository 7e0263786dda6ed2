//! `examples/subscription/answers.csv`, computed from the rows with exact fractions, line by line.

use std::collections::BTreeMap;

use goldthread::evaluate::{Absence, Evaluation, Standing};
use goldthread::metric::{Scorecard, Value};
use goldthread::scorecard::{load, resolve};

use super::program::{digits, evaluation, root, show};

/// The period asked for and the column that answers a kind of period.
fn asked(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "month" => ("2026-10", "actual"),
        "prior" => ("2026-10", "prior"),
        "prior_year" => ("2026-10", "prior_year"),
        "ytd" => ("2026-10", "ytd"),
        "quarter" => ("2026-Q3", "actual"),
        other => panic!("no period of kind {other}"),
    }
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or_else(|_| panic!("not a number: {text}"))
}

fn reason(standing: &Standing, column: &str) -> Option<Absence> {
    match column {
        "actual" => standing.actual.as_ref().err().cloned(),
        "prior" => standing.prior.as_ref().err().cloned(),
        "prior_year" => standing.prior_year.as_ref().err().cloned(),
        _ => standing.ytd.as_ref().err().cloned(),
    }
}

#[test]
fn every_answer_holds() {
    let scorecard = root().join("scorecards/subscription.toml");
    let reports = ["2026-10", "2026-Q3"].map(|period| (period, show(&scorecard, &["-p", period])));
    let mut reader = csv::Reader::from_path(root().join("examples/subscription/answers.csv")).expect("a file");
    let answers: Vec<BTreeMap<String, String>> = reader.deserialize().map(|row| row.expect("a row")).collect();
    assert_eq!(answers.len(), 175);
    let mut absent = Vec::new();
    for answer in &answers {
        let (id, kind) = (answer["metric"].as_str(), answer["period_kind"].as_str());
        let (period, column) = asked(kind);
        let (_, rows) = reports.iter().find(|(known, _)| *known == period).expect("a report");
        let row = rows.total(id);
        let found = digits(&row[column]);
        match answer["value"].as_str() {
            "" => absent.push((id, kind, period, column, found)),
            expected => {
                let found = found.unwrap_or_else(|| panic!("no {kind} of {id}"));
                let (actual, expected) = (number(&found), number(expected));
                assert!(
                    (actual - expected).abs() <= 1e-12 * expected.abs(),
                    "{kind} of {id}: {actual} is not {expected}"
                );
            }
        }
        // The answers give definitions of definitions as reduced fractions, the program its two inputs.
        if column == "actual" && !["clv", "equity"].contains(&id) {
            for part in ["numerator", "denominator"] {
                if let Some(found) = digits(&row[part]) {
                    assert_eq!(found, answer[part], "{part} of {kind} of {id}");
                }
            }
        }
    }
    absences(&scorecard, &absent);
}

/// Where the answers have no value the program has none, for a reason of the right kind.
fn absences(scorecard: &std::path::Path, absent: &[(&str, &str, &str, &str, Option<String>)]) {
    let standings = ["2026-10", "2026-Q3"].map(|period| {
        let all = |scorecard: &Scorecard, evaluation: &Evaluation| -> BTreeMap<String, Standing> {
            scorecard.ids().map(|id| (scorecard.metric(id).id.clone(), evaluation.standing(id).clone())).collect()
        };
        (period, evaluation(scorecard, period, all))
    });
    for (id, kind, period, column, found) in absent {
        let (_, of_period) = standings.iter().find(|(known, _)| known == period).expect("a report");
        let reason = reason(&of_period[*id], column);
        let right = match (*id, *kind) {
            ("brand_preference" | "recommend", "ytd" | "quarter") => {
                matches!(reason, Some(Absence::NotRolledUp { .. }))
            }
            // Reported up to May: two of the seven months of the year to date.
            ("welcome_call", "ytd") => {
                matches!(&reason, Some(Absence::Incomplete { have: 2, need: 7, first_missing, .. }) if first_missing == "2026-06")
            }
            ("welcome_call", "month" | "prior" | "quarter") => matches!(reason, Some(Absence::NoRows { .. })),
            other => panic!("the answers lack a value for {other:?}"),
        };
        assert!(right, "{kind} of {id}: {reason:?}");
        assert_eq!(*found, None, "{kind} of {id}");
    }
    let kinds: Vec<(&str, &str)> = absent.iter().map(|(id, kind, ..)| (*id, *kind)).collect();
    let expected = [
        ("brand_preference", "ytd"),
        ("brand_preference", "quarter"),
        ("recommend", "ytd"),
        ("recommend", "quarter"),
        ("welcome_call", "month"),
        ("welcome_call", "prior"),
        ("welcome_call", "ytd"),
        ("welcome_call", "quarter"),
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn a_trailing_sum_to_date_is_that_of_the_last_month() {
    let rows = show(&root().join("scorecards/subscription.toml"), &["-p", "2026-10"]);
    assert_eq!(rows.number("orders_12m", "actual").as_deref(), Some("53540"));
    assert_eq!(rows.number("orders_12m", "ytd").as_deref(), Some("53540"));
}

#[test]
fn the_answers_cover_every_metric_with_a_value() {
    let mut reader = csv::Reader::from_path(root().join("examples/subscription/answers.csv")).expect("a file");
    let answered: Vec<String> = reader.records().map(|row| row.expect("a row")[0].to_owned()).collect();
    let loaded = load(&root().join("scorecards/subscription.toml"));
    let scorecard = resolve(&loaded).expect("a sound scorecard");
    for id in scorecard.ids() {
        let metric = scorecard.metric(id);
        let has_value = !matches!(metric.value, Value::FromDrivers);
        assert_eq!(answered.contains(&metric.id), has_value, "{}", metric.id);
    }
}
