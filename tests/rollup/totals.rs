//! Several dimensions with subtotals and totals, told apart by `level`.

use std::collections::BTreeMap;

use super::{cells, desk, rollup, rows};

#[test]
fn levels_tell_totals_from_parts() {
    let folder = desk();
    let all =
        rows(&rollup(folder.path(), &["revenue", "cost", "share", "-p", "2026-10", "--by", "region,channel"]).stdout);
    // Cost has no channel and stands at the finest level it has; no other total is there unasked.
    assert_eq!(
        cells(&all, &["level", "region", "channel", "id", "actual"]),
        [
            ["region", "north", "", "cost", "11.1"],
            ["region/channel", "north", "web", "revenue", "120.2"],
            ["region/channel", "north", "web", "share", "0.75"],
            ["region", "south", "", "cost", "13.25"],
            ["region/channel", "south", "shop", "revenue", "-0.05"],
            ["region/channel", "south", "web", "revenue", "110.16"],
            ["region/channel", "south", "web", "share", "0.875"],
        ]
    );
    let options = ["revenue", "cost", "share", "-p", "2026-10", "--by", "region", "--by", "channel", "--totals"];
    let all = rows(&rollup(folder.path(), &options).stdout);
    assert_eq!(
        cells(&all, &["level", "region", "channel", "id", "actual"]),
        [
            // One row each region and channel of the index: it has no total.
            ["total", "", "", "revenue", "230.31"],
            ["total", "", "", "cost", "24.35"],
            ["region", "north", "", "revenue", "120.2"],
            ["region", "north", "", "cost", "11.1"],
            ["region", "north", "", "share", "0.75"],
            ["region/channel", "north", "web", "revenue", "120.2"],
            ["region/channel", "north", "web", "share", "0.75"],
            ["region", "south", "", "revenue", "110.11"],
            ["region", "south", "", "cost", "13.25"],
            ["region", "south", "", "share", "0.875"],
            ["region/channel", "south", "shop", "revenue", "-0.05"],
            ["region/channel", "south", "web", "revenue", "110.16"],
            ["region/channel", "south", "web", "share", "0.875"],
        ]
    );
}

#[test]
fn a_metric_stands_at_the_finest_level_its_sources_know() {
    let folder = desk();
    // A region that only the cost has.
    let costs = format!("{}2026-10,west,7.50\n", super::COSTS);
    std::fs::write(folder.path().join("costs.csv"), costs).expect("a file");
    let figures = |options: &[&str]| -> Vec<String> {
        let session = rollup(folder.path(), &[&["-p", "2026-10"], options].concat());
        let figure = |row: &super::Row| {
            format!("{} {}{}{} {}", row["id"], row["level"], row["region"], row["channel"], row["actual"])
        };
        assert_eq!(session.exit, 0, "{}", session.stderr);
        rows(&session.stdout).iter().map(figure).collect()
    };
    // Alone, where no source has both: 11.10 + 13.25 + 7.50 = 31.85 is the whole.
    assert_eq!(
        figures(&["cost", "--by", "region,channel"]),
        ["cost regionnorth 11.1", "cost regionsouth 13.25", "cost regionwest 7.5"]
    );
    assert_eq!(
        figures(&["cost", "--by", "region,channel", "--totals"]),
        ["cost total 31.85", "cost regionnorth 11.1", "cost regionsouth 13.25", "cost regionwest 7.5"]
    );
    // A definition knows what all of its inputs know; west has no revenue to take its cost from, and says so.
    assert_eq!(
        figures(&["margin", "revenue", "--by", "region,channel"]),
        [
            "margin regionnorth 109.1",
            "revenue region/channelnorthweb 120.2",
            "margin regionsouth 96.86",
            "revenue region/channelsouthshop -0.05",
            "revenue region/channelsouthweb 110.16",
            "margin regionwest ",
        ]
    );
    // By channel first, cost knows nothing but the whole, and so it does of rows of one channel: its row says why.
    assert_eq!(
        figures(&["cost", "revenue", "--by", "channel,region"]),
        [
            "cost total 31.85",
            "revenue channel/regionsouthshop -0.05",
            "revenue channel/regionnorthweb 120.2",
            "revenue channel/regionsouthweb 110.16",
        ]
    );
    let cut = rollup(folder.path(), &["cost", "-p", "2026-10", "--by", "region", "--where", "channel = 'web'"]);
    assert_eq!(
        cells(&rows(&cut.stdout), &["level", "actual", "reason"]),
        [["part", "", "`costs` has no dimension `channel`"]]
    );
}

#[test]
fn parts_at_the_finest_level_add_up_to_the_whole() {
    let folder = desk();
    let session = rollup(folder.path(), &["cost", "revenue", "--by", "region,channel", "--reconcile"]);
    assert_eq!(session.exit, 0, "{}", session.stderr);
    let line = "  parts equal the whole, to the last digit, in 4 figures of 2 metrics";
    assert!(session.stderr.lines().any(|found| found == line), "{}", session.stderr);
    // What is said of a whole is said of it with totals and without.
    let split = ["cost", "--by", "channel,region"];
    let alone = rollup(folder.path(), &split).done();
    assert_eq!(rollup(folder.path(), &[&split[..], &["--totals"]].concat()).done(), alone);
}

#[test]
fn rows_of_one_level_add_up_to_those_of_the_level_above() {
    let folder = desk();
    let all = rows(&rollup(folder.path(), &["revenue", "--by", "channel,region", "--totals"]).stdout);
    let cents = |text: &str| -> i128 {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        format!("{whole}{part:0<2}").parse().expect("cents")
    };
    let mut sums: BTreeMap<(&str, &str), i128> = BTreeMap::new();
    for row in &all {
        *sums.entry((&row["period"], &row["level"])).or_default() += cents(&row["actual"]);
    }
    let expected = [("2026-09", 6006), ("2026-10", 23031)];
    let levels = ["channel", "channel/region", "total"];
    let expected = expected.iter().flat_map(|(period, sum)| levels.map(|level| ((*period, level), *sum))).collect();
    assert_eq!(sums, expected);
}

#[test]
fn a_blank_value_of_a_dimension_is_a_part_like_any_other() {
    let folder = desk();
    let sales = format!("{}2026-10,,web,50.10,1\n", super::SALES);
    std::fs::write(folder.path().join("sales.csv"), sales).expect("a file");
    let session = rollup(folder.path(), &["revenue", "-p", "2026-10", "--by", "region", "--totals", "--reconcile"]);
    assert_eq!(
        cells(&rows(&session.stdout), &["level", "region", "actual"]),
        [["total", "", "280.41"], ["region", "", "50.1"], ["region", "north", "120.2"], ["region", "south", "110.11"]]
    );
    assert_eq!(session.exit, 0, "{}", session.stderr);
}

#[test]
fn a_subtotal_of_those_who_report_by_a_later_dimension_is_read() {
    let folder = desk();
    let scorecard = super::SCORECARD.replace("path = \"sales.csv\"", "path = \"sales.csv\"\nroster = \"region\"");
    std::fs::write(folder.path().join("scorecard.toml"), scorecard).expect("a file");
    let session = rollup(folder.path(), &["revenue", "-p", "2026-10", "--by", "channel,region", "--totals"]);
    assert_eq!(session.exit, 0, "{}", session.stderr);
    let all = rows(&session.stdout);
    let web = all.iter().find(|row| row["level"] == "channel" && row["channel"] == "web");
    // 120.20 and 110.16
    assert_eq!(web.map(|row| row["actual"].as_str()), Some("230.36"));
}
