//! Processes: their laws for any series, their edges, and what a report says of them.
//!
//! What limits are and which signals there are is held against other people's numbers in `oracles::xmr`; here is what
//! holds for every series, what is no point of one, and how `rebase` and the marks of reports behave. Numbers in
//! reports are computed by hand from the series that the tests write.

use proptest::prelude::{ProptestConfig, Strategy, any, prop, prop_assert, prop_assert_eq, proptest};
use serde_json::Value;

use crate::session::{Session, folder, goldthread_in};
use goldthread::diagnostic::Code;
use goldthread::evaluate::{Absence, Doubt, NoLimits, Point, Process, Promise, Variation, process};
use goldthread::metric::Polarity;
use goldthread::number::Number;
use goldthread::period::{Calendar, Grain, Period};
use goldthread::stats::xmr::{Centring, Limits, Side, Signal, last_run, limits, signals};
use goldthread::unit::Unit;

/// Whole numbers with gaps: their arithmetic is exact, so that ties stay ties.
fn series() -> impl Strategy<Value = Vec<Option<f64>>> {
    let value = (any::<u8>(), -40i32..40).prop_map(|(gap, value)| (gap > 20).then_some(f64::from(value)));
    prop::collection::vec(value, 2..60)
}

fn other_way(signal: Signal) -> Signal {
    let turned = |side| if side == Side::High { Side::Low } else { Side::High };
    match signal {
        Signal::Outside(side) => Signal::Outside(turned(side)),
        Signal::Trend(side) => Signal::Trend(turned(side)),
        Signal::TwoOfThree(side) => Signal::TwoOfThree(turned(side)),
        Signal::Shift(side) => Signal::Shift(turned(side)),
    }
}

fn lines(limits: &Limits) -> [f64; 5] {
    [limits.lower, limits.near_lower, limits.centre, limits.near_upper, limits.upper]
}

fn are_close(actual: &[f64], expected: &[f64]) -> bool {
    actual.iter().zip(expected).all(|(a, e)| (a - e).abs() <= 1e-9 * e.abs().max(1.0))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn another_scale_moves_limits_and_no_signal(values in series(), factor in 1i32..1000, level in -100_000i32..100_000) {
        for centring in [Centring::Mean, Centring::Screened, Centring::Median] {
            let Some(own) = limits(&values, centring) else { continue };
            let scaled = |value: f64| value * f64::from(factor) + f64::from(level);
            let others: Vec<Option<f64>> = values.iter().map(|value| value.map(scaled)).collect();
            let found = limits(&others, centring).expect("limits");
            prop_assert!(are_close(&lines(&found), &lines(&own).map(scaled)), "{found:?}, {own:?}");
            prop_assert!(are_close(&[found.range_upper], &[own.range_upper * f64::from(factor)]));
            prop_assert_eq!(signals(&others, &found), signals(&values, &own));
        }
    }

    #[test]
    fn a_mirror_mirrors_every_signal(values in series()) {
        let Some(own) = limits(&values, Centring::Mean) else { return Ok(()) };
        let others: Vec<Option<f64>> = values.iter().map(|value| value.map(|value| -value)).collect();
        let found = limits(&others, Centring::Mean).expect("limits");
        let mut mirrored = lines(&own).map(|line| -line);
        mirrored.reverse();
        prop_assert!(are_close(&lines(&found), &mirrored));
        let turned: Vec<Option<Signal>> = signals(&values, &own).into_iter().map(|one| one.map(other_way)).collect();
        prop_assert_eq!(signals(&others, &found), turned);
    }

    #[test]
    fn a_run_ends_with_the_series_and_holds_its_signal(values in series()) {
        let Some(own) = limits(&values, Centring::Mean) else { return Ok(()) };
        let found = signals(&values, &own);
        let run = last_run(&values, &own, &found);
        prop_assert_eq!(run.end, values.len());
        prop_assert_eq!(run.is_empty(), found[values.len() - 1].is_none());
        prop_assert!(run.clone().all(|at| values[at].is_some()), "a gap in {:?}", run);
        // No limit is crossed by a value of none, and gaps are signals of nothing.
        prop_assert!(values.iter().zip(&found).all(|(value, signal)| value.is_some() || signal.is_none()));
        match found[values.len() - 1] {
            Some(Signal::Shift(_) | Signal::Trend(_)) => prop_assert!(run.len() >= 7),
            Some(Signal::TwoOfThree(_)) => prop_assert!((2..=3).contains(&run.len())),
            _ => {}
        }
    }
}

