//! Heatmaps: means worked out by hand, and one cell of the example from what its generator computed.

use goldthread::status::Status;
use goldthread::view::chart::{HeatCell, Heatmap};

use super::subject::{golden, same, subscription, tiny};

fn drawn(replaced: &[(&str, &str)], chosen: &[&str]) -> Heatmap {
    tiny(replaced, chosen, &[], Heatmap::of).expect("a chart")
}

fn scored(score: f64, status: Status, metrics: usize, worst: &str, worst_score: f64) -> HeatCell {
    HeatCell::Scored { score, status, metrics, unscored: 0, worst: worst.to_owned(), as_bad: 0, worst_score }
}

#[test]
fn cells_are_means_beside_their_worst_and_blind_spots_are_not_missing_data() {
    let chart = drawn(&[], &[]);
    let heads = |heads: &[goldthread::view::chart::HeatHead]| -> Vec<(Option<String>, usize)> {
        heads.iter().map(|head| (head.name.clone(), head.metrics)).collect()
    };
    let named = |name: &str| Some(name.to_owned());
    assert_eq!(heads(&chart.stages), [(named("discover"), 2), (named("buy"), 2), (named("use"), 3), (None, 1)]);
    assert_eq!(heads(&chart.departments), [(named("Sales"), 3), (named("Care"), 4), (named("Idle"), 0), (None, 1)]);
    let [panel] = chart.panels.as_slice() else { panic!("one panel") };
    let (blind, void) = (HeatCell::Blind, HeatCell::Void);
    assert_eq!(
        panel.cells[0],
        [
            HeatCell::Unscored { no_data: 0, no_target: 1 },
            scored(100.0, Status::OnTarget, 1, "Orders", 100.0),
            blind.clone(),
            scored(50.0, Status::AtRisk, 1, "Mood", 50.0),
        ]
    );
    assert_eq!(panel.cells[1][..2], [HeatCell::Unscored { no_data: 1, no_target: 0 }, blind.clone()]);
    let HeatCell::Scored { score, status, metrics: 3, unscored: 0, worst, as_bad: 1, worst_score } = &panel.cells[1][2]
    else {
        panic!("{:?}", panel.cells[1][2])
    };
    // Calls and waiting half way, uptime there: (50 + 50 + 100) / 3.
    assert!((score - 200.0 / 3.0).abs() < 1e-9 && (worst_score - 50.0).abs() < 1e-9, "{score}, {worst_score}");
    assert_eq!((*status, worst.as_str()), (Status::AtRisk, "First calls"));
    assert_eq!(panel.cells[2], [blind.clone(), blind.clone(), blind, void.clone()]);
    assert_eq!(panel.cells[3], [void.clone(), scored(0.0, Status::OffTarget, 1, "Profit", 0.0), void.clone(), void]);
}

#[test]
fn titles_name_blind_spots_and_the_weakest() {
    let title = |replaced: &[(&str, &str)], chosen: &[&str]| drawn(replaced, chosen).heading.title;
    // Of every cell drawn, and profit has no department.
    let weakest = "the weakest spot is the buy stage without a department: 0.0 of 100";
    assert_eq!(title(&[], &[]), format!("Idle measures nothing; {weakest}"));
    let renew =
        [("stages = [\"discover\", \"buy\", \"use\"]", "stages = [\"discover\", \"buy\", \"use\", \"renew\", \"go\"]")];
    assert_eq!(title(&renew, &[]), format!("No one measures the renew and go stages; {weakest}"));
    // Without Idle two cells are blind, in two departments; one department alone measures `use`.
    let busy = [("[departments.idle]\nname = \"Idle\"\n", "")];
    assert_eq!(title(&busy, &[]), format!("1 of 3 stages is measured by one department alone; {weakest}"));
    // With a waiting time of Sales too, Care alone leaves something out.
    let moved = [busy[0], ("department = \"care\"\nowner", "department = \"sales\"\nowner")];
    assert_eq!(title(&moved, &[]), format!("No one measures buy in Care; {weakest}"));
    let all_but = ["orders", "mood", "fcr", "wait"];
    assert_eq!(title(&[], &all_but), "The weakest spots are Sales without a stage, and 1 other: 50.0 of 100 each");
    let described = drawn(&[], &[]).heading.description;
    assert!(described.contains("Sales: discover has no score, buy 100.0 (on-target), what has no stage 50.0"));
    assert!(!described.contains("without a score"), "{described}");
    // Of metrics chosen no blind spot is told.
    assert_eq!(title(&[], &["orders", "uptime"]), "Both cells with a score are on-target");
    assert_eq!(title(&[], &["plain"]), "No metric here has a score in 2026-01");
    assert_eq!(title(&[], &["mood"]), "The weakest spot is Sales without a stage: 50.0 of 100");
}

