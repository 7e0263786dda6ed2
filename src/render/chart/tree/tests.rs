//! Laws of the layout and of what is painted, over graphs and metrics of all sorts: nothing overlaps, no tie runs over a
//! card, every text stays inside its place. Expects no particular place.

use proptest::prelude::{ProptestConfig, Strategy, prop, prop_assert, proptest};

use super::super::extents::{STACKED, extent, faults as faults_of_texts, texts};
use super::super::scene::{Area, Weight};
use super::super::theme::Ink;
use super::*;
use crate::evaluate::Mark;
use crate::graph::MetricId;
use crate::number::Number;
use crate::period::Grain;
use crate::status::Status;
use crate::unit::Unit;
use crate::view::chart::{Tied, TreeCost, TreeEdge};
use crate::view::{Marks, Quantity};

/// A graph without a loop: children have greater numbers than their parents, each pair is tied once.
pub(super) fn graph(most: usize) -> impl Strategy<Value = (usize, Vec<(usize, usize)>)> {
    (1..=most).prop_flat_map(|count| {
        prop::collection::btree_set((0..count, 0..count), 0..=2 * count)
            .prop_map(move |pairs| (count, pairs.into_iter().filter(|(parent, child)| parent < child).collect()))
    })
}

/// A name, how many nodes, and their ties from parent to child.
type Sample = (&'static str, usize, Vec<(usize, usize)>);

/// Graphs of the shapes that scorecards have.
fn shapes_of_scorecards() -> Vec<Sample> {
    let random = |count: usize, ties: usize| {
        let mut state = 7_usize;
        let mut next = move |below: usize| {
            state = (state.wrapping_mul(6_364_136_223_846_793_005)).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let mut edges = std::collections::BTreeSet::new();
        for child in 1..count {
            // Near parents mostly, as in a tree of departments.
            edges.insert((next(child.min(count / 4 + 1)), child));
        }
        while edges.len() < ties {
            let (a, b) = (next(count), next(count));
            edges.extend((a != b).then_some((a.min(b), a.max(b))));
        }
        (count, edges.into_iter().collect::<Vec<_>>())
    };
    let lattice = (0..5).flat_map(|row| (0..6).map(move |column| (row * 6 + column, row, column)));
    let lattice = lattice.flat_map(|(node, row, column)| {
        let right = (column < 5).then_some((node, node + 1));
        right.into_iter().chain((row < 4).then_some((node, node + 6)))
    });
    let mut all = vec![
        ("one", 1, vec![]),
        ("none tied", 9, vec![]),
        ("chain", 12, (0..11).map(|node| (node, node + 1)).collect()),
        ("star", 30, (1..30).map(|leaf| (0, leaf)).collect()),
        ("many goals of one leaf", 12, (0..11).map(|goal| (goal, 11)).collect()),
        ("lattice", 30, lattice.collect()),
        ("parts", 12, vec![(0, 1), (0, 2), (3, 4), (5, 6), (6, 7), (5, 7), (8, 9), (8, 10), (9, 11)]),
    ];
    for (name, count, ties) in [("3", 3, 2), ("8", 8, 9), ("80", 80, 110), ("300", 300, 380)] {
        let (count, edges) = random(count, ties);
        all.push((name, count, edges));
    }
    all
}

/// A plan with cards of different heights.
fn planned(count: usize, edges: &[(usize, usize)]) -> Plan {
    let layer = layers::layers(count, edges);
    let is_tied = |node: usize| edges.iter().any(|(parent, child)| *parent == node || *child == node);
    let loose: Vec<bool> = (0..count).map(|node| node % 3 != 0 && !is_tied(node)).collect();
    let heights: Vec<f64> = (0..count).map(|node| 48.0 + (node * 37 % 71) as f64).collect();
    let pulls: Vec<f64> = (0..edges.len()).map(|edge| if edge % 5 == 0 { GOLD_PULL } else { 1.0 }).collect();
    let sizes = Sizes { pulls: &pulls, heights: &heights, gap: 9.0, card: 248.0, between: BETWEEN, width: 1528.0 };
    Outline::new(&layer, edges, &loose).plan(&sizes)
}

/// What is wrong with a plan, if anything.
fn faults(plan: &Plan, edges: &[(usize, usize)]) -> Vec<String> {
    let mut faults = Vec::new();
    for (node, card) in plan.cards.iter().enumerate() {
        if card.left < 0.0 || card.top < -0.5 || card.right() > plan.size.0 || card.bottom() > plan.size.1 + 0.5 {
            faults.push(format!("card {node} leaves the page: {card:?}"));
        }
        // A gap of at least eight units on every side.
        let wide = card.inset(-3.9);
        let near = plan.cards.iter().enumerate().filter(|(other, area)| *other > node && area.inset(-3.9).meets(&wide));
        faults.extend(near.map(|(other, _)| format!("cards {node} and {other} touch")));
        for (route, tie) in plan.routes.iter().zip(edges) {
            if line::passes(route, &card.inset(0.01)) {
                faults.push(format!("{tie:?} runs over card {node}"));
            }
        }
    }
    for (route, (parent, child)) in plan.routes.iter().zip(edges) {
        let ends = route.first().zip(route.last());
        let (parent, child) = (&plan.cards[*parent], &plan.cards[*child]);
        let holds = |card: &Area, y: f64| card.top < y && y < card.bottom();
        let is_tied = ends.is_some_and(|(from, to)| {
            from.x == parent.right() && to.x == child.left && holds(parent, from.y) && holds(child, to.y)
        });
        if !is_tied {
            faults.push(format!("a route does not lead from {parent:?} to {child:?}: {ends:?}"));
        }
    }
    faults
}

#[test]
fn graphs_of_all_shapes_are_laid_out_without_a_fault_and_always_alike() {
    for (name, count, edges) in shapes_of_scorecards() {
        let plan = planned(count, &edges);
        assert_eq!(plan.cards.len(), count, "{name}");
        assert_eq!(faults(&plan, &edges), Vec::<String>::new(), "{name}");
        let again = planned(count, &edges);
        assert!(plan.cards == again.cards && plan.routes == again.routes, "{name}");
    }
}

#[test]
fn parts_do_not_share_a_height_in_a_column() {
    let edges = [(0, 1), (0, 2), (3, 4), (3, 5)];
    let plan = planned(6, &edges);
    let bottom = |nodes: [usize; 3]| nodes.map(|node| plan.cards[node].bottom()).into_iter().fold(0.0, f64::max);
    assert!(plan.cards[3].top > plan.cards[0].bottom() && plan.cards[4].top > bottom([1, 2, 2]));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn no_card_meets_another_and_no_tie_a_card((count, edges) in graph(40)) {
        let faults = faults(&planned(count, &edges), &edges);
        prop_assert!(faults.is_empty(), "{faults:?}");
    }
}

const NAMES: [&str; 9] = [
    STACKED,
    "Churn",
    "Share of customers whose complaint was settled in five days",
    "Ικανοποίηση πελατών από την εξυπηρέτηση στο κατάστημα",
    "Доля клиентов, продливших договор без скидки в этом году",
    "Tỷ lệ khách hàng gia hạn hợp đồng đúng hạn trong quý này",
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenherstellerverband",
    "X",
    "W W W W W W W W W W W W W W W W W W W W W W W W W W W W W W",
];

const VALUES: [&str; 6] = ["0.000001", "-3.5", "1234567890123.45", "0", "67", "-999999999999.99"];

/// A metric with figures that are hard to write.
fn node(number: usize) -> TreeNode {
    let unit = [Unit::Percent, Unit::Currency("EUR".into()), Unit::Noun("customers waiting".into()), Unit::Count];
    let quantity = |text: &str, is_difference| Quantity {
        number: Number::Exact(text.parse().expect("a decimal")),
        unit: unit[number % unit.len()].clone(),
        decimals: 2,
        is_difference,
    };
    let has_value = number % 5 != 3;
    TreeNode {
        id: MetricId::at(number),
        key: format!("metric_{number}"),
        name: NAMES[number % NAMES.len()].to_owned(),
        is_goal: number < 3,
        actual: has_value.then(|| quantity(VALUES[number % VALUES.len()], false)),
        is_valued: number % 10 != 3,
        target: None,
        variance: has_value.then(|| quantity(VALUES[(number + 1) % VALUES.len()], true)),
        variance_is_good: [None, Some(true), Some(false)][number % 3],
        trend: [vec![], vec![Some(1.0)], vec![None; 12], vec![Some(2.0); 12], vec![Some(1e12), None, Some(-1e-6)]]
            [number % 5]
            .clone(),
        status: Status::ALL[number % 5],
        thread: number.is_multiple_of(2).then_some((33.33, Status::OffTarget)),
        coverage: number.is_multiple_of(4).then_some(0.7),
        mark: [None, Some(Mark::Watermelon), Some(Mark::Windfall)][number % 3],
        marks: Marks::default(),
        department: (!number.is_multiple_of(7))
            .then(|| "Department of departments and of all other matters".to_owned()),
        owner: None,
        costs: (number % 4 == 1)
            .then(|| TreeCost { goal: NAMES[number % 7].to_owned(), points: 12.34, lost: 45.6, is_golden: true })
            .into_iter()
            .collect(),
    }
}

fn tree(count: usize, edges: &[(usize, usize)]) -> Tree {
    let tied = |number: usize| match number % 3 {
        0 => Tied::Definition,
        1 => Tied::Link { lag: (number % 4) as u32, because: None },
        _ => Tied::Through { names: vec!["Somewhere".to_owned()] },
    };
    let edge = |(number, (parent, child)): (usize, &(usize, usize))| TreeEdge {
        parent: *parent,
        child: *child,
        tied: tied(number),
        share: (number % 11) as f64 / 10.0,
    };
    Tree {
        heading: Heading { title: "A title".to_owned(), ..Heading::default() },
        grain: Grain::Month,
        nodes: (0..count).map(node).collect(),
        edges: edges.iter().enumerate().map(edge).collect(),
        gold: edges.first().map_or_else(Vec::new, |(parent, child)| vec![*parent, *child]),
        remarks: Vec::new(),
        causes: Vec::new(),
    }
}

fn letters() -> Letters {
    Letters::new(None).expect("the embedded font")
}

fn painted(chart: &Tree, letters: &Letters, size: Option<(f64, f64)>) -> Result<Scene, Refusal> {
    paint(chart, &Layout { size, letters, signature: "signature".to_owned() })
}

/// What is wrong with a picture, if anything: texts outside the page or over each other, or outside their card.
fn blots(scene: &Scene, letters: &Letters) -> Vec<String> {
    let mut blots = faults_of_texts(scene, letters);
    let holds = |outer: &Area, inner: &Area| {
        inner.left >= outer.left - 0.01
            && inner.right() <= outer.right() + 0.01
            && inner.top >= outer.top
            && inner.bottom() <= outer.bottom()
    };
    let loose: Vec<(Area, &str)> = scene
        .shapes
        .iter()
        .filter_map(|shape| match shape {
            Shape::Text(text) => Some((extent(text, letters), text.text.as_str())),
            _ => None,
        })
        .collect();
    for shape in &scene.shapes {
        let Shape::Group { title, shapes } = shape else { continue };
        if let Some(Shape::Line { points, .. }) = shapes.first() {
            let over = loose.iter().filter(|(area, _)| line::passes(points, area));
            blots.extend(over.map(|(_, text)| format!("`{text}` stands on the line of {title}")));
        }
        let Some(Shape::Surface { points, .. }) = shapes.first() else { continue };
        let (left, right) = points.iter().fold((f64::MAX, f64::MIN), |(a, b), point| (a.min(point.x), b.max(point.x)));
        let (top, bottom) = points.iter().fold((f64::MAX, f64::MIN), |(a, b), point| (a.min(point.y), b.max(point.y)));
        let card = Area::new(left, top, right - left, bottom - top);
        let over = loose.iter().filter(|(area, _)| area.meets(&card));
        blots.extend(over.map(|(_, text)| format!("`{text}` stands on the card of {title}")));
        let outside = texts(shapes).into_iter().filter(|text| !holds(&card, &extent(text, letters)));
        blots.extend(outside.map(|text| format!("`{}` leaves the card of {title}", text.text)));
    }
    blots
}

#[test]
fn every_text_stays_in_its_place() {
    let letters = letters();
    for (name, count, edges) in shapes_of_scorecards() {
        let scene = painted(&tree(count, &edges), &letters, None).expect("a picture");
        assert_eq!(blots(&scene, &letters), Vec::<String>::new(), "{name}");
        assert!(scene.size.0 >= WIDTH && texts(&scene.shapes).iter().all(|text| text.size >= 12.0), "{name}");
        let groups = scene.shapes.iter().filter(|shape| matches!(shape, Shape::Group { .. })).count();
        assert_eq!(groups, count + edges.len(), "{name}: one group a metric and a tie");
    }
}

#[test]
fn a_size_that_fits_is_kept_and_one_that_does_not_is_refused_with_one_that_does() {
    let letters = letters();
    let edges = [(0, 3), (0, 4), (1, 4), (2, 5), (3, 6), (3, 7)];
    let chart = tree(8, &edges);
    for size in [(1200.0, 800.0), (1600.0, 900.0), (3000.0, 2400.0)] {
        let scene = painted(&chart, &letters, Some(size)).expect("a picture");
        assert_eq!(scene.size, size);
        assert_eq!(blots(&scene, &letters), Vec::<String>::new(), "{size:?}");
        assert!(texts(&scene.shapes).iter().all(|text| text.size >= 9.0 - 1e-9), "{size:?}");
    }
    let refusal = painted(&chart, &letters, Some((500.0, 300.0))).expect_err("too small");
    assert_eq!(refusal.reason, "8 metrics do not fit 500 x 300 in letters that can be read");
    assert!(refusal.help.contains("`+metric_0`"), "{}", refusal.help);
    let asked = refusal.help.split("--size ").nth(1).and_then(|text| text.split('`').next());
    // The first `--size` is the word alone, the second one has numbers.
    let asked =
        asked.filter(|text| text.contains('x')).or(refusal.help.split("--size ").find(|text| text.contains('x')));
    let (width, height) = asked.and_then(|text| text.split('`').next()?.split_once('x')).expect("a size");
    let size = (width.parse().expect("a width"), height.parse().expect("a height"));
    assert_eq!(painted(&chart, &letters, Some(size)).expect("the size asked for").size, size);
}

/// Where no picture is large enough, no size is named.
#[test]
fn no_size_is_named_that_no_picture_may_have() {
    let letters = letters();
    let leaves_of_one: Vec<(usize, usize)> = (1..300).map(|leaf| (0, leaf)).collect();
    let chain: Vec<(usize, usize)> = (0..299).map(|node| (node, node + 1)).collect();
    for (edges, size) in [(&leaves_of_one, Some((1600.0, 900.0))), (&chain, Some((1600.0, 900.0))), (&chain, None)] {
        let refusal = painted(&tree(300, edges), &letters, size).expect_err("too large");
        assert!(!refusal.help.contains("--size"), "{}", refusal.help);
        assert!(refusal.help.starts_with("draw a part: `+metric_0`"), "{}", refusal.help);
    }
}

/// As many metrics and ties as a tree may have: three columns, each metric of one tied to three of the next.
#[test]
fn the_most_metrics_and_ties_are_drawn() {
    let letters = letters();
    let tie = |tie: usize| (tie / 3, 100 + tie / 300 * 100 + (tie / 3 * 37 + tie % 3 * 31) % 100);
    let edges: Vec<(usize, usize)> = (0..600).map(tie).collect();
    let scene = painted(&tree(300, &edges), &letters, None).expect("a picture");
    assert_eq!(blots(&scene, &letters), Vec::<String>::new());
}

#[test]
fn arithmetic_belief_and_what_is_left_out_are_drawn_in_three_ways_and_gold_lies_on_top() {
    let chart = tree(5, &[(0, 3), (1, 3), (2, 3), (2, 4)]);
    let scene = painted(&chart, &letters(), None).expect("a picture");
    let pens: Vec<(Option<(f64, f64)>, Ink)> = scene
        .shapes
        .iter()
        .filter_map(|shape| match shape {
            Shape::Group { title, shapes } if title.contains(" from ") => shapes.last(),
            _ => None,
        })
        .filter_map(|shape| match shape {
            Shape::Line { pen, .. } => Some((pen.dash, pen.ink)),
            _ => None,
        })
        .collect();
    assert_eq!(pens.len(), 4);
    let inks: Vec<Ink> = pens.iter().map(|(_, ink)| *ink).collect();
    assert_eq!(inks, [Ink::Link, Ink::Link, Ink::Definition, Ink::Gold]);
    let (belief, through) = (pens[0].0.expect("dashes"), pens[1].0.expect("dots"));
    assert!(belief.0 > 2.0 * through.0 && pens[2].0.is_none() && pens[3].0.is_none(), "{pens:?}");
    assert!(texts(&scene.shapes).iter().any(|text| text.weight == Weight::Strong));
}