/// One value a month up to 2026-12, in order.
fn points(values: &[Option<f64>]) -> Vec<Point> {
    let (calendar, last) = (Calendar::default(), Period::parse("2026-12").expect("a month"));
    let point = |(index, value): (usize, &Option<f64>)| Point {
        period: calendar.shift(last, index as i64 + 1 - values.len() as i64).expect("a month"),
        actual: Err(Absence::NoValue),
        settled: *value,
        rebased: None,
        target: None,
        threshold: None,
        status: None,
    };
    values.iter().enumerate().map(point).collect()
}

fn of(values: &[Option<f64>]) -> Process {
    process(&points(values), Some(Polarity::Higher)).expect("a process")
}

fn all(values: impl IntoIterator<Item = f64>) -> Vec<Option<f64>> {
    values.into_iter().map(Some).collect()
}

#[test]
fn a_constant_series_lies_on_its_centre_and_varies_in_nothing() {
    // A tenth has no exact double: its mean must be it all the same.
    for value in [0.1, 5.0, 1e12 + 0.1, -1e-6] {
        let mut history = points(&all([value; 24]));
        history[23].target = Some(Promise::Level(Number::approx(value * 2.0).expect("a number")));
        let found = process(&history, Some(Polarity::Higher)).expect("a process");
        assert_eq!(lines(&found.limits), [value; 5]);
        assert_eq!(found.signals, [None; 24]);
        assert_eq!((found.variation, found.assurance), (Variation::Common, None));
        assert_eq!(found.doubts, [Doubt::NoVariation]);
    }
    assert_eq!(limits(&all([0.1; 12]), Centring::Screened).expect("limits").range, 0.0);
}

#[test]
fn no_range_spans_a_gap_and_no_run_crosses_one() {
    // Ranges 1, 1 and 2; 100 to 0 is none, for a month lies between.
    let values = [Some(1.0), Some(2.0), Some(3.0), Some(100.0), None, Some(0.0), Some(2.0)];
    let found = limits(&values, Centring::Mean).expect("limits");
    assert_eq!(found.range, (1.0 + 1.0 + 97.0 + 2.0) / 4.0);
    assert_eq!(found.centre, 108.0 / 6.0);
    let low: Vec<f64> = (0..14).map(|place| f64::from(place % 2)).collect();
    let high = |count: usize| (0..count).map(|place| Some(10.0 + f64::from(place as u8 % 2)));
    let whole: Vec<Option<f64>> = all(low.clone()).into_iter().chain(high(8)).collect();
    let wide = Limits {
        centre: 5.0,
        range: 9.0,
        lower: -19.0,
        upper: 29.0,
        near_lower: -11.0,
        near_upper: 21.0,
        range_upper: 30.0,
    };
    assert_eq!(signals(&whole, &wide)[14..], [Some(Signal::Shift(Side::High)); 8]);
    let mut torn = whole.clone();
    torn[18] = None;
    assert!(signals(&torn, &wide)[14..].iter().all(Option::is_none));
    // A point on the centre breaks a shift as a gap does.
    torn[18] = Some(5.0);
    assert!(signals(&torn, &wide)[14..].iter().all(Option::is_none));
}

#[test]
fn a_point_on_the_centre_is_on_neither_side_whatever_its_last_digit() {
    // Tenths: the sum of these is no exact double, and their mean is .3.
    let values = all([0.1, 0.5, 0.2, 0.4, 0.3, 0.1, 0.5, 0.2, 0.4, 0.3, 0.1, 0.5, 0.2, 0.4, 0.3]);
    let found = limits(&values, Centring::Mean).expect("limits");
    assert!((found.centre - 0.3).abs() < 1e-15);
    assert_eq!(found.side(0.1 + 0.2), None);
    assert_eq!(found.side(0.300_001), Some(Side::High));
}

