//! `02_scoring.json`: scores, means and cut-offs, alone and through a whole report.
//!
//! Two decisions make the program differ from the vectors on purpose, and the expectations follow it:
//! scores are capped to 0..100, and a geometric mean takes scores under 1 as 1, so that one zero does
//! not erase the rest.

use goldthread::metric::{Polarity, Rollup, Scoring};
use goldthread::status::{Combined, Goalposts, Part, Status, combine, shares_of_shortfall, thread_status};
use serde_json::Value;

use super::program::{Folder, close, double, list, text, vectors};

const TOLERANCE: f64 = 1e-12;

fn doubles(value: &Value) -> Vec<f64> {
    list(value).iter().map(double).collect()
}

fn parts(scores: &[Option<f64>], weights: &[f64]) -> Vec<Part> {
    let part = |(score, weight): (&Option<f64>, &f64)| Part {
        weight: *weight,
        score: *score,
        coverage: f64::from(u8::from(score.is_some())),
        bounds: score.map(|score| (score, score)),
    };
    scores.iter().zip(weights).map(part).collect()
}

fn mean_of(scores: &[f64], weights: &[f64], rollup: Rollup) -> f64 {
    let scores: Vec<Option<f64>> = scores.iter().copied().map(Some).collect();
    combine(&parts(&scores, weights), rollup, 0.6).score.expect("a score")
}

fn floored_geometric(scores: &[f64], weights: &[f64]) -> f64 {
    let total: f64 = weights.iter().sum();
    scores.iter().zip(weights).map(|(score, weight)| score.max(1.0).powf(weight / total)).product()
}

#[test]
fn progress_is_the_score_clipped() {
    let vectors = vectors("02_scoring.json");
    let cases = list(&vectors["progress"]);
    assert_eq!(cases.len(), 9);
    for case in cases {
        let [baseline, target, actual] = ["baseline", "target", "actual"].map(|name| double(&case[name]));
        let better = if text(&case["dir"]) == "lower" { Polarity::Lower } else { Polarity::Higher };
        let (score, status) = Goalposts::OneSided { target, threshold: baseline }.judge(actual, better);
        // Where target and baseline coincide there is no progress to speak of: beyond is on-target.
        let progress = case["progress"].as_f64().unwrap_or(1.0);
        assert!(close(score, (progress * 100.0).clamp(0.0, 100.0), TOLERANCE), "{case}: {score}");
        let expected = match progress {
            p if p >= 1.0 => Status::OnTarget,
            p if p <= 0.0 => Status::OffTarget,
            _ => Status::AtRisk,
        };
        assert_eq!(status, expected, "{case}");
    }
}

#[test]
fn piecewise_scores_up_to_the_target() {
    let vectors = vectors("02_scoring.json");
    let anchor = |kind: &str, index: usize| double(&vectors["piecewise"][kind]["anchors"][index][0]);
    let one_sided = |kind| Goalposts::OneSided { threshold: anchor(kind, 0), target: anchor(kind, 1) };
    let between = Goalposts::Between {
        target: (anchor("between", 1), anchor("between", 2)),
        threshold: (anchor("between", 0), anchor("between", 3)),
    };
    let kinds = [
        ("higher", one_sided("higher"), Polarity::Higher, 7),
        ("lower", one_sided("lower"), Polarity::Lower, 7),
        ("between", between, Polarity::Between, 9),
    ];
    for (kind, posts, better, count) in kinds {
        let cases = list(&vectors["piecewise"][kind]["cases"]);
        assert_eq!(cases.len(), count);
        for case in cases {
            let (actual, expected) = (double(&case[0]), double(&case[1]).min(100.0));
            let (score, status) = posts.judge(actual, better);
            assert!(close(score, expected, TOLERANCE), "{kind} {actual}: {score} is not {expected}");
            assert!(close(posts.score(actual), expected, TOLERANCE), "{kind} {actual}");
            let ends = (status == Status::OnTarget, status == Status::OffTarget);
            assert_eq!(ends, (expected == 100.0, expected == 0.0), "{kind} {actual}: {status:?}");
        }
    }
}

