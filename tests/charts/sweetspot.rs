//! Influence on customer goals against influence on business goals: shares of weight worked out by hand.

use goldthread::evaluate::{Reader, evaluate, last_complete};
use goldthread::observe::{Manner, OnFault, Way, observe};
use goldthread::plan::plan;
use goldthread::scorecard::{load, resolve};
use goldthread::status::Status;
use goldthread::view::chart::{Quadrant, Refusal, Subject, Sweetspot};

use crate::session::{compare, folder, goldthread_in, root};

/// A shared node (`effort`), an input (`price`, of elasticity 1 beside `churn` of elasticity 1), and what feeds nothing.
const SCORECARD: &str = r#"
[scorecard]
title = "Tiny"
[sources.s]
path = "s.csv"
period = "month"
[goals.churn]
name = "Churn"
source = "s"
value = "sum(churn)"
unit = "percent"
better = "lower"
target = 0.02
threshold = 0.03
lens = "customer"
[goals.trust]
name = "Trust"
lens = "customer"
[goals.value]
name = "Value"
value = "price / churn"
unit = "EUR"
better = "higher"
target = 1000
lens = "business"
[metrics.price]
name = "Price"
source = "s"
value = "sum(price)"
unit = "EUR"
better = "higher"
target = 20
[metrics.effort]
name = "Effort"
drives = [{ to = "churn", weight = 3, because = "said" }, { to = "trust", because = "said" }]
[metrics.calls]
name = "Calls solved & closed <at once>"
source = "s"
value = "sum(solved)"
unit = "percent"
better = "higher"
target = 0.8
threshold = 0.6
drives = [{ to = "effort", weight = 4, because = "said" }, { to = "trust", weight = 3, because = "said" }]
[metrics.waiting]
name = "Waiting"
source = "s"
value = "sum(waiting)"
unit = "minutes"
better = "lower"
target = 3
threshold = 5
drives = [{ to = "effort", because = "said" }]
[metrics.faults]
name = "Faults"
source = "s"
value = "sum(faults)"
unit = "count"
drives = [{ to = "churn", because = "said" }]
[metrics.alone]
name = "Alone"
source = "s"
value = "sum(faults)"
unit = "count"
"#;
const DATA: &str = "month,churn,price,solved,waiting,faults\n2024-01,0.025,20,0.65,3,7\n";

fn drawn(scorecard: &str, chosen: &[&str]) -> Result<Sweetspot, Refusal> {
    let folder = folder(&[("scorecard.toml", scorecard), ("s.csv", DATA)]);
    let loaded = load(&folder.path().join("scorecard.toml"));
    let scorecard = resolve(&loaded).expect("a scorecard that holds");
    let plan = plan(&scorecard, &scorecard.ids().collect::<Vec<_>>(), &[], None);
    let manner = Manner { way: Way::Either, on_fault: OnFault::Stop };
    let observations = observe(&scorecard, &plan, manner).expect("data").value;
    let reader = Reader::new(&scorecard, &plan, &observations, None);
    let period = last_complete(&scorecard, &plan, &observations).expect("a period");
    let evaluation = evaluate(&reader, period, None);
    let is_chosen = |id: &str| chosen.is_empty() || chosen.contains(&id);
    Sweetspot::of(&Subject {
        reader: &reader,
        evaluation: &evaluation,
        segments: &[],
        by: &[],
        periods: &[period],
        selected: scorecard.ids().filter(|id| is_chosen(&scorecard.metric(*id).id)).collect(),
        is_chosen: !chosen.is_empty(),
        condition: None,
    })
}

fn assert_point(chart: &Sweetspot, name: &str, customer: f64, business: f64, drag: f64, status: Status) {
    let point = chart.points.iter().find(|point| point.name.starts_with(name)).expect("a point");
    let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
    assert!(near(point.customer, customer) && near(point.business, business), "{point:?}");
    assert!(near(point.drag, drag) && point.status == status, "{point:?}");
}