#[test]
fn too_few_values_say_how_many_there_are() {
    let error = |values: &[Option<f64>]| process(&points(values), None).expect_err("no process");
    assert_eq!(error(&[]), NoLimits::TooFew(0));
    assert_eq!(error(&[Some(1.0)]), NoLimits::TooFew(1));
    assert_eq!(error(&[None; 30]), NoLimits::TooFew(0));
    let eleven: Vec<Option<f64>> = (0..22).map(|place| (place % 2 == 0).then_some(1.0)).collect();
    assert_eq!(error(&eleven), NoLimits::TooFew(11));
    // Twelve values of which no two are neighbours have no range either.
    let apart: Vec<Option<f64>> = (0..24).map(|place| (place % 2 == 0).then_some(1.0)).collect();
    assert_eq!(error(&apart), NoLimits::TooFew(12));
    assert!(process(&points(&all((0..12).map(|place| f64::from(place % 3)))), None).is_ok());
    // Since the last rebase there are too few, however many there were before.
    let mut rebased = points(&all((0..24).map(|place| f64::from(place % 3))));
    rebased[13].rebased = Some("a new counter".to_owned());
    assert_eq!(process(&rebased, None), Err(NoLimits::TooFew(11)));
    rebased[13].rebased = None;
    rebased[12].rebased = Some("a new counter".to_owned());
    assert!(process(&rebased, None).is_ok());
}

#[test]
fn a_last_period_without_a_value_is_a_signal_of_nothing() {
    let mut values = all((0..20).map(|place| f64::from(place % 3)));
    values.push(Some(50.0));
    assert_eq!(of(&values).variation, Variation::Improvement(Signal::Outside(Side::High)));
    assert_eq!(of(&values).run, 20..21);
    values.push(None);
    assert_eq!(of(&values).variation, Variation::Common);
    assert!(of(&values).run.is_empty());
    let concern = process(&points(&values[..21]), Some(Polarity::Lower)).expect("a process");
    assert_eq!(concern.variation, Variation::Concern(Signal::Outside(Side::High)));
    let neutral = process(&points(&values[..21]), Some(Polarity::Between)).expect("a process");
    assert_eq!(neutral.variation, Variation::Neutral(Signal::Outside(Side::High)));
}

#[test]
fn doubts_are_raised_where_values_are_no_noise_and_nowhere_else() {
    // Noise from a table of digits of pi, twice as long as a year.
    let pi = [1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4, 6, 2, 6, 4, 3].map(f64::from);
    assert_eq!(of(&all(pi)).doubts, []);
    // A staircase of noise-free steps rises all along; its neighbours' correlation goes without saying.
    let trend = of(&all((0..24).map(f64::from)));
    assert_eq!(trend.doubts, [Doubt::Trending(1.0)]);
    assert!(matches!(of(&all((0..24).map(|place| -f64::from(place)))).doubts[..], [Doubt::Trending(by)] if by == -1.0));
    // One step, however clean, is no trend: √3/2 of a correlation with time, though neighbours are alike.
    let step = of(&all((0..24).map(|place| if place < 12 { 0.0 } else { 1.0 })));
    assert!(
        matches!(step.doubts[..], [Doubt::Autocorrelated(by), Doubt::Screening(share)] if by > 0.9 && share == 1.0)
    );
    // A level that moved amid noise does not repeat itself either.
    let moved = pi.into_iter().enumerate().map(|(place, value)| if place < 12 { value } else { value + 5.0 });
    let moved = of(&all(moved)).doubts;
    assert!(!moved.iter().any(|doubt| matches!(doubt, Doubt::Seasonal(_))), "{moved:?}");
    // A sawtooth of a year repeats itself.
    let year = [0.0, 3.0, 1.0, 5.0, 2.0, 8.0, 9.0, 7.0, 9.0, 4.0, 6.0, 1.0];
    let seasonal = of(&all(year.into_iter().chain(year)));
    assert!(
        seasonal.doubts.iter().any(|doubt| matches!(doubt, Doubt::Seasonal(by) if *by > 0.99)),
        "{:?}",
        seasonal.doubts
    );
    let short = of(&all(year.into_iter().chain(year).skip(1)));
    assert!(!short.doubts.iter().any(|doubt| matches!(doubt, Doubt::Seasonal(_))), "{:?}", short.doubts);
    // Of 23 ranges 21 are 1, two are 11: the mean is 43/23, of which 3.267 times is 6.1. Screened it is 1.
    let spike: Vec<f64> = (0..24).map(|place| if place == 12 { 11.0 } else { f64::from(place % 2) }).collect();
    let expected = 1.0 - 23.0 / (21.0 + 10.0 + 10.0);
    let found = of(&all(spike)).doubts;
    assert!(matches!(found[..], [Doubt::Screening(share)] if (share - expected).abs() < 1e-12), "{found:?}");
}