#[test]
fn weighted_means() {
    let vectors = vectors("02_scoring.json");
    let cases = list(&vectors["aggregate"]);
    assert_eq!(cases.len(), 8);
    for case in cases {
        let (scores, weights) = (doubles(&case["scores"]), doubles(&case["weights"]));
        let expected = |name: &str| double(&case[name]);
        assert!(close(mean_of(&scores, &weights, Rollup::Mean), expected("arithmetic"), TOLERANCE), "{case}");
        assert!(close(mean_of(&scores, &weights, Rollup::Weakest), expected("min"), TOLERANCE), "{case}");
        let geometric = if scores.iter().all(|score| *score >= 1.0) {
            expected("geometric")
        } else {
            floored_geometric(&scores, &weights)
        };
        assert!(close(mean_of(&scores, &weights, Rollup::Geometric), geometric, TOLERANCE), "{case}");
    }
}

#[test]
fn missing_children_leave_coverage_and_bounds() {
    let vectors = vectors("02_scoring.json");
    let cases = list(&vectors["missing_children"]);
    assert_eq!(cases.len(), 4);
    for case in cases {
        let scores: Vec<Option<f64>> = list(&case["scores"]).iter().map(Value::as_f64).collect();
        let Combined { score, coverage, bounds } =
            combine(&parts(&scores, &doubles(&case["weights"])), Rollup::Mean, 0.6);
        assert!(close(coverage, double(&case["coverage"]), TOLERANCE), "{case}: {coverage}");
        assert_eq!(score.is_some(), case["score"].is_number(), "{case}");
        if let Some(score) = score {
            assert!(close(score, double(&case["score"]), TOLERANCE), "{case}: {score}");
            let (low, high) = bounds.expect("bounds beside a score");
            assert!(close(low, double(&case["bounds"][0]), TOLERANCE), "{case}: {low}");
            assert!(close(high, double(&case["bounds"][1]), TOLERANCE), "{case}: {high}");
        }
    }
}

#[test]
fn cut_offs_hold_at_their_edges_and_unrounded() {
    let vectors = vectors("02_scoring.json");
    let scoring = Scoring { on_target: 100.0, at_risk: 80.0, ..Scoring::default() };
    let cases = list(&vectors["rag"]);
    assert_eq!(cases.len(), 7);
    for case in cases {
        let expected = match text(&case[1]) {
            "green" => Status::OnTarget,
            "amber" => Status::AtRisk,
            _ => Status::OffTarget,
        };
        assert_eq!(thread_status(Some(double(&case[0])), false, &scoring), expected, "{case}");
    }
}

#[test]
fn a_target_of_a_tenth_and_two_tenths_is_met_by_three() {
    let case = &vectors("02_scoring.json")["rag_float_trap"];
    assert_eq!(text(&case["target_expr"]), "0.1+0.2");
    let (actual, target) = (double(&case["actual"]), 0.1 + 0.2);
    assert_eq!(Some(actual >= target), case["naive_ge"].as_bool());
    for (better, threshold) in [(Polarity::Higher, 0.2), (Polarity::Lower, 0.4)] {
        let posts = Goalposts::OneSided { target, threshold };
        assert_eq!(posts.judge(actual, better), (100.0, Status::OnTarget), "{better:?}");
    }
    // A hair is forgiven, a difference is not.
    let posts = Goalposts::OneSided { target, threshold: 0.2 };
    assert_eq!(posts.status(0.299_999, Polarity::Higher), Status::AtRisk);
}

#[test]
fn a_mean_of_capped_scores_shows_the_red_it_would_hide() {
    let case = &vectors("02_scoring.json")["hidden_red"];
    let posts = Goalposts::OneSided { target: 100.0, threshold: 0.0 };
    let capped: Vec<f64> = doubles(&case["scores"]).iter().map(|score| posts.score(*score)).collect();
    let mean = |rollup| mean_of(&capped, &[1.0; 4], rollup);
    assert!(close(mean(Rollup::Mean), double(&case["clamped_to_100_arithmetic"]), TOLERANCE));
    assert_eq!(mean(Rollup::Weakest), double(&case["min"]));
    // The vector's geometric mean is 0; the zero counts as 1 here: 100^(3/4).
    assert!(close(mean(Rollup::Geometric), 100f64.powf(0.75), TOLERANCE));
}

