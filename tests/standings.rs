//! What a scorecard says of its nodes: drag, weakest link, critical leaves, watermelons, parts of a whole,
//! and which periods count as complete.

use goldthread::evaluate::{Evaluation, Reader, drags, evaluate, weakest_path};
use goldthread::metric::Scorecard;
use goldthread::observe::{Manner, observe};
use goldthread::period::Period;
use goldthread::plan::plan;
use goldthread::scorecard::{load, resolve};
use serde_json::Value;

use crate::session::{folder, goldthread_in};

/// Evaluates a scorecard over one file of scores, one column a leaf, in hundredths of a target of 1.
fn standings(scorecard: &str, scores: &str) -> (Scorecard, Evaluation) {
    let folder = folder(&[("scorecard.toml", scorecard), ("scores.csv", scores)]);
    let scorecard =
        resolve(&load(&folder.path().join("scorecard.toml"))).unwrap_or_else(|problems| panic!("{problems:?}"));
    let ids: Vec<_> = scorecard.ids().collect();
    let plan = plan(&scorecard, &ids, &[], None);
    let observations = observe(&scorecard, &plan, Manner::default()).expect("readable data").value;
    let reader = Reader::new(&scorecard, &plan, &observations, None);
    let evaluation = evaluate(&reader, Period::parse("2026-01").expect("a period"), None);
    (scorecard, evaluation)
}

fn leaf(id: &str, more: &str) -> String {
    format!(
        "[metrics.{id}]\nsource = \"scores\"\nvalue = \"only({id})\"\nunit = \"ratio\"\nbetter = \"higher\"\ntarget = 1\nthreshold = 0\n{more}\n"
    )
}

fn shared_thread(rollup: &str) -> String {
    let head = "[scoring]\nmin_coverage = 0.3\n[sources.scores]\npath = \"scores.csv\"\nperiod = \"month\"\n[goals.goal]\nsponsor = \"x\"\n";
    let mid = format!(
        "[metrics.mid]\ndrives = [{{ to = \"goal\", weight = 6 }}]\n{rollup}\n[metrics.side]\ndrives = [{{ to = \"goal\", weight = 2 }}]\n"
    );
    [
        head.to_owned(),
        mid,
        leaf("a", "drives = [{ to = \"goal\", weight = 4 }]"),
        leaf("b", "drives = [\"mid\", { to = \"side\", weight = 3 }]"),
        leaf("c", "drives = [{ to = \"mid\", weight = 2 }]"),
        leaf("d", "drives = [\"mid\"]"),
        leaf("e", "drives = [\"side\"]"),
    ]
    .concat()
}

#[test]
fn drags_add_up_to_the_shortfall_through_shared_nodes_and_missing_leaves() {
    for rollup in ["", "rollup = \"geometric\"", "rollup = \"weakest\""] {
        for row in ["0.2,0.5,0.9,0.1,0.7", "0.2,0.5,,0.1,0.7", "0,0,0,0,0", "1,1,1,1,1", "0.9,0.3,0.3,1,"] {
            let (scorecard, evaluation) =
                standings(&shared_thread(rollup), &format!("month,a,b,c,d,e\n2026-01,{row}\n"));
            let goal = scorecard.find("goal").expect("the goal");
            let score = evaluation.standing(goal).thread.score.expect("a thread score");
            let total: f64 = drags(&scorecard, &evaluation, goal).iter().map(|drag| drag.points).sum();
            assert!((total - (100.0 - score)).abs() < 1e-9, "{rollup} {row}: {total} of {}", 100.0 - score);
        }
    }
}

#[test]
fn the_thread_ends_at_the_leaf_that_show_calls_weakest() {
    // The heaviest branch loses more in all, but no leaf of it loses as much as `a`.
    let (scorecard, evaluation) = standings(&shared_thread(""), "month,a,b,c,d,e\n2026-01,0,0,0,0,1\n");
    let goal = scorecard.find("goal").expect("the goal");
    let weakest = drags(&scorecard, &evaluation, goal)[0].leaf;
    let path = weakest_path(&scorecard, &evaluation, goal);
    let names: Vec<&str> = path.iter().map(|id| scorecard.metric(*id).id.as_str()).collect();
    assert_eq!(names, ["goal", "a"]);
    assert_eq!(path.last(), Some(&weakest));
}

#[test]
fn nothing_above_is_on_target_while_a_critical_leaf_is_off_target() {
    let thread = |critical: &str| {
        let leaves = [
            leaf("a", "drives = [{ to = \"goal\", weight = 9 }]"),
            leaf("b", &format!("drives = [\"goal\"]\n{critical}")),
        ];
        format!(
            "[sources.scores]\npath = \"scores.csv\"\nperiod = \"month\"\n[goals.goal]\nsponsor = \"x\"\n{}",
            leaves.concat()
        )
    };
    let status = |critical: &str, row: &str| {
        let (scorecard, evaluation) = standings(&thread(critical), &format!("month,a,b\n2026-01,{row}\n"));
        let standing = evaluation.standing(scorecard.find("goal").expect("the goal"));
        (standing.thread.score.expect("a score"), standing.thread_status.word())
    };
    assert_eq!(status("", "1,0"), (90.0, "on-target"));
    assert_eq!(status("critical = true", "1,0"), (90.0, "at-risk"));
    assert_eq!(status("critical = true", "1,0.1"), (91.0, "on-target"));
}

