//! What every layout obeys, whatever it is given: texts inside the page, none on another, none too small to read.
//!
//! Random scorecards with hostile names and numbers are drawn in sizes that may not fit; a refusal is an answer.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::extents::{STACKED, faults, texts};
use super::letters::Letters;
use super::scene::Scene;
use super::{Layout, Refusal, bullet, heatmap, scorecard};
use crate::evaluate::{Reader, evaluate};
use crate::metric::MetricId;
use crate::observe::{Manner, observe};
use crate::period::Period;
use crate::plan::plan;
use crate::scorecard::{load, resolve};
use crate::view::chart::{Bullet, Heatmap, ScorecardTable, Subject};

/// The smallest letters.
const LEAST: f64 = 12.0;

/// One metric of a random scorecard.
#[derive(Clone, Debug)]
struct Measured {
    name: String,
    values: (f64, f64),
    target: Option<f64>,
    better: &'static str,
    unit: String,
    decimals: u32,
    department: Option<u8>,
    stage: Option<u8>,
    above: Option<usize>,
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("A metric whose name has exactly sixty characters, as some do".to_owned()),
        Just("Ικανοποίηση πελατών στο κέντρο εξυπηρέτησης".to_owned()),
        Just("Отток клиентов за отчётный период".to_owned()),
        Just("Tỷ lệ khách hàng quay lại".to_owned()),
        Just(STACKED.to_owned()),
        Just("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunter".to_owned()),
        Just("W".repeat(60)),
        "[A-Za-z ]{1,20}[a-z]",
    ]
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(0.0),
        Just(0.000_001),
        Just(1_234_567_890_123.0),
        Just(99.915),
        Just(99.9),
        -1000.0..1000.0_f64,
        0.0..1.0_f64,
    ]
}

fn measured() -> impl Strategy<Value = Measured> {
    let unit = prop_oneof![Just("EUR"), Just("percent"), Just("count"), Just("widgets sold per fortnight and person")];
    let better = prop_oneof![Just("higher"), Just("lower")];
    let numbers = ((number(), number()), proptest::option::of(number()), better);
    let place = (proptest::option::of(0..3_u8), proptest::option::of(0..4_u8), proptest::option::of(0..8_usize));
    (name(), numbers, unit, 0..7_u32, place).prop_map(|(name, (values, target, better), unit, decimals, place)| {
        let (department, stage, above) = place;
        // A share of more than the whole is asked about when it is read.
        let held = |value: f64| if unit == "percent" { value.abs().min(1.0) } else { value };
        let (values, target) = ((held(values.0), held(values.1)), target.map(held));
        Measured { name, values, target, better, unit: unit.to_owned(), decimals, department, stage, above }
    })
}

/// The text of a scorecard, and of its data in two parts.
fn written(metrics: &[Measured]) -> (String, String) {
    let mut text = String::from(
        "[scorecard]\ntitle = \"Random & <hostile>\"\n[journey]\nstages = [\"a\", \"b\", \"a stage whose name is rather long\", \"ΔΕΖ\"]\n\
         [departments.d0]\nname = \"Hauptabteilungsleitungsbesprechungsprotokollführung\"\n[departments.d1]\nname = \"One\"\n\
         [departments.d2]\nname = \"Отдел\"\n[sources.s]\npath = \"s.csv\"\nperiod = \"month\"\ndimensions = [\"part\"]\n\
         [goals.g]\nname = \"A goal that is scored from its drivers alone and has a long name\"\n",
    );
    let mut head = "month,part".to_owned();
    let mut rows = ["2026-01,first".to_owned(), "2026-01,second \u{7}part".to_owned()];
    for (index, metric) in metrics.iter().enumerate() {
        text.push_str(&format!(
            "[metrics.m{index}]\nname = \"{}\"\nsource = \"s\"\nvalue = \"avg(v{index})\"\nunit = \"{}\"\ndecimals = {}\n",
            metric.name, metric.unit, metric.decimals
        ));
        if let Some(target) = metric.target {
            let worse = if metric.better == "higher" { -1.0 } else { 1.0 };
            let threshold = target + worse * (target.abs() * 0.01).max(0.001);
            let better = metric.better;
            text.push_str(&format!("target = {target:.6}\nthreshold = {threshold:.6}\nbetter = \"{better}\"\n"));
        }
        metric.department.iter().for_each(|department| text.push_str(&format!("department = \"d{department}\"\n")));
        let stages = ["a", "b", "a stage whose name is rather long", "ΔΕΖ"];
        metric.stage.iter().for_each(|stage| text.push_str(&format!("stage = \"{}\"\n", stages[usize::from(*stage)])));
        if index % 3 == 0 {
            text.push_str("owner = \"Al\"\n");
        }
        // Only to earlier ones, so that there is no loop.
        let above = metric.above.filter(|above| *above < index).map_or("g".to_owned(), |above| format!("m{above}"));
        text.push_str(&format!("drives = [{{ to = \"{above}\", because = \"said\" }}]\n"));
        head.push_str(&format!(",v{index}"));
        rows[0].push_str(&format!(",{:.6}", metric.values.0));
        rows[1].push_str(&format!(",{:.6}", metric.values.1));
    }
    (text, format!("{head}\n{}\n{}\n", rows[0], rows[1]))
}

