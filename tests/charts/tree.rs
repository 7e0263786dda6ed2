//! The tree: its nodes, ties, golden path and title of a scorecard small enough to reckon by hand; what is refused.

use std::collections::BTreeSet;
use std::path::Path;

use goldthread::evaluate::{Evaluation, Mark, Reader, drags, evaluate, weakest_path};
use goldthread::graph::Tie;
use goldthread::metric::{MetricId, Scorecard};
use goldthread::observe::{Manner, observe};
use goldthread::period::{Grain, Period, PeriodRequest};
use goldthread::plan::plan;
use goldthread::render::chart::{Colours, Ink, Rgb, Theme};
use goldthread::scorecard::{load, resolve};
use goldthread::status::Status;
use goldthread::view::chart::{Refusal, Subject, Tied, Tree, TreeEdge, TreeNode};

use crate::session::{compare, folder, goldthread_in, root};

/// Two goals; `service` is shared, and reaches one of them through `revenue`.
const SCORECARD: &str = r#"
[scorecard]
title = "Corner shop"
[departments.shop]
name = "Shop floor"
[sources.rows]
path = "rows.csv"
period = "month"
department = "shop"
[goals.profit]
name = "Profit"
value = "revenue - cost"
unit = "EUR"
decimals = 0
better = "higher"
target = 60
threshold = 40
sponsor = "Owner"
[goals.loyalty]
name = "Loyalty"
sponsor = "Owner"
[metrics.revenue]
name = "Revenue"
source = "rows"
value = "sum(revenue)"
unit = "EUR"
decimals = 0
better = "higher"
target = 80
threshold = 60
[metrics.cost]
name = "Cost"
source = "rows"
value = "sum(cost)"
unit = "EUR"
decimals = 0
better = "lower"
target = 45
threshold = 55
[metrics.service]
name = "Service"
source = "rows"
value = "sum(service)"
unit = "score"
better = "higher"
target = 80
threshold = 70
drives = ["revenue", { to = "loyalty", lag = 1, because = "people come back to those who are kind" }]
"#;

const ROWS: &str = "month,revenue,cost,service\n2025-04,85,46,74\n2025-05,88,48,73\n2025-06,90,50,72.5\n";

/// The tree of a scorecard in a period, of the metrics with these ids, or all of them; and what else stands there.
fn look<T>(
    path: &Path,
    period: Option<&str>,
    only: &[&str],
    then: impl FnOnce(&Scorecard, &Evaluation, Result<Tree, Refusal>) -> T,
) -> T {
    let loaded = load(path);
    let scorecard = resolve(&loaded).expect("a sound scorecard");
    let ids: Vec<MetricId> = scorecard.ids().collect();
    let plan = plan(&scorecard, &ids, &[], None);
    let observations = observe(&scorecard, &plan, Manner::default()).expect("sound data").value;
    let reader = Reader::new(&scorecard, &plan, &observations, None);
    let any = Period::parse("2000-01-01").expect("a day");
    let request = PeriodRequest::parse(period.unwrap_or("2025-06")).expect("a period");
    let periods = request.resolve(&scorecard.calendar, any).expect("a period");
    let evaluation = evaluate(&reader, periods[0], None);
    let is_asked = |id: &MetricId| only.is_empty() || only.contains(&scorecard.metric(*id).id.as_str());
    let selected: BTreeSet<MetricId> = scorecard.ids().filter(is_asked).collect();
    let subject = Subject {
        reader: &reader,
        evaluation: &evaluation,
        segments: &[],
        by: &[],
        periods: &periods,
        selected,
        is_chosen: !only.is_empty(),
        condition: None,
    };
    then(&scorecard, &evaluation, Tree::of(&subject))
}

/// The tree of the corner shop.
fn shop(rows: &str, only: &[&str]) -> Tree {
    let folder = folder(&[("scorecard.toml", SCORECARD), ("rows.csv", rows)]);
    look(&folder.path().join("scorecard.toml"), None, only, |_, _, tree| tree.expect("a tree"))
}