#[test]
fn a_share_is_shown_between_nothing_and_all() {
    let shares = of(&all((0..12).map(|place| if place % 2 == 0 { 0.05 } else { 0.95 })));
    assert!(shares.limits.lower < 0.0 && shares.limits.upper > 1.0);
    let shown = shares.shown(&shares.limits, Some(&Unit::Percent));
    assert_eq!(lines(&shown), [0.0, 0.0, 0.5, 1.0, 1.0]);
    // What is no share keeps its limits, and so does a percentage that has been beyond.
    assert_eq!(shares.shown(&shares.limits, Some(&Unit::Ratio)), shares.limits);
    let growth = of(&all((0..12).map(|place| if place % 2 == 0 { -0.05 } else { 0.95 })));
    assert_eq!(growth.shown(&growth.limits, Some(&Unit::Percent)), growth.limits);
    assert_eq!(shares.limits.shown((2.0, 1.0)), shares.limits);
}

#[test]
fn histories_look_back_as_far_as_their_grain_asks() {
    let grains = [Grain::Day, Grain::Week, Grain::Month, Grain::Quarter, Grain::Year];
    assert_eq!(grains.map(goldthread::evaluate::memory), [60, 52, 24, 12, 10]);
}

const SCORECARD: &str = r#"
[scorecard]
title = "Shop"
[sources.sales]
path = "sales.csv"
period = "month"
[goals.orders]
name = "Orders"
source = "sales"
value = "sum(orders)"
unit = "orders"
better = "higher"
target = 130
threshold = 90
sponsor = "Head of Sales"
"#;

/// Alternating 98 and 102 (centre about 100, ranges of 4), then what is given; months up to 2026-12.
fn sales(last: &[&str]) -> String {
    let month = |back: usize| format!("{}-{:02}", 2026 - back / 12, 12 - back % 12);
    let steady = (last.len()..24).rev().map(|back| (back, if back % 2 == 0 { "98" } else { "102" }));
    let rows = steady.chain(last.iter().enumerate().map(|(index, value)| (last.len() - 1 - index, *value)));
    let rows = rows.filter(|(_, value)| !value.is_empty());
    let rows: String = rows.map(|(back, value)| format!("{},{value}\n", month(back))).collect();
    format!("month,orders\n{rows}")
}

fn shop(scorecard: &str, last: &[&str], arguments: &[&str]) -> Session {
    goldthread_in(folder(&[("scorecard.toml", scorecard), ("sales.csv", &sales(last))]).path(), arguments)
}

fn record(scorecard: &str, last: &[&str], arguments: &[&str]) -> Vec<String> {
    let json = shop(scorecard, last, &[&["show", "-O", "json"], arguments].concat()).done();
    let row = &serde_json::from_str::<Value>(&json).expect("JSON")["rows"][0];
    ["variation", "signal", "assurance"].map(|name| row[name].as_str().unwrap_or("-").to_owned()).to_vec()
}

