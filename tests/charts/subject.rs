//! What charts of a small scorecard, and of one shipped, are asked to be about.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use goldthread::evaluate::{Reader, evaluate};
use goldthread::metric::{MetricId, Scorecard};
use goldthread::observe::{Manner, observe};
use goldthread::period::Period;
use goldthread::plan::plan;
use goldthread::scorecard::{load, resolve};
use goldthread::view::chart::Subject;

use crate::session::{compare, folder, goldthread_in, root};

/// One metric of each sort; its numbers are made to be worked out in one's head.
pub(super) const TINY: &str = r#"
[scorecard]
title = "Tiny"
[journey]
stages = ["discover", "buy", "use"]
[departments.sales]
name = "Sales"
[departments.care]
name = "Care"
[departments.idle]
name = "Idle"
[sources.s]
path = "s.csv"
period = "month"
dimensions = ["region"]
[goals.loyal]
name = "Loyal"
[metrics.orders]
name = "Orders"
source = "s"
value = "sum(orders)"
unit = "orders"
decimals = 0
better = "higher"
target = 100
threshold = 80
department = "sales"
stage = "buy"
[metrics.mood]
name = "Mood"
source = "s"
value = "sum(mood) / sum(calls)"
unit = "score"
better = "between"
target = { low = 3, high = 6 }
threshold = { low = 2, high = 8 }
department = "sales"
[metrics.plain]
name = "Plain & <simple>"
source = "s"
value = "sum(orders)"
unit = "count"
department = "sales"
stage = "discover"
[metrics.fcr]
name = "First calls"
source = "s"
value = "sum(solved) / sum(calls)"
unit = "percent"
better = "higher"
target = 0.8
threshold = 0.7
stretch = 0.9
benchmark = 0.86
department = "care"
owner = "Anna"
stage = "use"
drives = [{ to = "loyal", because = "said" }]
[metrics.wait]
name = "Wait"
source = "s"
value = "sum(waited) / sum(calls)"
unit = "minutes"
better = "lower"
target = 3
threshold = 5
department = "care"
stage = "use"
drives = [{ to = "loyal", because = "said" }]
[metrics.uptime]
name = "Uptime"
source = "s"
value = "sum(up) / sum(minutes)"
unit = "percent"
decimals = 3
better = "higher"
target = 0.999
threshold = 0.998
department = "care"
stage = "use"
[metrics.silent]
name = "Silent"
source = "s"
where = "region = 'east'"
value = "sum(orders)"
unit = "count"
better = "higher"
target = 5
department = "care"
stage = "discover"
[metrics.profit]
name = "Profit"
source = "s"
value = "sum(profit)"
unit = "EUR"
decimals = 0
better = "higher"
target = 10
threshold = 0
stage = "buy"
"#;

/// Orders 50 + 70, calls 100 + 300, solved 60 + 240, waited 400 + 1200, mood 700 + 2100, up 99,915 of 100,000.
pub(super) const DATA: &str = "month,region,orders,calls,solved,waited,mood,up,minutes,profit
2026-01,north,50,100,60,400,700,49970,50000,-5
2026-01,south,70,300,240,1200,2100,49945,50000,-15
";

/// Asks about a scorecard in a file: the metrics named (all where none is), by some dimensions.
pub(super) fn about<T>(
    path: &Path,
    period: &str,
    chosen: &[&str],
    by: &[&str],
    ask: impl FnOnce(&Subject<'_>) -> T,
) -> T {
    let scorecard = resolve(&load(path)).unwrap_or_else(|problems| panic!("{problems:?}"));
    let by: Vec<String> = by.iter().map(|dimension| (*dimension).to_owned()).collect();
    let ids: Vec<MetricId> = scorecard.ids().collect();
    let plan = plan(&scorecard, &ids, &by, None);
    let observations = observe(&scorecard, &plan, Manner::default()).expect("readable data").value;
    let reader = Reader::new(&scorecard, &plan, &observations, None);
    let period = Period::parse(period).expect("a period");
    let evaluation = evaluate(&reader, period, None);
    let segments = if by.is_empty() { Vec::new() } else { reader.segments(period.days()) };
    let segments: Vec<_> = segments.iter().map(|segment| evaluate(&reader, period, Some(segment))).collect();
    let selected = match chosen {
        [] => ids.into_iter().collect(),
        chosen => chosen.iter().map(|id| scorecard.find(id).expect("a metric")).collect::<BTreeSet<_>>(),
    };
    ask(&Subject {
        reader: &reader,
        evaluation: &evaluation,
        segments: &segments,
        by: &by,
        periods: &[period],
        selected,
        is_chosen: !chosen.is_empty(),
        condition: None,
    })
}

/// Asks about the tiny scorecard, each text replaced by another.
pub(super) fn tiny<T>(
    replaced: &[(&str, &str)],
    chosen: &[&str],
    by: &[&str],
    ask: impl FnOnce(&Subject<'_>) -> T,
) -> T {
    let mut scorecard = TINY.to_owned();
    for (old, new) in replaced {
        assert!(scorecard.contains(old), "nothing to replace: {old}");
        scorecard = scorecard.replace(old, new);
    }
    let folder = folder(&[("scorecard.toml", &scorecard), ("s.csv", DATA)]);
    about(&folder.path().join("scorecard.toml"), "2026-01", chosen, by, ask)
}

/// The scorecard of the phone company, and what its generator computed of October 2026, by metric.
pub(super) fn subscription<T>(chosen: &[&str], ask: impl FnOnce(&Subject<'_>, &BTreeMap<String, f64>) -> T) -> T {
    let text = std::fs::read_to_string(root().join("examples/subscription/answers.csv")).expect("the answers");
    let answer = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let is_asked = cells[1] == "month" && cells[2] == "2026-10";
        Some((cells[0].to_owned(), cells[5].parse().ok().filter(|_| is_asked)?))
    };
    let answers: BTreeMap<String, f64> = text.lines().filter_map(answer).collect();
    about(&root().join("scorecards/subscription.toml"), "2026-10", chosen, &[], |subject| ask(subject, &answers))
}

/// The id of the metric of a name.
pub(super) fn id_of<'s>(scorecard: &'s Scorecard, name: &str) -> &'s str {
    let metric = scorecard.metrics.iter().find(|metric| metric.name == name);
    &metric.expect("a metric of this name").id
}

/// Draws the tiny scorecard as SVG and compares it with its golden file.
pub(super) fn golden(kind: &str, arguments: &[&str]) {
    let folder = folder(&[("scorecard.toml", TINY), ("s.csv", DATA)]);
    let drawn =
        goldthread_in(folder.path(), &[&["-s", "scorecard.toml", "chart", kind, "-O", "svg"], arguments].concat());
    compare(&root().join(format!("tests/golden/charts/{kind}.svg")), &drawn.done());
}

/// Whether two numbers are the same but for what doubles lose.
pub(super) fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * a.abs().max(b.abs()).max(1.0)
}