fn named<'t>(tree: &'t Tree, name: &str) -> &'t TreeNode {
    tree.nodes.iter().find(|node| node.name == name).expect("a node")
}

fn each<T>(names: &[&str], of: impl Fn(&str) -> T) -> Vec<T> {
    names.iter().map(|name| of(name)).collect()
}

fn close(actual: f64, expected: f64) -> bool {
    (actual - expected).abs() < 1e-9
}

#[test]
fn nodes_say_what_was_reckoned_by_hand() {
    let tree = shop(ROWS, &[]);
    let names: Vec<&str> = tree.nodes.iter().map(|node| node.name.as_str()).collect();
    assert_eq!(names, ["Profit", "Loyalty", "Revenue", "Cost", "Service"]);
    let number = |name: &str| named(&tree, name).actual.as_ref().map(|actual| actual.number.to_f64());
    assert_eq!(each(&names, number), [Some(40.0), None, Some(90.0), Some(50.0), Some(72.5)]);
    let variance = |name: &str| named(&tree, name).variance.as_ref().map(|variance| variance.number.to_f64());
    assert_eq!(each(&names, variance), [Some(-20.0), None, Some(10.0), Some(5.0), Some(-7.5)]);
    use Status::{AtRisk, OffTarget, OnTarget};
    assert_eq!(each(&names, |name| named(&tree, name).status), [OffTarget, OffTarget, OnTarget, AtRisk, AtRisk]);
    // Service scores 25, cost 50. At 90 - 50 the elasticities are 90/40 and 50/40: shares of 9/14 and 5/14.
    let profit = (9.0 * 25.0 + 5.0 * 50.0) / 14.0;
    let thread = |name: &str| named(&tree, name).thread.map(|(score, _)| score);
    assert!(close(thread("Profit").expect("a score"), profit), "{:?}", thread("Profit"));
    assert_eq!((thread("Loyalty"), thread("Revenue"), thread("Service")), (Some(25.0), Some(25.0), None));
    assert_eq!(named(&tree, "Revenue").mark, Some(Mark::Windfall));
    assert_eq!(named(&tree, "Service").trend.iter().flatten().copied().collect::<Vec<f64>>(), [74.0, 73.0, 72.5]);
    assert_eq!(named(&tree, "Service").department.as_deref(), Some("Shop floor"));
    assert!(!named(&tree, "Loyalty").is_valued && named(&tree, "Loyalty").is_goal && named(&tree, "Cost").is_valued);
}

#[test]
fn ties_carry_their_kind_share_and_lag() {
    let tree = shop(ROWS, &[]);
    let lagged = Tied::Link { lag: 1, because: Some("people come back to those who are kind".to_owned()) };
    let expected = [
        (0, 2, Tied::Definition, 9.0 / 14.0),
        (0, 3, Tied::Definition, 5.0 / 14.0),
        (1, 4, lagged, 1.0),
        (2, 4, Tied::Link { lag: 0, because: None }, 1.0),
    ];
    assert_eq!(tree.edges.len(), expected.len());
    for (edge, (parent, child, tied, share)) in tree.edges.iter().zip(expected) {
        assert_eq!((edge.parent, edge.child, &edge.tied), (parent, child, &tied));
        assert!(close(edge.share, share), "{edge:?}");
    }
}