#[test]
fn records_say_in_words_what_limits_say() {
    // Limits about 100 ± 2.66 · 4: a target of 130 lies far beyond them.
    assert_eq!(record(SCORECARD, &[], &[]), ["common cause", "-", "fails"]);
    assert_eq!(record(SCORECARD, &["120"], &[]), ["improvement", "above its upper limit in 2026-12", "fails"]);
    assert_eq!(record(SCORECARD, &["80"], &[]), ["concern", "below its lower limit in 2026-12", "fails"]);
    let shift = ["104", "103", "104", "103", "104", "103", "104"];
    assert_eq!(record(SCORECARD, &shift, &[])[1], "8 points above its centre since 2026-05");
    let rising = ["99", "100", "101", "102", "103", "104", "105"];
    assert_eq!(record(SCORECARD, &rising, &[])[1], "7 points rising since 2026-06");
    let lower = SCORECARD.replace("higher", "lower").replace("threshold = 90", "threshold = 150");
    assert_eq!(record(&lower, &["80"], &[]), ["improvement", "below its lower limit in 2026-12", "passes"]);
    let near = SCORECARD.replace("130", "101");
    assert_eq!(record(&near, &[], &[])[2], "hit or miss");
    let without = SCORECARD.replace("better = \"higher\"\ntarget = 130\nthreshold = 90\n", "");
    assert_eq!(record(&without, &["80"], &[]), ["neutral", "below its lower limit in 2026-12", "-"]);
    // Twelve quarters are asked for, and there are eight.
    assert_eq!(record(SCORECARD, &["80"], &["--quarterly"]), ["-", "-", "-"]);
    // Each period has its own: a month before the fall there was none.
    assert_eq!(record(SCORECARD, &["80"], &["-p", "2026-11"]), ["common cause", "-", "fails"]);
    assert_eq!(record(SCORECARD, &["80"], &["-p", "2025-11"]), ["-", "-", "-"]);
}

#[test]
fn marks_stand_beside_the_status_and_words_below_the_table() {
    let last = ["104", "103", "104", "103", "104", "103", "104"];
    let table = shop(SCORECARD, &last, &["show", "--width", "100"]).done();
    let row = table.lines().find(|line| line.starts_with("Orders")).expect("the row");
    assert!(row.contains("▲ at-risk  ◇✗"), "{row}");
    let key = "XmR  a signal, not noise: ◇ better; target while nothing changes: ✗ will be missed";
    assert!(table.lines().any(|line| line == key), "{table}");
    let note = "Orders: 8 points above its centre since 2026-05 (improvement); target lies beyond its limits: will be missed unless the process changes";
    let noted = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").contains(note);
    assert!(noted(&table), "{table}");
    let markdown = shop(SCORECARD, &last, &["show", "-O", "markdown"]).done();
    assert!(markdown.contains("| Status | XmR | Thread |") && markdown.contains("| ▲ at-risk | ◇✗ |"), "{markdown}");
    assert!(markdown.contains(&format!("\n- ◇ {note}")), "{markdown}");
    let thread = shop(SCORECARD, &last, &["thread", "orders"]).done();
    let line = note.replace("Orders: ", "  ◇ ");
    assert!(thread.lines().any(|one| one == line), "{thread}");
    // Too few values: no column, no key, no note.
    for arguments in [["show", "--quarterly"].as_slice(), &["show", "-p", "2025-11"]] {
        let table = shop(SCORECARD, &last, arguments).done();
        assert!(!table.contains("XmR") && !table.contains("centre") && !table.contains('◇'), "{table}");
    }
    // Where there is no room for the marks, the columns that were promised stay, and the words too.
    let narrow = shop(SCORECARD, &last, &["show", "--width", "46"]).done();
    assert!(!narrow.contains("XmR") && narrow.contains("Status") && noted(&narrow), "{narrow}");
}

#[test]
fn trace_shows_the_limits_and_why_there_are_none() {
    let trace = |last: &[&str], arguments: &[&str]| {
        let text = shop(SCORECARD, last, &[&["trace", "orders"], arguments].concat()).done();
        let from = text.lines().skip_while(|line| !line.starts_with("  limits"));
        let lines: Vec<String> =
            from.take_while(|line| !line.starts_with("  score")).map(|line| line.trim().to_owned()).collect();
        lines
    };
    // The mean of 98 and 102 is 100; 2.66 times 4 is 10.64.
    let expected = [
        "limits               89.4 orders to 110.6 orders, centre 100.0 orders  (24 values since 2025-01)",
        "target lies beyond its limits: will be missed unless the process changes",
        // What goes up and down by turns does so a year later.
        "values follow those of a year before (correlation 1.00): compare with them",
    ];
    assert_eq!(trace(&[], &[]), expected);
    assert_eq!(
        trace(&[], &["--quarterly"]),
        ["limits               — 8 values to compute them from, 12 are the least"]
    );
}

