//! Processes: their laws for any series, their edges, and what a report says of them.
//!
//! What limits are and which signals there are is held against other people's numbers in `oracles::xmr`; here is what
//! holds for every series, what is no point of one, and how `rebase` and the marks of reports behave. Numbers in
//! reports are computed by hand from the series that the tests write.

mod doubts;
mod edges;
mod laws;
mod points;
mod rebases;
mod reports;

use serde_json::Value;

use crate::session::{Session, folder, goldthread_in};
use goldthread::evaluate::{Process, Series};
use goldthread::metric::Polarity;
use goldthread::period::Grain;
use goldthread::stats::xmr::Limits;

fn lines(limits: &Limits) -> [f64; 5] {
    [limits.lower, limits.near_lower, limits.centre, limits.near_upper, limits.upper]
}

/// These values, one a period of a grain.
fn of_grain(grain: Grain, values: &[Option<f64>]) -> Series {
    Series { values: values.to_vec(), begun: Vec::new(), grain, target: None }
}

fn months(values: &[Option<f64>]) -> Series {
    of_grain(Grain::Month, values)
}

fn of(values: &[Option<f64>]) -> Process {
    months(values).process(Some(Polarity::Higher)).expect("a process")
}

fn all(values: impl IntoIterator<Item = f64>) -> Vec<Option<f64>> {
    values.into_iter().map(Some).collect()
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