#[test]
fn the_goal_that_loses_the_most_is_golden_and_the_other_one_only_says_what_it_costs() {
    let tree = shop(ROWS, &[]);
    // Loyalty loses 75, all of it to service; profit loses 9/14 of 75 there and 5/14 of 50 at cost.
    assert_eq!(tree.gold, [1, 4]);
    assert_eq!(tree.heading.title, "Service costs Loyalty the most: 75.0 of 75.0 points");
    assert_eq!(tree.heading.subtitle, "Corner shop · 2025-06");
    let costs = &named(&tree, "Service").costs;
    let said: Vec<(&str, bool)> = costs.iter().map(|cost| (cost.goal.as_str(), cost.is_golden)).collect();
    assert_eq!(said, [("Profit", false), ("Loyalty", true)]);
    assert!(close(costs[0].points, 9.0 / 14.0 * 75.0) && close(costs[0].lost, 925.0 / 14.0), "{costs:?}");
    assert!(close(costs[1].points, 75.0) && close(costs[1].lost, 75.0), "{costs:?}");
    assert!(tree.nodes.iter().filter(|node| node.name != "Service").all(|node| node.costs.is_empty()));
    assert!(tree.heading.description.contains("The weakest path, from goal to leaf: Loyalty, Service."));
}

#[test]
fn what_is_not_selected_is_passed_by() {
    let tree = shop(ROWS, &["profit", "service"]);
    let through = Tied::Through { names: vec!["Revenue".to_owned()] };
    let [TreeEdge { parent: 0, child: 1, tied, share }] = tree.edges.as_slice() else { panic!("{:?}", tree.edges) };
    assert!(*tied == through && close(*share, 9.0 / 14.0), "{:?}", tree.edges);
    assert_eq!(tree.gold, [0, 1]);
    assert_eq!(tree.heading.title, "Service costs Profit the most: 48.2 of 66.1 points");
    // Without a goal, what feeds nothing else takes its place; a leaf has no thread and costs nothing.
    let tree = shop(ROWS, &["revenue", "service"]);
    assert_eq!(
        (tree.gold.as_slice(), tree.heading.title.as_str()),
        ([0, 1].as_slice(), "Service costs Revenue the most: 75.0 of 75.0 points")
    );
    let tree = shop(ROWS, &["cost"]);
    assert_eq!((tree.edges.len(), tree.gold.len(), tree.heading.title.as_str()), (0, 0, "Cost is at-risk"));
}

#[test]
fn titles_are_true_in_every_case() {
    let title =
        |month: &str, only: &[&str]| shop(&format!("month,revenue,cost,service\n{month}\n"), only).heading.title;
    assert_eq!(title("2025-06,110,45,85", &[]), "Every goal is on target");
    assert_eq!(title("2025-06,110,45,85", &["profit"]), "Profit is on target");
    assert_eq!(title("2025-06,110,45,85", &["cost", "service"]), "Every metric shown is on target");
    // Service scores 50, cost 100; 9/14 of the weight is revenue's at these values: 110 and 45.
    let weights = (110.0 / 65.0, 45.0 / 65.0);
    let points = weights.0 / (weights.0 + weights.1) * 50.0;
    assert_eq!(
        title("2025-06,110,45,75", &["profit", "service"]),
        format!("Profit is on target, yet Service costs Profit the most: {points:.1} of {points:.1} points")
    );
    // All that feeds profit is on target, and profit is not.
    assert_eq!(title("2025-06,80,45,85", &["profit"]), "Profit is off-target, although its thread scores 100.0");
    assert_eq!(title("2025-06,,,", &[]), "No goal has a score: too little has both data and a target");
    assert_eq!(title("2025-06,,,", &["loyalty"]), "Loyalty has no score: too little has data");
    assert_eq!(title("2025-06,80,45,85", &[]), "Profit is off-target, although its thread scores 100.0");
    assert_eq!(title("2025-06,70,50,85", &["cost", "service"]), "1 of 2 metrics shown is on target");
    // Without a goal the same is said of what is drawn.
    assert_eq!(
        title("2025-06,70,50,85", &["revenue", "service"]),
        "Revenue is at-risk, although its thread scores 100.0"
    );
}

#[test]
fn lags_are_counted_in_periods_of_the_scorecard_whatever_is_reported() {
    let folder = folder(&[("scorecard.toml", SCORECARD), ("rows.csv", ROWS)]);
    look(&folder.path().join("scorecard.toml"), Some("2025-Q2"), &[], |_, _, tree| {
        let tree = tree.expect("a tree");
        assert_eq!((tree.grain, tree.heading.subtitle.as_str()), (Grain::Month, "Corner shop · 2025-Q2"));
    });
}