#[test]
fn a_rebase_gives_the_process_limits_of_its_own() {
    let last: Vec<&str> = (0..12).map(|index| if index % 2 == 0 { "126" } else { "128" }).collect();
    assert_eq!(record(SCORECARD, &last, &[])[1], "12 points above its upper limit since 2026-01");
    let rebased = format!("{SCORECARD}rebase = [{{ at = \"2026-01\", because = \"a second shop\" }}]\n");
    // About 127 ± 2.66 · 2: a target of 130 lies inside.
    assert_eq!(record(&rebased, &last, &[]), ["common cause", "-", "hit or miss"]);
    let trace = shop(&rebased, &last, &["trace", "orders"]).done();
    let limits = "limits               121.7 orders to 132.3 orders, centre 127.0 orders  (12 values since 2026-01: a second shop)";
    assert!(trace.lines().any(|line| line.trim() == limits), "{trace}");
    // A month later there are too few since, and so there is nothing to say.
    let later = rebased.replace("2026-01", "2026-02");
    assert_eq!(record(&later, &last, &[]), ["-", "-", "-"]);
    // One of before the history is no news, one of after it none yet.
    for at in ["2024-06", "2027-01"] {
        assert_eq!(
            record(&rebased.replace("2026-01", at), &last, &[])[1],
            "12 points above its upper limit since 2026-01"
        );
    }
}

#[test]
fn a_coarser_period_belongs_to_the_phase_it_begins_in() {
    let at = |at: &str| format!("{SCORECARD}rebase = [{{ at = \"{at}\", because = \"a second shop\" }}]\n");
    let quarters = |scorecard: &str| {
        let text = shop(scorecard, &[], &["trace", "orders", "--quarterly"]).done();
        text.lines().find(|line| line.starts_with("  limits")).expect("the limits").trim().to_owned()
    };
    let few = |values: &str| format!("limits               — {values} to compute them from, 12 are the least");
    // The second quarter begins with the change, one in its midst leaves it to the phase before.
    assert_eq!(quarters(SCORECARD), few("8 values"));
    assert_eq!(quarters(&at("2026-04")), few("3 values"));
    assert_eq!(quarters(&at("2026-05")), few("2 values"));
    assert_eq!(quarters(&at("2026-10")), few("1 value"));
}

#[test]
fn a_rebase_is_a_period_of_the_grain() {
    let scorecard = |header: &str, at: &str| {
        let rebase = format!("rebase = [{{ at = \"{at}\", because = \"a second shop\" }}]\n");
        SCORECARD.replace("title = \"Shop\"", header) + &rebase
    };
    let is_taken = |header: &str, at: &str| {
        let folder = folder(&[("scorecard.toml", &scorecard(header, at))]);
        let found = goldthread::scorecard::resolve(&goldthread::scorecard::load(&folder.path().join("scorecard.toml")));
        let problems = found.err().unwrap_or_default();
        assert!(problems.iter().all(|problem| problem.code == Code::BadPeriod), "{problems:#?}");
        problems.is_empty()
    };
    let fiscal = |grain: &str| format!("grain = \"{grain}\"\nfiscal_year = {{ starts = \"february\" }}");
    for (header, taken, refused) in [
        ("grain = \"day\"".to_owned(), ["2026-02-28"].as_slice(), ["2026-02", "2026-02-30", "28.02.2026"].as_slice()),
        ("grain = \"week\"".to_owned(), &["2026-W53"], &["2025-W53", "2026-01", "2026-01-05"]),
        ("grain = \"month\"".to_owned(), &["2026-02"], &["2026", "2026-Q1", "2026-2", "FY2026"]),
        ("grain = \"quarter\"".to_owned(), &["2026-Q2"], &["2026-04", "2026"]),
        ("grain = \"year\"".to_owned(), &["2026"], &["2026-01"]),
        // A quarter or a year that begins in February has no name but its first month.
        (fiscal("quarter"), &["2026-02", "2026-05"], &["2026-Q2", "2026-04"]),
        (fiscal("year"), &["2026-02"], &["2026", "2026-05", "2026-Q1"]),
    ] {
        taken.iter().for_each(|at| assert!(is_taken(&header, at), "{header}: {at}"));
        refused.iter().for_each(|at| assert!(!is_taken(&header, at), "{header}: {at}"));
    }
}