/// Drag: at a mean by weight times shortfall, at a geometric mean by `w ln(100 / s)`, at the weakest
/// all of it.
#[test]
fn shares_of_a_shortfall_add_up() {
    let parts = parts(&[Some(90.0), Some(80.0), Some(40.0)], &[0.5, 0.3, 0.2]);
    let near = |found: Vec<f64>, expected: [f64; 3]| {
        assert!(found.iter().zip(expected).all(|(a, b)| close(*a, b, TOLERANCE)), "{found:?} is not {expected:?}");
    };
    // 5 + 6 + 12 points of the 23 that 77 falls short of 100.
    near(shares_of_shortfall(&parts, Rollup::Mean), [5.0 / 23.0, 6.0 / 23.0, 12.0 / 23.0]);
    let logs = [0.5 * (100f64 / 90.0).ln(), 0.3 * (100f64 / 80.0).ln(), 0.2 * (100f64 / 40.0).ln()];
    near(shares_of_shortfall(&parts, Rollup::Geometric), logs.map(|log| log / logs.iter().sum::<f64>()));
    near(shares_of_shortfall(&parts, Rollup::Weakest), [0.0, 0.0, 1.0]);
}

// --- through a whole report ----------------------------------------------------------------------------------------

/// A scorecard whose leaf `x` reads its score from the row of `x`: target 100, threshold 0.
struct Tree(String, String);

impl Tree {
    fn new() -> Tree {
        let head = "[scorecard]\ntitle = \"tree\"\ngrain = \"month\"\n\
            [sources.scores]\npath = \"scores.csv\"\nperiod = \"month\"\nrequired = false\n\
            [sources.clock]\npath = \"clock.csv\"\nperiod = \"month\"\n\
            [metrics.clock]\nsource = \"clock\"\nvalue = \"sum(tick)\"\nunit = \"count\"\n";
        Tree(head.to_owned(), "month,leaf,score\n".to_owned())
    }

    fn node(mut self, id: &str, rollup: &str, up: Option<(&str, f64)>) -> Tree {
        self.0 += &format!("[metrics.{id}]\nrollup = \"{rollup}\"\n{}", drives(up));
        self
    }

    fn leaf(mut self, id: &str, score: Option<f64>, to: &str, weight: f64) -> Tree {
        self.0 += &format!(
            "[metrics.{id}]\nsource = \"scores\"\nwhere = \"leaf = '{id}'\"\nvalue = \"sum(score)\"\nunit = \"score\"\n\
             better = \"higher\"\ntarget = 100\nthreshold = 0\n{}",
            drives(Some((to, weight)))
        );
        if let Some(score) = score {
            self.1 += &format!("2025-01,{id},{score}\n");
        }
        self
    }

    /// The thread score of `root`, and its status.
    fn root(self) -> (Option<f64>, String) {
        let folder = Folder::with(&self.0).file("scores.csv", &self.1).file("clock.csv", "month,tick\n2025-01,1\n");
        let rows = folder.show(&["-p", "2025-01"]);
        let score = rows.number("root", "thread_score").map(|score| score.parse().expect("a number"));
        (score, text(&rows.total("root")["status"]).to_owned())
    }
}

fn drives(up: Option<(&str, f64)>) -> String {
    up.map_or_else(String::new, |(to, weight)| {
        format!("drives = [{{ to = \"{to}\", weight = {weight}, because = \"the vector says so\" }}]\n")
    })
}

#[test]
fn nested_weights_through_a_report() {
    let case = &vectors("02_scoring.json")["nested_weights"];
    assert_eq!(case["tree"]["A"]["children"]["a2"].to_string(), "[0.5,50]");
    for (rollup, expected) in [("mean", "arith_nested"), ("geometric", "geo_nested"), ("weakest", "min")] {
        let mut tree = Tree::new().node("root", rollup, None);
        for (name, branch) in case["tree"].as_object().expect("branches") {
            let id = name.to_lowercase();
            tree = tree.node(&id, rollup, Some(("root", double(&branch["w"]))));
            for (leaf, weight_and_score) in branch["children"].as_object().expect("leaves") {
                let (weight, score) = (double(&weight_and_score[0]), double(&weight_and_score[1]));
                tree = tree.leaf(leaf, Some(score), &id, weight);
            }
        }
        let (score, _) = tree.root();
        let score = score.expect("a score");
        assert!(close(score, double(&case[expected]), TOLERANCE), "{rollup}: {score}");
    }
}

