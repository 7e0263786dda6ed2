//! The table as a picture: the numbers of `show`, a title worked out by hand.

use goldthread::evaluate::Processes;
use goldthread::status::Status;
use goldthread::view::chart::ScorecardTable;
use goldthread::view::{Order, show};

use super::subject::{golden, id_of, subscription, tiny};
use crate::session::{goldthread_in, root};

fn drawn(chosen: &[&str], by: &[&str]) -> ScorecardTable {
    tiny(&[], chosen, by, ScorecardTable::of).expect("a chart")
}

#[test]
fn rows_are_those_of_the_tree() {
    let chart = drawn(&[], &[]);
    let rows: Vec<(&str, usize, Status)> =
        chart.show.rows.iter().map(|row| (row.name.as_str(), row.follows.len(), row.status)).collect();
    assert_eq!(
        rows,
        [
            // Half way and half way.
            ("Loyal", 1, Status::AtRisk),
            ("First calls", 2, Status::AtRisk),
            ("Wait", 2, Status::AtRisk),
            ("Orders", 1, Status::OnTarget),
            ("Mood", 1, Status::AtRisk),
            ("Plain & <simple>", 1, Status::NoTarget),
            ("Uptime", 1, Status::OnTarget),
            ("Silent", 1, Status::NoData),
            ("Profit", 1, Status::OffTarget),
        ]
    );
    assert_eq!(chart.show.rows[0].thread.map(|(score, _)| (score - 50.0).abs() < 1e-9), Some(true));
}

#[test]
fn parts_stand_below_their_metric() {
    let chart = drawn(&["fcr"], &["region"]);
    let actual = |row: &goldthread::view::Row| row.actuals[0].as_ref().map(|actual| actual.number.to_f64());
    let actuals: Vec<Option<f64>> = chart.show.rows.iter().map(actual).collect();
    assert_eq!(actuals, [Some(0.75), Some(0.6), Some(0.8)]);
    assert_eq!(chart.heading.title, "Of 1 metric judged, 1 is at-risk");
}

#[test]
fn titles_count_and_name_what_costs_most() {
    let title = |chosen: &[&str]| drawn(chosen, &[]).heading.title;
    // Two leaves cost 25 of 100 points each.
    assert_eq!(
        title(&[]),
        "Of 7 metrics judged, 1 is off-target and 4 at-risk; First calls and Wait cost Loyal the most: 25.0 of 50.0 points each"
    );
    assert_eq!(title(&["orders", "uptime"]), "Both metrics are on-target");
    assert_eq!(title(&["orders", "plain"]), "Orders is on-target, 1 cannot be judged");
    assert_eq!(title(&["plain", "silent"]), "None of 2 metrics can be held against a target");
}

#[test]
fn actuals_are_those_of_the_generator() {
    subscription(&[], |subject, answers| {
        let chart = ScorecardTable::of(subject).expect("a chart");
        for row in &chart.show.rows {
            let known = answers.get(id_of(subject.scorecard(), &row.name)).copied();
            let actual = row.actuals[0].as_ref().map(|actual| actual.number.to_f64());
            let close = |(actual, known): (f64, f64)| (actual - known).abs() <= 1e-12 * known.abs();
            assert!(actual.is_some() == known.is_some() && actual.zip(known).is_none_or(close), "{}", row.name);
        }
    });
}

#[test]
fn the_table_is_that_of_show_with_what_limits_say() {
    subscription(&[], |subject, _| {
        let chart = ScorecardTable::of(subject).expect("a chart");
        let (scorecard, whole) = (subject.scorecard(), std::slice::from_ref(subject.evaluation));
        let period = subject.evaluation.period;
        let processes = Processes::of(subject.reader, &subject.selected, &[period]);
        let shown = show(scorecard, whole, &[], &subject.selected, None, Order::Tree, None);
        assert_eq!(chart.show, shown.with_processes(scorecard, period, &processes));
        let signals =
            chart.show.rows.iter().filter(|row| row.steadiness.as_ref().is_some_and(|one| one.signal.is_some()));
        assert!(signals.count() > 0, "the example has signals");
    });
}

#[test]
fn more_rows_than_a_page_holds_are_refused_with_a_remedy() {
    let mut many = String::from("stages = [\"discover\", \"buy\", \"use\"]\n");
    for index in 0..62 {
        many.push_str(&format!("[metrics.m{index}]\nsource = \"s\"\nvalue = \"sum(orders)\"\nunit = \"count\"\n"));
    }
    let replaced = [("stages = [\"discover\", \"buy\", \"use\"]\n", many.as_str())];
    let refused = tiny(&replaced, &[], &[], ScorecardTable::of).expect_err("a refusal");
    assert_eq!(refused.reason, "71 rows are too many for one page, which holds 70");
    assert_eq!(refused.help, "name fewer metrics, such as `+loyal` or `dept:sales`");
}

#[test]
fn a_tiny_chart_is_drawn_so() {
    golden("scorecard", &[]);
}

#[test]
fn which_way_is_better_and_what_a_share_covers_can_be_read() {
    let arguments = |kind| ["-s", "scorecards/subscription.toml", "chart", kind, "--as-of", "2026-10", "-O", "svg"];
    let texts = |kind| {
        let svg = goldthread_in(&root(), &arguments(kind)).done();
        let picture = roxmltree::Document::parse(&svg).expect("XML");
        let texts = picture.descendants().filter(|node| node.has_tag_name("text")).filter_map(|node| node.text());
        texts.map(|text| text.trim().to_owned()).collect::<Vec<String>>()
    };
    let table = texts("scorecard");
    let says = |texts: &[String], wanted: &str| texts.iter().filter(|text| *text == wanted).count();
    assert_eq!((says(&table, "less is better"), says(&table, "between is best")), (1, 1));
    // The welcome call, a quarter of the weight, has no data.
    let note = "of 75 %, behind a thread score: the share of weight that has data";
    assert_eq!((says(&table, "of 75 %"), says(&table, note)), (1, 1));
    // A watermelon does not hide what its score covers.
    let tree = texts("tree");
    assert_eq!((says(&tree, "Thread 100.0"), says(&tree, "75 % covered"), says(&tree, "watermelon")), (1, 1, 1));
}