#[test]
fn without_data_nothing_is_golden_and_the_reasons_are_kept() {
    let tree = shop("month,revenue,cost,service\n2025-06,,,\n", &[]);
    assert!(tree.gold.is_empty() && tree.nodes.iter().all(|node| node.actual.is_none() && node.costs.is_empty()));
    assert_eq!(tree.edges.len(), 4);
    assert!(tree.causes.iter().any(|cause| cause.metrics.contains(&"Service".to_owned())), "{:?}", tree.causes);
}

#[test]
fn the_trees_of_the_shipped_scorecards_have_the_ties_of_their_graphs() {
    for (name, period) in [("subscription", "2026-10"), ("transit", "2011-04")] {
        look(&root().join(format!("scorecards/{name}.toml")), Some(period), &[], |scorecard, evaluation, tree| {
            let tree = tree.expect("a tree");
            assert_eq!(tree.nodes.len(), scorecard.metrics.len());
            let mut expected = Vec::new();
            for parent in scorecard.ids() {
                for edge in scorecard.graph.children(parent) {
                    let is_definition = matches!(edge.tie, Tie::Definition);
                    expected.push((parent.index(), edge.child.index(), is_definition));
                }
            }
            let drawn = |edge: &TreeEdge| (edge.parent, edge.child, edge.tied == Tied::Definition);
            assert_eq!(tree.edges.iter().map(drawn).collect::<Vec<_>>(), expected, "{name}");
            // No leaf costs any goal more than the end of the golden path costs its beginning.
            let gold: Vec<MetricId> = tree.gold.iter().map(|position| tree.nodes[*position].id).collect();
            let most_on = |id: MetricId| drags(scorecard, evaluation, id).first().map_or(0.0, |drag| drag.points);
            let goals = scorecard.ids().filter(|id| scorecard.metric(*id).is_goal());
            let most = goals.map(most_on).fold(0.0, f64::max);
            assert!(most > 0.0 && most_on(gold[0]) == most, "{name}");
            assert_eq!(weakest_path(scorecard, evaluation, gold[0]), gold, "{name}");
        });
    }
}

#[test]
fn the_tree_and_the_table_name_one_culprit() {
    let path = root().join("scorecards/subscription.toml");
    let mut named = BTreeSet::new();
    for period in ["2024-07", "2025-01", "2025-06", "2026-03", "2026-10"] {
        let subject = |kind: &str| {
            let arguments = ["-s", "scorecards/subscription.toml", "chart", kind, "--as-of", period, "-O", "svg"];
            let svg = goldthread_in(&root(), &arguments).done();
            let picture = roxmltree::Document::parse(&svg).expect("XML");
            let title = picture.descendants().find(|node| node.has_tag_name("title")).expect("a title");
            title.text().expect("words").to_owned()
        };
        let tree = subject("tree");
        let table = subject("scorecard");
        look(&path, Some(period), &[], |scorecard, evaluation, drawn| {
            let goals = scorecard.ids().filter(|id| scorecard.metric(*id).is_goal());
            let each = goals.flat_map(|goal| {
                drags(scorecard, evaluation, goal).into_iter().map(move |drag| (goal, drag.leaf, drag.points))
            });
            let (goal, leaf, points) =
                each.reduce(|most, one| if one.2 > most.2 + 1e-9 { one } else { most }).expect("a loss");
            let name = |id: MetricId| scorecard.metric(id).name.clone();
            let message = format!("{} costs {} the most: {points:.1} of", name(leaf), name(goal));
            assert!(tree.contains(&message), "{period}: {tree} without {message}");
            assert!(table.contains(&message), "{period}: {table} without {message}");
            let drawn = drawn.expect("a tree");
            let end = |position: Option<&usize>| position.map(|position| drawn.nodes[*position].id);
            assert_eq!((end(drawn.gold.first()), end(drawn.gold.last())), (Some(goal), Some(leaf)), "{period}");
            named.insert((goal, leaf));
        });
    }
    assert!(named.len() > 1, "months that differ");
}

