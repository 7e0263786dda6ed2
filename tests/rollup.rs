//! Rollups: their columns and layouts, the forms they are written in, what their manifests say, that they are exact to the
//! last digit, and that a file is written whole or not at all.

use std::collections::BTreeMap;
use std::path::Path;

use crate::session::{Session, folder, run_in};

mod aspects;
mod closing;
mod columns;
mod currency;
mod exact;
mod exports;
mod forms;
mod guard;
mod ledger;
mod manifest;
mod money;
mod parquet;
mod provisional;
mod reopening;
mod revisions;
mod rounding;
mod silent;
mod told;
mod totals;
mod whole;
mod workbook;

/// Two departments: revenue by region and channel, cost by region alone, an index that has no total.
const SCORECARD: &str = r#"
[scorecard]
title = "Desk"
currency = "EUR"
[departments.desk]
name = "Service desk"
lead = "Head of Service"
[departments.money]
name = "=Finance"
[sources.sales]
path = "sales.csv"
department = "money"
period = "month"
dimensions = ["region", "channel"]
[sources.costs]
path = "costs.csv"
department = "desk"
period = "month"
dimensions = ["region"]
[sources.index]
path = "index.csv"
department = "desk"
period = "month"
dimensions = ["region", "channel"]
[goals.margin]
name = "Margin"
value = "revenue - cost"
unit = "EUR"
better = "higher"
target = 100
threshold = 50
sponsor = "CFO"
[metrics.revenue]
name = "Revenue"
source = "sales"
value = "sum(amount)"
unit = "EUR"
decimals = 2
better = "higher"
target = 200
owner = "Ann"
[metrics.cost]
name = "Cost"
source = "costs"
value = "sum(cost)"
unit = "EUR"
decimals = 2
better = "lower"
target = 20
owner = "Bob"
[metrics.ticket]
name = "Average ticket"
source = "sales"
value = "sum(amount) / sum(n)"
unit = "EUR"
better = "between"
target = { low = 5, high = 10 }
threshold = { low = 4, high = 12 }
drives = ["margin"]
[metrics.share]
name = "Share answered"
source = "index"
value = "only(index)"
unit = "percent"
decimals = 1
drives = ["margin"]
"#;

const SALES: &str = "month,region,channel,amount,n
2026-09,north,web,100.10,3
2026-09,north,shop,-50.05,2
2026-09,south,web,10.01,7
2026-10,north,web,120.20,3
2026-10,south,shop,-0.05,2
2026-10,south,web,110.16,7
";
const COSTS: &str = "month,region,cost
2026-09,north,10.00
2026-09,south,12.00
2026-10,north,11.10
2026-10,south,13.25
";
const INDEX: &str = "month,region,channel,index
2026-09,north,web,0.5
2026-09,south,web,0.25
2026-10,north,web,0.75
2026-10,south,web,0.875
";

/// The scorecard above with its data.
fn desk() -> tempfile::TempDir {
    folder(&[("scorecard.toml", SCORECARD), ("sales.csv", SALES), ("costs.csv", COSTS), ("index.csv", INDEX)])
}

/// The options given, of all the months there are unless they say of which.
fn rollup(folder: &Path, options: &[&str]) -> Session {
    let periods: &[&str] = if options.contains(&"-p") { &[] } else { &["-p", "2026-09..2026-10"] };
    run_in(folder, &[&["rollup"], periods, options].concat())
}

/// The columns of a tidy rollup as they were first promised, and those added since, with whether they are of numbers: a
/// name may be added at the end, and nowhere else.
fn columns() -> impl Iterator<Item = (&'static str, bool)> {
    let line = |line: &'static str| line.split_once(' ').expect("a name and what it is of");
    include_str!("rollup/columns.txt").lines().map(line).map(|(name, of)| (name, of == "number"))
}

type Row = BTreeMap<String, String>;

/// The rows of a CSV, by the names of columns.
fn rows(text: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    let row = |record: csv::StringRecord| names.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.expect("as many cells as names"))).collect()
}

/// What some columns say in each row.
fn cells<'r>(rows: &'r [Row], columns: &[&str]) -> Vec<Vec<&'r str>> {
    rows.iter().map(|row| columns.iter().map(|column| row[*column].as_str()).collect()).collect()
}
