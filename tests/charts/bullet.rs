//! Bullets: scales and ranges worked out by hand, actuals against those the example's generator computed.

use goldthread::status::Status;
use goldthread::view::Promised;
use goldthread::view::chart::{Bullet, BulletBand, BulletForm, BulletRow};

use super::subject::{golden, id_of, same, subscription, tiny};

fn drawn(chosen: &[&str], by: &[&str]) -> Bullet {
    tiny(&[], chosen, by, Bullet::of).expect("a chart")
}

fn row<'c>(chart: &'c Bullet, name: &str) -> &'c BulletRow {
    let mut rows = chart.groups.iter().flat_map(|group| &group.rows);
    rows.find(|row| row.name == name).expect("a row of this name")
}

/// Asserts the form of a row, the ends of its scale and its ranges.
fn assert_scale(row: &BulletRow, form: BulletForm, ends: (f64, f64), bands: &[(f64, f64, u8)]) {
    let scale = row.scale.as_ref().expect("a scale");
    assert_eq!(scale.form, form, "{}", row.name);
    let (low, high) = (scale.low.number.to_f64(), scale.high.number.to_f64());
    assert!(same(low, ends.0) && same(high, ends.1), "{}: {low} to {high}", row.name);
    let close = |(band, (from, to, shade)): (&BulletBand, &(f64, f64, u8))| {
        same(band.from, *from) && same(band.to, *to) && band.shade == *shade
    };
    assert!(scale.bands.len() == bands.len() && scale.bands.iter().zip(bands).all(close), "{:?}", scale.bands);
}

#[test]
fn bars_begin_at_zero_and_ranges_are_bounded_by_threshold_target_and_stretch() {
    let chart = drawn(&[], &[]);
    let heads: Vec<(Option<&str>, Vec<&str>)> = chart
        .groups
        .iter()
        .map(|group| (group.head.as_deref(), group.rows.iter().map(|row| row.name.as_str()).collect()))
        .collect();
    assert_eq!(
        heads,
        [
            (Some("Sales"), vec!["Orders", "Mood", "Plain & <simple>"]),
            (Some("Care"), vec!["First calls", "Wait", "Uptime", "Silent"]),
            (Some("No department"), vec!["Profit"]),
        ]
    );
    // 6 % beyond the outermost: 120 * 1.06.
    let bands = [(0.0, 80.0, 0), (80.0, 100.0, 1), (100.0, 127.2, 2)];
    assert_scale(row(&chart, "Orders"), BulletForm::Bar, (0.0, 127.2), &bands);
    // What meets the target ends at the stretch, 0.9; the scale at 0.9 * 1.06.
    let bands = [(0.0, 0.7, 0), (0.7, 0.8, 1), (0.8, 0.9, 2)];
    assert_scale(row(&chart, "First calls"), BulletForm::Bar, (0.0, 0.954), &bands);
    assert_eq!(row(&chart, "First calls").benchmark.as_ref().map(|benchmark| benchmark.number.to_f64()), Some(0.86));
    // Less is better: worst at the right.
    let bands = [(0.0, 3.0, 2), (3.0, 5.0, 1), (5.0, 5.3, 0)];
    assert_scale(row(&chart, "Wait"), BulletForm::Bar, (0.0, 5.3), &bands);
    let bands = [(0.0, 2.0, 0), (2.0, 3.0, 1), (3.0, 6.0, 2), (6.0, 8.0, 1), (8.0, 8.48, 0)];
    assert_scale(row(&chart, "Mood"), BulletForm::Bar, (0.0, 8.48), &bands);
    assert!(matches!(row(&chart, "Mood").target, Some(Promised::Range(..))));
    // Zero inside; 6 % of 30 at both ends.
    let bands = [(-21.8, 0.0, 0), (0.0, 10.0, 1), (10.0, 11.8, 2)];
    assert_scale(row(&chart, "Profit"), BulletForm::Bar, (-21.8, 11.8), &bands);
}

#[test]
fn what_a_bar_from_zero_cannot_show_is_a_dot_on_a_cut_scale() {
    let chart = drawn(&[], &[]);
    let scale = row(&chart, "Uptime").scale.as_ref().expect("a scale");
    assert_eq!(scale.form, BulletForm::Dot);
    // 99.800 to 99.915 and a fifth of that on both sides, to the last digit shown.
    let (low, high) = (scale.low.number.to_f64(), scale.high.number.to_f64());
    assert!((low - 0.99777).abs() < 1.5e-5 && (high - 0.99938).abs() < 1.5e-5, "{low} to {high}");
    assert!(chart.heading.notes.iter().any(|note| note.starts_with("A dot stands on a cut scale")));
    let without = drawn(&["orders"], &[]);
    assert!(!without.heading.notes.iter().any(|note| note.contains("cut scale")));
}

#[test]
fn what_has_no_target_or_no_data_keeps_its_row_and_says_so() {
    let chart = drawn(&[], &[]);
    let plain = row(&chart, "Plain & <simple>");
    assert_eq!((plain.status, plain.target.as_ref(), plain.variance.as_ref()), (Status::NoTarget, None, None));
    assert_scale(plain, BulletForm::Bar, (0.0, 127.2), &[]);
    let silent = row(&chart, "Silent");
    assert_eq!((silent.status, silent.scale.as_ref()), (Status::NoData, None));
    assert_eq!(silent.actual.as_ref().expect_err("no actual"), "no row of `s` counts");
    assert!(chart.heading.notes.contains(&"1 metric without a value of its own is left out".to_owned()));
}