#[test]
fn equals_are_named_together_and_what_hardly_costs_is_not() {
    let title = |rows: &str, scorecard: &str| {
        let folder = folder(&[("scorecard.toml", scorecard), ("rows.csv", rows)]);
        look(&folder.path().join("scorecard.toml"), None, &[], |_, _, tree| {
            let tree = tree.expect("a tree");
            (tree.heading.title, tree.gold)
        })
    };
    let own = "[scorecard]\ntitle = \"Own\"\n[sources.rows]\npath = \"rows.csv\"\nperiod = \"month\"\n[goals.loyalty]\n\
               name = \"Loyalty\"\n";
    let trust = "[goals.trust]\nname = \"Trust\"\n";
    let metric = |id: &str, drives: &str| {
        format!(
            "[metrics.{id}]\nname = \"{}\"\nsource = \"rows\"\nvalue = \"sum({id})\"\nunit = \"score\"\n\
             better = \"higher\"\ntarget = 80\nthreshold = 70\ndrives = [{drives}]\n",
            id.to_uppercase()
        )
    };
    let rows = "month,a,b,c\n2025-06,75,75,75\n";
    // Each half way, of equal weight.
    let two = format!("{own}{}{}", metric("a", "\"loyalty\""), metric("b", "\"loyalty\""));
    assert_eq!(title(rows, &two), ("A and B cost Loyalty the most: 25.0 of 50.0 points each".to_owned(), vec![0, 1]));
    let three = format!("{two}{}", metric("c", "\"loyalty\""));
    assert_eq!(title(rows, &three).0, "3 metrics cost Loyalty the most: 16.7 of 50.0 points each");
    let one = format!("{own}{trust}{}", metric("a", "\"loyalty\", \"trust\""));
    assert_eq!(title(rows, &one).0, "A costs Loyalty and Trust the most: 50.0 points each");
    let apart = format!("{own}{trust}{}{}", metric("a", "\"loyalty\""), metric("b", "\"trust\""));
    assert_eq!(title(rows, &apart).0, "A costs Loyalty the most, and B costs Trust as much: 50.0 points each");
    // A score of 99.98: 0.01 of 100 points each.
    let hardly = title("month,a,b,c\n2025-06,79.998,79.998,75\n", &two);
    assert!(!hardly.0.contains("the most") && hardly.1.is_empty(), "{hardly:?}");
}

/// A scorecard of one goal and many drivers.
fn wide(drivers: usize) -> String {
    let driver = |number: usize| {
        format!(
            "m{number} = {{ name = \"m{number}\", source = \"rows\", value = \"sum(cost)\", unit = \"count\", drives = [\"goal\"] }}\n"
        )
    };
    let head = "[scorecard]\ntitle = \"wide\"\n[sources.rows]\npath = \"rows.csv\"\nperiod = \"month\"\n";
    let goal = "[goals.goal]\nname = \"goal\"\nsponsor = \"x\"\n[metrics]\n";
    format!("{head}{goal}{}", (0..drivers).map(driver).collect::<String>())
}

#[test]
fn more_than_can_be_read_is_refused_with_a_remedy() {
    let folder = folder(&[("scorecard.toml", &wide(300)), ("rows.csv", ROWS)]);
    look(&folder.path().join("scorecard.toml"), None, &[], |_, _, tree| {
        let refusal = tree.expect_err("301 metrics");
        assert_eq!(refusal.reason, "301 metrics are too many for a tree: 300 are the most");
        assert!(refusal.help.contains("`+ID`"), "{}", refusal.help);
    });
}