const DAILY: &str = r#"
[sources.rows]
path = "rows.csv"
period = "day"
dimensions = ["region"]
[sources.other]
path = "other.csv"
period = "month"
[goals.goal]
sponsor = "x"
[metrics]
flow = { source = "rows", value = "sum(n)", unit = "count", better = "higher", target = 100, drives = ["goal"] }
stock = { source = "rows", value = "last(n)", unit = "count", better = "higher", target = 2, drives = ["goal"] }
rate = { source = "rows", value = "sum(n) / count(*)", unit = "ratio", better = "higher", target = 1, drives = ["goal"] }
late = { source = "other", value = "sum(n)", unit = "count", drives = ["goal"] }
"#;

/// One row a day and region from January to the 10th of March 2026; the other source ends in February.
fn daily() -> tempfile::TempDir {
    let days = (1..=31).map(|day| (1, day)).chain((1..=28).map(|day| (2, day))).chain((1..=10).map(|day| (3, day)));
    let rows: String = days
        .flat_map(|(month, day)| ["n", "s"].map(|region| format!("2026-{month:02}-{day:02},{region},1\n")))
        .collect();
    folder(&[
        ("scorecard.toml", DAILY),
        ("rows.csv", &format!("day,region,n\n{rows}")),
        ("other.csv", "month,n\n2026-01,1\n2026-02,1\n"),
    ])
}

fn rows(arguments: &[&str]) -> Vec<Value> {
    let text = goldthread_in(daily().path(), &[&["show", "-O", "json"], arguments].concat()).done();
    let report: Value = serde_json::from_str(&text).expect("JSON");
    report["rows"].as_array().expect("rows").clone()
}

fn find<'r>(rows: &'r [Value], id: &str) -> &'r Value {
    rows.iter().find(|row| row["id"] == id).unwrap_or_else(|| panic!("{id} has no row"))
}

#[test]
fn a_month_of_which_only_some_days_are_reported_is_held_against_nothing() {
    let march = rows(&["-p", "2026-03"]);
    // Ten days of two regions, one each.
    for (id, actual) in [("flow", "20"), ("stock", "2"), ("rate", "1")] {
        let row = find(&march, id);
        assert_eq!((row["actual"].to_string().as_str(), row["status"].as_str()), (actual, Some("no-target")));
        for nothing in ["target", "threshold", "variance", "score", "prior", "change", "prior_year"] {
            assert_eq!(row[nothing], Value::Null, "{id} {nothing}");
        }
        assert_eq!(row["reason"], "the period is partial, `--as-of` closes one");
        assert_eq!(row["caveat"], "partial: 10 of 31 days of `rows`, to 2026-03-10");
    }
    let goal = find(&march, "goal");
    assert_eq!((&goal["thread_score"], goal["status"].as_str()), (&Value::Null, Some("no-data")));
    let march = rows(&["-p", "2026-03", "--as-of", "2026-03"]);
    let closed = find(&march, "flow");
    assert_eq!((closed["actual"].to_string().as_str(), &closed["caveat"]), ("20", &Value::Null));
    assert_eq!((closed["status"].as_str(), closed["change"].to_string().as_str()), (Some("off-target"), "-36"));
}

#[test]
fn the_default_period_is_the_same_for_every_selection_and_condition() {
    for arguments in [&[][..], &["flow"], &["--where", "region = 's'"], &["late"], &["--by", "region", "rate"]] {
        assert!(
            rows(arguments).iter().all(|row| row["period"] == "2026-02" && row["as_of"] == "2026-02"),
            "{arguments:?}"
        );
    }
}

#[test]
fn a_target_of_the_whole_is_not_held_against_a_part() {
    let whole = rows(&[]);
    assert_eq!(find(&whole, "flow")["status"], "off-target");
    assert_eq!(find(&whole, "stock")["status"], "on-target");
    for arguments in [&["--where", "region = 'n'"][..], &["--by", "region"]] {
        let parts: Vec<Value> = rows(arguments).into_iter().filter(|row| row["level"] != "total").collect();
        for id in ["flow", "stock"] {
            let row = find(&parts, id);
            assert_eq!(
                (row["status"].as_str(), &row["target"]),
                (Some("no-target"), &Value::Null),
                "{id} {arguments:?}"
            );
        }
        // A rate does not grow with the part: its target holds for each.
        assert_eq!(find(&parts, "rate")["status"], "on-target");
    }
    let filtered = rows(&["--where", "region = 'n'"]);
    assert!(filtered.iter().all(|row| row["level"] == "part" && row["where"] == "region = 'n'"));
}

#[test]
fn a_range_keeps_both_its_ends() {
    let periods = |arguments: &[&str]| -> Vec<String> {
        let rows = rows(&[&["flow"], arguments].concat());
        rows.iter().map(|row| row["period"].as_str().expect("a period").to_owned()).collect()
    };
    assert_eq!(periods(&["-p", "2025-11..2026-02", "-Q"]), ["2025-Q4", "2026-Q1"]);
    assert_eq!(periods(&["-p", "2025..2026"]), ["2025", "2026"]);
    let refused = goldthread_in(daily().path(), &["thread", "flow", "-p", "2026-01..2026-02"]);
    assert!(refused.exit == 2 && refused.stderr.contains("reports on one period"), "{}", refused.stderr);
}