#[test]
fn nothing_is_on_target_that_holds_a_critical_metric_off_target() {
    let critical = [
        ("target = 0.8\n", "target = 0.999\ncritical = true\n"),
        ("threshold = 0.7\n", "threshold = 0.99\n"),
        ("stretch = 0.9\n", ""),
    ];
    let lenient = [
        critical[0],
        critical[1],
        critical[2],
        ("title = \"Tiny\"\n", "title = \"Tiny\"\n[scoring]\non_target = 40\nat_risk = 20\n"),
    ];
    let status = |replaced: &[(&str, &str)]| match &drawn(replaced, &["fcr", "wait", "uptime"]).panels[0].cells[0][2] {
        HeatCell::Scored { score, status, .. } => (same(*score, 50.0), *status),
        other => panic!("{other:?}"),
    };
    // 0, 50 and 100: a mean of 50, on-target from 40 but for the critical one.
    assert_eq!(status(&lenient), (true, Status::AtRisk));
    let harmless = lenient.map(|(old, new)| (old, if new.contains("critical") { "target = 0.999\n" } else { new }));
    assert_eq!(status(&harmless), (true, Status::OnTarget));
}

#[test]
fn a_cell_of_the_example_is_the_mean_of_what_its_generator_computed() {
    // Targets and thresholds as the scorecard declares them.
    let posts = [
        ("fcr", 0.80, 0.70),
        ("service_phone", 0.80, 0.70),
        ("service_chat", 0.80, 0.70),
        ("service_level", 0.80, 0.70),
        ("complaint_days", 5.5, 7.0),
        ("complainers", 200.0, 280.0),
    ];
    subscription(&[], |subject, answers| {
        let scores = posts.map(|(id, target, threshold)| {
            ((answers[id] - threshold) / (target - threshold) * 100.0).clamp(0.0, 100.0)
        });
        let mean = scores.iter().sum::<f64>() / 6.0;
        let chart = Heatmap::of(subject).expect("a chart");
        let at = |heads: &[goldthread::view::chart::HeatHead], name: &str| {
            heads.iter().position(|head| head.name.as_deref() == Some(name)).expect("a head")
        };
        let (row, column) = (at(&chart.departments, "Contact centre"), at(&chart.stages, "support"));
        let HeatCell::Scored { score, metrics: 6, worst, .. } = &chart.panels[0].cells[row][column] else {
            panic!("a score of six")
        };
        assert!((score - mean).abs() < 1e-9, "{score}, {mean}");
        assert_eq!(worst, "First-contact resolution");
    });
}

#[test]
fn without_stages_there_is_a_remedy() {
    let bare = [
        ("[journey]\nstages = [\"discover\", \"buy\", \"use\"]\n", ""),
        ("stage = \"buy\"\n", ""),
        ("stage = \"use\"\n", ""),
        ("stage = \"discover\"\n", ""),
    ];
    let refused = tiny(&bare, &[], &[], Heatmap::of).expect_err("a refusal");
    assert_eq!(refused.reason, "the journey has no stages");
    assert!(refused.help.contains("[journey] stages ="), "{}", refused.help);
}

#[test]
fn a_dimension_gives_one_panel_a_part() {
    let chart = tiny(&[], &[], &["region"], Heatmap::of).expect("a chart");
    let names: Vec<Option<&str>> = chart.panels.iter().map(|panel| panel.name.as_deref()).collect();
    assert_eq!(names, [Some("north"), Some("south")]);
    // In the north 60 of 100 calls are solved: 0, beside a wait half way and an uptime of 99.94 %.
    let HeatCell::Scored { score, worst, .. } = &chart.panels[0].cells[1][2] else { panic!("a score") };
    assert!((score - 50.0).abs() < 1e-9 && worst == "First calls", "{score} {worst}");
}

#[test]
fn a_tiny_chart_is_drawn_so() {
    golden("heatmap", &[]);
}