#[test]
fn titles_say_who_misses_and_by_how_much_of_the_target() {
    // Mood by 1 of 2 to the threshold, calls by 0.05 of 0.1, waiting by 1 of 2, profit by 30 of 10.
    assert_eq!(drawn(&[], &[]).heading.title, "4 of 6 metrics miss their target; Profit is furthest away");
    assert_eq!(drawn(&["orders", "uptime"], &[]).heading.title, "Both metrics meet their target");
    assert_eq!(drawn(&["wait"], &[]).heading.title, "Wait misses its target by 33 %");
    assert_eq!(drawn(&["orders", "wait"], &[]).heading.title, "1 of 2 metrics misses its target: Wait by 33 %");
    assert_eq!(drawn(&["wait", "fcr"], &[]).heading.title, "Both metrics miss their target");
    let with_none = drawn(&["wait", "fcr", "plain"], &[]).heading.title;
    assert_eq!(with_none, "Both metrics with a target miss it; 1 has none");
    let met = drawn(&["orders", "uptime", "plain", "silent"], &[]).heading.title;
    assert!(met.starts_with("Both metrics ") && (met.ends_with("2 have none") || met.ends_with("2 cannot")), "{met}");
    assert_eq!(drawn(&["plain"], &[]).heading.title, "Plain & <simple> cannot be held against a target");
    assert_eq!(drawn(&["plain", "silent"], &[]).heading.title, "None of 2 metrics can be held against a target");
}

#[test]
fn the_furthest_is_measured_in_steps_to_the_threshold_or_not_claimed() {
    let title = |replaced: &[(&str, &str)], chosen: &[&str]| {
        let chart = tiny(replaced, chosen, &[], Bullet::of).expect("a chart");
        let said = chart.heading.notes.iter().any(|note| note.starts_with("Furthest away: in steps"));
        (chart.heading.title, said)
    };
    // Of a target of 0 nothing is a share: waiting is at 4 of 0 to 2, two steps; calls half a step.
    let zero = ("target = 3\nthreshold = 5", "target = 0\nthreshold = 2");
    let furthest = "Both metrics miss their target; Wait is furthest away".to_owned();
    assert_eq!(title(&[zero], &["fcr", "wait"]), (furthest, true));
    assert_eq!(title(&[zero], &["wait"]), ("Wait misses its target".to_owned(), false));
    assert_eq!(title(&[zero], &["orders", "wait"]), ("1 of 2 metrics misses its target: Wait".to_owned(), false));
    // Without a step nothing is measured, and none is the furthest.
    let no_step = ("target = 3\nthreshold = 5", "target = 3\nthreshold = 3");
    assert_eq!(title(&[no_step], &["profit", "wait"]), ("Both metrics miss their target".to_owned(), false));
}

#[test]
fn parts_of_a_metric_share_one_scale() {
    let chart = drawn(&["fcr"], &["region"]);
    let [group] = chart.groups.as_slice() else { panic!("one group") };
    let whole = group.whole.as_ref().and_then(|whole| whole.actual.as_ref().ok()).expect("a whole");
    assert_eq!((group.head.as_deref(), whole.number.to_f64()), (Some("First calls"), 0.75));
    let parts: Vec<(&str, f64, Status)> = group
        .rows
        .iter()
        .map(|row| (row.name.as_str(), row.actual.as_ref().expect("an actual").number.to_f64(), row.status))
        .collect();
    assert_eq!(parts, [("north", 0.6, Status::OffTarget), ("south", 0.8, Status::OnTarget)]);
    for row in &group.rows {
        let bands = [(0.0, 0.7, 0), (0.7, 0.8, 1), (0.8, 0.9, 2)];
        assert_scale(row, BulletForm::Bar, (0.0, 0.954), &bands);
    }
    assert_eq!(chart.heading.title, "1 of 2 regions misses the target of First calls: north by 25 %");
    // A target for all orders says nothing of a region's.
    let orders = drawn(&["orders"], &["region"]);
    assert_eq!(orders.heading.title, "None of 2 regions can be held against a target");
}

#[test]
fn actuals_are_those_of_the_generator() {
    subscription(&[], |subject, answers| {
        let chart = Bullet::of(subject).expect("a chart");
        let rows: Vec<&BulletRow> = chart.groups.iter().flat_map(|group| &group.rows).collect();
        assert_eq!(rows.len(), 35, "of 37 metrics and goals two have no value of their own");
        for row in rows {
            let known = answers.get(id_of(subject.scorecard(), &row.name)).copied();
            let actual = row.actual.as_ref().ok().map(|actual| actual.number.to_f64());
            let close = |(actual, known): (f64, f64)| (actual - known).abs() <= 1e-12 * known.abs();
            assert!(actual.is_some() == known.is_some() && actual.zip(known).is_none_or(close), "{}", row.name);
        }
    });
}

#[test]
fn refusals_say_how_to_narrow() {
    let refused = tiny(&[], &["loyal"], &[], Bullet::of).expect_err("a refusal");
    assert_eq!(refused.reason, "none of these metrics has a value of its own");
    let mut many = String::from("stages = [\"discover\", \"buy\", \"use\"]\n");
    for index in 0..61 {
        many.push_str(&format!("[metrics.m{index}]\nsource = \"s\"\nvalue = \"sum(orders)\"\nunit = \"count\"\n"));
    }
    let replaced = [("stages = [\"discover\", \"buy\", \"use\"]\n", many.as_str())];
    let refused = tiny(&replaced, &[], &[], Bullet::of).expect_err("a refusal");
    assert_eq!(refused.reason, "69 bars are too many for one page, which holds 60");
    assert_eq!(refused.help, "name fewer metrics, such as `+loyal` or `dept:sales`");
}

#[test]
fn a_tiny_chart_is_drawn_so() {
    golden("bullet", &[]);
}