#[test]
fn influence_is_the_share_of_weight_over_every_path() {
    let chart = drawn(SCORECARD, &[]).expect("a chart");
    assert_eq!(chart.points.len(), 4, "the leaves that feed a goal: {:?}", chart.points);
    // On churn: effort 3/4, of which calls 4/5. On trust: effort 1/4, of which calls 4/5, and calls itself 3/4. On value:
    // price 1/2, churn 1/2. Scores: calls 25, waiting 100, price 100; faults have no target. So churn scores
    // (4 * 25 + 100) / 5 = 40 by effort alone and loses 60, all over calls; trust loses (60 + 3 * 75) / 4.
    let on_churn = (3.0 / 4.0 * 4.0 / 5.0, 3.0 / 4.0 / 5.0, 1.0 / 4.0);
    let on_trust = (1.0 / 4.0 * 4.0 / 5.0 + 3.0 / 4.0, 1.0 / 4.0 / 5.0);
    let calls = (on_churn.0 + on_trust.0) / 2.0;
    assert_point(&chart, "Calls", calls, on_churn.0 / 2.0, 71.25, Status::AtRisk);
    assert_point(&chart, "Waiting", (on_churn.1 + on_trust.1) / 2.0, on_churn.1 / 2.0, 0.0, Status::OnTarget);
    assert_point(&chart, "Faults", on_churn.2 / 2.0, on_churn.2 / 2.0, 0.0, Status::NoTarget);
    assert_point(&chart, "Price", 0.0, 0.5, 0.0, Status::OnTarget);
    // Leaves have the whole of every lens.
    let (customer, business) = chart.means();
    assert!((customer * 4.0 - 1.0).abs() < 1e-12 && (business * 4.0 - 1.0).abs() < 1e-12);
    let quadrants: Vec<Quadrant> = chart.points.iter().map(|point| chart.quadrant(point)).collect();
    assert_eq!(quadrants, [Quadrant::Business, Quadrant::Both, Quadrant::Neither, Quadrant::Neither]);
    let name = "Calls solved & closed <at once>";
    let title = |scorecard: &str, chosen: &[&str]| drawn(scorecard, chosen).expect("a chart").heading.title;
    let well = SCORECARD.replace("target = 0.8\nthreshold = 0.6", "target = 0.6\nthreshold = 0.5");
    // Faults have no target, so what they cost is not known.
    let none =
        "None of the 3 metrics that touch customers and the business is known to cost a goal anything worth naming";
    assert_eq!(title(&well, &[]), none);
    let shown = "None of the 2 metrics shown that touch customers and the business costs a goal anything worth naming";
    assert_eq!(title(&well, &["calls", "waiting"]), shown);
    assert_eq!(title(SCORECARD, &["price"]), "No metric shown touches both customers and the business");
    let notes = drawn(SCORECARD, &["calls", "waiting"]).expect("a chart").heading.notes;
    assert!(notes.iter().any(|note| note.contains("the mean of the metrics chosen, not of all")), "{notes:?}");
    assert_eq!(
        chart.heading.title,
        format!("{name} touches customers (77.5 %) and the business (30.0 %) and costs the most: 71.2 points of Trust")
    );
    assert!(chart.heading.notes.iter().any(|note| note == "Left out, since no goal rests on them: Alone."));
    assert!(chart.heading.description.contains("Matters to the business: Price (on-target)."));
}

#[test]
fn metrics_chosen_may_stand_between() {
    let chart = drawn(SCORECARD, &["effort", "price", "churn"]).expect("a chart");
    let names: Vec<&str> = chart.points.iter().map(|point| point.name.as_str()).collect();
    assert_eq!(names, ["Price", "Effort"], "goals are what is influenced");
    // What churn loses is lost over effort: 60 points.
    assert_point(&chart, "Effort", (3.0 / 4.0 + 1.0 / 4.0) / 2.0, 3.0 / 4.0 / 2.0, 60.0, Status::OffTarget);
}