/// Draws a scorecard in each of the three ways.
fn scenes(metrics: &[Measured], by: &[String], layout: &Layout<'_>) -> [Result<Scene, Refusal>; 3] {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (text, data) = written(metrics);
    std::fs::write(folder.path().join("scorecard.toml"), &text).expect("a file");
    std::fs::write(folder.path().join("s.csv"), data).expect("a file");
    let scorecard = resolve(&load(&folder.path().join("scorecard.toml")))
        .unwrap_or_else(|problems| panic!("{:?}\n{text}", problems.first().map(|problem| &problem.message)));
    let ids: Vec<MetricId> = scorecard.ids().collect();
    let plan = plan(&scorecard, &ids, by, None);
    let observations = observe(&scorecard, &plan, Manner::default()).expect("readable data").value;
    let reader = Reader::new(&scorecard, &plan, &observations, None);
    let period = Period::parse("2026-01").expect("a period");
    let evaluation = evaluate(&reader, period, None);
    let segments = if by.is_empty() { Vec::new() } else { reader.segments(period.days()) };
    let segments: Vec<_> = segments.iter().map(|segment| evaluate(&reader, period, Some(segment))).collect();
    let subject = Subject {
        reader: &reader,
        evaluation: &evaluation,
        segments: &segments,
        by,
        periods: &[period],
        selected: ids.into_iter().collect::<BTreeSet<_>>(),
        is_chosen: false,
        condition: None,
    };
    [
        Bullet::of(&subject).and_then(|chart| bullet::paint(&chart, layout)),
        Heatmap::of(&subject).and_then(|chart| heatmap::paint(&chart, layout)),
        ScorecardTable::of(&subject).and_then(|chart| scorecard::paint(&chart, layout)),
    ]
}

/// Whether it is cut to nothing, or is a part of a head: these are this program's own and short.
fn is_cut_head(text: &str) -> bool {
    let heads = ["Metric", "Actual", "Target", "Variance", "Change", "Status", "Thread", "Worst", "Mark", "Owner"];
    text.strip_suffix('…').is_some_and(|part| heads.iter().any(|head| head.starts_with(part)))
}

fn assert_lawful(scene: &Scene, letters: &Letters) {
    let found = texts(&scene.shapes);
    assert!(found.len() > 3, "there is nothing to see");
    for text in found {
        assert!(text.size >= LEAST, "{text:?} is too small to read");
        assert!(!is_cut_head(&text.text), "{text:?} is cut");
    }
    assert_eq!(faults(scene, letters), Vec::<String>::new());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn texts_stay_on_the_page_and_off_each_other(
        metrics in proptest::collection::vec(measured(), 1..14),
        by in prop_oneof![Just(Vec::new()), Just(vec!["part".to_owned()])],
        size in prop_oneof![Just(None), (500..2500_u32, 400..2500_u32).prop_map(Some)],
    ) {
        let letters = Letters::new(None).expect("the embedded font");
        let size = size.map(|(width, height)| (f64::from(width), f64::from(height)));
        let layout = Layout { size, letters: &letters, signature: "goldthread 0 · as of 2026-01".to_owned() };
        for drawn in scenes(&metrics, &by, &layout) {
            // Without a size asked for, nothing is too large here.
            prop_assert!(size.is_some() || drawn.is_ok(), "{:?}", drawn);
            drawn.iter().for_each(|scene| assert_lawful(scene, &letters));
        }
    }
}

/// A size that a refusal names is one that is not refused.
#[test]
fn the_size_that_a_refusal_names_holds_the_picture() {
    let metric = |index: usize| Measured {
        name: format!("A metric with a name of some length, number {index}"),
        values: (index as f64, 12.5),
        target: Some(7.0),
        better: "higher",
        unit: "EUR".to_owned(),
        decimals: 2,
        department: Some((index % 3) as u8),
        stage: Some((index % 4) as u8),
        above: None,
    };
    let metrics: Vec<Measured> = (0..24).map(metric).collect();
    let letters = Letters::new(None).expect("the embedded font");
    let drawn = |size: Option<(f64, f64)>| {
        let layout = Layout { size, letters: &letters, signature: "goldthread".to_owned() };
        scenes(&metrics, &[], &layout)
    };
    for (index, small) in drawn(Some((400.0, 300.0))).into_iter().enumerate() {
        let help = small.expect_err("a refusal").help;
        let named = help.split("--size ").nth(1).and_then(|rest| rest.split('`').next()).expect("a size");
        let (width, height) = named.split_once('x').expect("two sides");
        let size = (width.parse().expect("a width"), height.parse().expect("a height"));
        let scene = drawn(Some(size))[index].clone().unwrap_or_else(|refusal| panic!("{named}: {refusal:?}"));
        assert_eq!(scene.size, size);
        assert_lawful(&scene, &letters);
    }
}