/// Many metrics that each feed many others.
fn dense(goals: usize, drivers: usize) -> String {
    let mut text =
        "[scorecard]\ntitle = \"Dense\"\n[sources.rows]\npath = \"rows.csv\"\nperiod = \"month\"\n".to_owned();
    for goal in 0..goals {
        text.push_str(&format!("[goals.g{goal}]\nname = \"Goal {goal}\"\n"));
    }
    for driver in 0..drivers {
        let links: Vec<String> = (0..goals).map(|goal| format!("{{ to = \"g{goal}\" }}")).collect();
        text.push_str(&format!(
            "[metrics.m{driver}]\nsource = \"rows\"\nvalue = \"sum(revenue)\"\nunit = \"EUR\"\ndrives = [{}]\n",
            links.join(", ")
        ));
    }
    text
}

#[test]
fn ties_that_cannot_be_told_apart_are_refused_with_a_remedy() {
    for (goals, drivers, is_drawn) in [(20, 30, true), (20, 31, false)] {
        let folder = folder(&[("scorecard.toml", &dense(goals, drivers)), ("rows.csv", ROWS)]);
        look(&folder.path().join("scorecard.toml"), None, &[], |_, _, tree| match tree {
            Ok(tree) => assert!(is_drawn && tree.edges.len() == 600),
            Err(refusal) => {
                assert!(!is_drawn, "{}", refusal.reason);
                assert_eq!(refusal.reason, "620 ties are too many for a tree: 600 are the most that can be told apart");
                assert!(refusal.help.contains("`+ID`"), "{}", refusal.help);
            }
        });
    }
}

#[test]
fn a_small_tree_is_drawn_as_it_was() {
    let folder = folder(&[("scorecard.toml", SCORECARD), ("rows.csv", ROWS)]);
    let svg = goldthread_in(folder.path(), &["chart", "tree", "-O", "svg"]).done();
    compare(&root().join("tests/golden/charts/tree.svg"), &svg);
    let picture = roxmltree::Document::parse(&svg).expect("XML");
    let titles: Vec<&str> =
        picture.descendants().filter(|node| node.has_tag_name("title")).filter_map(|node| node.text()).collect();
    let service = titles.iter().filter(|title| title.starts_with("Service:")).collect::<Vec<_>>();
    assert_eq!(service.len(), 1, "a shared metric stands once: {titles:?}");
    assert!(titles.contains(
        &"Loyalty from Service: link, 100.0 % of the weight, 1 month later: people come back to those who are kind"
    ));
}

#[test]
fn a_page_that_is_too_small_is_refused_by_the_program() {
    let session =
        goldthread_in(&root(), &["-s", "scorecards/transit.toml", "chart", "tree", "--size", "800x600", "-O", "svg"]);
    assert_eq!((session.exit, session.stdout.as_str()), (2, ""));
    assert!(session.stderr.starts_with("error[no-picture]: 50 metrics do not fit 800 x 600"), "{}", session.stderr);
    assert!(session.stderr.contains("--size") && session.stderr.contains("`+reliability`"), "{}", session.stderr);
}

/// Contrast by WCAG 2.1.
fn contrast(a: Rgb, b: Rgb) -> f64 {
    let luminance = |colour: Rgb| {
        let part = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(colour.0) + 0.7152 * part(colour.1) + 0.0722 * part(colour.2) + 0.05
    };
    luminance(a).max(luminance(b)) / luminance(a).min(luminance(b))
}

#[test]
fn what_stands_on_gold_can_be_seen_and_read() {
    for theme in [Theme::Light, Theme::Dark] {
        let colours = Colours { theme, ..Colours::default() };
        let ground = colours.of(Ink::GoldTint);
        assert!(contrast(colours.of(Ink::Text), ground) >= 4.5, "{theme:?}");
        assert!(contrast(colours.of(Ink::Gold), ground) >= 3.0, "{theme:?}");
        assert!(contrast(colours.of(Ink::Page), ground) > 1.05, "{theme:?}");
    }
}