#[test]
fn what_cannot_be_told_is_refused_with_a_remedy() {
    let only_business = SCORECARD.replace("lens = \"customer\"", "");
    let refusal = drawn(&only_business, &[]).expect_err("one lens");
    assert!(refusal.reason.starts_with("no goal is a customer goal"), "{refusal:?}");
    assert!(refusal.help.contains("`lens = \"customer\"`"), "{refusal:?}");
    let only_customers = SCORECARD.replace("lens = \"business\"", "lens = \"customer\"");
    let refusal = drawn(&only_customers, &[]).expect_err("one lens");
    assert!(refusal.help.contains("`lens = \"business\"`"), "{refusal:?}");
    let refusal = drawn(SCORECARD, &["alone"]).expect_err("no influence");
    assert!(refusal.reason.contains("feeds a goal") && refusal.help.contains("drives"), "{refusal:?}");
    let unfed = SCORECARD
        .replace("price / churn", "sum(price)")
        .replace("name = \"Value\"", "name = \"Value\"\nsource = \"s\"");
    let refusal = drawn(&unfed, &[]).expect_err("nothing feeds value");
    assert!(refusal.reason.contains("feeds a business goal") && refusal.help.contains("`value`"), "{refusal:?}");
}

#[test]
fn the_picture_is_as_published() {
    let folder = folder(&[("scorecard.toml", SCORECARD), ("s.csv", DATA)]);
    let svg = goldthread_in(folder.path(), &["chart", "sweetspot", "-O", "svg"]).done();
    let points = roxmltree::Document::parse(&svg).expect("XML");
    let titles: Vec<&str> = points
        .descendants()
        .filter(|node| node.has_tag_name("g"))
        .filter_map(|group| group.first_element_child()?.text())
        .collect();
    let calls =
        "Calls solved & closed <at once>: 77.5 % of customer goals, 30 % of business goals, at-risk, costs 71.2 points";
    assert!(titles.contains(&calls), "{titles:?}");
    assert!(titles.contains(&"Faults: 12.5 % of customer goals, 12.5 % of business goals, no target"), "{titles:?}");
    compare(&root().join("tests/golden/charts/sweetspot.svg"), &svg);
}

/// Both scorecards as shipped: the influences of all leaves make up the whole of a lens, as far as they are printed.
#[test]
fn leaves_have_the_whole_of_every_lens() {
    for scorecard in ["scorecards/transit.toml", "scorecards/subscription.toml"] {
        let svg = goldthread_in(&root(), &["-s", scorecard, "chart", "sweetspot", "-O", "svg"]).done();
        let document = roxmltree::Document::parse(&svg).expect("XML");
        let titles = document.descendants().filter(|node| node.has_tag_name("title")).filter_map(|node| node.text());
        let (mut customer, mut business, mut count) = (0.0, 0.0, 0);
        for title in titles {
            let Some((before, after)) = title.split_once(" % of customer goals, ") else { continue };
            let number = |text: &str| text.parse::<f64>().expect("a number");
            customer += number(before.rsplit(' ').next().expect("a word"));
            business += number(after.split(' ').next().expect("a word"));
            count += 1;
        }
        let slack = 0.05 * f64::from(count);
        assert!(count > 20 && (customer - 100.0).abs() < slack, "{scorecard}: {customer} over {count}");
        assert!((business - 100.0).abs() < slack, "{scorecard}: {business} over {count}");
    }
}

#[test]
fn nodes_that_shares_do_not_score_are_named() {
    let said = |scorecard: &str| {
        let chart = drawn(scorecard, &[]).expect("a chart");
        chart.heading.notes.into_iter().find(|note| note.starts_with("Not scored by these shares"))
    };
    assert_eq!(said(SCORECARD), None);
    let weakest = SCORECARD.replace("name = \"Trust\"", "name = \"Trust\"\nrollup = \"weakest\"");
    assert_eq!(said(&weakest).as_deref(), Some("Not scored by these shares: Trust by the weakest child."));
    let both = weakest.replace("name = \"Effort\"", "name = \"Effort\"\nrollup = \"geometric\"");
    let note = "Not scored by these shares: Trust by the weakest child; Effort by a geometric mean.";
    assert_eq!(said(&both).as_deref(), Some(note));
}