#[test]
fn what_is_partial_late_or_rejected_is_no_point() {
    // By day, and the last month stops on its second: a figure of two days far under the limits is no signal.
    let days = |month: &str, count: u32| -> String {
        let last = if month.ends_with("-02") {
            28
        } else if ["-04", "-06", "-09", "-11"].iter().any(|m| month.ends_with(m)) {
            30
        } else {
            31
        };
        (1..=last.min(count)).map(|day| format!("{month}-{day:02},{}\n", if day == 1 { 10 } else { 3 })).collect()
    };
    let months: Vec<String> =
        (2025..2027).flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}"))).collect();
    let rows = |last: u32| -> String {
        let rows: String =
            months.iter().enumerate().map(|(index, month)| days(month, if index == 23 { last } else { 31 })).collect();
        format!("month,orders\n{rows}")
    };
    let run = |text: &str, arguments: &[&str]| {
        let folder = folder(&[("scorecard.toml", SCORECARD), ("sales.csv", text)]);
        let json = goldthread_in(folder.path(), &[&["show", "-O", "json"], arguments].concat()).stdout;
        serde_json::from_str::<Value>(&json).expect("JSON")["rows"][0].clone()
    };
    let part = run(&rows(2), &["-p", "2026-12"]);
    assert_eq!((part["actual"].as_f64(), part["caveat"].is_string()), (Some(13.0), true));
    assert_eq!((&part["variation"], &part["assurance"]), (&Value::Null, &Value::Null));
    // Said to be closed, the same two days are all there is of the month.
    let closed = run(&rows(2), &["-p", "2026-12", "--as-of", "2026-12"]);
    assert_eq!(closed["signal"], "below its lower limit in 2026-12");
    // A row that cannot be read leaves its month out.
    let broken = rows(31).replace("2026-12-01,10\n", "2026-12-01,x\n").replace("2026-12-02,3\n", "2026-12-02,9000\n");
    let rejected = run(&broken, &["--lenient", "-p", "2026-12"]);
    assert_eq!(
        (rejected["actual"].as_f64().map(|actual| actual > 9000.0), &rejected["variation"]),
        (Some(true), &Value::Null)
    );
}

#[test]
fn a_total_of_some_who_report_is_no_point_either() {
    let scorecard = SCORECARD
        .replace(
            "period = \"month\"",
            "period = \"month\"\ndimensions = [\"region\"]\nroster = { region = [\"a\", \"b\", \"c\", \"n\", \"s\"] }",
        )
        .replace("sum(orders)\"\nunit = \"orders\"", "sum(orders) / count(*)\"\nunit = \"orders\"");
    let months = (2025..2027).flat_map(|year| (1..=12).map(move |month| (year, month)));
    let rows: String = months
        .flat_map(|(year, month)| ["a", "b", "c", "n", "s"].map(|region| (year, month, region)))
        .filter(|(year, month, region)| (*year, *month, *region) != (2026, 12, "s"))
        .map(|(year, month, region)| {
            let value = if (year, month) == (2026, 12) { 900 } else { 98 + 4 * (month % 2) };
            format!("{year}-{month:02},{region},{value}\n")
        })
        .collect();
    let folder = folder(&[("scorecard.toml", &scorecard), ("sales.csv", &format!("month,region,orders\n{rows}"))]);
    let json = goldthread_in(folder.path(), &["show", "-O", "json", "-p", "2026-12"]).done();
    let row = serde_json::from_str::<Value>(&json).expect("JSON")["rows"][0].clone();
    // A mean of those who reported is held against its target, and is no point of the process all the same.
    assert_eq!((row["actual"].as_f64(), &row["variation"]), (Some(900.0), &Value::Null));
    assert_eq!(row["status"], "on-target");
}

#[test]
fn what_is_no_longer_measured_has_no_marks() {
    let stopped = ["80", ""];
    assert_eq!(record(SCORECARD, &stopped, &["-p", "2026-11"])[0], "concern");
    let arguments = ["show", "-p", "2026-12", "--as-of", "2026-12", "--width", "100"];
    let table = shop(SCORECARD, &stopped, &arguments).done();
    assert!(table.contains("no-data") && !table.contains("XmR") && !table.contains('◆'), "{table}");
    let trace = shop(SCORECARD, &stopped, &["trace", "orders", "-p", "2026-12", "--as-of", "2026-12"]).done();
    assert!(trace.contains("  limits   ") && !trace.contains("will be missed"), "{trace}");
}