#[test]
fn missing_children_through_a_report() {
    let vectors = vectors("02_scoring.json");
    for case in list(&vectors["missing_children"]) {
        let weights = doubles(&case["weights"]);
        let mut tree = Tree::new().node("root", "mean", None);
        for (index, score) in list(&case["scores"]).iter().enumerate() {
            tree = tree.leaf(&format!("leaf_{index}"), score.as_f64(), "root", weights[index]);
        }
        let (score, status) = tree.root();
        assert_eq!(score.is_some(), case["score"].is_number(), "{case}");
        if let Some(score) = score {
            assert!(close(score, double(&case["score"]), TOLERANCE), "{case}: {score}");
            assert_eq!(status, "at-risk", "{case}");
        } else {
            assert_eq!(status, "no-data", "{case}");
        }
    }
}

#[test]
fn hidden_red_through_a_report() {
    let case = &vectors("02_scoring.json")["hidden_red"];
    let mut tree = Tree::new().node("root", "mean", None);
    for (index, score) in doubles(&case["scores"]).into_iter().enumerate() {
        tree = tree.leaf(&format!("leaf_{index}"), Some(score), "root", 1.0);
    }
    let expected = double(&case["clamped_to_100_arithmetic"]);
    assert_eq!(tree.root(), (Some(expected), "at-risk".to_owned()));
}

/// A ratio of actual to target would call the better loss half done and the worse one twice done.
#[test]
fn a_smaller_loss_than_planned_is_on_target() {
    let vectors = vectors("02_scoring.json");
    let cases = list(&vectors["naive_ratio_pathology"]);
    assert!(text(&cases[0]["case"]).contains("target -100, actual -50"));
    assert!(text(&cases[1]["case"]).contains("target -100, actual -200"));
    let scorecard = "[scorecard]\ntitle = \"loss\"\ngrain = \"month\"\n\
        [sources.books]\npath = \"books.csv\"\nperiod = \"month\"\n\
        [metrics.result]\nsource = \"books\"\nvalue = \"sum(result)\"\nunit = \"count\"\nbetter = \"higher\"\ntarget = -100\n";
    for (actual, threshold, score, status) in [("-50", "-110", 100, "on-target"), ("-200", "-110", 0, "off-target")] {
        let rows = Folder::with(scorecard).file("books.csv", &format!("month,result\n2025-01,{actual}\n")).show(&[]);
        assert_eq!(rows.number("result", "threshold").as_deref(), Some(threshold));
        assert_eq!(rows.number("result", "score"), Some(score.to_string()));
        assert_eq!(text(&rows.total("result")["status"]), status);
    }
}

/// Three months of 120 %, 120 % and 60 % are a quarter of 72 %, not of 100 %.
#[test]
fn a_quarter_is_scored_from_its_sums() {
    let case = &vectors("02_scoring.json")["score_over_time"];
    let (targets, actuals) = (doubles(&case["targets"]), doubles(&case["actuals"]));
    let mut csv = "month,orders\n".to_owned();
    let mut dated = Vec::new();
    for (index, (target, actual)) in targets.iter().zip(&actuals).enumerate() {
        csv += &format!("2025-0{},{actual}\n", index + 1);
        dated.push(format!("\"2025-0{}\" = {target}", index + 1));
    }
    let scorecard = format!(
        "[scorecard]\ntitle = \"quarter\"\ngrain = \"month\"\n[sources.sales]\npath = \"sales.csv\"\nperiod = \"month\"\n\
         [metrics.orders]\nsource = \"sales\"\nvalue = \"sum(orders)\"\nunit = \"count\"\nbetter = \"higher\"\n\
         target = {{ {} }}\n",
        dated.join(", ")
    );
    let rows = Folder::with(&scorecard).file("sales.csv", &csv).show(&["-p", "2025-Q1"]);
    let number = |column| rows.number("orders", column).expect("a number").parse::<f64>().expect("a number");
    assert_eq!(number("target"), targets.iter().sum::<f64>());
    assert!(close(number("actual") / number("target"), double(&case["ytd_attainment"]), TOLERANCE));
    assert_eq!(text(&rows.total("orders")["status"]), "off-target");
}
